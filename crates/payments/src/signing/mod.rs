//! Signatures by people before a payment is executed, as pure decisions.
//!
//! A [`Portion`] is what is signed, refused and authorised together: payments of one block, route and execution day that
//! have the same signatures. A message of 100 000 payments has a few, so a signature over all of it changes a few values.
//! A signature over one payment of a portion splits it in two ([`Portion::split`]).
//!
//! | what happens | decision | the portions afterwards |
//! |---|---|---|
//! | a checked message arrives | [`receive`] | `Authorised` where the account's policy wants no signature, else `Awaiting` |
//! | a signatory signs a message, block or payment | [`sign`] | `Authorised` with the last signature that is missing |
//! | a signatory refuses | [`refuse`] | `Refused` |
//! | a payment is cancelled, or refused for another reason | [`remove`] | smaller; the signatures on the others stay |
//! | the day comes on which they were to be executed, and passes | [`postpone`] | on another day |
//! | nobody signed in time | [`lapse`] | `Lapsed` |
//!
//! Only an authorised portion goes on to limits, funds and holds; before, it takes nothing of them.
//!
//! **Splitting lowers nothing.** Neither the account's policy nor a person's band looks at one payment. The policy looks
//! at the sum that the account has authorised for the day, with this portion. A band looks at the sum of the day that is
//! authorised or has a signature of the person's level, with all that the person signs now. So:
//! - without a signature of a level, an account authorises on a day at most what its policy allows without it;
//! - signatories whose bands end at an amount sign at most that amount for a day together, however they share it;
//! - a payment that is signed alone needs all that the portion needs from which it was split.
//!
//! The day is the one on which the portion would be executed if it were authorised now. So payments dated on Saturday,
//! Sunday and Monday count together, and what waits when its day is over counts on the day to which it has moved.
//!
//! **A signature stands.** It is judged once, when it is given, by the card in force at that moment and by the day's sum of
//! that moment. A later card, a person's end or a move to another day takes nothing away from it.
//!
//! **Only an arrival or a signature authorises.** What a portion was found to need it needs for good. So no payment is
//! executed because another one was removed, or because a day has passed.
//!
//! What is signed, and whether the signature is by that person's key, is not judged here: `signatures::payments`.

mod act;
mod card;
mod desk;
mod policy;
mod portion;
mod refusal;

pub use act::{SigningAct, lapse, postpone, receive, refuse, remove, sign};
pub use card::{Band, Card, CardEntry, Level, Levels, Signer};
pub use desk::{DaySums, Desk, DeskAccount};
pub use policy::{POLICY_STEPS_MAX, Policy, PolicyError, PolicyStep};
pub use portion::{Given, Portion, SigningState, TransactionStatus};
pub use refusal::{SigningError, SigningRefusal};
