//! What the page may call: one function a command, and nothing decided here.

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use crate::account_form::{self, FormError};
use crate::ipc::{
    AccountForm, AlertDetail, Deleted, Draft, DraftCheck, ExportFormat, Exported, FieldError,
    InboxPage, KeepIn, List, PageEvent, PageRequest, Preferences, Problem, Rules, RulesPreview,
    SendOutcome, SnoozeChoice, Which,
};
use crate::shell::Shell;
use crate::{compose, exports, lists, opener, view, window};
use agora_account::{AccountError, KeyringError};
use agora_inbox::{Alert, AlertId, Deletion, Inbox, Partly, StoreError};
use agora_receiver::catalogue;
use agora_receiver::link::Link;
use std::sync::Arc;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};
use tokio::task::{JoinError, spawn_blocking};

type Shared<'a> = State<'a, Arc<Shell>>;
type Answer<T> = Result<T, Problem>;

#[tauri::command]
pub(crate) fn attach(shell: Shared<'_>, on_event: Channel<PageEvent>) {
    shell.attach(on_event);
}

#[tauri::command]
pub(crate) fn painted(window: WebviewWindow) {
    window::painted(&window);
}

#[tauri::command]
pub(crate) async fn inbox_page(shell: Shared<'_>, request: PageRequest) -> Answer<InboxPage> {
    lists::page(&inbox(&shell)?, &request, shell.language()).await.map_err(of_store)
}

#[tauri::command]
pub(crate) async fn alert(shell: Shared<'_>, id: AlertId) -> Answer<AlertDetail> {
    Ok(view::detail(&kept(&shell, id).await?, shell.language(), &shell.links()))
}

#[tauri::command]
pub(crate) async fn mark(shell: Shared<'_>, which: Which, read: bool) -> Answer<()> {
    shell.receiver.mark(which.into(), read).await.map_err(of_store)
}

#[tauri::command]
pub(crate) async fn delete_alerts(shell: Shared<'_>, which: Which) -> Answer<Deleted> {
    Ok(match shell.receiver.delete(which.into()).await {
        Ok(deletion) => Deleted { deletion: Some(deletion), problem: None },
        Err(Partly { done, error }) => Deleted { deletion: done, problem: Some(of_store(error)) },
    })
}

#[tauri::command]
pub(crate) async fn undo_delete(shell: Shared<'_>, deletion: Deletion) -> Answer<()> {
    shell.receiver.undo(deletion).await.map_err(of_store)
}

#[tauri::command]
pub(crate) async fn delete_everything(shell: Shared<'_>) -> Answer<()> {
    shell.receiver.delete_everything().await.map_err(of_store)
}

#[tauri::command]
pub(crate) async fn export_inbox(
    shell: Shared<'_>,
    list: List,
    format: ExportFormat,
) -> Answer<Exported> {
    let exported = exports::write(&shell, &list, format).await;
    exported.map_err(|error| problem("export", &format!("{error:#}")))
}

#[tauri::command]
pub(crate) async fn show_export(shell: Shared<'_>) -> Answer<()> {
    exports::show(&shell).await.map_err(|error| problem("export", &format!("{error:#}")))
}

#[tauri::command]
pub(crate) async fn set_inbox_aside(shell: Shared<'_>) -> Answer<()> {
    match shell.receiver.set_inbox_aside().await {
        Some(result) => result.map_err(|error| problem("inbox", &error)),
        None => Err(quitting()),
    }
}

#[tauri::command]
pub(crate) async fn open_link(shell: Shared<'_>, id: AlertId, asked: bool) -> Answer<()> {
    let alert = kept(&shell, id).await?;
    match alert.body.link.map(|text| shell.links().look_at(&text)) {
        Some(Link::Opens { url, trusted, .. }) if trusted || asked => {
            opener::open(url.as_str(), None)
                .await
                .map_err(|error| problem("internal", &format!("{error:#}")))
        }
        _ => Err(problem("link_refused", "this link isn't opened")),
    }
}

#[tauri::command]
pub(crate) async fn snooze(shell: Shared<'_>, choice: SnoozeChoice) -> Answer<()> {
    shell.snooze(choice).await.map_err(|error| problem("settings", &format!("{error:#}")))
}

#[tauri::command]
pub(crate) async fn send_test(shell: Shared<'_>) -> Answer<()> {
    let text = |path| catalogue::text(shell.language(), path).to_owned();
    shell.receiver.test(text("testFailure.title"), text("testFailure.content")).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn preview_rules(shell: Shared<'_>, rules: Rules) -> Answer<RulesPreview> {
    lists::preview(&inbox(&shell)?, &rules).await.map_err(of_store)
}

#[tauri::command]
pub(crate) async fn pause(shell: Shared<'_>, paused: bool) -> Answer<()> {
    shell.receiver.pause(paused).await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn reconnect(shell: Shared<'_>) -> Answer<()> {
    shell.receiver.reconnect().await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn save_account(shell: Shared<'_>, form: AccountForm) -> Answer<()> {
    let receiver = shell.receiver.clone();
    let makes_keyring = form.keep_in == KeepIn::NewKeyring;
    // It may write the device's id.
    let checked = spawn_blocking(move || account_form::checked(&form, receiver.accounts()));
    let checked = checked.await.map_err(|error| internal(&error))?;
    let (account, token) = checked.map_err(|error| match error {
        FormError::Fields(fields) => invalid(fields),
        FormError::Device(error) => of_account(&error),
    })?;
    if makes_keyring {
        let made = shell.receiver.accounts().make_keyring().await;
        made.map_err(|error| of_account(&error.into()))?;
    }
    match shell.receiver.save_account(account, token).await {
        Some(result) => result.map_err(|error| of_account(&error)),
        None => Err(quitting()),
    }
}

#[tauri::command]
pub(crate) async fn forget_account(shell: Shared<'_>) -> Answer<()> {
    match shell.receiver.forget_account().await {
        Some(result) => result.map_err(|error| of_account(&error)),
        None => Err(quitting()),
    }
}

#[tauri::command]
pub(crate) async fn set_preferences(shell: Shared<'_>, preferences: Preferences) -> Answer<()> {
    preferences.check().map_err(|error| invalid(vec![error]))?;
    shell.choose(preferences).await.map_err(|error| problem("settings", &format!("{error:#}")))
}

// Not on the main thread: what was typed or pasted may be long.
#[tauri::command(async)]
pub(crate) fn check_draft(shell: Shared<'_>, draft: Draft) -> DraftCheck {
    compose::check(&draft, shell.language(), &shell.links())
}

#[tauri::command]
pub(crate) async fn send(shell: Shared<'_>, draft: Draft) -> Answer<SendOutcome> {
    let (to, message) = compose::checked(&draft).map_err(invalid)?;
    Ok(shell.receiver.send(to, message).await.into())
}

fn inbox(shell: &Shared<'_>) -> Answer<Inbox> {
    shell.receiver.inbox().ok_or_else(|| problem("inbox", "the inbox is not open"))
}

async fn kept(shell: &Shared<'_>, id: AlertId) -> Answer<Alert> {
    let alert = inbox(shell)?.get(id).await.map_err(of_store)?;
    alert.ok_or_else(|| problem("inbox", "this alert is no longer in the inbox"))
}

fn problem(code: &str, message: &str) -> Problem {
    Problem { code: code.to_owned(), message: message.to_owned(), fields: Vec::new() }
}

fn invalid(fields: Vec<FieldError>) -> Problem {
    Problem { fields, ..problem("invalid", "some fields are wrong") }
}

fn quitting() -> Problem {
    problem("internal", "the app is quitting")
}

fn internal(error: &JoinError) -> Problem {
    problem("internal", &error.to_string())
}

fn of_store(error: StoreError) -> Problem {
    problem("inbox", &error.to_string())
}

fn of_account(error: &AccountError) -> Problem {
    let code = match error {
        AccountError::Keyring(KeyringError::Locked) => "keyring_locked",
        AccountError::Keyring(KeyringError::NoCollection) => "keyring_empty",
        AccountError::Keyring(_) => "keyring_unavailable",
        AccountError::Settings(_) | AccountError::DeviceId(..) => "settings",
    };
    problem(code, &error.to_string())
}
