//! What the doctor finds, and what to do about it, in words for who works on a command line.

use super::Line;
use crate::identity::{self, MAKE_ACCOUNT};
use crate::listen::worded;
use agora_account::Accounts;
use agora_client::connection::Stop;
use agora_client::{BaseUrl, CallError, Reason, ReasonCode, Refusal};
use agora_doctor::{Beside, Check, Finding, Part, Verdict};
use agora_inbox::{OpenError, StoreError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to do about a missing or refused token.
const TOKEN: &str = "give a token with `agora account set --token-stdin`, or set AGORA_TOKEN";
/// What to do about a stream that is held back.
const HELD_BACK: &str = "ask whoever runs that proxy, or the market's, to pass /sse on unbuffered (nginx: \
     `proxy_buffering off`), or try without the proxy or VPN or on another network; until then the \
     app looks for new alerts every two minutes";
/// What to do where no request can be made.
const SETUP: &str = "check the system's certificates and proxy";
/// What to do without a host for tray icons.
const TRAY: &str = "add one, on GNOME the extension AppIndicator; without it, starting the app again \
     shows its window";

/// A check in words.
pub(super) fn of(check: &Check, accounts: &Accounts) -> Line {
    let (detail, advice) = match check.part {
        Part::Toasts | Part::DoNotDisturb | Part::Tray | Part::Keyring => on_desktop(&check.found),
        Part::Inbox | Part::Disk => on_disk(&check.found, &accounts.files().inbox),
        Part::Market | Part::SignIn | Part::Clock | Part::Stream => {
            let base = accounts.account().ok().flatten().map(|account| account.base);
            of_market(&check.found, base.as_ref().unwrap_or(&Accounts::default_base_url()))
        }
    };
    let ok = match check.found {
        Finding::ClockUnheard | Finding::DoNotDisturbUnknown => true,
        _ => check.found.verdict() == Verdict::Good,
    };
    let name = match check.part {
        Part::SignIn => "sign-in",
        Part::DoNotDisturb => "do-not-disturb",
        part => part.name(),
    };
    Line { name, ok, detail, advice }
}

type Words = (String, Option<String>);

fn good(detail: impl Into<String>) -> Words {
    (detail.into(), None)
}

fn bad(detail: impl Into<String>, advice: impl Into<String>) -> Words {
    (detail.into(), Some(advice.into()))
}

/// What there is to say of what is of no other kind.
fn otherwise(found: &Finding) -> Words {
    let detail = found.code().replace('_', " ");
    (found.words().map_or(detail.clone(), |words| format!("{detail}: {words}")), None)
}

fn on_desktop(found: &Finding) -> Words {
    match found {
        Finding::Toasts { daemon } => good(daemon),
        Finding::ToastsWithoutActions { daemon } => {
            good(format!("{daemon}; it has no actions, so a click on a toast opens nothing"))
        }
        Finding::NoToasts(error) => bad(
            format!("no notification daemon answers: {error}"),
            "start one, such as dunst, mako or the desktop's own; alerts stay in the inbox meanwhile",
        ),
        Finding::ToastsOfSystem => good("not checked here: the system shows them itself"),
        Finding::DoNotDisturbOff => good("off: the desktop shows toasts"),
        Finding::DoNotDisturbOn => good("on: the desktop takes toasts without showing them"),
        Finding::DoNotDisturbUnknown => good("this desktop doesn't say whether it is on"),
        Finding::Tray => good("there is a host for tray icons"),
        Finding::TrayWithoutHost => bad("there is a watcher for tray icons, but no host", TRAY),
        Finding::NoTray(error) => bad(format!("no host for tray icons answers: {error}"), TRAY),
        Finding::TrayOfSystem => good("not checked here: the system shows it itself"),
        Finding::Keyring => good("an entry was written, read and deleted"),
        Finding::KeyringLocked(error)
        | Finding::KeyringDenied(error)
        | Finding::KeyringEmpty(error)
        | Finding::NoKeyring(error) => bad(error.to_string(), identity::keyring_advice(error)),
        found => otherwise(found),
    }
}

fn of_market(found: &Finding, base: &BaseUrl) -> Words {
    match found {
        Finding::NoAccount => bad("not asked: there is no account", MAKE_ACCOUNT),
        Finding::AccountUnreadable(error) => bad(error, "set the account anew"),
        Finding::SetupFailed(error) => bad(error, SETUP),
        Finding::NotAsked => bad("not tried", "see to the market first"),

        Finding::MarketAnswers(after) => good(format!("{base} answers after {}", seconds(*after))),
        Finding::MarketUnreached(reason) => bad(reason.to_string(), check_address(base)),
        Finding::MarketHasNoPush(_) => {
            bad(format!("there is no push API at this address (404): {base}"), "check the base URL")
        }
        Finding::MarketLater(refusal) => {
            let wait = refusal.retry_after.map(|wait| wait.as_secs_f64().ceil());
            bad(told(refusal), wait.map_or("try later".to_owned(), |s| format!("try in {s:.0} s")))
        }
        Finding::MarketRefuses(refusal) => bad(told(refusal), check_address(base)),

        Finding::TokenTaken => good("the market takes the account's token"),
        Finding::NoTokenWanted => good("the market takes the account without a token"),
        Finding::TokenRefused(refusal) => bad(told(refusal), TOKEN),
        Finding::TokenLost => bad("the account's token is gone", TOKEN),

        Finding::ClockAgrees(_) => good("it agrees with the market's"),
        Finding::ClockDiffers(ahead) => bad(
            format!(
                "it is {} s {} the market's",
                ahead.abs(),
                if *ahead < 0 { "behind" } else { "ahead of" }
            ),
            "set this machine's clock, or have the system do it (NTP)",
        ),
        Finding::ClockUnheard => good("the market doesn't say what time it is"),

        Finding::StreamOpens { opened, event } => good(format!(
            "it opened after {}, its first event came after {}",
            seconds(*opened),
            seconds(*event)
        )),
        Finding::StreamIsEmpty { opened, limit } => bad(
            format!(
                "it opened after {}, but no event came over it in {} s",
                seconds(*opened),
                limit.as_secs()
            ),
            HELD_BACK,
        ),
        Finding::StreamHeldBack(limit) => bad(
            format!(
                "nothing of it came in {} s although the market answers calls: something between \
                 here and the market holds it back, most likely a proxy that buffers",
                limit.as_secs()
            ),
            HELD_BACK,
        ),
        Finding::StreamFailed(reason) => failed(reason, base),
        Finding::ConnectionsTaken(reason) => bad(
            reason.to_string(),
            "quit the app or `agora listen` where it isn't needed; a device that left \
             without a word counts until the market notices, which may take half an hour",
        ),
        Finding::StreamStopped(stop) => bad(
            worded(stop, true),
            match stop {
                Stop::SignedOut { .. } => TOKEN.to_owned(),
                Stop::ProxySignIn => "check the system's proxy".to_owned(),
                _ => check_address(base),
            },
        ),
        found => otherwise(found),
    }
}

fn failed(reason: &Reason, base: &BaseUrl) -> Words {
    let advice = match reason.code {
        ReasonCode::ServerError
        | ReasonCode::Away
        | ReasonCode::Busy
        | ReasonCode::Cut
        | ReasonCode::Ended => "try later".to_owned(),
        _ => check_address(base),
    };
    bad(reason.to_string(), advice)
}

fn told(refusal: &Refusal) -> String {
    CallError::Refused(refusal.clone()).to_string()
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn check_address(base: &BaseUrl) -> String {
    format!("check the network, the proxy, and whether {base} is the market's address")
}

fn on_disk(found: &Finding, file: &Path) -> Words {
    match found {
        Finding::Disk(Some(free)) => {
            good(format!("the inbox's folder can be written, {free} MiB are free"))
        }
        Finding::Disk(None) => good("the inbox's folder can be written"),
        Finding::DiskIsLow(free) => bad(
            format!("only {free} MiB are free where the inbox is"),
            "make room on the disk: when it is full nothing new is kept",
        ),
        Finding::DiskUnwritable(error) => bad(
            format!("the inbox's folder can't be written: {error}"),
            "check the folder's permissions and the space on its disk, or set AGORA_HOME to another",
        ),
        Finding::Inbox { alerts, beside } => {
            good(format!("{alerts} alerts, and the file is whole{}", lying(beside)))
        }
        Finding::InboxNotMade(beside) => {
            good(format!("not made yet; its folder can be written{}", lying(beside)))
        }
        Finding::InboxIsEmptyFile(beside) => good(format!(
            "the file is empty: the app makes a new inbox in it when it starts{}",
            lying(beside)
        )),
        Finding::InboxLogIsLeft(beside) => bad(
            format!("the file is empty or gone, and its log of changes is left{}", lying(beside)),
            "start the app: it sets what is left aside and makes a new inbox; with a backup of your \
             own, put it there first",
        ),
        Finding::InboxLeadsNowhere(beside) => bad(
            format!("{} is a link into a folder that isn't there{}", file.display(), lying(beside)),
            "make that folder, connect its disk, or remove the link; the app goes on by itself",
        ),
        Finding::InboxTrouble { error, is_open, beside } => {
            bad(format!("{}{}", chain(error), lying(beside)), of_trouble(error, *is_open, file))
        }
        found => otherwise(found),
    }
}

/// An error, and what caused it.
fn chain(error: &OpenError) -> String {
    let causes =
        std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let mut said: Vec<_> = causes.map(ToString::to_string).collect();
    said.dedup();
    said.join(": ")
}

fn of_trouble(error: &OpenError, is_open: bool, file: &Path) -> String {
    let file = file.display();
    match error {
        OpenError::Store(StoreError::Damaged(_)) if !is_open => format!(
            "start the app, or quit it and start it again: it sets {file} aside, deletes nothing, and \
             makes a new inbox"
        ),
        // What SQLite has not yet moved from the file beside it would end up in the new inbox.
        OpenError::NotAnInbox | OpenError::Store(StoreError::Damaged(_)) => format!(
            "quit the app, move {file} away (with {file}-wal and {file}-shm, where they are), and \
             start the app again: it makes a new inbox"
        ),
        OpenError::NotAFile => format!(
            "move {file} away; the app then makes a new inbox by itself, and nothing was changed"
        ),
        OpenError::Newer { .. } => "update the program; nothing was changed".to_owned(),
        OpenError::Store(StoreError::Busy(_)) => {
            "wait a moment and try again; if it stays so, look which program has the file open (a \
             backup, a database browser) and close it there"
                .to_owned()
        }
        OpenError::Store(StoreError::Full(_)) => {
            "make room on the disk: until then nothing new is kept".to_owned()
        }
        _ => format!("check the permissions of {file} and of its folder"),
    }
}

/// What was set aside, and the backup of before the last update, where there are any.
fn lying(Beside { aside, backup }: &Beside) -> String {
    let aside = match aside.len() {
        0 => String::new(),
        1 => format!("; 1 file was set aside: {}", listed(aside)),
        count => format!("; {count} files were set aside: {}", listed(aside)),
    };
    let backup = backup.as_ref().map_or_else(String::new, |backup| {
        format!("; a backup of before the last update is at {}", backup.display())
    });
    aside + &backup
}

fn listed(files: &[PathBuf]) -> String {
    let paths: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    paths.join(", ")
}
