//! The table of sendings: one message each, and how it stands with it.

use crate::{Audience, Halt, LedgerError, Outcome, State};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A sending's number in the ledger.
pub type SendingId = i64;

/// A sending to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSending {
    /// When: milliseconds since 1970.
    pub made: i64,
    /// Nothing of it leaves before: milliseconds since 1970.
    pub due: Option<i64>,
    /// To whom.
    pub audience: Audience,
    /// The market.
    pub base: String,
    /// Whom it is sent as.
    pub account: String,
    /// The body, a JSON text.
    pub template: String,
    /// The placeholders' names: a JSON array of texts; `None`: the body goes as it is.
    pub columns: Option<String>,
    /// The most requests in any second.
    pub per_second: u16,
    /// The most requests under way at a time.
    pub at_once: u16,
}

/// One message that was to be sent, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// Its number.
    pub id: SendingId,
    /// What it is.
    pub new: NewSending,
    /// How it stands.
    pub state: State,
    /// Why it stands, where it does.
    pub halt: Option<Halt>,
    /// How many of its lines are how.
    pub counts: Counts,
    /// Its recipient, where it is one.
    pub user: Option<String>,
}

/// Some sendings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendingPage {
    /// The newest first.
    pub sendings: Vec<Sending>,
    /// Whether there are older ones.
    pub more: bool,
}

/// How many lines are how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Never tried.
    pub not_tried: u32,
    /// About to leave, or under way.
    pub under_way: u32,
    /// Accepted by the market.
    pub accepted: u32,
    /// Refused by it.
    pub refused: u32,
    /// May have been delivered.
    pub maybe: u32,
    /// Tried, and nothing left.
    pub not_sent: u32,
    /// Brought back by our own stream; each is one of the others too.
    pub seen: u32,
}

impl Counts {
    /// All lines.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.not_tried + self.under_way + self.accepted + self.refused + self.maybe + self.not_sent
    }

    /// Those that can be tried without harm.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.not_tried + self.not_sent
    }

    /// The number of those that are so.
    pub fn of(&mut self, outcome: Outcome) -> &mut u32 {
        match outcome {
            Outcome::NotTried => &mut self.not_tried,
            Outcome::UnderWay => &mut self.under_way,
            Outcome::Accepted => &mut self.accepted,
            Outcome::Refused => &mut self.refused,
            Outcome::Maybe => &mut self.maybe,
            Outcome::NotSent => &mut self.not_sent,
        }
    }
}

const ALL: &str = "id, made, due, audience, base, account, template, columns, per_second, at_once, \
                   state, halt, (SELECT user FROM line WHERE audience = 'user' AND sending = id)";

pub(crate) fn insert(
    db: &Connection,
    new: &NewSending,
    runner: &str,
) -> Result<SendingId, LedgerError> {
    db.prepare_cached(
        "INSERT INTO sending (made, due, audience, base, account, template, columns, per_second, \
         at_once, state, runner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        new.made,
        new.due,
        new.audience,
        new.base,
        new.account,
        new.template,
        new.columns,
        new.per_second,
        new.at_once,
        State::Draft,
        runner
    ])?;
    Ok(db.last_insert_rowid())
}

pub(crate) fn ready(db: &Connection, id: SendingId) -> Result<(), LedgerError> {
    one_changed(db.execute(
        "UPDATE sending SET state = iif(due IS NULL, 'running', 'waiting') \
         WHERE id = ? AND state = 'draft'",
        [id],
    )?)
}

pub(crate) fn take(
    db: &Connection,
    id: SendingId,
    due: Option<i64>,
    runner: &str,
) -> Result<(), LedgerError> {
    let known = "SELECT 1 FROM sending WHERE id = ? AND state <> 'draft'";
    if !db.prepare(known)?.exists([id])? {
        return Err(LedgerError::Unknown);
    }
    one_changed(db.execute(
        "UPDATE sending SET runner = ?1, halt = NULL, due = ?2, \
         state = iif(?2 IS NULL, 'running', 'waiting') \
         WHERE id = ?3 AND runner IS NULL AND state IN ('halted', 'done')",
        params![runner, due, id],
    )?)
}

/// What runs or waits keeps the program that has it; what stands has none.
pub(crate) fn set(
    db: &Connection,
    id: SendingId,
    state: State,
    halt: Option<Halt>,
) -> Result<(), LedgerError> {
    one_changed(db.execute(
        "UPDATE sending SET state = ?1, halt = ?2, \
         runner = CASE WHEN ?1 IN ('halted', 'done') THEN NULL ELSE runner END \
         WHERE id = ?3 AND runner IS NOT NULL",
        params![state, halt, id],
    )?)
}

pub(crate) fn delete(db: &Connection, id: SendingId) -> Result<(), LedgerError> {
    let draft_or_standing =
        "DELETE FROM sending WHERE id = ? AND (runner IS NULL OR state = 'draft')";
    one_changed(db.execute(draft_or_standing, [id])?)
}

pub(crate) fn take_back(db: &Connection, id: SendingId) -> Result<bool, LedgerError> {
    let deleted = db.execute(
        "DELETE FROM sending WHERE id = ? AND state = 'waiting' \
         AND NOT EXISTS (SELECT 1 FROM line WHERE sending = id AND outcome <> 'not_tried')",
        [id],
    )?;
    Ok(deleted == 1)
}

pub(crate) fn expire(db: &Connection, before: i64) -> Result<usize, LedgerError> {
    Ok(db.execute("DELETE FROM sending WHERE made < ? AND runner IS NULL", [before])?)
}

pub(crate) fn runners(db: &Connection) -> Result<Vec<String>, LedgerError> {
    let mut query = db.prepare("SELECT DISTINCT runner FROM sending WHERE runner IS NOT NULL")?;
    let names = query.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// What a program that ended had stands; of what it was still writing down nothing is left.
pub(crate) fn give_up(db: &Connection, runner: &str) -> Result<(), LedgerError> {
    db.execute("DELETE FROM sending WHERE runner = ? AND state = 'draft'", [runner])?;
    db.execute(
        "UPDATE sending SET state = 'halted', halt = iif(state = 'waiting', 'missed', 'ended'), \
         runner = NULL WHERE runner = ?",
        [runner],
    )?;
    Ok(())
}

pub(crate) fn one(db: &Connection, id: SendingId) -> Result<Sending, LedgerError> {
    let sql = format!("SELECT {ALL} FROM sending WHERE id = ? AND state <> 'draft'");
    let found = db.query_row(&sql, [id], of_row).optional()?.ok_or(LedgerError::Unknown)?;
    Ok(Sending { counts: counts(db, id)?, ..found })
}

pub(crate) fn page(
    db: &Connection,
    text: &str,
    state: Option<State>,
    before: Option<SendingId>,
    most: u32,
) -> Result<SendingPage, LedgerError> {
    let sql = format!(
        "SELECT {ALL} FROM sending WHERE state <> 'draft' AND (?1 IS NULL OR id < ?1) \
         AND (?2 IS NULL OR state = ?2) AND (?3 = '' OR instr(lower(template), lower(?3)) \
         OR instr(account, ?3) OR EXISTS (SELECT 1 FROM line WHERE sending = id AND user = ?3)) \
         ORDER BY id DESC LIMIT ?4"
    );
    let mut query = db.prepare_cached(&sql)?;
    let found = query.query_map(params![before, state, text, most.saturating_add(1)], of_row)?;
    let mut sendings = found.collect::<Result<Vec<_>, _>>()?;
    let more = sendings.len() > most as usize;
    sendings.truncate(most as usize);
    for sending in &mut sendings {
        sending.counts = counts(db, sending.id)?;
    }
    Ok(SendingPage { sendings, more })
}

pub(crate) fn counts(db: &Connection, id: SendingId) -> Result<Counts, LedgerError> {
    let mut counts = Counts::default();
    let mut query =
        db.prepare_cached("SELECT outcome, count(*) FROM line WHERE sending = ? GROUP BY outcome")?;
    let mut rows = query.query([id])?;
    while let Some(row) = rows.next()? {
        *counts.of(row.get(0)?) = row.get(1)?;
    }
    let seen = "SELECT count(*) FROM line WHERE sending = ? AND reference IS NOT NULL AND seen IS NOT NULL";
    counts.seen = db.prepare_cached(seen)?.query_row([id], |row| row.get(0))?;
    Ok(counts)
}

fn one_changed(changed: usize) -> Result<(), LedgerError> {
    if changed == 1 { Ok(()) } else { Err(LedgerError::Taken) }
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Sending> {
    Ok(Sending {
        id: row.get(0)?,
        new: NewSending {
            made: row.get(1)?,
            due: row.get(2)?,
            audience: row.get(3)?,
            base: row.get(4)?,
            account: row.get(5)?,
            template: row.get(6)?,
            columns: row.get(7)?,
            per_second: row.get(8)?,
            at_once: row.get(9)?,
        },
        state: row.get(10)?,
        halt: row.get(11)?,
        counts: Counts::default(),
        user: row.get(12)?,
    })
}
