//! `agora send --csv`, `--resume` and `--retry-failed`: a list, and what becomes of each of it.

use super::message;
use crate::args::SendArguments;
use crate::exit::Failure;
use crate::identity::{self, Whose};
use crate::output::{Lines, OutputError, hint, reader_gone, say};
use crate::sent::outcome;
use crate::signals::{Asked, Signals};
use crate::terminal::Terminal;
use agora_client::Message;
use agora_sending::{
    Checked, Halt, LedgerError, List, Recipients, RecipientsError, SendError, Sender, Sending,
    SendingId, StartError, State, Template, Told, check,
};
use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many outcomes wait to be printed.
const WAITING: usize = 64;

pub(super) async fn run(
    whose: &Whose,
    arguments: SendArguments,
    mut lines: Lines,
) -> Result<(), Failure> {
    let SendArguments { csv, rate, at_once, dry_run, resume, retry_failed, message: given, .. } =
        arguments;
    let signals = Signals::listen().context("signals can't be heard")?;
    let list = csv.map(|file| read(&file, message(given)?)).transpose()?;
    let list = match list {
        Some((mut recipients, _, template)) if dry_run => {
            let checked = check(&mut recipients, &template, |_, _| true);
            lines.write(&looked_at(&checked)).await?;
            return if checked.fault_count == 0 { Ok(()) } else { Err(faulty(&checked)) };
        }
        list => list,
    };
    let accounts = whose.accounts(identity::environment()?)?;
    identity::endpoint(&accounts).await?;
    let sender = Sender::new(Arc::new(accounts));
    let (told, outcomes) = mpsc::channel(WAITING);
    let begun = match (list, resume, retry_failed) {
        (Some((recipients, message, template)), ..) => {
            let list = List { message, template, per_second: rate, at_once };
            sender.send_list(recipients, list, Some(told)).await
        }
        (None, Some(id), _) => sender.resume(id, Some(told)).await.map(|()| id),
        (None, None, Some(id)) => sender.retry_refused(id, Some(told)).await.map(|()| id),
        (None, None, None) => return Err(Failure::wrong_use("nobody is named to send to")),
    };
    follow(&sender, begun.map_err(not_begun)?, outcomes, signals, lines).await
}

/// Tells what becomes of each until it ends. What is under way is waited for at the first signal, and not
/// at the second.
async fn follow(
    sender: &Sender,
    id: SendingId,
    mut outcomes: mpsc::Receiver<Told>,
    mut signals: Signals,
    mut lines: Lines,
) -> Result<(), Failure> {
    let mut printing = Ok(());
    let bar = Terminal::of_output(false).map(|_| bar());
    if bar.is_none() {
        printing = lines.write(&json!({ "id": id })).await;
    }
    let (mut progress, mut leaves) = (sender.progress(), false);
    let gone = reader_gone();
    tokio::pin!(gone);
    loop {
        if printing.is_err() && !leaves {
            // Who has seen enough doesn't have the rest sent.
            leaves = sender.halt(id, Halt::Stopped);
        }
        tokio::select! {
            told = outcomes.recv() => match told {
                None => break,
                Some(told) if bar.is_none() && printing.is_ok() => {
                    printing = lines.write(&line_of(&told)).await;
                }
                Some(_) => {}
            },
            Ok(()) = progress.changed() => {
                if let (Some(bar), Some(now)) = (&bar, progress.borrow_and_update().get(&id)) {
                    let counts = &now.sending.counts;
                    bar.set_length(counts.total().into());
                    bar.set_position((counts.total() - counts.left() - counts.under_way).into());
                    let left = now.left().map_or(0, |left| left.as_secs());
                    bar.set_message(format!("{:.1}/s, {left} s left", now.per_second));
                }
            }
            Asked::Leave = signals.next() => {
                if leaves {
                    return Err(Failure::Failed(anyhow!("what was under way may have been delivered")));
                }
                leaves = true;
                sender.halt(id, Halt::Stopped);
                say("waiting for what is under way");
            }
            () = &mut gone, if bar.is_none() && !leaves => leaves = sender.halt(id, Halt::Stopped),
        }
    }
    sender.ended().await;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let ledger = sender.ledger().await.map_err(|error| anyhow!(error))?;
    let sending = ledger.sending(id).await.map_err(|error| anyhow!(error))?;
    summed_up(&sending)?;
    match printing {
        Err(error @ OutputError::Failed(_)) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Says how it ended, on standard error.
fn summed_up(sending: &Sending) -> Result<(), Failure> {
    let Sending { id, counts, .. } = sending;
    say(format!(
        "list {id}: {} accepted, {} refused, {} may have been delivered, {} not sent",
        counts.accepted,
        counts.refused,
        counts.maybe,
        counts.left()
    ));
    if sending.state != State::Done || counts.left() > 0 {
        let why = match sending.halt {
            Some(Halt::Failures) => "it stopped, since five in a row failed",
            Some(Halt::SignIn) => "it stopped: the market wants a sign-in",
            Some(Halt::Stopped | Halt::Paused) => "it was stopped",
            _ => "it stopped",
        };
        let failure = Failure::Failed(anyhow!(why));
        return Err(failure.hinting(format!("`agora send --resume {id}` goes on with the rest")));
    }
    if counts.maybe > 0 {
        if counts.refused > 0 {
            hint(format!("`agora send --retry-failed {id}` tries the refused again"));
        }
        return Err(Failure::MayHaveBeenDelivered("some may have been delivered".to_owned()));
    }
    if counts.refused > 0 {
        let failure = Failure::Refused("the market refused some".to_owned());
        return Err(failure.hinting(format!("`agora send --retry-failed {id}` tries them again")));
    }
    Ok(())
}

fn read(file: &Path, message: Message) -> Result<(Recipients<File>, Message, Template), Failure> {
    let template = Template::of(&message).map_err(Failure::wrong_use)?;
    let unread = |error: RecipientsError| {
        Failure::wrong_use(format!("--csv {}: {:#}", file.display(), anyhow!(error)))
    };
    let opened = File::open(file).map_err(|error| unread(error.into()))?;
    Ok((Recipients::read(opened).map_err(unread)?, message, template))
}

fn looked_at(checked: &Checked) -> Value {
    let faults = checked.faults.iter();
    let faults: Vec<_> = faults
        .map(|fault| json!({ "line": fault.line, "reason": fault.kind.to_string() }))
        .collect();
    json!({
        "count": checked.count, "duplicates": checked.duplicates,
        "fault_count": checked.fault_count, "faults": faults,
    })
}

fn faulty(checked: &Checked) -> Failure {
    for fault in &checked.faults {
        say(fault);
    }
    Failure::wrong_use(format!("nothing was sent: the list has {} faults", checked.fault_count))
}

fn not_begun(error: StartError) -> Failure {
    match error {
        StartError::Faults(checked) => faulty(&checked),
        StartError::Send(SendError::Ledger(
            error @ (LedgerError::Unknown | LedgerError::Taken),
        )) => Failure::wrong_use(error),
        error @ StartError::OtherAccount { .. } => Failure::wrong_use(error),
        other => anyhow!(other).into(),
    }
}

fn line_of(told: &Told) -> Value {
    json!({
        "user_id": told.user, "outcome": outcome(told.ended.outcome), "status": told.ended.status,
        "reason": told.ended.why,
    })
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len}, {msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
