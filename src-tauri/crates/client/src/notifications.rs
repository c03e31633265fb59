//! What the market stored for the signed-in user while nobody was connected, and marking it read.
//! It owns the reading of these answers, which are hostile until checked; what a notification says
//! is its receiver's.

use agora_wire::{Json, Object};
use reqwest::{Method, Response};

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
    /// The JSON object as it came (`title`, `content`, `type`, `link`, `isUrgent` and more). Nothing
    /// in it was checked.
    pub raw: String,
}

/// What the signed-in user hasn't read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnreadNotifications {
    /// The notifications.
    pub content: Vec<Notification>,
    /// How many entries had no usable id or were no object, and are not in `content`: what isn't in it
    /// may be one of them.
    pub skipped: usize,
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
    /// `GET /notifications/unread`: what the signed-in user hasn't read. A market that has no such
    /// call refuses with 404.
    pub async fn unread_notifications(&self) -> Result<UnreadNotifications, CallError> {
        let url = self.base.join("notifications/unread", None);
        let answer = self.call(Method::GET, url, None).await?;
        let status = answer.status().as_u16();
        let text = text_of(answer).await.map_err(|error| self.told(error))?;
        let Entries { kept, skipped } =
            Entries::read(Json::read(&text)).ok_or_else(|| not_understood(status))?;
        Ok(UnreadNotifications { content: kept, skipped })
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
        self::page(Json::read(&text), size).ok_or_else(|| not_understood(status))
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

fn not_understood(status: u16) -> CallError {
    let detail = format!("not the JSON that was asked for, of at most {MAX_ENTRIES} notifications");
    no_answer(status, detail)
}

fn no_answer(status: u16, detail: String) -> CallError {
    let code = ReasonCode::UnexpectedStatus;
    CallError::NoAnswer { reason: Reason { code, status: Some(status), detail: Some(detail) } }
}

/// Spring's page. All but the content may be missing or anything.
fn page(answer: Option<Json<'_>>, size: u32) -> Option<NotificationPage> {
    let page = answer.filter(|page| page.is_whole())?.object()?;
    let content = Entries::read(page.get("content"))?;
    let entries = content.kept.len() + content.skipped;
    let is_short = usize::try_from(size).is_ok_and(|size| entries < size);
    let last = page.get("last").and_then(Json::truth);
    let count = |name| page.get(name).and_then(Json::count);
    Some(NotificationPage {
        skipped: content.skipped,
        total: count("totalElements"),
        total_pages: count("totalPages"),
        number: count("number"),
        last: entries == 0 || last.unwrap_or(is_short),
        content: content.kept,
    })
}

/// The usable entries of an array.
struct Entries {
    kept: Vec<Notification>,
    skipped: usize,
}

impl Entries {
    /// `None` for what is no array, for one without its end, since what isn't in it may be taken for
    /// read, and for one of too many.
    fn read(answer: Option<Json<'_>>) -> Option<Self> {
        let mut entries = Self { kept: Vec::new(), skipped: 0 };
        for entry in answer.filter(|answer| answer.is_whole())?.array()? {
            if entries.kept.len() + entries.skipped == MAX_ENTRIES {
                return None;
            }
            match notification(entry) {
                Some(notification) => entries.kept.push(notification),
                None => entries.skipped += 1,
            }
        }
        if entries.skipped > 0 {
            tracing::warn!(skipped = entries.skipped, "stored notifications without a usable id");
        }
        Some(entries)
    }
}

fn notification(entry: Json<'_>) -> Option<Notification> {
    let object = entry.object()?;
    Some(Notification {
        id: NotificationId(object.get("id")?.id()?),
        state: state(&object),
        created: object.get("createdAt").and_then(MarketTime::read),
        raw: entry.written().to_owned(),
    })
}

fn state(object: &Object<'_>) -> NotificationState {
    match object.get("status").and_then(Json::text).as_deref() {
        Some("READ") => NotificationState::Read,
        Some("DELETED") => NotificationState::Deleted,
        Some("UNREAD") => NotificationState::Unread,
        _ if object.get("isRead").and_then(Json::truth) == Some(true)
            || object.get("readAt").and_then(MarketTime::read).is_some() =>
        {
            NotificationState::Read
        }
        _ => NotificationState::Unread,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::seq::IndexedRandom;

    /// A value in any of the forms in which it is written.
    fn any<'a>(forms: &[&'a str]) -> &'a str {
        forms.choose(&mut rand::rng()).unwrap()
    }

    #[test]
    fn a_notification_is_the_same_in_whatever_forms_its_values_come() {
        let read = |text: &str| notification(Json::read(text).unwrap());
        for _ in 0..2_000 {
            let id = any(&["90001", "90001.0", "\"90001\"", "\" 90001 \""]);
            let is_read = any(&["true", "\"true\"", "\"TRUE\"", "1", "\"1\""]);
            let local = any(&[
                r#""2026-08-22T21:55:00""#,
                r#""2026-08-22 21:55:00.0""#,
                "[2026,8,22,21,55]",
                "[2026,8,22,21,55,0,0]",
            ]);
            let absolute = any(&[
                "1787435700",
                "1787435700.0",
                "\"1787435700000\"",
                "1787435700000",
                r#""2026-08-22T21:55:00Z""#,
                r#""2026-08-23T05:55:00+08:00""#,
            ]);
            let bad =
                any(&["null", "1e400", r#""\ud83d""#, "\"\u{0}\"", "{}", "NaN", r#"1,"x":2"#]);
            let text = format!(
                r#"{{"x":{bad},"id":{id},"status":{bad},"isRead":{is_read},"createdAt":{local}}}"#
            );
            let one = read(&text).unwrap();
            assert_eq!((one.id.0, one.state), (90_001, NotificationState::Read), "{text}");
            assert_eq!(one.created, MarketTime::parse("2026-08-22T21:55:00"), "{text}");
            let text =
                format!(r#"{{"readAt":{absolute},"createdAt":{absolute},"id":{id},"x":{bad}}}"#);
            let one = read(&text).unwrap();
            assert_eq!((one.id.0, one.state), (90_001, NotificationState::Read), "{text}");
            let created = one.created.unwrap();
            let moment_ms = created.zone_ms().map(|zone_ms| created.local_ms() - zone_ms);
            assert_eq!(moment_ms, Some(1_787_435_700_000), "{text}");
        }
    }
}
