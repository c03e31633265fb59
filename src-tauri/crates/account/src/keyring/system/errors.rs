//! What the Secret Service's errors mean.

use super::super::store::KeyringError;
use secret_service::Error;

/// What a person is told of an error.
pub(super) fn worded(error: &Error) -> KeyringError {
    match error {
        Error::Prompt => KeyringError::Denied,
        Error::Locked => KeyringError::Locked,
        Error::NoResult => KeyringError::NoCollection,
        Error::Zbus(zbus::Error::MethodError(name, _, _)) => match name.as_str() {
            "org.freedesktop.Secret.Error.IsLocked" => KeyringError::Locked,
            "org.freedesktop.DBus.Error.AccessDenied" => KeyringError::Denied,
            _ => KeyringError::Unavailable(error.to_string()),
        },
        // There is none, or it has gone in between.
        other => KeyringError::Unavailable(other.to_string()),
    }
}
