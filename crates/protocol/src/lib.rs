//! What server and clients share: routes, headers, problem types.
