//! From the receiver's terms to the page's.

use crate::ipc::{
    AccountView, AlertDetail, AlertRow, Category, CategoryCount, Counts, FieldError, FieldView,
    ReasonView, SendOutcome, StatusView, TokenState,
};
use crate::links::Link;
use agora_account::KeyringError;
use agora_client::{BaseUrl, Field, InvalidInput, InvalidJson, Reason, Rule};
use agora_inbox::Alert;
use agora_receiver::catalogue::{self, Language};
use agora_receiver::{AccountState, SignedOut, Status, alert};
use std::time::{SystemTime, UNIX_EPOCH};

/// Characters of an alert's content in its row.
const EXCERPT: usize = 200;

pub(crate) fn status(status: &Status) -> StatusView {
    let coded = |status_code: Option<u16>, detail: &Option<String>| ReasonView {
        code: status.reason_code().unwrap_or("unknown").to_owned(),
        status: status_code,
        detail: detail.clone(),
    };
    match status {
        Status::Connecting => StatusView::Connecting,
        Status::Connected { since, heard } => {
            StatusView::Connected { since_ms: millis(*since), heard_ms: millis(*heard) }
        }
        Status::Waiting { until, reason: Reason { status, detail, .. } } => {
            StatusView::Waiting { until_ms: millis(*until), reason: coded(*status, detail) }
        }
        Status::Paused => StatusView::Paused,
        Status::SignedOut(SignedOut::NoAccount) => StatusView::SignedOut { reason: None },
        Status::SignedOut(SignedOut::NoToken) => {
            StatusView::SignedOut { reason: Some(coded(None, &None)) }
        }
        Status::SignedOut(SignedOut::Market { status, message }) => {
            StatusView::SignedOut { reason: Some(coded(Some(*status), message)) }
        }
        Status::Refused { status, message } => {
            StatusView::Refused { reason: coded(*status, message) }
        }
        Status::NoInbox => StatusView::Refused { reason: coded(None, &None) },
    }
}

pub(crate) fn account(state: &AccountState) -> AccountView {
    let client_id = &state.account.client_id;
    AccountView {
        base_url: state.account.base.to_string(),
        client_id: client_id.as_str().to_owned(),
        user_id: client_id.user_id().map(|id| id.as_str().to_owned()),
        token: token(&state.token),
        unusual_client_id: !client_id.fits_form(),
    }
}

fn token(state: &agora_receiver::TokenState) -> TokenState {
    use agora_receiver::TokenState as Told;
    match state {
        Told::Unknown | Told::None => TokenState::None,
        Told::Keyring => TokenState::Keyring,
        Told::Environment => TokenState::Environment,
        Told::MemoryOnly => TokenState::MemoryOnly,
        Told::Forgotten => TokenState::Forgotten,
        Told::OutOfReach(KeyringError::Locked) => TokenState::Locked,
        Told::OutOfReach(_) => TokenState::Unavailable,
    }
}

pub(crate) fn row(alert: &Alert, language: Language) -> AlertRow {
    let excerpt = language.of(&alert.body.content).split_whitespace().collect::<Vec<_>>().join(" ");
    AlertRow {
        id: alert.id,
        received_ms: alert.body.received_ms,
        kind: alert.body.kind.clone(),
        category: alert.body.category.into(),
        title: language.of(&alert.body.title).to_owned(),
        excerpt: excerpt.chars().take(EXCERPT).collect(),
        urgent: alert.body.urgent,
        read: alert.read,
    }
}

pub(crate) fn rows(alerts: &[Alert], language: Language) -> Vec<AlertRow> {
    alerts.iter().map(|alert| row(alert, language)).collect()
}

pub(crate) fn detail(alert: &Alert, language: Language, base: Option<&BaseUrl>) -> AlertDetail {
    let fields = alert::fields_of(&alert.body.raw).into_iter().map(|(field, value)| FieldView {
        label: catalogue::text(language, &format!("field.{}", field.name())).to_owned(),
        value,
    });
    AlertDetail {
        row: row(alert, language),
        content: language.of(&alert.body.content).to_owned(),
        fields: fields.collect(),
        link: alert.body.link.as_deref().map(|link| Link::of(link, base).view()),
        event: alert.body.event.clone(),
        raw: alert.body.raw.clone(),
    }
}

pub(crate) fn counts(counts: &agora_inbox::Counts) -> Counts {
    let categories = counts.categories.iter().map(|(category, count)| {
        ((*category).into(), CategoryCount { unread: count.unread, total: count.total })
    });
    Counts { unread: counts.unread(), total: counts.total(), categories: categories.collect() }
}

pub(crate) fn field_error(error: &InvalidInput) -> FieldError {
    FieldError {
        field: field(error.field).to_owned(),
        rule: rule(error.rule).to_owned(),
        message: error.message(),
        line: None,
        column: None,
    }
}

pub(crate) fn json_error(error: &InvalidJson) -> FieldError {
    let position = |number: usize| u32::try_from(number).ok();
    FieldError {
        field: "json".to_owned(),
        rule: if error.is_other_json { "json_not_object" } else { "json_syntax" }.to_owned(),
        message: error.message.clone(),
        line: position(error.line),
        column: position(error.column),
    }
}

fn field(field: Field) -> &'static str {
    match field {
        Field::BaseUrl | Field::StreamUrl => "base_url",
        Field::ClientId | Field::DeviceId => "client_id",
        Field::UserId => "user_id",
        Field::Token => "token",
        Field::Kind => "kind",
        Field::Title => "title",
        Field::Content => "content",
        _ => "link",
    }
}

fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Required => "required",
        Rule::AtMost(_) => "too_long",
        Rule::NoControlCharacters => "control_characters",
        Rule::NotADotSegment => "dot_segment",
        Rule::Url => "not_a_url",
        Rule::HttpScheme => "scheme",
        Rule::HttpOnlyToThisMachine => "http_needs_loopback",
        Rule::NoQuery | Rule::NoFragment => "query_or_fragment",
        Rule::NoCredentials => "userinfo",
        Rule::DeviceIdForm => "device_id",
        Rule::KindForm => "kind",
        Rule::LinkForm => "link",
        Rule::VisibleAscii => "not_ascii",
        _ => "malformed",
    }
}

impl From<agora_inbox::Category> for Category {
    fn from(category: agora_inbox::Category) -> Self {
        use agora_inbox::Category as Kept;
        match category {
            Kept::Orders => Self::Orders,
            Kept::Delivery => Self::Delivery,
            Kept::Money => Self::Money,
            Kept::Chat => Self::Chat,
            Kept::Security => Self::Security,
            Kept::Products => Self::Products,
            Kept::Store => Self::Store,
            Kept::System => Self::System,
        }
    }
}

impl From<Category> for agora_inbox::Category {
    fn from(category: Category) -> Self {
        match category {
            Category::Orders => Self::Orders,
            Category::Delivery => Self::Delivery,
            Category::Money => Self::Money,
            Category::Chat => Self::Chat,
            Category::Security => Self::Security,
            Category::Products => Self::Products,
            Category::Store => Self::Store,
            Category::System => Self::System,
        }
    }
}

impl From<agora_receiver::SendOutcome> for SendOutcome {
    fn from(outcome: agora_receiver::SendOutcome) -> Self {
        use agora_receiver::SendOutcome as Told;
        match outcome {
            Told::Accepted => Self::Accepted { status: 200 },
            Told::Refused { status, message } => {
                Self::Refused { status, message: message.unwrap_or_default() }
            }
            Told::MayHaveBeenDelivered(message) => Self::MayHaveBeenDelivered { message },
            Told::NotSent(message) => Self::NotSent { message },
        }
    }
}

fn millis(time: SystemTime) -> i64 {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}
