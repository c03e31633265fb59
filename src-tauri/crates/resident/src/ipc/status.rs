//! The connection's state, and what is missing on this desktop.

use agora_client::ReasonCode;
use serde::Serialize;
use ts_rs::TS;

/// The connection's state in the terms that the page words.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub(crate) enum StatusView {
    /// Asking, and no answer yet.
    Connecting,
    /// Open, and bytes were seen within the liveness limit.
    Connected {
        /// When it opened.
        #[ts(type = "number")]
        since_ms: i64,
        /// When bytes were last seen.
        #[ts(type = "number")]
        heard_ms: i64,
    },
    /// This machine has no way out; it goes on by itself.
    NoNetwork,
    /// Not connected; the next try comes by itself.
    Waiting {
        /// When.
        #[ts(type = "number")]
        until_ms: i64,
        /// Why.
        reason: ReasonView,
    },
    /// Not connected, but the market answers: it is asked every two minutes for what is new.
    Checking {
        /// When it last answered.
        #[ts(type = "number")]
        checked_ms: i64,
        /// Why there is no connection.
        reason: ReasonView,
    },
    /// The person disconnected.
    Paused {
        /// Until when; `None`: until they connect.
        #[ts(type = "number | null")]
        until_ms: Option<i64>,
    },
    /// No account, or the market doesn't accept its token. `reason` is `None` without an account.
    SignedOut {
        /// What the market said.
        reason: Option<ReasonView>,
    },
    /// The market's answer is one that waiting can't cure.
    Refused {
        /// What it said.
        reason: ReasonView,
    },
    /// There is no inbox to receive into; a notice says why.
    NoInbox,
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct ReasonView {
    /// What kind of reason it is; the catalogue words it under `reason.<code>`, and what a person can
    /// do about it, if anything, under `advice.<code>`.
    pub(crate) code: ReasonCode,
    /// The HTTP status, where there was one.
    pub(crate) status: Option<u16>,
    /// The market's own words or the system's, to be shown as they are.
    pub(crate) detail: Option<String>,
}

/// Something that is wrong with this desktop or the inbox while the app works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct Notice {
    /// What is missing or wrong; the catalogue words it under `notice.<code>`.
    pub(crate) code: NoticeCode,
    /// The system's own words, to be shown as they are.
    pub(crate) detail: Option<String>,
}

/// What a [`Notice`] is about, in the order in which the page lists them: what stops receiving
/// first, what is only missing last. What is found out later then pushes nothing graver away from
/// under the pointer.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "elsewhere there always are toasts and a tray")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub(crate) enum NoticeCode {
    /// The inbox was written by a newer version: nothing is received, so that nothing is lost.
    InboxNewer,
    /// The file in the inbox's place is another program's database: nothing is received until it is
    /// moved away, or set aside by the person.
    InboxForeign,
    /// The inbox can't be opened at all.
    InboxBroken,
    /// Another program holds the inbox; it is tried again by itself.
    InboxLocked,
    /// The disk is full: what arrives waits in memory, and the stream with it.
    InboxFull,
    /// The inbox can't be written: what arrives waits in memory, and the stream with it.
    InboxUnwritable,
    /// The keyring that the token is in is locked.
    KeyringLocked,
    /// It was not unlocked when it asked.
    KeyringDenied,
    /// It has no place for a token now.
    KeyringEmpty,
    /// It isn't there now, or fails. The detail is why.
    KeyringAway,
    /// The settings file can't be read, or not understood; it was left as it is.
    SettingsBroken,
    /// Settings that could not be understood were set aside for new ones. The detail is where they are.
    SettingsSetAside,
    /// The inbox was damaged: it was set aside, and a new one receives. The detail is where it is.
    InboxSetAside,
    /// The inbox took more room than it may: the oldest alerts were let go of. The detail is how many.
    InboxTrimmed,
    /// No keyring has taken the token: it lasts only until the app quits.
    NoKeyring,
    /// No notification daemon: alerts are kept, but no toast appears.
    NoToasts,
    /// No tray host: the app is reached by starting it again.
    NoTray,
}
