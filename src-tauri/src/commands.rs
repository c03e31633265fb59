//! What the page may call: one function a command, and nothing decided here.

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands a command its arguments by value")]

use crate::account_form::{self, FormError};
use crate::ipc::{
    AccountForm, AlertDetail, Draft, DraftCheck, FieldError, InboxPage, PAGE_LIMIT, PageEvent,
    PageRequest, Preferences, Problem, SendOutcome,
};
use crate::links::Link;
use crate::shell::Shell;
use crate::{compose, view, window};
use agora_account::{AccountError, KeyringError};
use agora_client::BaseUrl;
use agora_inbox::{Alert, AlertId, Filter, Inbox, StoreError};
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
    let filter = Filter {
        category: request.category.map(Into::into),
        unread: request.unread,
        urgent: request.urgent,
    };
    let limit = usize::try_from(request.limit).unwrap_or(PAGE_LIMIT).min(PAGE_LIMIT);
    let page = inbox(&shell)?.page(filter, request.before, limit).await.map_err(of_store)?;
    Ok(InboxPage { alerts: view::rows(&page.alerts, shell.language()), more: page.more })
}

#[tauri::command]
pub(crate) async fn alert(shell: Shared<'_>, id: AlertId) -> Answer<AlertDetail> {
    Ok(view::detail(&kept(&shell, id).await?, shell.language(), base(&shell).as_ref()))
}

#[tauri::command]
pub(crate) async fn mark_read(shell: Shared<'_>, ids: Vec<AlertId>, read: bool) -> Answer<()> {
    shell.receiver.mark(ids, read).await.map_err(of_store)
}

#[tauri::command]
pub(crate) async fn open_link(shell: Shared<'_>, id: AlertId) -> Answer<()> {
    let alert = kept(&shell, id).await?;
    let link = alert.body.link.map(|text| Link::of(&text, base(&shell).as_ref()));
    let Some(Link::Opens(url)) = link else {
        return Err(problem("link_refused", "only https links are opened"));
    };
    // It waits a moment for the opener to fail.
    match spawn_blocking(move || open::that_detached(url.as_str())).await {
        Ok(opened) => opened.map_err(|error| problem("internal", &error.to_string())),
        Err(error) => Err(internal(&error)),
    }
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
    // It may write the device's id.
    let checked = spawn_blocking(move || account_form::checked(&form, receiver.accounts()));
    let checked = checked.await.map_err(|error| internal(&error))?;
    let (account, token) = checked.map_err(|error| match error {
        FormError::Fields(fields) => invalid(fields),
        FormError::Device(error) => of_account(&error),
    })?;
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
    shell.choose(preferences).await.map_err(|error| problem("settings", &format!("{error:#}")))
}

// Not on the main thread: what was typed or pasted may be long.
#[tauri::command(async)]
pub(crate) fn check_draft(shell: Shared<'_>, draft: Draft) -> DraftCheck {
    compose::check(&draft, shell.language(), base(&shell).as_ref())
}

#[tauri::command]
pub(crate) async fn send(shell: Shared<'_>, draft: Draft) -> Answer<SendOutcome> {
    let (to, message) = compose::checked(&draft).map_err(invalid)?;
    Ok(shell.receiver.send(to, message).await.into())
}

fn inbox<'a>(shell: &'a Shared<'_>) -> Answer<&'a Inbox> {
    shell.receiver.inbox().ok_or_else(|| problem("inbox", "the inbox is not open"))
}

async fn kept(shell: &Shared<'_>, id: AlertId) -> Answer<Alert> {
    let alert = inbox(shell)?.get(id).await.map_err(of_store)?;
    alert.ok_or_else(|| problem("inbox", "this alert is no longer in the inbox"))
}

fn base(shell: &Shared<'_>) -> Option<BaseUrl> {
    let account = shell.receiver.subscribe().account;
    account.borrow().as_ref().map(|state| state.account.base.clone())
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
        AccountError::Keyring(_) => "keyring_unavailable",
        AccountError::Settings(_) | AccountError::DeviceId(..) => "settings",
    };
    problem(code, &error.to_string())
}
