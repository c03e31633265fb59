//! What the page asks of sending, in the engine's words, and its answers in the page's.

use super::{AccountPage, compose, exports, sent_views, view};
use crate::ipc::{
    Answer, Draft, DraftBody, Exported, FilledMessage, LineOutcome, LinesPage, ListCheck,
    ListDraft, ListFault, ListFaultCode, Problem, ProblemCode, RecipientsDraft, SendOutcome,
    SentPage, SentRequest,
};
use agora_client::{CallError, Message};
use agora_sending::{
    Checked, FaultKind, Halt, LedgerError, LineError, List, Recipients, RecipientsError, SendError,
    SendingId, StartError, Template, check,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::Cursor;
use tokio::task::spawn_blocking;

/// How many of a page there are.
const PAGE: u32 = 50;
/// How many recipients of one.
const LINES: u32 = 200;

/// The most that a list may ask for: requests in a second, and requests under way.
const MOST_PER_SECOND: u16 = 50;
const MOST_AT_ONCE: u16 = 10;

/// How long a message can be undone, where it isn't to go later: milliseconds.
const UNDO: i64 = 10_000;

type Read = Recipients<Cursor<Vec<u8>>>;

/// Sends one message now, and says how that ended.
pub(super) async fn send(page: &AccountPage, draft: &Draft) -> Answer<SendOutcome> {
    let (to, message) = compose::checked(draft).map_err(Problem::invalid)?;
    Ok(outcome(page.account.sender.send(&to, &message).await))
}

/// Has one message sent at its time, or when it can't be undone any more.
pub(super) async fn begin(
    page: &AccountPage,
    draft: &Draft,
    due: Option<i64>,
) -> Answer<SendingId> {
    let (to, message) = compose::checked(draft).map_err(Problem::invalid)?;
    let now = jiff::Timestamp::now().as_millisecond();
    let begun = page.account.sender.send_later(&to, &message, due.unwrap_or(now + UNDO)).await;
    begun.map_err(of_start)
}

/// Looks at a list, line by line. Nothing is kept of it.
pub(super) async fn check_list(draft: ListDraft) -> Answer<ListCheck> {
    let looked = spawn_blocking(move || {
        let (mut recipients, _, template) = match read(&draft)? {
            Ok(read) => read,
            Err(fault) => return Ok(only(fault)),
        };
        let checked = check(&mut recipients, &template, |_, _| true);
        Ok(checked_view(checked, recipients.columns().to_vec()))
    });
    looked.await.map_err(|error| Problem::internal(&error))?
}

/// Begins to send to a list.
pub(super) async fn start(
    page: &AccountPage,
    draft: ListDraft,
    per_second: u16,
    at_once: u16,
) -> Answer<SendingId> {
    let read = spawn_blocking(move || read(&draft)).await;
    let read = read.map_err(|error| Problem::internal(&error))??;
    let (recipients, message, template) =
        read.map_err(|fault| Problem::of(ProblemCode::Invalid, &format!("{:?}", fault.code)))?;
    let list = List {
        message,
        template,
        per_second: per_second.clamp(1, MOST_PER_SECOND),
        at_once: at_once.clamp(1, MOST_AT_ONCE),
    };
    page.account.sender.send_list(recipients, list, None).await.map_err(of_start)
}

pub(super) async fn resume(page: &AccountPage, id: SendingId) -> Answer<()> {
    page.account.sender.resume(id, None).await.map_err(of_start)
}

pub(super) async fn retry(page: &AccountPage, id: SendingId) -> Answer<()> {
    page.account.sender.retry_refused(id, None).await.map_err(of_start)
}

pub(super) fn halt(page: &AccountPage, id: SendingId, halt: Halt) -> Answer<()> {
    if page.account.sender.halt(id, halt) {
        return Ok(());
    }
    Err(Problem::of(ProblemCode::TooLate, "it isn't being sent here"))
}

pub(super) async fn undo(page: &AccountPage, id: SendingId) -> Answer<bool> {
    page.account.sender.take_back(id).await.map_err(of_ledger)
}

pub(super) async fn delete(page: &AccountPage, id: SendingId) -> Answer<()> {
    let ledger = page.account.sender.ledger().await.map_err(of_ledger)?;
    ledger.delete(id).await.map_err(of_ledger)
}

pub(super) async fn sent(page: &AccountPage, request: SentRequest) -> Answer<SentPage> {
    let ledger = page.account.sender.ledger().await.map_err(of_ledger)?;
    ledger.recover().await.map_err(of_ledger)?;
    let state = request.state.map(sent_views::of_state);
    let found = ledger.sendings(request.text, state, request.before, PAGE).await;
    let found = found.map_err(of_ledger)?;
    let progress = page.account.sender.progress();
    let progress = progress.borrow();
    let sendings = found.sendings.iter().map(|one| match progress.get(&one.id) {
        Some(now) if !now.has_ended() => sent_views::progress(now),
        _ => sent_views::sending(one),
    });
    Ok(SentPage { sendings: sendings.collect(), more: found.more })
}

pub(super) async fn lines(
    page: &AccountPage,
    id: SendingId,
    outcome: Option<LineOutcome>,
    after: u32,
) -> Answer<LinesPage> {
    let ledger = page.account.sender.ledger().await.map_err(of_ledger)?;
    let outcome = outcome.map(sent_views::of_outcome);
    let found = ledger.lines(id, outcome, after, LINES).await.map_err(of_ledger)?;
    Ok(LinesPage {
        lines: found.lines.into_iter().map(sent_views::line).collect(),
        more: found.more,
    })
}

/// Writes what became of each recipient, into the person's folder of downloads.
pub(super) async fn export(page: &AccountPage, id: SendingId) -> Answer<Exported> {
    let written = exports::write_sent(page, id).await;
    written.map_err(|error| Problem::of(ProblemCode::Export, &format!("{error:#}")))
}

/// Reads a list and its message; what keeps it from being looked at line by line is a fault of the list.
fn read(draft: &ListDraft) -> Answer<Result<(Read, Message, Template), ListFault>> {
    let message = body(&draft.body)?;
    let Ok(template) = Template::of(&message) else {
        return Ok(Err(fault(ListFaultCode::LoneBrace, "")));
    };
    let bytes = match &draft.recipients {
        RecipientsDraft::Text { text } => text.clone().into_bytes(),
        RecipientsDraft::File { base64 } => STANDARD
            .decode(base64)
            .map_err(|error| Problem::of(ProblemCode::Internal, &error.to_string()))?,
    };
    Ok(match Recipients::read(Cursor::new(bytes)) {
        Ok(recipients) => Ok((recipients, message, template)),
        Err(RecipientsError::NoIds) => Err(fault(ListFaultCode::NoIds, "")),
        Err(RecipientsError::TwoAlike(name)) => Err(fault(ListFaultCode::TwoAlike, &name)),
        Err(error) => Err(fault(ListFaultCode::Unread, &error.to_string())),
    })
}

fn body(body: &DraftBody) -> Answer<Message> {
    compose::message(body).map_err(Problem::invalid)
}

fn fault(code: ListFaultCode, about: &str) -> ListFault {
    ListFault { line: 0, code, about: about.to_owned(), field: None, rule: None }
}

fn only(fault: ListFault) -> ListCheck {
    ListCheck {
        columns: Vec::new(),
        count: 0,
        duplicates: 0,
        faults: vec![fault],
        fault_count: 1,
        first: Vec::new(),
    }
}

fn checked_view(checked: Checked, columns: Vec<String>) -> ListCheck {
    let first = checked
        .first
        .into_iter()
        .map(|(user_id, message)| FilledMessage { user_id, json: message.to_pretty_json() });
    let faults = checked.faults.iter().map(|found| {
        let of_line = |code, about: &str| ListFault { line: found.line, ..fault(code, about) };
        match &found.kind {
            FaultKind::UnknownColumn(name) => of_line(ListFaultCode::UnknownColumn, name),
            FaultKind::Nobody => of_line(ListFaultCode::Nobody, ""),
            FaultKind::Line(LineError::Cells { found: cells, .. }) => {
                of_line(ListFaultCode::Cells, &cells.to_string())
            }
            FaultKind::Line(LineError::NoId(text)) => of_line(ListFaultCode::NoId, text),
            FaultKind::Line(LineError::Unreadable) => of_line(ListFaultCode::Unreadable, ""),
            FaultKind::Message(wrong) => {
                let wrong = view::field_error(wrong);
                ListFault {
                    field: Some(wrong.field),
                    rule: Some(wrong.rule),
                    ..of_line(ListFaultCode::Message, &wrong.message)
                }
            }
        }
    });
    ListCheck {
        columns,
        count: checked.count,
        duplicates: checked.duplicates,
        faults: faults.collect(),
        fault_count: checked.fault_count,
        first: first.collect(),
    }
}

fn outcome(sent: Result<(), SendError>) -> SendOutcome {
    let error = match sent {
        // The market's one yes: 200 with an empty body.
        Ok(()) => return SendOutcome::Accepted { status: 200 },
        Err(SendError::Call(error)) => error,
        Err(other) => return SendOutcome::NotSent { message: in_full(other) },
    };
    match error {
        CallError::Refused(refusal) => SendOutcome::Refused {
            status: refusal.status,
            message: refusal.message.unwrap_or_default(),
        },
        CallError::NotSent { reason } => SendOutcome::NotSent { message: reason.to_string() },
        lost => SendOutcome::MayHaveBeenDelivered { message: lost.to_string() },
    }
}

fn of_start(error: StartError) -> Problem {
    let code = match &error {
        StartError::Faults(_) => ProblemCode::Invalid,
        StartError::Send(SendError::Ledger(LedgerError::Taken | LedgerError::Unknown)) => {
            ProblemCode::TooLate
        }
        _ => ProblemCode::Sending,
    };
    Problem::of(code, &in_full(error))
}

fn of_ledger(error: LedgerError) -> Problem {
    of_start(error.into())
}

fn in_full(error: impl Into<anyhow::Error>) -> String {
    format!("{:#}", error.into())
}
