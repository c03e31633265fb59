//! What the market stored for the signed-in user while nobody was connected, and marking it read.
//! It owns the reading of these answers, which are hostile until checked; what a notification says
//! is its receiver's.

use std::fmt;

use reqwest::{Method, Response};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::{CallError, Market, MarketTime, Reason, ReasonCode};

/// As much of an answer as is read, in bytes.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// As many entries as an answer may have. None that says anything takes less than 128 bytes; without
/// this, a body of the smallest would take many times its own memory.
const MAX_ENTRIES: usize = MAX_BODY_BYTES / 128;

/// The id that the market stores a notification under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationId(pub i64);

/// What the market keeps of a notification's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotificationState {
    /// Nobody read it yet.
    Unread,
    /// Read, here or on another device.
    Read,
    /// Deleted on another device.
    Deleted,
}

/// A notification that the market stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The market's id.
    pub id: NotificationId,
    /// Read or not. Without a `status` it is read where `isRead` or `readAt` say so.
    pub state: NotificationState,
    /// When the market made it, where it says so.
    pub created: Option<MarketTime>,
    /// The JSON object as it came (`title`, `content`, `type`, `link`, `isUrgent` and more), at
    /// most as long as an event can be. Nothing in it was checked.
    pub raw: String,
}

/// A page of the stored notifications, newest first where the market keeps to its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationPage {
    /// The notifications of this page.
    pub content: Vec<Notification>,
    /// How many entries had no usable id or were no object, and are not in `content`.
    pub skipped: usize,
    /// How many there are in all (`totalElements`), if the market says so.
    pub total: Option<u64>,
    /// How many pages there are, if the market says so.
    pub total_pages: Option<u64>,
    /// The page's number as the market counts it (Spring: from 0), if it says so.
    pub number: Option<u64>,
    /// Whether no page follows: the market's `last`, or that the page is shorter than asked for. An
    /// empty page is the last whatever the market says.
    pub last: bool,
}

impl Market {
    /// `GET /notifications/unread`: what the signed-in user hasn't read. Entries without a usable
    /// id are left out. A market that has no such call refuses with 404.
    pub async fn unread_notifications(&self) -> Result<Vec<Notification>, CallError> {
        let url = self.base.join("notifications/unread", None);
        let answer = self.call(Method::GET, url, None).await?;
        let status = answer.status().as_u16();
        let text = text_of(answer).await.map_err(|error| self.told(error))?;
        let entries: Entries = serde_json::from_str(&text)
            .map_err(|error| self.told(not_understood(status, &error)))?;
        entries.complain();
        Ok(entries.kept)
    }

    /// `GET /notifications/list`: one page of all that is stored, `page` counted from 1, `size`
    /// entries a page. A market that has no such call refuses with 404.
    pub async fn notification_page(
        &self,
        page: u32,
        size: u32,
    ) -> Result<NotificationPage, CallError> {
        let (page, size) = (page.max(1), size.max(1));
        let mut url = self.base.join("notifications/list", None);
        url.query_pairs_mut()
            .append_pair("page", &page.to_string())
            .append_pair("size", &size.to_string());
        let answer = self.call(Method::GET, url, None).await?;
        let status = answer.status().as_u16();
        let text = text_of(answer).await.map_err(|error| self.told(error))?;
        let page: Page<'_> = serde_json::from_str(&text)
            .map_err(|error| self.told(not_understood(status, &error)))?;
        page.content.complain();
        Ok(page.checked(size))
    }

    /// `POST /notifications/{id}/read`: marks one read, which can be repeated without harm. A
    /// market that doesn't know the notification, or has no such call, refuses with 404.
    pub async fn mark_notification_read(&self, id: NotificationId) -> Result<(), CallError> {
        let url = self.base.join(&format!("notifications/{}/read", id.0), None);
        self.call(Method::POST, url, None).await.map(drop)
    }

    /// `POST /notifications/read-all`: marks all read, which can be repeated without harm.
    pub async fn mark_all_notifications_read(&self) -> Result<(), CallError> {
        let url = self.base.join("notifications/read-all", None);
        self.call(Method::POST, url, None).await.map(drop)
    }
}

/// The body, and no more than the limit in memory.
pub(crate) async fn text_of(mut answer: Response) -> Result<String, CallError> {
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BODY_BYTES => {
                let detail = format!("more than {} MiB", MAX_BODY_BYTES >> 20);
                return Err(no_answer(status, detail));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => {
                let reason = Reason { status: Some(status), ..Reason::of_transport(&error) };
                return Err(CallError::NoAnswer { reason });
            }
        }
    }
    // One title cut in the middle of a character must not hide all the others.
    Ok(String::from_utf8(body)
        .unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned()))
}

fn not_understood(status: u16, error: &serde_json::Error) -> CallError {
    no_answer(status, format!("not the JSON that was asked for: {error}"))
}

fn no_answer(status: u16, detail: String) -> CallError {
    let code = ReasonCode::UnexpectedStatus;
    CallError::NoAnswer { reason: Reason { code, status: Some(status), detail: Some(detail) } }
}

/// Spring's page. All but the content may be missing or anything.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    content: Entries,
    #[serde(borrow)]
    total_elements: Option<&'a RawValue>,
    #[serde(borrow)]
    total_pages: Option<&'a RawValue>,
    #[serde(borrow)]
    number: Option<&'a RawValue>,
    #[serde(borrow)]
    last: Option<&'a RawValue>,
}

impl Page<'_> {
    fn checked(self, size: u32) -> NotificationPage {
        let entries = self.content.kept.len() + self.content.skipped;
        let is_short = usize::try_from(size).is_ok_and(|size| entries < size);
        NotificationPage {
            skipped: self.content.skipped,
            total: read(self.total_elements),
            total_pages: read(self.total_pages),
            number: read(self.number),
            last: entries == 0 || read(self.last).unwrap_or(is_short),
            content: self.content.kept,
        }
    }
}

/// The usable entries of an array. They are looked at one by one: a value of each, in full, would
/// take many times the memory of its text.
struct Entries {
    kept: Vec<Notification>,
    skipped: usize,
}

impl Entries {
    fn complain(&self) {
        if self.skipped > 0 {
            tracing::warn!(skipped = self.skipped, "stored notifications without a usable id");
        }
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array of at most {MAX_ENTRIES} notifications")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Entries, A::Error> {
        let mut entries = Entries { kept: Vec::new(), skipped: 0 };
        while let Some(entry) = array.next_element::<&RawValue>()? {
            if entries.kept.len() + entries.skipped == MAX_ENTRIES {
                return Err(serde::de::Error::invalid_length(MAX_ENTRIES + 1, &self));
            }
            match notification(entry.get()) {
                Some(notification) => entries.kept.push(notification),
                None => entries.skipped += 1,
            }
        }
        Ok(entries)
    }
}

/// The few fields that matter here, each of them anything.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    is_read: Option<&'a RawValue>,
    #[serde(borrow)]
    read_at: Option<&'a RawValue>,
    #[serde(borrow)]
    created_at: Option<&'a RawValue>,
}

fn notification(raw: &str) -> Option<Notification> {
    // An array would do as well, for serde: its elements in the order of the fields.
    if raw.len() > eventsource_stream::MAX_EVENT_BYTES || !raw.starts_with('{') {
        return None;
    }
    let head: Head<'_> = serde_json::from_str(raw).ok()?;
    let state = match read::<&str>(head.status) {
        Some("READ") => NotificationState::Read,
        Some("DELETED") => NotificationState::Deleted,
        Some("UNREAD") => NotificationState::Unread,
        _ if read(head.is_read) == Some(true) || time(head.read_at).is_some() => {
            NotificationState::Read
        }
        _ => NotificationState::Unread,
    };
    Some(Notification {
        id: NotificationId(read(head.id)?),
        state,
        created: time(head.created_at),
        raw: raw.to_owned(),
    })
}

/// The value, if it is there and of this type.
fn read<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

/// The time, as text or as an array.
fn time(raw: Option<&RawValue>) -> Option<MarketTime> {
    let text = raw?.get();
    MarketTime::parse(
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text),
    )
}
