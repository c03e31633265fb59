//! Who is to get a message: user ids as a person types or pastes them, or a table with a column `user_id`
//! whose other columns may be named in the message. It is read as a stream, whatever its length. What is a
//! duplicate is left out and counted.

mod encoding;
mod rows;

use agora_client::UserId;
use rows::Rows;
use std::collections::HashSet;
use std::io::{self, Read, Seek};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The line of the text that it stands in, counted from 1.
    pub line: u64,
    /// Who.
    pub user: UserId,
    /// What stands in each column, in the order of [`Recipients::columns`].
    pub cells: Vec<String>,
}

/// Why no list can be read.
#[derive(Debug, thiserror::Error)]
pub enum RecipientsError {
    /// The file itself.
    #[error("the list can't be read")]
    File(#[from] io::Error),
    /// It is a table, by its first line, and no column has the ids.
    #[error("the first line has no column user_id")]
    NoIds,
    /// Two columns have one name.
    #[error("two columns are called {0}")]
    TwoAlike(String),
}

/// Why a line is no recipient.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is longer or shorter than the first line.
    #[error("{found} cells, and the first line has {wanted}")]
    Cells {
        /// How many it has.
        found: usize,
        /// How many it should have.
        wanted: usize,
    },
    /// What stands in the place of the id is none.
    #[error("{0:?} is no user id")]
    NoId(String),
    /// It has bytes that are no text in the file's encoding.
    #[error("some characters can't be read")]
    Unreadable,
}

/// A list of recipients, as it is read.
pub struct Recipients<R: Read> {
    rows: Rows<encoding::Text<R>>,
    seen: HashSet<Box<str>>,
    duplicates: u32,
}

impl<R: Read + Seek> Recipients<R> {
    /// Begins to read a list. UTF-8, UTF-16 and Big5 are told apart by what is in it.
    pub fn read(source: R) -> Result<Self, RecipientsError> {
        let rows = Rows::of(encoding::decoded(source)?)?;
        Ok(Self { rows, seen: HashSet::new(), duplicates: 0 })
    }

    /// The names of the columns; none where it is only ids.
    pub fn columns(&self) -> &[String] {
        self.rows.columns()
    }

    /// How many were left out so far, since they stood there before.
    pub fn duplicates(&self) -> u32 {
        self.duplicates
    }

    /// The next one, or what is wrong with the next line, which is counted from 1.
    #[expect(
        clippy::should_implement_trait,
        reason = "what is read by turns is told of in between"
    )]
    pub fn next(&mut self) -> Option<Result<Recipient, (u64, LineError)>> {
        loop {
            let row = match self.rows.next()? {
                Ok(row) => row,
                wrong => return Some(wrong),
            };
            if self.seen.insert(row.user.as_str().into()) {
                return Some(Ok(row));
            }
            self.duplicates += 1;
        }
    }
}
