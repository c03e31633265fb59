//! The notifications that the market stores for its users, newest first in every answer. The calls to them
//! are in `notification_calls`.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::people::{self, Person};
use crate::wire;

/// Notifications kept of all users; the oldest go first.
const KEPT: usize = 10_000;

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
}

/// A stored notification, as `NotificationResponseDTO` has it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stored {
    pub(crate) id: u64,
    pub(crate) user_id: u64,
    sender_id: Option<u64>,
    sender_name: Option<&'static str>,
    title: String,
    content: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: &'static str,
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

    fn mark_read(&mut self) {
        if !self.is_read {
            let now = wire::now();
            self.is_read = true;
            self.status = "READ";
            self.read_at = Some(now.clone());
            self.updated_at = now;
        }
    }
}

/// The store.
#[derive(Debug)]
pub(crate) struct Notifications(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    last_id: u64,
    stored: VecDeque<Stored>,
}

impl Notifications {
    /// A store with what had happened before the market started: a few for each member.
    pub(crate) fn seeded() -> Self {
        let store = Self(Mutex::new(Kept { last_id: 90_000, stored: VecDeque::new() }));
        let start = jiff::ZonedDateTime::now();
        let minutes_ago = |minutes: i64| {
            wire::local(&start.saturating_sub(jiff::SignedDuration::from_mins(minutes)))
        };
        for (index, (user_id, kind, title, content, link)) in BEFORE.into_iter().enumerate() {
            let notice = Notice {
                user_id,
                title: title.into(),
                content: content.into(),
                kind: kind.into(),
                link: link.map(Into::into),
                is_urgent: kind == "SECURITY",
            };
            let age = 37 * (i64::try_from(BEFORE.len() - index).unwrap_or(1));
            store.store(notice, None, minutes_ago(age), false);
        }
        store
    }

    /// Stores a notification that no stream carries, as one that came while its user was away; its id.
    pub(crate) fn add(&self, notice: Notice) -> u64 {
        self.store(notice, None, wire::now(), false)
    }

    /// Stores a message to a user if it looks like a notification, which is one with a title; its id.
    pub(crate) fn keep_message(
        &self,
        user_id: &str,
        sender: Option<&'static Person>,
        message: &Value,
    ) -> Option<u64> {
        let text = |name: &str| message.get(name).and_then(Value::as_str);
        let user_id = user_id.parse().ok()?;
        let title = text("title").filter(|title| !title.trim().is_empty())?;
        let kind = text("notificationType")
            .unwrap_or_else(|| stored_type(text("type").unwrap_or_default()));
        let notice = Notice {
            user_id,
            title: title.to_owned(),
            content: text("content").or_else(|| text("message")).unwrap_or_default().to_owned(),
            kind: kind.to_owned(),
            link: text("link").map(ToOwned::to_owned),
            is_urgent: message.get("isUrgent").and_then(Value::as_bool).unwrap_or(false),
        };
        Some(self.store(notice, sender, wire::now(), true))
    }

    /// A user's notifications that `wanted` wants, newest first.
    pub(crate) fn select(&self, user_id: u64, wanted: impl Fn(&Stored) -> bool) -> Vec<Stored> {
        let kept = self.lock();
        let own = kept.stored.iter().rev().filter(|stored| stored.user_id == user_id);
        own.filter(|stored| wanted(stored)).cloned().collect()
    }

    /// A user's unread notifications, newest first.
    pub(crate) fn unread(&self, user_id: u64) -> Vec<Stored> {
        self.select(user_id, |stored| stored.status == "UNREAD")
    }

    /// Marks one notification of a user read; `false` when they have no such one.
    pub(crate) fn read(&self, user_id: u64, id: u64) -> bool {
        let mut kept = self.lock();
        let found =
            kept.stored.iter_mut().find(|stored| stored.id == id && stored.user_id == user_id);
        found.map(Stored::mark_read).is_some()
    }

    /// Marks all notifications of a user read.
    pub(crate) fn read_all(&self, user_id: u64) {
        self.lock()
            .stored
            .iter_mut()
            .filter(|stored| stored.user_id == user_id)
            .for_each(Stored::mark_read);
    }

    fn store(
        &self,
        notice: Notice,
        sender: Option<&'static Person>,
        created_at: String,
        pushed: bool,
    ) -> u64 {
        let mut kept = self.lock();
        kept.last_id += 1;
        let id = kept.last_id;
        if kept.stored.len() == KEPT {
            kept.stored.pop_front();
        }
        kept.stored.push_back(Stored {
            id,
            user_id: notice.user_id,
            sender_id: sender.map(|person| person.id),
            sender_name: sender.map(|person| person.name),
            title: notice.title.chars().take(TITLE).collect(),
            content: notice.content.chars().take(CONTENT).collect(),
            kind: if notice.kind.is_empty() { "SYSTEM".to_owned() } else { notice.kind },
            status: "UNREAD",
            link: notice.link,
            is_pushed: pushed,
            pushed_at: pushed.then(|| created_at.clone()),
            read_at: None,
            updated_at: created_at.clone(),
            created_at,
            is_system_notification: sender.is_none(),
            is_urgent: notice.is_urgent,
            is_read: false,
            has_been_pushed: pushed,
        });
        id
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The type under which a message of this kind is stored.
fn stored_type(kind: &str) -> &'static str {
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

/// What had happened before, oldest first: user, type, title, content, link.
const BEFORE: [(u64, &str, &str, &str, Option<&str>); 9] = [
    (
        people::SELLER.id,
        "REVIEW",
        "收到新的五星評價",
        "「茶湯清香回甘，包裝也很用心，會再回購！」",
        Some("/store/reviews"),
    ),
    (
        people::BUYER.id,
        "PROMOTION",
        "秋茶季全館免運",
        "即日起至本週日，單筆滿 NT$800 即享免運優惠。",
        Some("/promotions/autumn-tea"),
    ),
    (
        people::COURIER.id,
        "DELIVERY",
        "昨日配送結算完成",
        "昨日共完成 14 件配送，收入 NT$1,260 已入帳。",
        Some("/wallet"),
    ),
    (
        people::SELLER.id,
        "DEMAND",
        "有買家在找「阿里山高山茶」",
        "3 位買家在您附近尋找高山茶，要不要上架一款？",
        Some("/demands/318"),
    ),
    (
        people::CAREFUL_BUYER.id,
        "SYSTEM",
        "Welcome to Agora Market",
        "Your account is ready. Two-factor sign-in is on.",
        None,
    ),
    (
        people::BUYER.id,
        "CHAT",
        "林記茶行回覆了您的提問",
        "您好，凍頂烏龍目前都是今年春茶，可以放心購買。",
        Some("/chat/4021"),
    ),
    (
        people::SELLER.id,
        "SECURITY",
        "新裝置登入您的帳號",
        "您的帳號剛從臺北市的 Windows 電腦登入。若非本人，請立即變更密碼。",
        Some("/account/security"),
    ),
    (
        people::ADMINISTRATOR.id,
        "DISPUTE",
        "三件爭議等待處理",
        "其中一件已超過 48 小時未回覆。",
        Some("/admin/disputes"),
    ),
    (
        people::BUYER.id,
        "ORDER",
        "包裹已送達超商",
        "訂單 AG2511038841 已送達全家台北信義門市，請於七日內取貨。",
        Some("/orders/88412"),
    ),
];
