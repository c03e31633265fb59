//! What is wrong with choices that the page set.

use super::view;
use crate::ipc::{self, FieldError, FormField};
use agora_link::WebSite;

impl ipc::Preferences {
    /// What is wrong with what the page set, if anything.
    pub(crate) fn check(&self) -> Result<(), FieldError> {
        let Some(text) = &self.web_site else { return Ok(()) };
        WebSite::parse(text).map(drop).map_err(|rule| {
            let message = "This is no web site's address.";
            FieldError::of(FormField::WebSite, view::rule(rule), message)
        })
    }
}
