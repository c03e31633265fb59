//! The table of lines: each recipient of a sending, and how it ended with it.

use crate::{Ended, LedgerError, Outcome, SendingId};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A recipient to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// Counted from 1, as in the list that was given.
    pub number: u32,
    /// Whom it goes to; `None`: everyone.
    pub user: Option<String>,
    /// What stands for the placeholders: a JSON array of texts.
    pub cells: String,
}

/// A recipient, and how it stands with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1, as in the list that was given.
    pub number: u32,
    /// Whom it goes to; `None`: everyone.
    pub user: Option<String>,
    /// What stands for the placeholders: a JSON array of texts.
    pub cells: String,
    /// How it stands.
    pub outcome: Outcome,
    /// The market's status, where it answered.
    pub status: Option<u16>,
    /// Why it wasn't accepted.
    pub why: Option<String>,
    /// When that was.
    pub at: Option<i64>,
    /// How many requests have left for it, the person's own wish to try again included.
    pub tries: u32,
    /// When our own stream brought it back.
    pub seen: Option<i64>,
}

/// Some lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePage {
    /// In their order.
    pub lines: Vec<Line>,
    /// Whether there are more after these.
    pub more: bool,
}

/// What became of a line whose program ended.
const PROGRAM_ENDED: &str = "the program ended before the answer came";

const ALL: &str = "number, user, cells, outcome, status, why, at, tries, seen";

pub(crate) fn insert(
    db: &mut Connection,
    id: SendingId,
    new: &[NewLine],
) -> Result<(), LedgerError> {
    let step = db.transaction()?;
    {
        let mut insert = step.prepare_cached(
            "INSERT INTO line (sending, number, user, cells, outcome) VALUES (?, ?, ?, ?, ?)",
        )?;
        for line in new {
            insert.execute(params![id, line.number, line.user, line.cells, Outcome::NotTried])?;
        }
    }
    Ok(step.commit()?)
}

/// Only a line that can be tried without harm begins to leave.
pub(crate) fn about_to_send(
    db: &Connection,
    id: SendingId,
    number: u32,
    reference: &str,
    at: i64,
) -> Result<(), LedgerError> {
    let changed = db
        .prepare_cached(
            "UPDATE line SET outcome = 'under_way', reference = ?, at = ?, tries = tries + 1, \
             status = NULL, why = NULL, seen = NULL \
             WHERE sending = ? AND number = ? AND outcome IN ('not_tried', 'not_sent')",
        )?
        .execute(params![reference, at, id, number])?;
    if changed == 1 { Ok(()) } else { Err(LedgerError::Taken) }
}

pub(crate) fn refuse(
    db: &Connection,
    id: SendingId,
    number: u32,
    ended: &Ended,
    at: i64,
) -> Result<(), LedgerError> {
    end(db, id, number, ended, at, Outcome::NotTried)
}

/// Only what is under way ends.
pub(crate) fn ended(
    db: &Connection,
    id: SendingId,
    number: u32,
    how: &Ended,
    at: i64,
) -> Result<(), LedgerError> {
    end(db, id, number, how, at, Outcome::UnderWay)
}

fn end(
    db: &Connection,
    id: SendingId,
    number: u32,
    ended: &Ended,
    at: i64,
    before: Outcome,
) -> Result<(), LedgerError> {
    let changed = db
        .prepare_cached(
            "UPDATE line SET outcome = ?, status = ?, why = ?, at = ? \
             WHERE sending = ? AND number = ? AND outcome = ?",
        )?
        .execute(params![ended.outcome, ended.status, ended.why, at, id, number, before])?;
    if changed == 1 { Ok(()) } else { Err(LedgerError::Taken) }
}

pub(crate) fn untried(
    db: &Connection,
    id: SendingId,
    after: u32,
    most: u32,
) -> Result<Vec<Line>, LedgerError> {
    let sql = format!(
        "SELECT {ALL} FROM line WHERE sending = ? AND number > ? \
         AND outcome IN ('not_tried', 'not_sent') ORDER BY number LIMIT ?"
    );
    read(db, &sql, params![id, after, most])
}

pub(crate) fn retry_refused(db: &mut Connection, id: SendingId) -> Result<usize, LedgerError> {
    let step = db.transaction()?;
    let stands = "SELECT 1 FROM sending WHERE id = ? AND state IN ('halted', 'done')";
    if !step.prepare(stands)?.exists([id])? {
        return Err(LedgerError::Taken);
    }
    let changed = step.execute(
        "UPDATE line SET outcome = 'not_tried' WHERE sending = ? AND outcome = 'refused'",
        [id],
    )?;
    step.commit()?;
    Ok(changed)
}

pub(crate) fn seen(
    db: &Connection,
    reference: &str,
    at: i64,
) -> Result<Option<(SendingId, u32)>, LedgerError> {
    Ok(db
        .query_row(
            "UPDATE line SET seen = ? WHERE reference = ? AND seen IS NULL RETURNING sending, number",
            params![at, reference],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?)
}

pub(crate) fn seen_line(
    db: &Connection,
    id: SendingId,
    number: u32,
    at: i64,
) -> Result<Option<(SendingId, u32)>, LedgerError> {
    let changed = db.execute(
        "UPDATE line SET seen = ? WHERE sending = ? AND number = ? AND tries > 0 AND seen IS NULL",
        params![at, id, number],
    )?;
    Ok((changed == 1).then_some((id, number)))
}

/// What a sending that stands has under way still may have been delivered: how it ended couldn't be kept.
pub(crate) fn lose(db: &Connection, id: SendingId) -> Result<(), LedgerError> {
    db.execute(
        "UPDATE line SET outcome = 'maybe' WHERE sending = ? AND outcome = 'under_way'",
        [id],
    )?;
    Ok(())
}

/// What a program that ended had under way may have been delivered.
pub(crate) fn give_up(db: &Connection, runner: &str) -> Result<(), LedgerError> {
    db.execute(
        "UPDATE line SET outcome = 'maybe', why = ? WHERE outcome = 'under_way' \
         AND sending IN (SELECT id FROM sending WHERE runner = ?)",
        [PROGRAM_ENDED, runner],
    )?;
    Ok(())
}

pub(crate) fn page(
    db: &Connection,
    id: SendingId,
    outcome: Option<Outcome>,
    after: u32,
    most: u32,
) -> Result<LinePage, LedgerError> {
    let sql = format!(
        "SELECT {ALL} FROM line WHERE sending = ?1 AND number > ?2 \
         AND (?3 IS NULL OR outcome = ?3) ORDER BY number LIMIT ?4"
    );
    let mut lines = read(db, &sql, params![id, after, outcome, most.saturating_add(1)])?;
    let more = lines.len() > most as usize;
    lines.truncate(most as usize);
    Ok(LinePage { lines, more })
}

fn read(
    db: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Line>, LedgerError> {
    let mut query = db.prepare_cached(sql)?;
    let lines = query.query_map(parameters, of_row)?;
    Ok(lines.collect::<Result<_, _>>()?)
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        number: row.get(0)?,
        user: row.get(1)?,
        cells: row.get(2)?,
        outcome: row.get(3)?,
        status: row.get(4)?,
        why: row.get(5)?,
        at: row.get(6)?,
        tries: row.get(7)?,
        seen: row.get(8)?,
    })
}
