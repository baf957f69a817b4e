//! Futures whose type ends where they are made.
//!
//! The compiler builds an `async fn` where it is awaited, with all that it awaits, and once more for each part of each crate that
//! does so. What much stands behind, and several await, gives a boxed future instead: it is built once, here.

use std::future::Future;
use std::pin::Pin;

/// A future without a type of its own.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
