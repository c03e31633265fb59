//! Exporting alerts, however many there are: for spreadsheets as CSV, for programs as JSON Lines.
//!
//! It reads on a connection of its own, a page at a time and without holding anything in between, so
//! that neither memory nor the log grows with the inbox or with a slow reader, and what arrives
//! meanwhile isn't held up.

use crate::plain::{cell, json_line};
use crate::search::Query;
use crate::tables::alert;
use crate::{Alert, Filter, NewAlert, OpenError, Seek, StoreError, open};
use agora_alert::catalogue::{self, Language};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How many alerts are read at a time.
const PAGE: usize = 200;
/// What a CSV file begins with.
const HEAD: &str = "\u{feff}id,time,category,kind,title,content,link,urgent,read,raw\r\n";
/// How the name of a file begins and ends that isn't complete yet.
const PART: (&str, &str) = (".agora-", ".part");

/// Which alerts are exported, and how.
#[derive(Debug, Clone)]
pub struct Export {
    /// Only these.
    pub filter: Filter,
    /// Only those that say this, as in a search; see [`Query`].
    pub text: Option<String>,
    /// In this form.
    pub format: Format,
}

/// The form of an export.
#[derive(Debug, Clone)]
pub enum Format {
    /// RFC 4180 in UTF-8 with a byte order mark, by which spreadsheets know it for that; every cell
    /// is quoted. What a spreadsheet would take for a formula has an apostrophe before it.
    Csv {
        /// That of titles and contents.
        language: Language,
        /// Where the times' clock stands.
        zone: TimeZone,
    },
    /// One object a line, see [`json`] and [`json_line`].
    JsonLines,
}

/// Why an export failed. What was written by then is not all.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The inbox can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It can't be read.
    #[error(transparent)]
    Read(#[from] StoreError),
    /// The export can't be written.
    #[error("the export can't be written")]
    Write(#[from] io::Error),
    /// It was stopped before its end.
    #[error("the export was stopped")]
    Stopped,
}

/// An alert as programs get it: `at` and `remind_at` are RFC 3339 in UTC, `title` and `content` have a text for each
/// language, `data` is the event's as it came.
pub fn json(Alert { id, read, starred, reminder, body }: &Alert) -> Value {
    let time = |ms| {
        let time = Timestamp::from_millisecond(ms).ok()?;
        Some(time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
    };
    json!({
        "id": id,
        "at": time(body.at_ms),
        "at_ms": body.at_ms,
        "kind": body.kind,
        "category": body.category,
        "title": body.title,
        "content": body.content,
        "urgent": body.urgent,
        "read": read,
        "starred": starred,
        "remind_at": reminder.and_then(|reminder| time(reminder.due_ms)),
        "link": body.link,
        "event": body.event,
        "data": body.raw,
        "event_id": body.event_id,
    })
}

/// Writes what is in the inbox now, oldest first. Gives how many alerts it wrote. Blocks.
pub fn export(inbox: &Path, what: &Export, to: impl Write) -> Result<u64, ExportError> {
    export_until(inbox, what, to, || false)
}

fn export_until(
    inbox: &Path,
    what: &Export,
    to: impl Write,
    stops: impl Fn() -> bool,
) -> Result<u64, ExportError> {
    let db = open::for_reading(inbox)?;
    let mut lines = Lines::new(&what.format, to)?;
    let query = what.text.as_deref().map(Query::parse);
    let Some(newest) = alert::newest(&db).map_err(StoreError::from)? else {
        lines.finish()?;
        return Ok(0);
    };
    let (mut written, mut seek) = (0, Seek::NewerThan(-1));
    loop {
        if stops() {
            return Err(ExportError::Stopped);
        }
        let page = alert::page(&db, &what.filter, seek, PAGE).map_err(StoreError::from)?;
        for alert in page.alerts.iter().rev().take_while(|alert| alert.id <= newest) {
            if query.as_ref().is_none_or(|query| says(query, &alert.body)) {
                lines.write(alert)?;
                written += 1;
            }
        }
        match page.alerts.first() {
            Some(last) if page.more && last.id < newest => seek = Seek::NewerThan(last.id),
            _ => break,
        }
    }
    lines.finish()?;
    Ok(written)
}

/// Writes to a file, which is there only when it is complete, and for its owner only. One that is
/// there already stays: the name gets a number then. Gives the file's path and how many alerts it
/// has. Blocks, until `stops` says so at the latest: it is asked every few hundred alerts, and with
/// [`ExportError::Stopped`] nothing is left of the export.
pub fn export_to_file(
    inbox: &Path,
    what: &Export,
    file: &Path,
    stops: impl Fn() -> bool,
) -> Result<(PathBuf, u64), ExportError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    remove_left_over(folder);
    let mut part = tempfile::Builder::new().prefix(PART.0).suffix(PART.1).tempfile_in(folder)?;
    // By which others see that somebody writes it. A file system without locks is no reason to fail.
    let _ = part.as_file().lock();
    let mut to = BufWriter::new(part.as_file_mut());
    let written = export_until(inbox, what, &mut to, stops)?;
    to.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    let mut number = 1;
    loop {
        let target = numbered(file, number);
        match part.persist_noclobber(&target) {
            Ok(_) => return Ok((target, written)),
            Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => part = refused.file,
            Err(refused) => return Err(refused.error.into()),
        }
        number += 1;
    }
}

/// Removes the parts of exports whose programs were killed: those that nobody holds.
fn remove_left_over(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_part = |name: &str| name.starts_with(PART.0) && name.ends_with(PART.1);
    for entry in entries.filter(|entry| entry.file_name().to_str().is_some_and(is_part)) {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && File::open(entry.path()).is_ok_and(|part| part.try_lock().is_ok()) {
            // What can't be removed is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn says(query: &Query, body: &NewAlert) -> bool {
    let NewAlert { title, content, fields, .. } = body;
    let texts: Vec<_> = title.texts().chain(content.texts()).chain([fields.as_str()]).collect();
    query.matches(&texts)
}

/// `name.csv`, `name (2).csv`, and so on.
fn numbered(file: &Path, number: u32) -> PathBuf {
    if number == 1 {
        return file.to_owned();
    }
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(format!(" ({number})"));
    if let Some(extension) = file.extension() {
        name.push(".");
        name.push(extension);
    }
    file.with_file_name(name)
}

/// What is written, an alert at a time.
#[expect(clippy::large_enum_variant, reason = "there is one, and it stays where it is")]
enum Lines<'a, W: Write> {
    Csv { to: csv::Writer<W>, language: Language, zone: &'a TimeZone },
    Json { to: BufWriter<W> },
}

impl<'a, W: Write> Lines<'a, W> {
    fn new(format: &'a Format, mut to: W) -> io::Result<Self> {
        let Format::Csv { language, zone } = format else {
            return Ok(Self::Json { to: BufWriter::new(to) });
        };
        // The first quote would not be one behind a mark that the reader doesn't know.
        to.write_all(HEAD.as_bytes())?;
        let to = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .quote_style(csv::QuoteStyle::Always)
            .from_writer(to);
        Ok(Self::Csv { to, language: *language, zone })
    }

    fn write(&mut self, alert: &Alert) -> io::Result<()> {
        match self {
            Self::Csv { to, language, zone } => {
                let text = |words| cell(&catalogue::plain(language.of(words)));
                let body = &alert.body;
                to.write_record([
                    &alert.id.to_string(),
                    &time(body.at_ms, zone),
                    body.category.name(),
                    &cell(&body.kind),
                    &text(&body.title),
                    &text(&body.content),
                    &cell(body.link.as_deref().unwrap_or_default()),
                    &body.urgent.to_string(),
                    &alert.read.to_string(),
                    &cell(&body.raw),
                ])
                .map_err(of_csv)
            }
            Self::Json { to } => writeln!(to, "{}", json_line(&json(alert))),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv { mut to, .. } => to.flush(),
            Self::Json { mut to } => to.flush(),
        }
    }
}

/// What is wrong with the output, by its own kind: a closed pipe is no fault.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// RFC 3339, with the zone's offset at that time.
fn time(at_ms: i64, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(at_ms)
        .map(|at| {
            at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
        })
        .unwrap_or_default()
}
