//! The log: one file a day (UTC), a week of them, in the folder for logs; and standard error.

use crate::open_to_append;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Days of logs that are kept.
const DAYS: usize = 7;

/// Starts logging; it lasts as long as the guard. A log that can't be written is no reason not to
/// receive. Only our own crates can be made to say more: the libraries' logs may hold URLs, and with
/// them the client id.
pub(crate) fn start(folder: &Path, level: Option<LevelFilter>) -> Option<WorkerGuard> {
    let level = level.unwrap_or(LevelFilter::INFO);
    let filter =
        Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("agora", level);
    let (layer, guard, error) = match Daily::open(folder, today()) {
        Ok(file) => {
            let (writer, guard) = tracing_appender::non_blocking(file);
            (Some(fmt::layer().with_ansi(false).with_writer(writer)), Some(guard), None)
        }
        Err(error) => (None, None, Some(error)),
    };
    let to_terminal = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    tracing_subscriber::registry().with(filter).with(layer).with(to_terminal).init();
    if let Some(error) = error {
        tracing::warn!(%error, folder = %folder.display(), "no log can be written");
    }
    guard
}

/// Today's file, and tomorrow tomorrow's. The library's own appender makes files that others may
/// read, and would wait for the other end of a pipe.
struct Daily {
    folder: PathBuf,
    day: Date,
    file: File,
}

impl Daily {
    fn open(folder: &Path, day: Date) -> io::Result<Self> {
        let file = open_to_append(&folder.join(name(day)))?;
        delete_old(folder);
        Ok(Self { folder: folder.to_owned(), day, file })
    }

    /// Goes on in the file of `day`; in the one before where that can't be had.
    fn turn_to(&mut self, day: Date) {
        if day != self.day
            && let Ok(next) = Self::open(&self.folder, day)
        {
            *self = next;
        }
    }
}

impl Write for Daily {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.turn_to(today());
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

const PREFIX: &str = "agora-notifier.";
const SUFFIX: &str = ".log";

fn name(day: Date) -> String {
    format!("{PREFIX}{day}{SUFFIX}")
}

fn day_of(name: &str) -> Option<Date> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()
}

/// Deletes all but the latest.
fn delete_old(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut logs: Vec<_> = entries
        .filter_map(|entry| Some((day_of(entry.file_name().to_str()?)?, entry.path())))
        .collect();
    logs.sort();
    let old = logs.len().saturating_sub(DAYS);
    for (_, path) in logs.drain(..old) {
        if let Err(error) = fs::remove_file(path) {
            tracing::warn!(%error, "an old log can't be deleted");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_week_of_logs_is_kept_and_nothing_else_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let first = date(2026, 12, 28);
        fs::write(folder.path().join("agora-notifier.notes.log"), "").unwrap();
        let mut log = Daily::open(folder.path(), first).unwrap();
        for day in 1..10 {
            log.turn_to(first + day.days());
            log.file.write_all(b"x").unwrap();
        }
        let mut expected: Vec<_> = (3..10).map(|day| name(first + day.days())).collect();
        expected.push("agora-notifier.notes.log".to_owned());
        assert_eq!(names(folder.path()), expected);
        assert_eq!(expected[6], "agora-notifier.2027-01-06.log");
    }

    #[test]
    fn a_log_is_added_to_and_goes_on_where_the_next_one_cant_be_had() {
        let folder = tempfile::tempdir().unwrap();
        let day = date(2026, 11, 26);
        for text in ["one ", "two "] {
            Daily::open(folder.path(), day).unwrap().file.write_all(text.as_bytes()).unwrap();
        }
        let mut log = Daily::open(folder.path(), day).unwrap();
        fs::create_dir(folder.path().join(name(day.tomorrow().unwrap()))).unwrap();
        log.turn_to(day.tomorrow().unwrap());
        log.file.write_all(b"three").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(name(day))).unwrap(), "one two three");
    }
}
