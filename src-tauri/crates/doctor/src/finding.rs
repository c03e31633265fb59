//! What a check finds: a code, figures that anybody may see, and the words of others, which may hold what is
//! private and stand in no report.

use agora_account::KeyringError;
use agora_client::connection::Stop;
use agora_client::{Reason, Refusal};
use agora_inbox::{OpenError, StoreError};
use std::path::PathBuf;
use std::time::Duration;
use strum::{IntoStaticStr, VariantArray, VariantNames};

/// What is checked.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    IntoStaticStr,
    VariantArray,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Part {
    /// It can be reached, and is a market.
    Market,
    /// It takes the account's token.
    SignIn,
    /// This machine's clock, by the market's.
    Clock,
    /// Events come through as they are sent.
    Stream,
    /// Somebody shows toasts.
    Toasts,
    /// The desktop shows the toasts that it takes.
    DoNotDisturb,
    /// Somebody shows the tray's icon.
    Tray,
    /// It keeps tokens.
    Keyring,
    /// The file is whole.
    Inbox,
    /// There is room where the inbox is, and it can be written.
    Disk,
}

impl Part {
    /// All of them, in the order in which they are looked at.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in texts, such as `sign_in`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Whether it is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Verdict {
    /// It is.
    Good,
    /// It isn't, and there is something to do.
    Bad,
    /// Nobody knows: it was not tried.
    Untried,
}

/// One part, and what was found of it.
#[derive(Debug)]
pub struct Check {
    /// Of what.
    pub part: Part,
    /// What.
    pub found: Finding,
}

/// What there is to find. The name is the code, in snake case.
#[derive(Debug, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Finding {
    /// It didn't come to an end within its limit.
    TookTooLong(Duration),
    /// Nobody is signed in, so that there is nothing to ask.
    NoAccount,
    /// The account can't be read; why.
    AccountUnreadable(String),
    /// No request can be made on this machine; why.
    SetupFailed(String),
    /// The market hasn't answered, so that this isn't known.
    NotAsked,

    /// It answers, so soon.
    MarketAnswers(Duration),
    /// Nobody answers with yes or no.
    MarketUnreached(Reason),
    /// 404: no push API is there.
    MarketHasNoPush(Refusal),
    /// A no that waiting may cure.
    MarketLater(Refusal),
    /// Another no.
    MarketRefuses(Refusal),

    /// The market takes this sign-in.
    TokenTaken,
    /// The market takes this account without one.
    NoTokenWanted,
    /// 401 or 403.
    TokenRefused(Refusal),
    /// The account had one, and it is gone or out of reach.
    TokenLost,

    /// So far ahead of the market's, in seconds, which is within what its answer can tell.
    ClockAgrees(i64),
    /// So far ahead, in seconds; behind, where it is negative.
    ClockDiffers(i64),
    /// The market doesn't say what time it is.
    ClockUnheard,

    /// The app's own stream is open, and was heard so long ago.
    StreamRuns(Duration),
    /// One opened, and its first event came.
    StreamOpens {
        /// After how long it opened.
        opened: Duration,
        /// After how long the event came.
        event: Duration,
    },
    /// One opened, and no event came within the limit.
    StreamIsEmpty {
        /// After how long it opened.
        opened: Duration,
        /// How long the event was waited for.
        limit: Duration,
    },
    /// Nothing of one came within the limit although the market answers calls.
    StreamHeldBack(Duration),
    /// It failed.
    StreamFailed(Reason),
    /// All connections of this user are taken.
    ConnectionsTaken(Reason),
    /// An answer that waiting can't cure.
    StreamStopped(Stop),
    /// The person has paused it, so none was opened.
    StreamPaused,

    /// This daemon shows them.
    Toasts {
        /// Its name and version.
        daemon: String,
    },
    /// The same, but a click on one opens nothing.
    ToastsWithoutActions {
        /// Its name and version.
        daemon: String,
    },
    /// No daemon answers; why.
    NoToasts(String),
    /// The system shows them by itself.
    ToastsOfSystem,
    /// The desktop shows them.
    DoNotDisturbOff,
    /// The person has the desktop keep them.
    DoNotDisturbOn,
    /// It doesn't say whether it shows them.
    DoNotDisturbUnknown,
    /// There is a host.
    Tray,
    /// There is a watcher, and no host.
    TrayWithoutHost,
    /// Nobody answers; why.
    NoTray(String),
    /// The system shows it by itself.
    TrayOfSystem,

    /// An entry was written, read and deleted.
    Keyring,
    /// It is locked.
    KeyringLocked(KeyringError),
    /// Somebody was asked to unlock it, and said no.
    KeyringDenied(KeyringError),
    /// It has no place for a token.
    KeyringEmpty(KeyringError),
    /// There is none, or it fails.
    NoKeyring(KeyringError),

    /// Every page of the file is whole.
    Inbox {
        /// How many alerts are in it.
        alerts: u32,
        /// What lies beside it.
        beside: Beside,
    },
    /// There is none yet.
    InboxNotMade(Beside),
    /// An empty file is in its place, which the app makes one of.
    InboxIsEmptyFile(Beside),
    /// It is gone, and its log of changes is left.
    InboxLogIsLeft(Beside),
    /// It is a link into a folder that isn't there.
    InboxLeadsNowhere(Beside),
    /// It can't be opened, or read to its end.
    InboxTrouble {
        /// Why.
        error: OpenError,
        /// Whether it can be opened all the same: the app doesn't notice either.
        is_open: bool,
        /// What lies beside it.
        beside: Beside,
    },

    /// So many MiB are free.
    Disk(Option<u64>),
    /// So few.
    DiskIsLow(u64),
    /// The folder can't be written; why.
    DiskUnwritable(String),
}

/// What was set aside, and the backup of before the last update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// What was set aside.
    pub aside: Vec<PathBuf>,
    /// The backup.
    pub backup: Option<PathBuf>,
}

/// What anybody may know of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Of what.
    pub part: Part,
    /// Whether it is as it should be.
    pub verdict: Verdict,
    /// What was found.
    pub code: &'static str,
    /// Its figures by their names.
    pub figures: Vec<(&'static str, Figure)>,
}

/// A value of a finding that anybody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A number.
    Number(i64),
    /// A name from a list of ours, or of a program of the system's.
    Name(String),
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Check {
    pub(crate) fn of(part: Part, found: Finding) -> Self {
        Self { part, found }
    }

    /// What anybody may know of it.
    pub fn outline(&self) -> Outline {
        let Self { part, found } = self;
        Outline {
            part: *part,
            verdict: found.verdict(),
            code: found.code(),
            figures: found.figures(),
        }
    }
}

impl Finding {
    /// Its name in texts and reports, such as `token_taken`. Of an inbox in trouble, which.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InboxTrouble { error, .. } => match error {
                OpenError::Newer { .. } => "inbox_newer",
                OpenError::NotAnInbox => "inbox_foreign",
                OpenError::NotAFile => "inbox_no_file",
                OpenError::Store(StoreError::Damaged(_)) => "inbox_damaged",
                OpenError::Store(StoreError::Busy(_)) => "inbox_busy",
                OpenError::Store(StoreError::Full(_)) => "inbox_full",
                _ => "inbox_unreadable",
            },
            Self::ClockDiffers(ahead) if *ahead < 0 => "clock_behind",
            Self::ClockDiffers(_) => "clock_ahead",
            found => found.into(),
        }
    }

    /// Every code that there is.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        let of_several = ["inbox_trouble", "clock_differs"];
        let each = [
            "inbox_newer",
            "inbox_foreign",
            "inbox_no_file",
            "inbox_damaged",
            "inbox_busy",
            "inbox_full",
            "inbox_unreadable",
            "clock_behind",
            "clock_ahead",
        ];
        Self::VARIANTS.iter().copied().filter(move |code| !of_several.contains(code)).chain(each)
    }

    /// Whether it is as it should be.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::MarketAnswers(_)
            | Self::TokenTaken
            | Self::NoTokenWanted
            | Self::ClockAgrees(_)
            | Self::StreamRuns(_)
            | Self::StreamOpens { .. }
            | Self::Toasts { .. }
            | Self::ToastsWithoutActions { .. }
            | Self::ToastsOfSystem
            | Self::DoNotDisturbOff
            | Self::DoNotDisturbOn
            | Self::Tray
            | Self::TrayOfSystem
            | Self::Keyring
            | Self::Inbox { .. }
            | Self::InboxNotMade(_)
            | Self::InboxIsEmptyFile(_)
            | Self::Disk(_) => Verdict::Good,
            Self::NotAsked
            | Self::ClockUnheard
            | Self::StreamPaused
            | Self::DoNotDisturbUnknown => Verdict::Untried,
            _ => Verdict::Bad,
        }
    }

    /// Its figures by their names.
    pub fn figures(&self) -> Vec<(&'static str, Figure)> {
        let number = |name, number: i64| vec![(name, Figure::Number(number))];
        let ms = |name, time: &Duration| {
            (name, Figure::Number(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
        };
        let seconds =
            |time: &Duration| number("seconds", i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        let reason = |reason: &Reason| {
            let mut figures = vec![("reason", Figure::Name(reason.code.name().to_owned()))];
            figures
                .extend(reason.status.map(|status| ("status", Figure::Number(i64::from(status)))));
            figures
        };
        match self {
            Self::TookTooLong(time) | Self::StreamRuns(time) | Self::StreamHeldBack(time) => {
                seconds(time)
            }
            Self::MarketAnswers(time) => vec![ms("ms", time)],
            Self::MarketUnreached(why) | Self::StreamFailed(why) | Self::ConnectionsTaken(why) => {
                reason(why)
            }
            Self::MarketHasNoPush(refusal)
            | Self::MarketLater(refusal)
            | Self::MarketRefuses(refusal)
            | Self::TokenRefused(refusal) => number("status", i64::from(refusal.status)),
            Self::StreamStopped(stop) => number("status", i64::from(stop.status())),
            Self::ClockAgrees(ahead) => number("seconds", *ahead),
            Self::ClockDiffers(ahead) => number("seconds", ahead.saturating_abs()),
            Self::StreamOpens { opened, event } => vec![ms("opened", opened), ms("event", event)],
            Self::StreamIsEmpty { opened, limit } => {
                [vec![ms("opened", opened)], seconds(limit)].concat()
            }
            Self::Toasts { daemon } | Self::ToastsWithoutActions { daemon } => {
                vec![("daemon", Figure::Name(daemon.clone()))]
            }
            Self::Inbox { alerts, .. } => number("count", i64::from(*alerts)),
            Self::Disk(Some(free)) | Self::DiskIsLow(free) => {
                number("mib", i64::try_from(*free).unwrap_or(i64::MAX))
            }
            _ => Vec::new(),
        }
    }

    /// What others said of it: the system, a library or the market. To be shown to the person alone.
    pub fn words(&self) -> Option<String> {
        match self {
            Self::AccountUnreadable(words)
            | Self::SetupFailed(words)
            | Self::NoToasts(words)
            | Self::NoTray(words)
            | Self::DiskUnwritable(words) => Some(words.clone()),
            Self::MarketUnreached(reason)
            | Self::StreamFailed(reason)
            | Self::ConnectionsTaken(reason) => reason.detail.clone(),
            Self::MarketHasNoPush(refusal)
            | Self::MarketLater(refusal)
            | Self::MarketRefuses(refusal)
            | Self::TokenRefused(refusal) => refusal.message.clone(),
            Self::StreamStopped(Stop::SignedOut { message, .. } | Stop::Gone { message }) => {
                message.clone()
            }
            Self::NoKeyring(error) => Some(error.to_string()),
            Self::InboxTrouble { error, .. } => Some(error.to_string()),
            _ => None,
        }
    }
}
