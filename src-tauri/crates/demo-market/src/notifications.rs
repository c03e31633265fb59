//! The notifications that the market stores for its users, newest first in every answer. The calls to them
//! are in `notification_calls`, and what the streams hear of them in `push`.

mod before;

use std::collections::VecDeque;
use std::iter;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::before::BEFORE;
use crate::clock::Clock;
use crate::people::Person;

/// Notifications kept of all users; the oldest go first.
const KEPT: usize = 10_000;

/// The time between two notifications that were there before the market started.
const AGE: Duration = Duration::from_mins(37);

/// The longest title that is kept, in characters.
const TITLE: usize = 100;

/// The longest content that is kept, in characters.
const CONTENT: usize = 1_000;

/// A notification to be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The id of the user it is for.
    pub user_id: u64,
    /// One line, at most 100 characters; longer ones are cut.
    pub title: String,
    /// At most 1,000 characters; longer ones are cut.
    #[serde(default)]
    pub content: String,
    /// `SYSTEM`, `ORDER`, `DELIVERY` and so on; `SYSTEM` when it is empty.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Absolute, or relative to the market's web site.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether it can't wait.
    #[serde(default)]
    pub is_urgent: bool,
    /// Read, or deleted, before anybody asked.
    #[serde(default)]
    pub status: Status,
    /// When it was made, written as it is; now when it is missing. See [`local_time_ago`].
    #[serde(default)]
    pub created_at: Option<String>,
}

/// What became of a stored notification; on the wire `UNREAD`, `READ` and `DELETED`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Nobody read it yet.
    #[default]
    Unread,
    /// Read on some device.
    Read,
    /// Deleted on some device; it is still listed.
    Deleted,
}

/// A notification as the market has it stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredNotice {
    /// Its id.
    pub id: u64,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub status: Status,
}

/// The local time of this machine this long ago, as a market without a zone of its own writes it: for
/// [`Notice::created_at`]. See [`crate::DemoMarket::local_time_ago`] for one with a zone.
pub fn local_time_ago(ago: Duration) -> String {
    Clock::default().ago(ago)
}

/// A stored notification, as `NotificationResponseDTO` has it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stored {
    pub(crate) id: u64,
    pub(crate) user_id: u64,
    sender_id: Option<u64>,
    sender_name: Option<&'static str>,
    pub(crate) title: String,
    content: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: Status,
    link: Option<String>,
    is_pushed: bool,
    pushed_at: Option<String>,
    read_at: Option<String>,
    created_at: String,
    updated_at: String,
    is_system_notification: bool,
    pub(crate) is_urgent: bool,
    is_read: bool,
    has_been_pushed: bool,
}

impl Stored {
    /// Whether the text has this word in it; letters of either case.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.title.to_lowercase().contains(&word) || self.content.to_lowercase().contains(&word)
    }

    /// With every time written as the market's `JacksonConfig` does: the server's local time, a fixed `+08:00`
    /// behind it. A time that already says its zone stays as it is.
    pub(crate) fn in_fixed_zone(mut self) -> Self {
        let own = [&mut self.created_at, &mut self.updated_at];
        let optional = [&mut self.pushed_at, &mut self.read_at];
        for time in own.into_iter().chain(optional.into_iter().flatten()) {
            if time.parse::<jiff::Timestamp>().is_err() {
                time.push_str("+08:00");
            }
        }
        self
    }

    /// Reading what was deleted doesn't bring it back.
    fn mark(&mut self, status: Status, now: String) {
        if self.status != status && !(self.status == Status::Deleted && status == Status::Read) {
            self.status = status;
            self.is_read = status != Status::Unread;
            self.read_at = self.is_read.then(|| now.clone());
            self.updated_at = now;
        }
    }
}

/// The store.
#[derive(Debug)]
pub(crate) struct Notifications {
    clock: Arc<Clock>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    last_id: u64,
    stored: VecDeque<Stored>,
}

impl Notifications {
    /// A store with what had happened before the market started: a few for each member.
    pub(crate) fn seeded(clock: Arc<Clock>) -> Self {
        let kept = Mutex::new(Kept { last_id: 90_000, stored: VecDeque::new() });
        let store = Self { clock, kept };
        let oldest = AGE * u32::try_from(BEFORE.len()).unwrap_or_default();
        let ages = iter::successors(Some(oldest), |age| age.checked_sub(AGE));
        for (age, (user_id, kind, title, content, link)) in ages.zip(BEFORE) {
            let notice = Notice {
                user_id,
                title: title.into(),
                content: content.into(),
                kind: kind.into(),
                link: link.map(Into::into),
                is_urgent: kind == "SECURITY",
                created_at: Some(store.clock.ago(age)),
                ..Notice::default()
            };
            store.store(notice, None, false);
        }
        store
    }

    /// Stores a notification that no stream carries, as one that came while its user was away; its id.
    pub(crate) fn add(&self, notice: Notice) -> u64 {
        self.store(notice, None, false).id
    }

    /// Stores a notification that the streams will carry.
    pub(crate) fn add_pushed(&self, notice: Notice) -> Stored {
        self.store(notice, None, true)
    }

    /// Stores a message to a user if it looks like a notification, which is one with a title; its id.
    pub(crate) fn keep_message(
        &self,
        user_id: &str,
        sender: Option<&'static Person>,
        message: &Value,
    ) -> Option<u64> {
        let notice = of_message(user_id.parse().ok()?, message)?;
        Some(self.store(notice, sender, true).id)
    }

    /// A user's notifications that `wanted` wants, newest first.
    pub(crate) fn select(&self, user_id: u64, wanted: impl Fn(&Stored) -> bool) -> Vec<Stored> {
        let kept = self.lock();
        let own = kept.stored.iter().rev().filter(|stored| stored.user_id == user_id);
        own.filter(|stored| wanted(stored)).cloned().collect()
    }

    /// A user's unread notifications, newest first.
    pub(crate) fn unread(&self, user_id: u64) -> Vec<Stored> {
        self.select(user_id, |stored| stored.status == Status::Unread)
    }

    /// Marks one notification of a user; `false` when they have no such one.
    pub(crate) fn mark(&self, user_id: u64, id: u64, status: Status) -> bool {
        let mut kept = self.lock();
        let found =
            kept.stored.iter_mut().find(|stored| stored.id == id && stored.user_id == user_id);
        found.map(|stored| stored.mark(status, self.clock.now())).is_some()
    }

    /// Marks all notifications of a user read.
    pub(crate) fn read_all(&self, user_id: u64) {
        self.lock()
            .stored
            .iter_mut()
            .filter(|stored| stored.user_id == user_id)
            .for_each(|stored| stored.mark(Status::Read, self.clock.now()));
    }

    /// Forgets everything; ids go on from where they were.
    pub(crate) fn clear(&self) {
        self.lock().stored.clear();
    }

    fn store(&self, notice: Notice, sender: Option<&'static Person>, pushed: bool) -> Stored {
        let created_at = notice.created_at.unwrap_or_else(|| self.clock.now());
        let is_read = notice.status != Status::Unread;
        let mut kept = self.lock();
        kept.last_id += 1;
        let id = kept.last_id;
        if kept.stored.len() == KEPT {
            kept.stored.pop_front();
        }
        let stored = Stored {
            id,
            user_id: notice.user_id,
            sender_id: sender.map(|person| person.id),
            sender_name: sender.map(|person| person.name),
            title: notice.title.chars().take(TITLE).collect(),
            content: notice.content.chars().take(CONTENT).collect(),
            kind: if notice.kind.is_empty() { "SYSTEM".to_owned() } else { notice.kind },
            status: notice.status,
            link: notice.link,
            is_pushed: pushed,
            pushed_at: pushed.then(|| created_at.clone()),
            read_at: is_read.then(|| created_at.clone()),
            updated_at: created_at.clone(),
            created_at,
            is_system_notification: sender.is_none(),
            is_urgent: notice.is_urgent,
            is_read,
            has_been_pushed: pushed,
        };
        kept.stored.push_back(stored.clone());
        stored
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is stored of a message to a user if it looks like a notification, which is one with a title.
pub(crate) fn of_message(user_id: u64, message: &Value) -> Option<Notice> {
    let text = |name: &str| message.get(name).and_then(Value::as_str);
    let title = text("title").filter(|title| !title.trim().is_empty())?;
    let kind =
        text("notificationType").unwrap_or_else(|| stored_type(text("type").unwrap_or_default()));
    Some(Notice {
        user_id,
        title: title.to_owned(),
        content: text("content").or_else(|| text("message")).unwrap_or_default().to_owned(),
        kind: kind.to_owned(),
        link: text("link").map(ToOwned::to_owned),
        is_urgent: message.get("isUrgent").and_then(Value::as_bool).unwrap_or(false),
        ..Notice::default()
    })
}

/// The type under which a message of this kind is stored.
pub(crate) fn stored_type(kind: &str) -> &'static str {
    const FAMILIES: [(&str, &str); 17] = [
        ("ORDER_DISPUTED", "DISPUTE"),
        ("ORDER_", "ORDER"),
        ("REFUND_", "ORDER"),
        ("NEW_DELIVERY", "DELIVERY"),
        ("DELIVERY_", "DELIVERY"),
        ("BALANCE_", "FINANCIAL"),
        ("RECHARGE_", "FINANCIAL"),
        ("WITHDRAW_", "FINANCIAL"),
        ("TRANSACTION_", "FINANCIAL"),
        ("NEW_MESSAGE", "CHAT"),
        ("CHAT_", "CHAT"),
        ("LOGIN_", "SECURITY"),
        ("SECURITY_", "SECURITY"),
        ("SUSPICIOUS_", "SECURITY"),
        ("ACCOUNT_", "SECURITY"),
        ("PASSWORD_", "SECURITY"),
        ("PRODUCT_", "INVENTORY"),
    ];
    FAMILIES
        .into_iter()
        .find(|(start, _)| kind.starts_with(start))
        .map_or("SYSTEM", |(_, stored)| stored)
}
