//! What a command answers when it can't do what was asked.

use serde::Serialize;
use tokio::task::JoinError;
use ts_rs::TS;

/// A field that is wrong: the catalogue words it under `rule.<field>.<rule>`, else `rule.<rule>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct FieldError {
    /// Which.
    pub(crate) field: FormField,
    /// The rule it breaks.
    pub(crate) rule: FormRule,
    /// The same in English, for what the catalogue doesn't know.
    pub(crate) message: String,
    /// In a message that is written as JSON: the line that is wrong, from 1.
    pub(crate) line: Option<u32>,
    /// The column there, in characters, from 1.
    pub(crate) column: Option<u32>,
    /// What most likely is meant, and breaks no rule.
    pub(crate) mended: Option<String>,
}

impl FieldError {
    pub(crate) fn of(field: FormField, rule: FormRule, message: &str) -> Self {
        Self { field, rule, message: message.to_owned(), line: None, column: None, mended: None }
    }
}

/// A field of one of the page's forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum FormField {
    /// The account's: the market's base URL.
    BaseUrl,
    /// The account's: the client id.
    ClientId,
    /// The account's and a message's: the user id.
    UserId,
    /// The account's: the token.
    Token,
    /// The sign-in's: the name.
    Name,
    /// The sign-in's: the password.
    Password,
    /// The sign-in's: the email address.
    Email,
    /// The sign-in's: the code that was sent by email.
    EmailCode,
    /// The sign-in's: the second step's code.
    TwoFactorCode,
    /// What an account is called.
    Label,
    /// A message's kind.
    Kind,
    /// A message's title.
    Title,
    /// A message's content.
    Content,
    /// A message's link.
    Link,
    /// Whether a message is urgent.
    Urgent,
    /// A message's words in other languages.
    I18n,
    /// What else a message holds.
    More,
    /// A message as JSON.
    Json,
    /// The choices': the market's web site.
    WebSite,
}

/// A rule that a field can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum FormRule {
    /// Not empty.
    Required,
    /// No longer than it may be.
    TooLong,
    /// No control characters.
    ControlCharacters,
    /// Neither `.` nor `..` in a path.
    DotSegment,
    /// A URL with a host.
    NotAUrl,
    /// https, or http.
    Scheme,
    /// http only to this computer.
    HttpNeedsLoopback,
    /// Neither a query nor a fragment.
    QueryOrFragment,
    /// No user name or password.
    Userinfo,
    /// A device id's form.
    DeviceId,
    /// A kind's form.
    Kind,
    /// A link's form.
    Link,
    /// Visible ASCII only.
    NotAscii,
    /// JSON.
    JsonSyntax,
    /// A JSON object.
    JsonNotObject,
    /// Text, in JSON.
    NotText,
    /// True or false, in JSON.
    NotTruth,
    /// Once in one object.
    Twice,
    /// A title, a content or both for each language.
    Translations,
    /// The address of the market's calls, and not of its web page.
    NoApi,
    /// The form it is to have, whatever that is.
    Malformed,
    /// What the market accepts.
    Wrong,
}

/// What a [`Problem`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum ProblemCode {
    /// Some fields are wrong.
    Invalid,
    /// There is no keyring, or none that answers.
    KeyringUnavailable,
    /// The keyring has no place for a token yet.
    KeyringEmpty,
    /// The keyring is locked.
    KeyringLocked,
    /// The person, or the keyring for them, said no when it was to be unlocked.
    KeyringDenied,
    /// The same account is here already, under another name.
    AlreadyHere,
    /// The market wants the second step's code.
    TwoFactorWanted,
    /// The market has locked the account; with its own words.
    AccountLocked,
    /// There were too many tries; with the seconds to wait, where the market says them.
    TooManyTries,
    /// The market wants a browser's captcha.
    CaptchaWanted,
    /// This market has no sign-in.
    NoSignIn,
    /// The market doesn't answer, or nothing that means anything; with what came.
    NoAnswer,
    /// The demo can't be started.
    Demo,
    /// The inbox can't be read or written, or the alert is no longer in it.
    Inbox,
    /// An export can't be written.
    Export,
    /// Nothing can be sent, or what was sent can't be read.
    Sending,
    /// The settings can't be written.
    Settings,
    /// The desktop doesn't let the app start with the computer.
    StartRefused,
    /// Whether the app starts with the computer can't be found out or changed.
    Start,
    /// This link isn't opened.
    LinkRefused,
    /// It can no longer be undone.
    TooLate,
    /// Whoever was to answer has ended, and may have done what was asked.
    #[expect(dead_code, reason = "the window says it, on Linux: `agora_socket::gone`")]
    Gone,
    /// A fault of the app's.
    Internal,
}

/// What a command answers when it can't do what was asked.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Problem {
    /// What kind of problem it is; the catalogue words it under `problem.<code>`.
    pub(crate) code: ProblemCode,
    /// The same in English.
    pub(crate) message: String,
    /// With `invalid`: the fields.
    pub(crate) fields: Vec<FieldError>,
}

impl Problem {
    pub(crate) fn of(code: ProblemCode, message: &str) -> Self {
        Self { code, message: message.to_owned(), fields: Vec::new() }
    }

    /// These fields are wrong.
    pub(crate) fn invalid(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::of(ProblemCode::Invalid, "some fields are wrong") }
    }

    /// A task of ours didn't come to its end.
    pub(crate) fn internal(error: &JoinError) -> Self {
        Self::of(ProblemCode::Internal, &error.to_string())
    }
}
