//! The rows of a list: of a table whose first line names its columns, or of ids alone.

use super::{LineError, Recipient, RecipientsError};
use agora_client::UserId;
use csv::{ReaderBuilder, StringRecord};
use std::io::{BufRead, Chain, Cursor, Read};

/// What the column of the ids may be called, in small letters without what stands between them.
const IDS: [&str; 6] = ["userid", "使用者id", "使用者編號", "用戶id", "會員id", "會員編號"];

/// The longest first line that is looked at, in bytes.
const LONGEST_FIRST: u64 = 64 * 1024;

/// What is read of a list, the first line again.
type Whole<R> = Chain<Cursor<Vec<u8>>, R>;

/// The rows, of either kind.
pub(super) enum Rows<R: BufRead> {
    Table(Table<R>),
    Ids(Ids<R>),
}

pub(super) struct Table<R: BufRead> {
    reader: csv::Reader<Whole<R>>,
    columns: Vec<String>,
    ids: usize,
    record: StringRecord,
    /// What a line's number lacks: csv takes the second byte of a line's end for the next line's first.
    lacking: u64,
}

pub(super) struct Ids<R: BufRead> {
    text: Whole<R>,
    line: u64,
    /// Those of the present line that have not been taken, the last one first.
    waiting: Vec<String>,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn of(mut text: R) -> Result<Self, RecipientsError> {
        let mut first = Vec::new();
        text.by_ref().take(LONGEST_FIRST).read_until(b'\n', &mut first)?;
        let line = String::from_utf8_lossy(&first).into_owned();
        let delimiter = delimiter(&line);
        let lacking = line.ends_with("\r\n").into();
        let whole = Cursor::new(first).chain(text);
        if line.split(is_between).all(is_number) {
            return Ok(Self::Ids(Ids { text: whole, line: 0, waiting: Vec::new() }));
        }
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(whole);
        let header = reader.headers().map_err(of_csv)?;
        let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let ids = columns.iter().position(|name| IDS.contains(&&*plain(name)));
        let ids = ids.ok_or(RecipientsError::NoIds)?;
        for (place, name) in columns.iter().enumerate() {
            if !name.is_empty() && columns[..place].contains(name) {
                return Err(RecipientsError::TwoAlike(name.clone()));
            }
        }
        Ok(Self::Table(Table { reader, columns, ids, record: StringRecord::new(), lacking }))
    }

    pub(super) fn columns(&self) -> &[String] {
        match self {
            Self::Table(table) => &table.columns,
            Self::Ids(_) => &[],
        }
    }

    pub(super) fn next(&mut self) -> Option<Result<Recipient, (u64, LineError)>> {
        match self {
            Self::Table(table) => table.next(),
            Self::Ids(ids) => ids.next(),
        }
    }
}

impl<R: BufRead> Table<R> {
    fn next(&mut self) -> Option<Result<Recipient, (u64, LineError)>> {
        loop {
            match self.reader.read_record(&mut self.record) {
                Ok(false) => return None,
                // What can't be read any more ends it: the text is UTF-8 by now.
                Err(_) => return Some(Err((self.reader.position().line(), LineError::Unreadable))),
                Ok(true) if self.record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(true) => break,
            }
        }
        let line = self.record.position().map_or(0, csv::Position::line) + self.lacking;
        Some(self.recipient(line).map_err(|error| (line, error)))
    }

    fn recipient(&self, line: u64) -> Result<Recipient, LineError> {
        let (found, wanted) = (self.record.len(), self.columns.len());
        if found != wanted {
            return Err(LineError::Cells { found, wanted });
        }
        if self.record.iter().any(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
            return Err(LineError::Unreadable);
        }
        let user = id(&self.record[self.ids])?;
        let cells = self.record.iter().map(ToOwned::to_owned).collect();
        Ok(Recipient { line, user, cells })
    }
}

impl<R: BufRead> Ids<R> {
    fn next(&mut self) -> Option<Result<Recipient, (u64, LineError)>> {
        while self.waiting.is_empty() {
            let mut line = Vec::new();
            match self.text.by_ref().take(LONGEST_FIRST).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(_) => return Some(Err((self.line, LineError::Unreadable))),
            }
            self.line += 1;
            let line = String::from_utf8_lossy(&line);
            self.waiting = line.split(is_between).rev().map(ToOwned::to_owned).collect();
            self.waiting.retain(|id| !id.is_empty());
        }
        let text = self.waiting.pop()?;
        let user = if is_number(&text) { id(&text) } else { Err(LineError::NoId(text)) };
        Some(match user {
            Ok(user) => Ok(Recipient { line: self.line, user, cells: Vec::new() }),
            Err(error) => Err((self.line, error)),
        })
    }
}

/// What stands between ids that a person types or pastes.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | ';' | '，' | '、' | '；' | '\u{FEFF}')
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The id in a cell. A spreadsheet makes `1.00E+05` of a long one, which is nobody's.
fn id(cell: &str) -> Result<UserId, LineError> {
    let wrong = || LineError::NoId(cell.chars().take(40).collect());
    let cell = cell.trim();
    let is_rounded = cell.contains(['.', '+']) && cell.parse::<f64>().is_ok();
    if is_rounded || cell.contains(char::is_whitespace) {
        return Err(wrong());
    }
    UserId::parse(cell).map_err(|_| wrong())
}

/// What parts the cells: what there is most of in the first line.
fn delimiter(line: &str) -> u8 {
    let count = |byte: &u8| line.bytes().filter(|other| other == byte).count();
    // Of equals the last one counts.
    [b';', b'\t', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn of_csv(error: csv::Error) -> RecipientsError {
    RecipientsError::File(error.into())
}
