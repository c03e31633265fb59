//! From the receiver's terms to the page's.

use super::fates;
use crate::desk::Links;
use crate::ipc::{
    AccountView, AlertDetail, AlertRow, AlertSource, Category, CategoryCount, Counts, FieldError,
    FieldView, FormField, FormRule, Found, LinkFault, LinkOpens, LinkView, List, Piece, ReasonView,
    ReminderView, StatusView, TokenState, Which,
};
use agora_account::KeyringError;
use agora_alert::catalogue::{self, Language};
use agora_alert::{Known, Origin};
use agora_client::{BaseUrl, Field, InvalidInput, JsonFault, Reason, ReasonCode, Rule};
use agora_inbox::search::{self, Query};
use agora_inbox::{Alert, Filter, Reminder};
use agora_link::{Link, Why};
use agora_receiver::{AccountState, SignedOut, Status};
use agora_rules::Fate;
use jiff::tz::TimeZone;
use std::time::{SystemTime, UNIX_EPOCH};

/// Characters of an alert's content in its row.
const EXCERPT: usize = 200;
/// Columns of its title that a narrow list has room for.
const TITLE: usize = 34;

pub(crate) fn status(status: &Status) -> StatusView {
    let coded = |status_code: Option<u16>, detail: &Option<String>| ReasonView {
        code: status.reason_code().unwrap_or(ReasonCode::UnexpectedStatus),
        status: status_code,
        detail: detail.clone(),
    };
    match status {
        Status::Connecting => StatusView::Connecting,
        Status::Connected { since, heard } => {
            StatusView::Connected { since_ms: millis(*since), heard_ms: millis(*heard) }
        }
        Status::NoNetwork => StatusView::NoNetwork,
        Status::Waiting { until, reason: Reason { status, detail, .. } } => {
            StatusView::Waiting { until_ms: millis(*until), reason: coded(*status, detail) }
        }
        Status::Checking { checked, reason: Reason { status, detail, .. } } => {
            StatusView::Checking { checked_ms: millis(*checked), reason: coded(*status, detail) }
        }
        Status::Paused { until } => StatusView::Paused { until_ms: until.map(millis) },
        Status::SignedOut(SignedOut::NoAccount) => StatusView::SignedOut { reason: None },
        Status::SignedOut(SignedOut::NoToken) => {
            StatusView::SignedOut { reason: Some(coded(None, &None)) }
        }
        Status::SignedOut(SignedOut::Market { status, message, .. }) => {
            StatusView::SignedOut { reason: Some(coded(Some(*status), message)) }
        }
        Status::Refused { status, message } => {
            StatusView::Refused { reason: coded(*status, message) }
        }
        Status::NoInbox => StatusView::NoInbox,
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
        administers: state.administers,
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
        Told::OutOfReach(KeyringError::Denied) => TokenState::Denied,
        Told::OutOfReach(KeyringError::NoCollection) => TokenState::Empty,
        Told::OutOfReach(_) => TokenState::Unavailable,
    }
}

/// One line of the list, with what was searched for in it, if anything was.
pub(crate) fn row(alert: &Alert, language: Language, query: Option<&Query>) -> AlertRow {
    let excerpt = language.of(&alert.body.content).split_whitespace().collect::<Vec<_>>().join(" ");
    AlertRow {
        id: alert.id,
        at_ms: alert.body.at_ms,
        kind: alert.body.kind.clone(),
        category: alert.body.category.into(),
        title: language.of(&alert.body.title).to_owned(),
        excerpt: excerpt.chars().take(EXCERPT).collect(),
        urgent: alert.body.urgent,
        read: alert.read,
        starred: alert.starred,
        reminder: alert
            .reminder
            .map(|Reminder { due_ms, reminded }| ReminderView { due_ms, reminded }),
        found: query.map(|query| found(alert, language, query)),
    }
}

pub(crate) fn rows(alerts: &[Alert], language: Language) -> Vec<AlertRow> {
    alerts.iter().map(|alert| row(alert, language, None)).collect()
}

fn found(alert: &Alert, language: Language, query: &Query) -> Found {
    let (title, excerpt) = query.shown(alert, language, TITLE, EXCERPT);
    Found { title: pieces(title), excerpt: pieces(excerpt) }
}

fn pieces(pieces: Vec<search::Piece>) -> Vec<Piece> {
    pieces.into_iter().map(|search::Piece { text, hit }| Piece { text, hit }).collect()
}

/// The filter of a list, without its search.
pub(crate) fn filter(list: &List) -> Filter {
    Filter {
        category: list.category.map(Into::into),
        unread: list.unread,
        urgent: list.urgent,
        starred: list.starred,
        reminders: list.reminders,
        from_ms: list.from_ms,
        to_ms: list.to_ms,
        told_ms: list.told_ms,
    }
}

/// What a list searches for, if anything.
pub(crate) fn searched(list: &List) -> Option<String> {
    Some(list.search.clone()).filter(|text| !text.trim().is_empty())
}

impl From<Which> for agora_inbox::Which {
    fn from(which: Which) -> Self {
        match which {
            Which::Ids { ids } => Self::Ids(ids),
            Which::Matching { list, up_to } => {
                Self::Matching { filter: filter(&list), text: searched(&list), up_to }
            }
        }
    }
}

pub(crate) fn link(link: &Link) -> LinkView {
    match link {
        Link::Opens { url, host, unicode, trusted, resembles } => LinkView {
            url: Some(url.as_str().to_owned()),
            host: unicode.as_ref().map_or_else(|| host.clone(), |own| format!("{host} ({own})")),
            opens: if *trusted { LinkOpens::AtOnce } else { LinkOpens::AfterAsking },
            resembles: resembles.clone(),
            why: None,
        },
        Link::Closed { text, why } => LinkView {
            url: None,
            host: text.clone(),
            opens: LinkOpens::Never,
            resembles: None,
            why: Some(why_closed(*why)),
        },
    }
}

fn why_closed(why: Why) -> LinkFault {
    match why {
        Why::Scheme => LinkFault::Scheme,
        Why::PlainHttp => LinkFault::PlainHttp,
        Why::Credentials => LinkFault::Credentials,
        Why::LookAlike => LinkFault::LookAlike,
        Why::Malformed => LinkFault::Malformed,
    }
}

pub(crate) fn detail(
    alert: &Alert,
    language: Language,
    links: &Links,
    zone: &TimeZone,
) -> AlertDetail {
    let fields = agora_alert::fields_of(&alert.body.raw, language).into_iter();
    let fields = fields.map(|Known { field, value, number }| FieldView {
        label: catalogue::text(language, &format!("field.{}", field.name)).to_owned(),
        value,
        number,
    });
    let fate = alert.body.toast.as_deref().and_then(Fate::of_text);
    AlertDetail {
        row: row(alert, language, None),
        content: language.of(&alert.body.content).to_owned(),
        fields: fields.collect(),
        link: alert.body.link.as_deref().map(|text| link(&links.look_at(text))),
        toast: fate.map(|fate| fates::words(fate, alert.body.at_ms, language, zone)),
        source: source(Origin::of(&alert.body)),
        event: alert.body.event.clone(),
        raw: alert.body.raw.clone(),
    }
}

fn source(origin: Origin) -> AlertSource {
    match origin {
        Origin::Stored => AlertSource::Stored,
        Origin::Broadcast => AlertSource::Broadcast,
        Origin::Message => AlertSource::Message,
        Origin::Own => AlertSource::App,
    }
}

pub(crate) fn counts(counts: &agora_inbox::Counts) -> Counts {
    let categories = counts.categories.iter().map(|(category, count)| {
        ((*category).into(), CategoryCount { unread: count.unread, total: count.total })
    });
    Counts {
        unread: counts.unread(),
        total: counts.total(),
        starred: counts.starred,
        reminders: counts.reminders,
        categories: categories.collect(),
    }
}

/// The market's base URL, or what is wrong with it, and what most likely is meant.
pub(crate) fn base_url(text: &str) -> Result<BaseUrl, FieldError> {
    let mended = |error| FieldError {
        mended: BaseUrl::meant_by(text).map(|meant| meant.to_string()),
        ..field_error(&error)
    };
    BaseUrl::parse(text).map_err(mended)
}

pub(crate) fn field_error(error: &InvalidInput) -> FieldError {
    FieldError::of(field(error.field), rule(error.rule), &error.message())
}

pub(crate) fn json_fault(fault: &JsonFault) -> FieldError {
    let position = |number: usize| u32::try_from(number).ok();
    let error = match fault {
        JsonFault::Json(error) => error,
        JsonFault::Value { error, line, column } => {
            return FieldError {
                line: position(*line),
                column: position(*column),
                ..field_error(error)
            };
        }
    };
    let rule = if error.is_other_json { FormRule::JsonNotObject } else { FormRule::JsonSyntax };
    FieldError {
        line: position(error.line),
        column: position(error.column),
        ..FieldError::of(FormField::Json, rule, &error.message)
    }
}

fn field(field: Field) -> FormField {
    match field {
        Field::BaseUrl | Field::StreamUrl => FormField::BaseUrl,
        Field::ClientId | Field::DeviceId => FormField::ClientId,
        Field::UserId => FormField::UserId,
        Field::Token => FormField::Token,
        Field::Kind => FormField::Kind,
        Field::Title => FormField::Title,
        Field::Content => FormField::Content,
        Field::Urgent => FormField::Urgent,
        Field::I18n => FormField::I18n,
        Field::More => FormField::More,
        _ => FormField::Link,
    }
}

pub(crate) fn rule(rule: Rule) -> FormRule {
    match rule {
        Rule::Required => FormRule::Required,
        Rule::AtMost(_) => FormRule::TooLong,
        Rule::NoControlCharacters => FormRule::ControlCharacters,
        Rule::NotADotSegment => FormRule::DotSegment,
        Rule::Url => FormRule::NotAUrl,
        Rule::HttpScheme => FormRule::Scheme,
        Rule::HttpOnlyToThisMachine => FormRule::HttpNeedsLoopback,
        Rule::NoQuery | Rule::NoFragment => FormRule::QueryOrFragment,
        Rule::NoCredentials => FormRule::Userinfo,
        Rule::DeviceIdForm => FormRule::DeviceId,
        Rule::KindForm => FormRule::Kind,
        Rule::LinkForm => FormRule::Link,
        Rule::VisibleAscii => FormRule::NotAscii,
        Rule::Text => FormRule::NotText,
        Rule::Truth => FormRule::NotTruth,
        Rule::Once => FormRule::Twice,
        Rule::Translations => FormRule::Translations,
        Rule::Json => FormRule::JsonSyntax,
        _ => FormRule::Malformed,
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

pub(super) fn millis(time: SystemTime) -> i64 {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    const CATALOGUE: &str = include_str!("../../../../../ui/messages/en.json");

    /// The tray says them too, and has no others.
    #[test]
    fn every_reason_has_words_and_no_words_are_for_none() {
        let catalogue: Value = serde_json::from_str(CATALOGUE).unwrap();
        let words = |section: &str| {
            let words = catalogue[section].as_object().unwrap().keys();
            words.filter(|code| *code != "unknown").cloned().collect::<BTreeSet<_>>()
        };
        let names = ReasonCode::NAMES.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(words("reason"), names);
        assert!(words("advice").is_subset(&names));
    }

    #[test]
    fn a_reason_goes_to_the_page_as_the_receiver_names_it() {
        let told = |told: &Status| serde_json::to_value(status(told)).unwrap();
        let refused = Status::Refused { status: Some(407), message: None };
        assert_eq!(told(&refused)["reason"]["code"], "proxy_auth");
        assert_eq!(told(&Status::SignedOut(SignedOut::NoToken))["reason"]["code"], "no_token");
        assert_eq!(told(&Status::NoInbox)["state"], "no_inbox");
    }
}
