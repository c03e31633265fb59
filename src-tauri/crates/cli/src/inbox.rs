//! `agora inbox`: what the app keeps, read beside it and never written.

use crate::args::InboxCommand;
use crate::exit::Failure;
use crate::identity;
use crate::output::{Lines, say};
use agora_inbox::{Access, Alert, Filter, Inbox, Words};
use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};

/// How many alerts are read at a time.
const PAGE: usize = 100;

/// Runs the command.
pub(crate) async fn run(command: InboxCommand, lines: Lines) -> Result<(), Failure> {
    match command {
        InboxCommand::List { limit, .. } => list(usize::from(limit), lines).await,
    }
}

async fn list(limit: usize, mut lines: Lines) -> Result<(), Failure> {
    let accounts = identity::accounts(identity::environment()?)?;
    let file = &accounts.files().inbox;
    if !file.try_exists().with_context(|| format!("{} can't be read", file.display()))? {
        say("there is no inbox yet: the app makes it when it starts");
        return Ok(());
    }
    let inbox = Inbox::open(file, Access::ReadOnly).context("the inbox can't be opened")?;
    let (mut left, mut before) = (limit, None);
    while left > 0 {
        let page = inbox
            .page(Filter::default(), before, left.min(PAGE))
            .await
            .context("the inbox can't be read")?;
        for alert in &page.alerts {
            lines.write(&line_of(alert)).await?;
        }
        left -= page.alerts.len();
        before = page.alerts.last().map(|alert| alert.id);
        if !page.more {
            break;
        }
    }
    Ok(())
}

fn line_of(Alert { id, read, body }: &Alert) -> Value {
    let received = Timestamp::from_millisecond(body.received_ms).ok();
    json!({
        "id": id,
        "received": received.map(|time| time.to_string()),
        "received_ms": body.received_ms,
        "kind": body.kind,
        "category": body.category,
        "title": in_both(&body.title),
        "content": in_both(&body.content),
        "urgent": body.urgent,
        "read": read,
        "link": body.link,
        "event": body.event,
        "data": body.raw,
        "event_id": body.event_id,
    })
}

fn in_both(words: &Words) -> Value {
    json!({ "en": words.en, "zh-TW": words.zh_tw })
}
