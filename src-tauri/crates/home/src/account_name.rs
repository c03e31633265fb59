//! The name of one of a home's accounts: what its folder is called, and what `agora --account` says.

use std::fmt;
use std::str::FromStr;

/// How long a name may be, in bytes.
const LONGEST: usize = 32;

/// The name of an account: small letters, digits and hyphens, 1 to 32 of them, a letter or digit first. It
/// is for people to type, and for folders on every system; what people see may be another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(String);

/// Why a text is no name of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an account's name is 1 to {LONGEST} small letters, digits and hyphens, a letter or digit first"
)]
pub struct NoAccountName;

impl AccountName {
    /// The account that a home has from the beginning, in the home's own folder.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// Whether it is that one.
    pub fn is_main(&self) -> bool {
        self.0 == "main"
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = NoAccountName;

    fn from_str(text: &str) -> Result<Self, NoAccountName> {
        let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let begins_well = text.bytes().next().is_some_and(is_of_name);
        let is_name = begins_well
            && text.len() <= LONGEST
            && text.bytes().all(|byte| is_of_name(byte) || byte == b'-');
        // Folders that Windows keeps for its devices.
        let is_device = matches!(text, "con" | "prn" | "aux" | "nul")
            || text
                .strip_prefix("com")
                .or(text.strip_prefix("lpt"))
                .is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
        if is_name && !is_device { Ok(Self(text.to_owned())) } else { Err(NoAccountName) }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_folder_on_every_system_and_in_no_other_place() {
        for good in ["main", "shop", "2", "a-b", "com", "com10", &"a".repeat(32)] {
            assert_eq!(good.parse::<AccountName>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "-a",
            "Shop",
            "商店",
            "a b",
            "a.b",
            "con",
            "com1",
            "lpt9",
            "nul",
            "a\0",
            &"a".repeat(33),
        ] {
            assert_eq!(bad.parse::<AccountName>(), Err(NoAccountName), "{bad:?}");
        }
    }
}
