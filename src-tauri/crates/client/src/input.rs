//! Why a value that a person typed is refused: which field, and by which rule. It owns the words
//! of these refusals; the checks themselves stand with each type.

use serde::Serialize;

/// A value that breaks a rule. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}", self.message())]
pub struct InvalidInput {
    /// Which value.
    pub field: Field,
    /// Which rule it breaks.
    pub rule: Rule,
}

/// A value that can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// Where the market is.
    BaseUrl,
    /// The full URL of any event stream.
    StreamUrl,
    /// The client id.
    ClientId,
    /// A user's id.
    UserId,
    /// This device's id.
    DeviceId,
    /// The bearer token.
    Token,
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
}

/// A rule that a value can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// Not empty.
    Required,
    /// Not more than this many characters (Unicode scalar values).
    AtMost(usize),
    /// No control characters.
    NoControlCharacters,
    /// Neither `.` nor `..`, which mean something else in a path.
    NotADotSegment,
    /// A URL with a host.
    Url,
    /// The scheme is https or http.
    HttpScheme,
    /// Plain http only to this machine.
    HttpOnlyToThisMachine,
    /// No query.
    NoQuery,
    /// No fragment.
    NoFragment,
    /// No user name or password in the URL.
    NoCredentials,
    /// 8 to 32 of `A-Z a-z 0-9 - _`.
    DeviceIdForm,
    /// 1 to 64 of `A-Z 0-9 _`.
    KindForm,
    /// A path that begins with one slash, or an https URL.
    LinkForm,
    /// Visible ASCII only, as a header carries it.
    VisibleAscii,
    /// Text, in JSON.
    Text,
    /// True or false, in JSON.
    Truth,
    /// Not twice in one object.
    Once,
    /// A title, a content or both for each language.
    Translations,
    /// JSON.
    Json,
}

impl InvalidInput {
    pub(crate) fn new(field: Field, rule: Rule) -> Self {
        Self { field, rule }
    }

    /// One English sentence that names the field and the rule.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{} {}.", self.field.name(), self.rule.requirement())
    }
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::BaseUrl => "The base URL",
            Self::StreamUrl => "The stream's URL",
            Self::ClientId => "The client id",
            Self::UserId => "The user id",
            Self::DeviceId => "The device id",
            Self::Token => "The token",
            Self::Kind => "The kind",
            Self::Title => "The title",
            Self::Content => "The content",
            Self::Link => "The link",
            Self::Urgent => "isUrgent",
            Self::I18n => "i18n",
            Self::More => "A further field",
        }
    }
}

impl Rule {
    fn requirement(self) -> String {
        let fixed = match self {
            Self::AtMost(most) => return format!("must have at most {most} characters"),
            Self::Required => "must not be empty",
            Self::NoControlCharacters => "must not contain control characters",
            Self::NotADotSegment => "must not be \".\" or \"..\"",
            Self::Url => "must be a URL with a host, such as https://market.example/api",
            Self::HttpScheme => "must begin with https:// or http://",
            Self::HttpOnlyToThisMachine => {
                "must begin with https://; plain http:// is only for this machine"
            }
            Self::NoQuery => "must not have a query (the part from \"?\")",
            Self::NoFragment => "must not have a fragment (the part from \"#\")",
            Self::NoCredentials => "must not hold a user name or password",
            Self::DeviceIdForm => {
                "must be 8 to 32 characters, each a letter A-Z or a-z, a digit, \"-\" or \"_\""
            }
            Self::KindForm => "must be 1 to 64 characters, each a capital A-Z, a digit or \"_\"",
            Self::LinkForm => "must be a path that begins with a single \"/\", or an https:// URL",
            Self::VisibleAscii => "must be visible ASCII characters without spaces",
            Self::Text => "must be text, in quotes",
            Self::Truth => "must be true or false",
            Self::Once => "must be given once",
            Self::Translations => "must have a title or a content, as text, for each language",
            Self::Json => "must be JSON",
        };
        fixed.to_owned()
    }
}

/// The rules that every text in a path shares: not empty, no control characters, no dot segment.
pub(crate) fn check_path_text(field: Field, text: &str) -> Result<(), InvalidInput> {
    let rule = if text.is_empty() {
        Rule::Required
    } else if text.chars().any(char::is_control) {
        Rule::NoControlCharacters
    } else if text == "." || text == ".." {
        Rule::NotADotSegment
    } else {
        return Ok(());
    };
    Err(InvalidInput::new(field, rule))
}
