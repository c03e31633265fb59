//! The accounts as the page sees them, and what it asks of them beside their own calls.

use super::AccountPage;
use crate::desk::{Summary, listed};
use crate::ipc::{
    AccountEntry, AccountStanding, Answer, FieldError, FormField, FormRule, Problem, ProblemCode,
};
use agora_account::AccountName;
use agora_receiver::Status;
use tokio::task::spawn_blocking;

/// The most characters of what an account is called.
const LABEL: usize = 60;

/// Those that people see.
pub(super) fn entries(all: &[Summary]) -> Vec<AccountEntry> {
    listed(all).iter().map(entry).collect()
}

fn entry(summary: &Summary) -> AccountEntry {
    AccountEntry {
        name: summary.name.to_string(),
        label: summary.called(),
        demo: summary.is_demo,
        base_url: summary.account.as_ref().map(|account| account.base.to_string()),
        state: standing(&summary.status),
        unread: summary.unread,
    }
}

fn standing(status: &Status) -> AccountStanding {
    match status {
        Status::Connected { .. } => AccountStanding::Connected,
        Status::Connecting
        | Status::Waiting { .. }
        | Status::Checking { .. }
        | Status::NoNetwork => AccountStanding::Waiting,
        Status::Paused { .. } => AccountStanding::Paused,
        Status::SignedOut(_) | Status::Refused { .. } | Status::NoInbox => {
            AccountStanding::Attention
        }
    }
}

/// Turns the window to another account.
pub(super) fn show(page: &AccountPage, name: &str) -> Answer<()> {
    let name: AccountName = name.parse().map_err(|_| gone())?;
    let found = page.page.roster.find(&name).ok_or_else(gone)?;
    page.page.window.turn_to(&found.name);
    Ok(())
}

/// Turns the window to an account that is nobody's yet.
pub(super) async fn add(page: &AccountPage) -> Answer<()> {
    let added = page.page.roster.add().await.map_err(|error| unwritable(&error))?;
    page.page.window.turn_to(&added);
    Ok(())
}

/// Plays the demo, and turns the window to it.
pub(super) async fn play_demo(page: &AccountPage) -> Answer<()> {
    let played = page.page.roster.play_demo().await;
    let name = played.map_err(|error| Problem::of(ProblemCode::Demo, &format!("{error:#}")))?;
    page.page.window.turn_to(&name);
    Ok(())
}

/// Calls it something else.
pub(super) async fn rename(page: &AccountPage, label: String) -> Answer<()> {
    let label = label.trim().to_owned();
    let rule = if label.is_empty() {
        Some((FormRule::Required, "This is needed."))
    } else if label.chars().count() > LABEL {
        Some((FormRule::TooLong, "This must have at most 60 characters."))
    } else if label.chars().any(char::is_control) {
        Some((FormRule::ControlCharacters, "This must not contain control characters."))
    } else {
        None
    };
    if let Some((rule, message)) = rule {
        return Err(Problem::invalid(vec![FieldError::of(FormField::Label, rule, message)]));
    }
    call(page, Some(label)).await
}

/// Its session is forgotten and its inbox deleted: a further account goes, the first one is nobody's.
pub(super) async fn left(page: &AccountPage) -> Answer<()> {
    if page.account.name.is_main() {
        call(page, None).await?;
        let others = page.page.roster.shared.summaries.listed();
        if let Some(other) = others.iter().find(|other| other.name != page.account.name) {
            page.page.window.turn_to(&other.name);
        }
        return Ok(());
    }
    page.page.roster.remove(&page.account.name).await.map_err(|error| unwritable(&error))
}

async fn call(page: &AccountPage, label: Option<String>) -> Answer<()> {
    let (receiver, kept) = (page.receiver.clone(), label.clone());
    let renamed = spawn_blocking(move || receiver.accounts().rename(kept)).await;
    renamed
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::of(ProblemCode::Settings, &error.to_string()))?;
    page.account.label.send_replace(label);
    Ok(())
}

fn gone() -> Problem {
    Problem::of(ProblemCode::Internal, "there is no such account")
}

fn unwritable(error: &anyhow::Error) -> Problem {
    Problem::of(ProblemCode::Settings, &format!("{error:#}"))
}
