//! The Treasury's usage guideline: rules, texts, IBAN, BIC, EKK, calendar.
