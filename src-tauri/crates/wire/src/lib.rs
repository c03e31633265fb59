//! How what others wrote is read: JSON as the market sends it, the forms in which it writes an id, a
//! truth value or a time, and text, made harmless.
//!
//! One value that is not understood never takes the others with it, and one form is read by one
//! reader, wherever it comes from: the stream, a stored notification, a refusal. What a value means
//! is the caller's.

mod json;
pub mod text;
mod time;

pub use json::{Json, Members, Object, compact, indented};
pub use time::WrittenTime;
