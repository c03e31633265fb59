//! `agora send` and `agora broadcast`: one message, checked, sent once, and how that ended. Lists are in
//! `list`.

mod list;

use crate::args::{MessageArguments, SendArguments};
use crate::exit::Failure;
use crate::identity::{self, Whose};
use crate::output::{Lines, say};
use agora_client::{BaseUrl, CallError, InvalidInput, Message, MessageForm, UserId};
use agora_sending::{SendError, Sender, To};
use anyhow::{Context, anyhow};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read};
use std::sync::Arc;

/// The longest JSON that is read, in bytes: a receiver drops an event that is larger.
const MAX_JSON: u64 = 1024 * 1024;
/// The longest answer to a question, in bytes.
const MAX_ANSWER: u64 = 1024;
/// What is typed to let a broadcast go.
const CONFIRMATION: &str = "everyone";

/// `agora send`.
pub(crate) async fn run(
    whose: &Whose,
    arguments: SendArguments,
    lines: Lines,
) -> Result<(), Failure> {
    match arguments.user {
        Some(user) => to_user(whose, user, arguments.message, lines).await,
        None => list::run(whose, arguments, lines).await,
    }
}

async fn to_user(
    whose: &Whose,
    user: UserId,
    arguments: MessageArguments,
    lines: Lines,
) -> Result<(), Failure> {
    let message = message(arguments)?;
    let accounts = whose.accounts(identity::environment()?)?;
    identity::endpoint(&accounts).await?;
    finish(Sender::new(Arc::new(accounts)).send(&To::User(user), &message).await, lines).await
}

/// `agora broadcast`.
pub(crate) async fn broadcast(
    whose: &Whose,
    arguments: MessageArguments,
    yes: bool,
    lines: Lines,
) -> Result<(), Failure> {
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !yes && !can_ask {
        return Err(Failure::wrong_use(
            "a broadcast goes to everyone: without a terminal to confirm it on, it needs --yes",
        ));
    }
    let message = message(arguments)?;
    let accounts = whose.accounts(identity::environment()?)?;
    let endpoint = identity::endpoint(&accounts).await?;
    if !yes {
        confirm(&endpoint.base, &message)?;
    }
    finish(Sender::new(Arc::new(accounts)).send(&To::Everyone, &message).await, lines).await
}

fn confirm(base: &BaseUrl, message: &Message) -> Result<(), Failure> {
    say(format!("to everyone who is connected to {base}:\n{}", message.to_pretty_json()));
    say(format!("type `{CONFIRMATION}` to send it:"));
    let mut answer = String::new();
    io::stdin()
        .lock()
        .take(MAX_ANSWER)
        .read_line(&mut answer)
        .context("nothing was sent: the answer can't be read")?;
    if answer.trim() == CONFIRMATION {
        Ok(())
    } else {
        Err(anyhow!("nothing was sent: it was not confirmed").into())
    }
}

async fn finish(result: Result<(), SendError>, mut lines: Lines) -> Result<(), Failure> {
    let error = match result {
        Ok(()) => {
            // The market's one yes: 200 with an empty body.
            if let Err(error) = lines.write(&json!({ "sent": true, "status": 200 })).await {
                // A failure would have a script send it again.
                say(format!("note: it was sent, but {:#}", anyhow!(error)));
            }
            return Ok(());
        }
        Err(SendError::Call(error)) => error,
        Err(other) => return Err(anyhow!(other).into()),
    };
    match error {
        error @ CallError::Refused(_) => {
            Err(Failure::Refused(error.to_string()).hinting(hope(&error)))
        }
        error @ CallError::MayHaveBeenDelivered { .. } => {
            Err(Failure::MayHaveBeenDelivered(error.to_string()))
        }
        error => {
            let hope = hope(&error);
            Err(Failure::Failed(anyhow!(error)).hinting(hope))
        }
    }
}

/// Whether the same call may succeed later, and how long the market asks to wait.
fn hope(error: &CallError) -> String {
    let hope = if error.can_wait() { "waiting can help" } else { "waiting can't help" };
    match error.retry_after() {
        Some(wait) => {
            format!("{hope}: the market asks to wait {:.0} s", wait.as_secs_f64().ceil())
        }
        None => hope.to_owned(),
    }
}

fn message(arguments: MessageArguments) -> Result<Message, Failure> {
    if let Some(source) = arguments.json {
        let text = json_text(&source)?;
        return Message::from_json(&text)
            .map_err(|invalid| Failure::wrong_use(format!("--json: {invalid}")));
    }
    if arguments.title.is_none() {
        return Err(Failure::wrong_use(
            "a message is missing: give --json, or --title and --content",
        ));
    }
    let form = MessageForm {
        kind: arguments.kind,
        title: arguments.title.unwrap_or_default(),
        content: arguments.content.unwrap_or_default(),
        link: arguments.link,
        urgent: arguments.urgent,
        ..MessageForm::default()
    };
    Message::from_form(&form).map_err(|wrong| {
        let sentences: Vec<_> = wrong.iter().map(InvalidInput::message).collect();
        Failure::WrongUse(sentences.join(" "))
    })
}

/// The JSON that `--json` names: the text itself, `@FILE`, or `-`.
fn json_text(source: &str) -> Result<String, Failure> {
    let read = match source.strip_prefix('@') {
        Some(file) => File::open(file).and_then(limited),
        None if source == "-" => limited(io::stdin()),
        None => return Ok(source.to_owned()),
    };
    read.map_err(|error| Failure::wrong_use(format!("--json {source} can't be read: {error}")))
}

fn limited(source: impl Read) -> io::Result<String> {
    let mut text = String::new();
    source.take(MAX_JSON + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_JSON {
        return Err(io::Error::other("a message is at most 1 MiB"));
    }
    Ok(text)
}
