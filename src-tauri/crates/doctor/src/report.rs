//! The report that a person copies to whoever helps: Markdown, in English, times in UTC. Nothing in it is
//! private: it is made of codes, numbers, times and versions alone, and of nobody's texts. The market is
//! named only by whether it is the usual one.

use crate::{Day, Happening, Outline, State, Verdict, Versions};
use agora_account::Accounts;
use agora_client::BaseUrl;
use jiff::Timestamp;
use std::fmt::Write as _;

/// How many of the last stretches and marks are listed.
const LISTED: usize = 60;

/// Which market it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarketKind {
    /// The one that everybody has who names no other.
    Usual,
    /// Another one. Its name is private.
    Another,
    /// None: nobody is signed in.
    None,
}

impl MarketKind {
    /// Of the account's market.
    pub fn of(base: Option<&BaseUrl>) -> Self {
        match base {
            None => Self::None,
            Some(base) if *base == Accounts::default_base_url() => Self::Usual,
            Some(_) => Self::Another,
        }
    }
}

/// What is reported.
#[derive(Debug)]
pub struct Report<'a> {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// What takes part.
    pub versions: &'a Versions,
    /// Which market.
    pub market: MarketKind,
    /// The connection's last day, as far as it is known.
    pub day: Option<&'a Day>,
    /// What the checks found when they were last run.
    pub checks: &'a [Outline],
}

impl Report<'_> {
    /// The whole text.
    pub fn text(&self) -> String {
        let mut text = format!("# Agora notifier: report of {}\n\n", moment(self.at_ms));
        self.head(&mut text);
        self.checks(&mut text);
        if let Some(day) = self.day {
            totals(&mut text, day);
            stretches(&mut text, day);
            marks(&mut text, day);
            beats(&mut text, day);
        }
        text
    }

    fn head(&self, text: &mut String) {
        for (name, version) in self.versions.listed() {
            let _ = writeln!(text, "- {name}: {version}");
        }
        let market = match self.market {
            MarketKind::Usual => "the usual one",
            MarketKind::Another => "another market",
            MarketKind::None => "none",
        };
        let _ = writeln!(text, "- market: {market}");
    }

    fn checks(&self, text: &mut String) {
        text.push_str("\n## Checks\n\n");
        if self.checks.is_empty() {
            text.push_str("none was run\n");
        }
        for Outline { part, verdict, code, figures } in self.checks {
            let verdict = match verdict {
                Verdict::Good => "ok",
                Verdict::Bad => "NOT OK",
                Verdict::Untried => "not known",
            };
            let figures: Vec<_> =
                figures.iter().map(|(name, figure)| format!("{name} {figure}")).collect();
            let figures = figures.join(", ");
            let figures = if figures.is_empty() { figures } else { format!(" ({figures})") };
            let _ = writeln!(text, "- {}: {verdict}, {code}{figures}", part.name());
        }
    }
}

fn totals(text: &mut String, day: &Day) {
    let _ = writeln!(text, "\n## Connection, 24 h up to {}\n", moment(day.to_ms));
    for total in &day.totals {
        let times = if total.times == 1 { "once" } else { &format!("{} times", total.times) };
        let _ = writeln!(text, "- {}: {}, {times}", total.state.name(), lasting(total.ms));
    }
    let events: u64 = day.minutes.iter().map(|(_, count)| u64::from(*count)).sum();
    let most = day.minutes.iter().map(|(_, count)| *count).max().unwrap_or_default();
    let _ = writeln!(text, "- events: {events}, at most {most} in a minute");
}

fn stretches(text: &mut String, day: &Day) {
    text.push_str("\n| from | for | state | reason |\n| --- | --- | --- | --- |\n");
    let known = day.stretches.iter().filter(|stretch| stretch.state != State::Unrecorded);
    let known: Vec<_> = known.collect();
    for stretch in last(&known) {
        let mut why = stretch.reason.map_or_else(String::new, |reason| reason.name().to_owned());
        if let Some(status) = stretch.status {
            let _ = write!(why, " HTTP {status}");
        }
        if let Some(wait) = stretch.wait_ms {
            let _ = write!(why, " (wait {})", lasting(wait));
        }
        let (from, long) = (moment(stretch.from_ms), lasting(stretch.to_ms - stretch.from_ms));
        let _ = writeln!(text, "| {from} | {long} | {} | {why} |", stretch.state.name());
    }
}

fn marks(text: &mut String, day: &Day) {
    if day.marks.is_empty() {
        return;
    }
    text.push_str("\n| at | what |\n| --- | --- |\n");
    for mark in last(&day.marks) {
        let what = match mark.what {
            Happening::Began => "program began".to_owned(),
            Happening::Ended => "program ended".to_owned(),
            Happening::Died => "program ended without a word, last seen alive".to_owned(),
            Happening::Woke => "woke".to_owned(),
            Happening::Slept { ms } => format!("woke after {}", lasting(ms)),
            Happening::NetworkUp => "network up".to_owned(),
            Happening::NetworkLost => "network lost".to_owned(),
            Happening::ClockSet { by_ms } if by_ms < 0 => {
                format!("clock set back by {}", lasting(-by_ms))
            }
            Happening::ClockSet { by_ms } => format!("clock set ahead by {}", lasting(by_ms)),
            Happening::Gap { ms, missed } => {
                format!("no heartbeat for {}, {missed} missed", lasting(ms))
            }
        };
        let _ = writeln!(text, "| {} | {what} |", moment(mark.at_ms));
    }
}

fn beats(text: &mut String, day: &Day) {
    if day.beats.is_empty() {
        return;
    }
    text.push_str("\n## Heartbeats\n\n| at | after | says every | clock differs by |\n");
    text.push_str("| --- | --- | --- | --- |\n");
    for beat in &day.beats {
        let tell = |ms: Option<i64>| ms.map_or_else(String::new, seconds);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            moment(beat.at_ms),
            tell(beat.after_ms),
            tell(beat.interval_ms),
            tell(beat.clock_ms)
        );
    }
}

fn last<T>(all: &[T]) -> &[T] {
    &all[all.len().saturating_sub(LISTED)..]
}

/// Such as `2026-11-23T14:07:00Z`.
fn moment(ms: i64) -> String {
    let second = Timestamp::from_second(ms.div_euclid(1_000));
    second.map_or_else(|_| "?".to_owned(), |moment| moment.to_string())
}

fn seconds(ms: i64) -> String {
    format!("{:.1} s", std::time::Duration::from_millis(ms.unsigned_abs()).as_secs_f64()).replacen(
        "",
        if ms < 0 { "-" } else { "" },
        1,
    )
}

/// Such as `6 h 40 min`, `12 min` or `7 s`.
fn lasting(ms: i64) -> String {
    let seconds = ms / 1_000;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Beside, Check, Finding, Journal, Moment, Part, Said, Standing};
    use agora_account::KeyringError;
    use agora_client::connection::Stop;
    use agora_client::{Reason, ReasonCode, Refusal};
    use agora_inbox::OpenError;
    use std::time::Duration;

    /// What is private, wherever a text of somebody's may stand.
    const MARK: &str = "prïvate-9021";

    /// One of each finding that has words or paths of others in it, and some that have none.
    fn findings() -> Vec<(Part, Finding)> {
        let words = || MARK.to_owned();
        let reason = |code| Reason { code, status: Some(503), detail: Some(words()) };
        let refusal = |status| Refusal { status, message: Some(words()), retry_after: None };
        let beside =
            || Beside { aside: vec![format!("/home/{MARK}/a").into()], backup: Some(MARK.into()) };
        let (opened, event) = (Duration::from_millis(80), Duration::from_millis(90));
        vec![
            (Part::Market, Finding::AccountUnreadable(words())),
            (Part::Market, Finding::SetupFailed(words())),
            (Part::Market, Finding::MarketAnswers(opened)),
            (Part::Market, Finding::MarketUnreached(reason(ReasonCode::Unreachable))),
            (Part::Market, Finding::MarketHasNoPush(refusal(404))),
            (Part::Market, Finding::MarketLater(refusal(503))),
            (Part::Market, Finding::MarketRefuses(refusal(400))),
            (Part::SignIn, Finding::TokenRefused(refusal(401))),
            (Part::SignIn, Finding::TokenLost),
            (Part::Clock, Finding::ClockDiffers(-3_600)),
            (Part::Stream, Finding::StreamOpens { opened, event }),
            (Part::Stream, Finding::StreamFailed(reason(ReasonCode::Redirect))),
            (Part::Stream, Finding::ConnectionsTaken(reason(ReasonCode::ConnectionsTaken))),
            (Part::Stream, Finding::StreamStopped(Stop::Gone { message: Some(words()) })),
            (Part::Stream, Finding::StreamHeldBack(Duration::from_secs(20))),
            (Part::Toasts, Finding::NoToasts(words())),
            (Part::Tray, Finding::NoTray(words())),
            (Part::Keyring, Finding::NoKeyring(KeyringError::Failed(words()))),
            (Part::Inbox, Finding::Inbox { alerts: 7, beside: beside() }),
            (Part::Inbox, Finding::InboxLeadsNowhere(beside())),
            (
                Part::Inbox,
                Finding::InboxTrouble {
                    error: OpenError::Folder(MARK.into(), std::io::Error::other(MARK)),
                    is_open: false,
                    beside: beside(),
                },
            ),
            (Part::Disk, Finding::DiskUnwritable(words())),
        ]
    }

    fn day() -> Day {
        let at = |seconds: i64| Moment {
            wall_ms: 1_795_478_400_000 + seconds * 1_000,
            alive_ms: seconds * 1_000,
            awake_ms: seconds * 1_000,
        };
        let mut journal = Journal::begun(None, at(0));
        journal.became(at(5), State::Connected.into(), Some(5));
        journal.beat(at(6), Said { interval_ms: Some(30_000), ..Said::default() });
        let said =
            Said { ahead_ms: Some(-4_250), calls: Some("SECRETLY".to_owned()), ..Said::default() };
        journal.beat(at(100), said);
        journal.events(at(100), 12);
        let waits = Standing {
            reason: Some(ReasonCode::Away),
            status: Some(503),
            wait_ms: Some(8_000),
            ..State::Waiting.into()
        };
        journal.became(at(3_700), waits, None);
        journal.happened(at(3_702), Happening::NetworkUp);
        journal.day(at(3_708).wall_ms)
    }

    #[test]
    fn nothing_private_is_in_it_whatever_was_found() {
        let outlines: Vec<_> =
            findings().into_iter().map(|(part, found)| Check { part, found }.outline()).collect();
        let said = findings().iter().filter_map(|(_, found)| found.words()).count();
        assert!(said > 10, "there is something to leave out");
        let day = day();
        let versions = Versions::of_here();
        let report = Report {
            at_ms: day.to_ms,
            versions: &versions,
            market: MarketKind::Another,
            day: Some(&day),
            checks: &outlines,
        };
        let text = report.text();
        assert!(!text.contains("9021") && !text.contains("SECRETLY"), "{text}");
        for told in [
            "- market: another market",
            "- market: NOT OK, market_unreached (reason unreachable, status 503)",
            "- stream: ok, stream_opens (opened 80, event 90)",
            "- clock: NOT OK, clock_behind (seconds 3600)",
            "- keyring: NOT OK, no_keyring",
            "- connected: 1 h 1 min, once",
            "- events: 12, at most 12 in a minute",
            "| 2026-11-24T01:01:40Z | 8 s | waiting | away HTTP 503 (wait 8 s) |",
            "| 2026-11-24T01:01:42Z | network up |",
            "no heartbeat for 1 min 34 s, 2 missed",
            "| 2026-11-24T00:01:40Z | 94.0 s |  | -4.2 s |",
        ] {
            assert!(text.contains(told), "{told} in {text}");
        }
    }
}
