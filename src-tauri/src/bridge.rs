//! From the receiver to the page: a snapshot, then every change, over one channel.

use crate::ipc::{Asked, PAGE_LIMIT, PageEvent, Snapshot};
use crate::shell::{self, Shell};
use crate::{self_tests, view};
use agora_receiver::{Change, Subscription};
use jiff::ZonedDateTime;
use std::sync::Arc;
use tauri::ipc::Channel;
use tokio::sync::broadcast::error::RecvError;

/// Feeds a page until it is gone. Subscribes before it takes the snapshot, so that nothing falls
/// between the two.
pub(crate) async fn feed(shell: Arc<Shell>, page: Channel<PageEvent>) {
    let mut told = shell.receiver.subscribe();
    let mut changes = shell.receiver.changes();
    let mut preferences = shell.preferences();
    let mut notices = shell.notices.subscribe();
    let mut asked = shell.asked();
    let mut next = Some(snapshot(&shell, &mut told).await);
    loop {
        if let Some(event) = next
            && page.send(event).is_err()
        {
            return;
        }
        next = tokio::select! {
            Ok(()) = told.status.changed() => {
                Some(PageEvent::Status { status: view::status(&told.status.borrow_and_update()) })
            }
            Ok(()) = told.account.changed() => Some(snapshot(&shell, &mut told).await),
            Ok(()) = preferences.changed() => Some(snapshot(&shell, &mut told).await),
            Ok(()) = notices.changed() => Some(PageEvent::Notices { notices: shell.notices.list() }),
            Ok(()) = told.inbox.changed() => Some(snapshot(&shell, &mut told).await),
            Ok(()) = told.self_test.changed() => {
                let test = told.self_test.borrow_and_update().clone();
                test.map(|test| PageEvent::Tested {
                    self_test: self_tests::view(&test, shell.language()),
                })
            }
            Ok(()) = asked.changed() => {
                shell.take_asked().map(|asked| PageEvent::Asked { asked: of_asked(asked) })
            }
            change = changes.recv() => match change {
                Ok(change) => Some(of_change(&shell, &change)),
                Err(RecvError::Lagged(_)) => Some(snapshot(&shell, &mut told).await),
                Err(RecvError::Closed) => return,
            },
        };
    }
}

async fn snapshot(shell: &Shell, told: &mut Subscription) -> PageEvent {
    let counts = match shell.receiver.inbox() {
        Some(inbox) => inbox.counts().await.unwrap_or_default(),
        None => agora_inbox::Counts::default(),
    };
    told.inbox.mark_unchanged();
    let self_test = told.self_test.borrow_and_update().clone();
    let self_test = self_test.map(|test| self_tests::view(&test, shell.language()));
    let preferences = shell.preferences().borrow().clone();
    let asked = shell.take_asked().map(of_asked);
    PageEvent::Snapshot {
        snapshot: Box::new(Snapshot {
            account: told.account.borrow_and_update().as_ref().map(view::account),
            status: view::status(&told.status.borrow_and_update()),
            counts: view::counts(&counts),
            language: preferences.resolved_language().into(),
            notices: shell.notices.list(),
            asked,
            snoozed_until_ms: preferences.choices().snooze.active_until_ms(&ZonedDateTime::now()),
            preferences,
            self_test,
            web_site: shell.links().web_site(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }),
    }
}

/// What the page is told of a change: the change itself, or, where that is more than one event may
/// carry, that there was one.
fn of_change(shell: &Shell, change: &Change) -> PageEvent {
    let much = |counts| PageEvent::Changed { counts: view::counts(counts) };
    match change {
        Change::Arrived { alerts, counts, .. } if alerts.len() <= PAGE_LIMIT => {
            PageEvent::Arrived {
                alerts: view::rows(alerts, shell.language()),
                counts: view::counts(counts),
            }
        }
        Change::Marked { ids, read, counts } => {
            PageEvent::Marked { ids: ids.to_vec(), read: *read, counts: view::counts(counts) }
        }
        Change::Deleted { ids, counts } => {
            PageEvent::Deleted { ids: ids.to_vec(), counts: view::counts(counts) }
        }
        Change::Arrived { counts, .. }
        | Change::CaughtUp { counts, .. }
        | Change::Much { counts } => much(counts),
    }
}

fn of_asked(asked: shell::Asked) -> Asked {
    match asked {
        shell::Asked::Alert(id) => Asked::Alert { id },
        shell::Asked::List(list) => Asked::List { list },
        shell::Asked::Settings => Asked::Settings,
    }
}
