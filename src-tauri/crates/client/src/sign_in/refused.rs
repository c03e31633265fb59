//! Why the market lets nobody in. Its document has no codes for that, only a sentence in its own language,
//! often with a 200: so the sentence is looked at for what there is to do, and shown in any case.

use std::time::Duration;

use crate::{CallError, Refusal, Secret};

/// Why a person wasn't let in. Where the market's own words are there, they are a text from outside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// Name and password, or address and code, don't fit.
    #[error("the market doesn't accept the sign-in{}", behind_colon(.0.as_ref()))]
    Wrong(Option<String>),
    /// There is a second step: its code is wanted too.
    #[error("the market wants the two-factor code too{}", behind_colon(.0.as_ref()))]
    TwoFactorWanted(Option<String>),
    /// The code of the second step doesn't fit.
    #[error("the market doesn't accept the two-factor code{}", behind_colon(.0.as_ref()))]
    TwoFactorWrong(Option<String>),
    /// The account is locked.
    #[error("the account is locked{}", behind_colon(.0.as_ref()))]
    Locked(Option<String>),
    /// There were too many tries.
    #[error("there were too many tries{}", behind_colon(message.as_ref()))]
    TooMany {
        /// The market's own words.
        message: Option<String>,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The market wants proof that it is a person, which only a browser can give.
    #[error(
        "the market wants a browser's proof that you are a person{}; sign in with a code by email, or with a \
         token",
        behind_colon(.0.as_ref())
    )]
    CaptchaWanted(Option<String>),
    /// This market has no such call.
    #[error("this market has no sign-in: give a client id and a token instead")]
    NoSignIn,
    /// The market didn't answer, or nothing that says anything.
    #[error(transparent)]
    Call(CallError),
}

/// What is said of a second step, in the languages that markets speak.
const SECOND_STEP: [&str; 7] =
    ["雙因素", "双因素", "兩步", "两步", "2fa", "two-factor", "two factor"];
const CAPTCHA: [&str; 6] = ["人機", "人机", "機器人", "机器人", "captcha", "turnstile"];
const LOCKED: [&str; 9] =
    ["鎖定", "锁定", "停用", "凍結", "冻结", "封鎖", "locked", "disabled", "suspended"];
const TOO_MANY: [&str; 5] = ["頻繁", "频繁", "次數過多", "次数过多", "too many"];

impl SignInError {
    /// What a refusal means. `had_code`: the second step's code was given.
    pub(super) fn of(refusal: Refusal, had_code: bool) -> Self {
        let Refusal { status, message, retry_after } = refusal;
        let said = message.as_deref().unwrap_or_default().to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        match status {
            404 | 405 | 501 => Self::NoSignIn,
            429 => Self::TooMany { message, retry_after },
            423 => Self::Locked(message),
            200 | 400 | 401 | 403 | 422 => {
                if says(&CAPTCHA) {
                    Self::CaptchaWanted(message)
                } else if says(&SECOND_STEP) && had_code {
                    Self::TwoFactorWrong(message)
                } else if says(&SECOND_STEP) {
                    Self::TwoFactorWanted(message)
                } else if says(&TOO_MANY) {
                    Self::TooMany { message, retry_after }
                } else if says(&LOCKED) {
                    Self::Locked(message)
                } else {
                    Self::Wrong(message)
                }
            }
            _ => Self::Call(CallError::Refused(Refusal { status, message, retry_after })),
        }
    }

    /// The same, without the secrets that the market's words may quote.
    pub(super) fn without(self, secrets: &[Option<&Secret>]) -> Self {
        let clean = |message: Option<String>| {
            let secrets = secrets.iter().flatten();
            message.map(|message| secrets.fold(message, |said, secret| secret.taken_out_of(&said)))
        };
        match self {
            Self::Wrong(message) => Self::Wrong(clean(message)),
            Self::TwoFactorWanted(message) => Self::TwoFactorWanted(clean(message)),
            Self::TwoFactorWrong(message) => Self::TwoFactorWrong(clean(message)),
            Self::Locked(message) => Self::Locked(clean(message)),
            Self::TooMany { message, retry_after } => {
                Self::TooMany { message: clean(message), retry_after }
            }
            Self::CaptchaWanted(message) => Self::CaptchaWanted(clean(message)),
            Self::NoSignIn => Self::NoSignIn,
            Self::Call(error) => Self::Call(error.with_words(clean)),
        }
    }

    /// The market's own words, where it said any.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Wrong(message)
            | Self::TwoFactorWanted(message)
            | Self::TwoFactorWrong(message)
            | Self::Locked(message)
            | Self::TooMany { message, .. }
            | Self::CaptchaWanted(message)
            | Self::Call(CallError::Refused(Refusal { message, .. })) => message.as_deref(),
            Self::NoSignIn | Self::Call(_) => None,
        }
    }
}

pub(super) fn behind_colon(words: Option<&String>) -> String {
    words.map_or_else(String::new, |words| format!(": {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_to_do_is_read_from_the_markets_words() {
        for (status, words, had_code, wanted) in [
            (200, "用戶名或密碼錯誤", false, "wrong"),
            (401, "Bad credentials", false, "wrong"),
            (403, "", false, "wrong"),
            (200, "請輸入雙因素驗證碼", false, "second step"),
            (401, "Two-factor code required", false, "second step"),
            (200, "雙因素驗證碼錯誤", true, "wrong code"),
            (200, "驗證碼錯誤", true, "wrong"),
            (200, "帳號已鎖定，請聯繫客服", false, "locked"),
            (423, "", false, "locked"),
            (403, "User is disabled", false, "locked"),
            (200, "嘗試次數過多，請稍後再試", false, "too many"),
            (429, "", true, "too many"),
            (200, "請完成人機驗證", false, "captcha"),
            (400, "Turnstile token missing", false, "captcha"),
            (404, "Not Found", false, "no sign-in"),
            (405, "", false, "no sign-in"),
            (500, "locked", false, "call"),
            (302, "", false, "call"),
        ] {
            let message = Some(words.to_owned()).filter(|words| !words.is_empty());
            let refusal = Refusal { status, message, retry_after: None };
            let told = match SignInError::of(refusal, had_code) {
                SignInError::Wrong(_) => "wrong",
                SignInError::TwoFactorWanted(_) => "second step",
                SignInError::TwoFactorWrong(_) => "wrong code",
                SignInError::Locked(_) => "locked",
                SignInError::TooMany { .. } => "too many",
                SignInError::CaptchaWanted(_) => "captcha",
                SignInError::NoSignIn => "no sign-in",
                SignInError::Call(_) => "call",
            };
            assert_eq!(told, wanted, "{status} {words}");
        }
    }

    #[test]
    fn what_was_typed_is_not_told_again() {
        let secret = Secret::new("hunter2".to_owned());
        let error = SignInError::Wrong(Some("no user with password hunter2".to_owned()));
        assert_eq!(
            error.without(&[Some(&secret), None]).to_string(),
            "the market doesn't accept the sign-in: no user with password …"
        );
    }
}
