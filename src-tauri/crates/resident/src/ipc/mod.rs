//! What the window's page sees: every type that crosses from Rust to the page and back.
//!
//! The TypeScript in `ui/src/bindings` is generated from here. The types are the page's own view:
//! texts are already in the person's language, times are milliseconds since the Unix epoch (UTC),
//! and nothing in them is a secret.

mod account;
mod accounts;
mod calls;
mod compose;
mod diagnostics;
mod follow;
mod inbox;
mod live;
mod preferences;
mod problem;
mod rules;
mod sending;
mod status;

pub(crate) use account::{AccountForm, AccountView, KeepIn, SignInBy, SignInForm, TokenState};
pub(crate) use accounts::{AccountEntry, AccountStanding};
pub(crate) use calls::{Answer, Answers, Call};
pub(crate) use compose::{
    Draft, DraftBody, DraftCheck, Look, Member, Recipient, SendOutcome, ToastLook, Translation,
};
pub(crate) use diagnostics::{CheckView, Checked, DiagnosticsView};
pub(crate) use follow::{RemindWhen, ReminderOffer, ReminderView};
pub(crate) use inbox::{
    AlertDetail, AlertRow, AlertSource, Category, CategoryCount, Counts, Deleted, ExportFormat,
    Exported, FieldView, Found, InboxPage, LinkFault, LinkOpens, LinkView, List, MarkedAll,
    PAGE_LIMIT, PageRequest, Piece, Seek, Subject, SubjectKind, Which,
};
pub(crate) use live::{Live, LiveNumbers, LiveUser};
pub(crate) use preferences::{Language, LanguageChoice, Preferences, ThemeChoice};
pub(crate) use problem::{FieldError, FormField, FormRule, Problem, ProblemCode};
pub(crate) use rules::PauseChoice;
pub use rules::SnoozeChoice;
pub(crate) use rules::{
    CategoryRule, Hop, HopName, HopState, MutedCode, MutedCount, QuietHours, Rules, RulesPreview,
    SelfTest,
};
pub(crate) use sending::{
    FilledMessage, LineOutcome, LineView, LinesPage, ListCheck, ListDraft, ListFault,
    ListFaultCode, RecipientsDraft, SendingCounts, SendingHalt, SendingState, SendingView,
    SentPage, SentRequest, SentTo,
};
pub(crate) use status::{Notice, NoticeCode, ReasonView, StatusView};

use serde::Serialize;
use ts_rs::TS;

/// Writes something beside the page's types, where these are being written, to be checked with them.
#[cfg(test)]
pub(crate) fn write_binding(name: &str, text: &str) {
    let Some(folder) = std::env::var_os("TS_RS_EXPORT_DIR") else { return };
    let file = std::path::Path::new(&folder).join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

/// The same of a value, as JSON.
#[cfg(test)]
pub(crate) fn write_json_binding(name: &str, value: &impl Serialize) {
    write_binding(name, &(serde_json::to_string_pretty(value).unwrap() + "\n"));
}

/// Everything the page needs to draw itself once; afterwards it gets [`PageEvent`]s.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Snapshot {
    /// Whose alerts these are; `None` before the first start is finished.
    pub(crate) account: Option<AccountView>,
    /// The name of the account that all of this is of, which calls are made with.
    pub(crate) shown: String,
    /// The accounts that a person may turn to.
    pub(crate) accounts: Vec<AccountEntry>,
    /// Whether there is a demo to be played.
    pub(crate) has_demo: bool,
    /// The connection, as it is now.
    pub(crate) status: StatusView,
    /// Unread and total counts.
    pub(crate) counts: Counts,
    /// The person's choices.
    pub(crate) preferences: Preferences,
    /// The language the texts are in, after `Preferences::language` was resolved.
    pub(crate) language: Language,
    /// What is missing or wrong.
    pub(crate) notices: Vec<Notice>,
    /// What a click outside of the window asked for, to be shown first.
    pub(crate) asked: Option<Asked>,
    /// Until when toasts are snoozed.
    #[ts(type = "number | null")]
    pub(crate) snoozed_until_ms: Option<i64>,
    /// The person's last test of the way from the market to a toast.
    pub(crate) self_test: Option<SelfTest>,
    /// The market's web site, which relative links lead to.
    pub(crate) web_site: String,
    /// The program's version.
    pub(crate) version: String,
}

/// What a click outside of the window asks to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "show", rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum Asked {
    /// One alert.
    Alert {
        /// Its key.
        #[ts(type = "number")]
        id: i64,
    },
    /// A list: a toast told of several alerts.
    List {
        /// Which.
        list: List,
    },
    /// The settings.
    Settings,
    /// For how long to disconnect.
    Disconnect,
    /// The form for messages.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no launcher asks there"))]
    Compose,
}

/// One change, in the order it happened.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum PageEvent {
    /// Everything anew: the first event, and the answer to having missed some.
    Snapshot {
        /// The whole.
        snapshot: Box<Snapshot>,
    },
    /// The connection's status changed.
    Status {
        /// The new status.
        status: StatusView,
    },
    /// Alerts were committed to the inbox, newest last.
    Arrived {
        /// The rows; at most [`PAGE_LIMIT`], more come as a `Snapshot`.
        alerts: Vec<AlertRow>,
        /// The counts that follow from them.
        counts: Counts,
    },
    /// Alerts were marked read or unread.
    Marked {
        /// Which.
        #[ts(type = "number[]")]
        ids: Vec<i64>,
        /// As what.
        read: bool,
        /// The counts that follow.
        counts: Counts,
    },
    /// What is followed up of alerts changed: a star, a reminder, or that one is due.
    Followed {
        /// The rows as they are now; at most [`PAGE_LIMIT`].
        alerts: Vec<AlertRow>,
        /// The counts that follow.
        counts: Counts,
    },
    /// Alerts were deleted.
    Deleted {
        /// Which.
        #[ts(type = "number[]")]
        ids: Vec<i64>,
        /// The counts that follow.
        counts: Counts,
    },
    /// More has changed in the inbox than is worth listing, such as thousands of marks or what was
    /// missed while the app was away: the list is to be read anew, where it stands.
    Changed {
        /// The counts that follow.
        counts: Counts,
    },
    /// The test of the way from the market to a toast went on.
    Tested {
        /// How far it is.
        self_test: SelfTest,
    },
    /// The accounts that a person may turn to are others, or are otherwise.
    Accounts {
        /// The whole list, as it is now.
        accounts: Vec<AccountEntry>,
    },
    /// Show this: a toast or the tray was clicked.
    Asked {
        /// What.
        asked: Asked,
    },
    /// The connection's last day, anew, while the diagnostics are open: its state changed, or something
    /// happened to it.
    Day {
        /// The whole.
        day: Box<agora_doctor::Day>,
    },
    /// Events or a heartbeat came, while the diagnostics are open.
    Pulse {
        /// When this minute began, and how many events came in it.
        #[ts(type = "[number, number]")]
        minute: (i64, u32),
        /// The last heartbeats, newest last.
        beats: Vec<agora_doctor::Beat>,
    },
    /// What is sent, or waits for its time, in this app has got further.
    Sendings {
        /// Those, and the last that ended.
        sendings: Vec<SendingView>,
    },
    /// What is missing or wrong has changed.
    Notices {
        /// The whole list, as it is now.
        notices: Vec<Notice>,
    },
}
