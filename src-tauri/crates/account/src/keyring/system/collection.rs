//! The default collection of the Secret Service, which the library takes for granted: whether it is
//! missing, and how one is made.

use super::KeyringError;
use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error};

/// The alias of the collection that programs keep their secrets in.
const DEFAULT: &str = "default";
/// What a person's programs for keyrings call the new one.
const LABEL: &str = "Default keyring";

/// Whether the library found no default collection, which it tells as it tells of a locked one.
pub(super) fn is_missing(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(Error::NoResult))
}

/// Makes one, where there is none. The service asks the person for its password.
pub(super) fn make() -> Result<(), KeyringError> {
    let service = SecretService::connect(EncryptionType::Dh).map_err(|error| worded(&error))?;
    match service.get_default_collection() {
        Err(Error::NoResult) => service.create_collection(LABEL, DEFAULT).map(drop),
        other => other.map(drop),
    }
    .map_err(|error| worded(&error))
}

fn worded(error: &Error) -> KeyringError {
    match error {
        // Whoever dismisses the prompt has none.
        Error::Prompt | Error::PromptDisconnected => KeyringError::NoCollection,
        Error::Locked => KeyringError::Locked,
        other => KeyringError::Unavailable(other.to_string()),
    }
}
