//! Certificate authority and X.509 certificates of online users.
