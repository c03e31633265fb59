//! From the receiver to the page: a snapshot, then every change, over one channel.

use super::{Page, self_tests, view};
use crate::ipc::{PAGE_LIMIT, PageEvent, Snapshot};
use agora_receiver::{Change, Subscription};
use jiff::ZonedDateTime;
use tokio::sync::broadcast::error::RecvError;

/// Feeds a page until it is gone. Subscribes before it takes the snapshot, so that nothing falls
/// between the two. A page that takes its time is waited for; what it has missed by then comes as a
/// new snapshot.
pub(super) async fn run<T: Future<Output = bool>>(
    page: Page,
    mut take: impl FnMut(PageEvent) -> T,
) {
    let mut told = page.receiver.subscribe();
    let mut changes = page.receiver.changes();
    let mut preferences = page.choices.subscribe();
    let mut notices = page.notices.subscribe();
    let mut asked = page.window.asked();
    let mut next = Some(snapshot(&page, &mut told).await);
    loop {
        if let Some(event) = next
            && !take(event).await
        {
            return;
        }
        next = tokio::select! {
            Ok(()) = told.status.changed() => {
                Some(PageEvent::Status { status: view::status(&told.status.borrow_and_update()) })
            }
            Ok(()) = told.account.changed() => Some(snapshot(&page, &mut told).await),
            Ok(()) = preferences.changed() => Some(snapshot(&page, &mut told).await),
            Ok(()) = notices.changed() => Some(PageEvent::Notices { notices: page.notices.list() }),
            Ok(()) = told.inbox.changed() => Some(snapshot(&page, &mut told).await),
            Ok(()) = told.self_test.changed() => {
                let test = told.self_test.borrow_and_update().clone();
                test.map(|test| PageEvent::Tested {
                    self_test: self_tests::view(&test, page.choices.language()),
                })
            }
            Ok(()) = asked.changed() => {
                page.window.take_asked().map(|asked| PageEvent::Asked { asked })
            }
            change = changes.recv() => match change {
                Ok(change) => Some(of_change(&page, &change)),
                Err(RecvError::Lagged(_)) => Some(snapshot(&page, &mut told).await),
                Err(RecvError::Closed) => return,
            },
        };
    }
}

async fn snapshot(page: &Page, told: &mut Subscription) -> PageEvent {
    // Before anything is read of it: one that is opened anew meanwhile is told of.
    told.inbox.mark_unchanged();
    let counts = match page.receiver.inbox() {
        Some(inbox) => inbox.counts().await.unwrap_or_default(),
        None => agora_inbox::Counts::default(),
    };
    let self_test = told.self_test.borrow_and_update().clone();
    let self_test = self_test.map(|test| self_tests::view(&test, page.choices.language()));
    let preferences = page.choices.subscribe().borrow().clone();
    let asked = page.window.take_asked();
    // Each is let go of before the next is read: one that is read twice at once, with somebody waiting
    // to change it in between, would never be let go of.
    let account = told.account.borrow_and_update().as_ref().map(view::account);
    let status = view::status(&told.status.borrow_and_update());
    PageEvent::Snapshot {
        snapshot: Box::new(Snapshot {
            account,
            status,
            counts: view::counts(&counts),
            language: preferences.resolved_language().into(),
            notices: page.notices.list(),
            asked,
            snoozed_until_ms: preferences.choices().snooze.active_until_ms(&ZonedDateTime::now()),
            preferences: (&preferences).into(),
            self_test,
            web_site: page.choices.links().web_site(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }),
    }
}

/// What the page is told of a change: the change itself, or, where that is more than one event may
/// carry, that there was one.
fn of_change(page: &Page, change: &Change) -> PageEvent {
    let much = |counts| PageEvent::Changed { counts: view::counts(counts) };
    match change {
        Change::Arrived { alerts, counts, .. } if alerts.len() <= PAGE_LIMIT => {
            PageEvent::Arrived {
                alerts: view::rows(alerts, page.choices.language()),
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
