//! Who asks: client, user and device ids. It owns their forms, and how one connection's id is made
//! of the device's; where they stand in a path, the percent-encoding is the base URL's.

use std::fmt;

use rand::distr::{Alphanumeric, SampleString};
use serde::{Deserialize, Serialize};

use crate::input::{Field, InvalidInput, Rule, check_path_text};

/// The longest device id that the market takes, in characters.
const MAX_DEVICE: usize = 32;

/// What tells one connection of a device from the next, in random letters and digits: some 35 bits,
/// for the hundred connections at most that are within a server's timeout of each other.
const SUFFIX: usize = 6;

/// The id that a connection is made under. The market's form is `user_{userId}_{deviceId}`, but
/// an older document says only "a string": any text without control characters is one.
///
/// `Debug` doesn't show the user; [`Display`](fmt::Display) does and is not for logs.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

/// A user's id, as it stands in a path: decimal digits at the market, any text elsewhere. `Debug`
/// doesn't show it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserId(String);

/// The id that one device keeps for good: 8 to 32 of `A-Z a-z 0-9 - _`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceId(String);

impl ClientId {
    /// Reads a client id.
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        check_path_text(Field::ClientId, text)?;
        Ok(Self(text.to_owned()))
    }

    /// The client id of a user's device.
    #[must_use]
    pub fn for_device(user: &UserId, device: &DeviceId) -> Self {
        Self(format!("user_{user}_{device}"))
    }

    /// The text, with the user in it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same user and device for one connection only: the device id, as much of the front of it
    /// as there is room for, and a suffix that no connection had before. `None` for an id without
    /// the market's form, of which nobody can say what stays.
    #[must_use]
    pub fn for_one_connection(&self) -> Option<Self> {
        let (user, device) = self.parts()?;
        let first = &device[..device.len().min(MAX_DEVICE - SUFFIX - 1)];
        let suffix = Alphanumeric.sample_string(&mut rand::rng(), SUFFIX);
        Some(Self(format!("user_{user}_{first}-{suffix}")))
    }

    /// Whether it has the market's form, `^user_(\d+)_([a-zA-Z0-9\-_]{8,32})$`. One that doesn't
    /// deserves a warning, not a refusal.
    #[must_use]
    pub fn fits_form(&self) -> bool {
        self.parts().is_some()
    }

    /// The user in it, where it has the market's form.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.parts().map(|(user, _)| UserId(user.to_owned()))
    }

    /// What a log may hold: the device without the user.
    #[must_use]
    pub fn redacted(&self) -> String {
        match self.parts() {
            Some((_, device)) => format!("user_…_{device}"),
            None => "…".to_owned(),
        }
    }

    fn parts(&self) -> Option<(&str, &str)> {
        let (user, device) = self.0.strip_prefix("user_")?.split_once('_')?;
        let is_user = !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit());
        (is_user && is_device_id(device)).then_some((user, device))
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientId({})", self.redacted())
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserId(…)")
    }
}

impl UserId {
    /// Reads a user's id.
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        check_path_text(Field::UserId, text)?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl DeviceId {
    /// Reads a device id.
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        if is_device_id(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidInput::new(Field::DeviceId, Rule::DeviceIdForm))
        }
    }

    /// A new one: 24 random letters and digits, some 140 bits.
    #[must_use]
    pub fn generate() -> Self {
        Self(Alphanumeric.sample_string(&mut rand::rng(), 24))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_device_id(text: &str) -> bool {
    (8..=MAX_DEVICE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

macro_rules! as_text {
    ($($id:ty),+) => {$(
        impl fmt::Display for $id {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $id {
            type Error = InvalidInput;

            fn try_from(text: String) -> Result<Self, InvalidInput> {
                Self::parse(&text)
            }
        }

        impl From<$id> for String {
            fn from(id: $id) -> Self {
                id.0
            }
        }
    )+};
}

as_text!(ClientId, UserId, DeviceId);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_client_id_is_any_text_that_can_stand_in_a_path() {
        for text in ["user_1_abcdefgh", "a/b?c#d", "商店", " ", "...", "%2e%2e"] {
            assert_eq!(ClientId::parse(text).unwrap().as_str(), text);
        }
        for (text, rule) in [
            ("", Rule::Required),
            (".", Rule::NotADotSegment),
            ("..", Rule::NotADotSegment),
            ("a\nb", Rule::NoControlCharacters),
            ("a\u{85}b", Rule::NoControlCharacters),
        ] {
            assert_eq!(ClientId::parse(text).unwrap_err().rule, rule, "{text:?}");
            assert_eq!(UserId::parse(text).unwrap_err().rule, rule, "{text:?}");
        }
    }

    #[test]
    fn the_markets_form_is_told_from_other_text() {
        for fits in ["user_1_abcdefgh", "user_007_A-b_c-d_e", "user_1_________"] {
            assert!(ClientId::parse(fits).unwrap().fits_form(), "{fits}");
        }
        for other in [
            "user__abcdefgh",
            "user_x_abcdefgh",
            "user_1_abcdefg",
            "user_1_abcdefgh ",
            "user_1_012345678901234567890123456789012",
            "User_1_abcdefgh",
            "user_\u{661}_abcdefgh",
        ] {
            assert!(!ClientId::parse(other).unwrap().fits_form(), "{other}");
        }
    }

    #[test]
    fn a_client_id_is_made_of_user_and_device() {
        let user = UserId::parse("42").unwrap();
        let id = ClientId::for_device(&user, &DeviceId::generate());
        assert!(id.fits_form());
        assert_eq!(id.user_id(), Some(user));
    }

    #[test]
    fn each_connection_of_a_device_has_an_id_of_its_own_that_begins_with_the_devices() {
        let generated = DeviceId::generate();
        for device in ["abcdefgh", "A-b_c-d_e", generated.as_str(), &"0123456789".repeat(3)] {
            let own = ClientId::parse(&format!("user_7_{device}")).unwrap();
            let ids: HashSet<_> = (0..1000).map(|_| own.for_one_connection().unwrap()).collect();
            assert_eq!(ids.len(), 1000, "{device}");
            for id in ids {
                assert!(id.fits_form() && id.user_id() == own.user_id(), "{id}");
                let first = &device[..device.len().min(25)];
                assert!(id.as_str().starts_with(&format!("user_7_{first}-")), "{id}");
            }
        }
        assert_eq!(ClientId::parse("by hand").unwrap().for_one_connection(), None);
    }

    #[test]
    fn debug_and_redacted_keep_the_user_out_of_logs() {
        let id = ClientId::parse("user_4711_device-01").unwrap();
        assert_eq!(id.redacted(), "user_…_device-01");
        assert_eq!(format!("{id:?}"), "ClientId(user_…_device-01)");
        assert_eq!(format!("{:?}", id.user_id()), "Some(UserId(…))");
        assert_eq!(ClientId::parse("someone").unwrap().redacted(), "…");
    }

    #[test]
    fn a_generated_device_id_is_valid_and_new() {
        let id = DeviceId::generate();
        assert_eq!(DeviceId::parse(id.as_str()).unwrap(), id);
        assert_ne!(DeviceId::generate(), id);
    }
}
