//! `agora sent`: what was sent, and what became of it, out of the ledger.

use crate::exit::Failure;
use crate::identity::{self, Whose};
use crate::output::Lines;
use crate::terminal::Terminal;
use agora_sending::{Ledger, LedgerError, Line, Outcome, Sender, Sending};
use anyhow::anyhow;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many are read at a time.
const CHUNK: u32 = 200;

pub(crate) async fn run(
    whose: &Whose,
    list: Option<i64>,
    as_json: bool,
    mut lines: Lines,
) -> Result<(), Failure> {
    let accounts = whose.accounts(identity::environment()?)?;
    if !accounts.files().sent().exists() {
        return match list {
            None => Ok(()),
            Some(_) => Err(Failure::wrong_use(LedgerError::Unknown)),
        };
    }
    let sender = Sender::new(Arc::new(accounts));
    let ledger = sender.ledger().await.map_err(|error| anyhow!(error))?;
    let is_terminal = Terminal::of_output(as_json).is_some();
    match list {
        None => sendings(ledger, is_terminal, &mut lines).await,
        Some(id) => recipients(ledger, id, is_terminal, &mut lines).await,
    }
}

async fn sendings(ledger: &Ledger, is_terminal: bool, lines: &mut Lines) -> Result<(), Failure> {
    let mut before = None;
    loop {
        let page = ledger.sendings(String::new(), None, before, CHUNK).await;
        let page = page.map_err(|error| anyhow!(error))?;
        for sending in &page.sendings {
            before = Some(sending.id);
            if is_terminal {
                lines.write_text(&sentence(sending)).await?;
            } else {
                lines.write(&in_json(sending)).await?;
            }
        }
        if !page.more {
            return Ok(());
        }
    }
}

async fn recipients(
    ledger: &Ledger,
    id: i64,
    is_terminal: bool,
    lines: &mut Lines,
) -> Result<(), Failure> {
    match ledger.sending(id).await {
        Err(error @ LedgerError::Unknown) => return Err(Failure::wrong_use(error)),
        other => other.map_err(|error| anyhow!(error))?,
    };
    let mut after = 0;
    loop {
        let page = ledger.lines(id, None, after, CHUNK).await.map_err(|error| anyhow!(error))?;
        for line in &page.lines {
            after = line.number;
            if is_terminal {
                let user = line.user.as_deref().unwrap_or("everyone");
                let why = line.why.as_deref().unwrap_or_default();
                let text = format!("{user:<16}  {:<10}  {why}\n", outcome(line.outcome));
                lines.write_text(&text).await?;
            } else {
                lines.write(&line_in_json(line)).await?;
            }
        }
        if !page.more {
            return Ok(());
        }
    }
}

/// The word for an outcome, here and in `agora send --csv`.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    outcome.word()
}

fn in_json(sending: &Sending) -> Value {
    let counts = &sending.counts;
    let body: Value = serde_json::from_str(&sending.new.template).unwrap_or_default();
    json!({
        "id": sending.id, "at": time(Some(sending.new.made)), "due": time(sending.new.due),
        "to": sending.new.audience.word(), "user_id": sending.user,
        "account": sending.new.account, "base_url": sending.new.base,
        "state": sending.state.word(), "halt": sending.halt.map(agora_sending::Halt::word),
        "counts": {
            "total": counts.total(), "not_tried": counts.not_tried, "under_way": counts.under_way,
            "accepted": counts.accepted, "refused": counts.refused, "maybe": counts.maybe,
            "not_sent": counts.not_sent, "seen": counts.seen,
        },
        "body": body,
    })
}

fn line_in_json(line: &Line) -> Value {
    json!({
        "user_id": line.user, "outcome": outcome(line.outcome), "status": line.status,
        "reason": line.why, "at": time(line.at), "seen_at": time(line.seen),
    })
}

fn sentence(sending: &Sending) -> String {
    let made = Timestamp::from_millisecond(sending.new.made).unwrap_or_default();
    let made = made.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string();
    let counts = &sending.counts;
    let to = sending.user.as_deref().unwrap_or_else(|| sending.new.audience.word());
    let state = sending.halt.map_or_else(|| sending.state.word(), agora_sending::Halt::word);
    format!(
        "{:>5}  {made}  {to:<16}  {state:<9}  {} of {} accepted, {} refused, {} maybe\n",
        sending.id,
        counts.accepted,
        counts.total(),
        counts.refused,
        counts.maybe
    )
}

fn time(at: Option<i64>) -> Option<String> {
    let at = at.and_then(|at| Timestamp::from_millisecond(at).ok());
    at.map(|at| at.to_string())
}
