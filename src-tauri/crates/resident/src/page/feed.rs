//! From an account's receiver to the page: a snapshot, then every change, over one channel; of the other
//! accounts, how they are in short.

use super::diagnostics::Telling;
use super::{AccountPage, accounts, self_tests, sent_views, view};
use crate::accounts::can_play_demo;
use crate::ipc::{Asked, Notice, PAGE_LIMIT, PageEvent, Snapshot};
use agora_inbox::{AlertId, Counts};
use agora_receiver::{Change, Subscription};
use jiff::ZonedDateTime;
use tokio::sync::broadcast::error::RecvError;

/// Feeds a page until it is gone. Subscribes before it takes the snapshot, so that nothing falls
/// between the two. A page that takes its time is waited for; what it has missed by then comes as a
/// new snapshot.
pub(super) async fn run<T: Future<Output = bool>>(
    page: AccountPage,
    take: &mut impl FnMut(PageEvent) -> T,
) {
    let mut told = page.receiver.subscribe();
    let mut changes = page.receiver.changes();
    let mut preferences = page.choices.subscribe();
    let mut notices = page.notices.subscribe();
    let mut desktop = page.page.desktop.subscribe();
    let mut asked = page.page.window.asked();
    let mut summaries = page.page.roster.shared.summaries.subscribe();
    let mut listed = accounts::entries(&summaries.borrow_and_update());
    let mut sent = page.account.sender.progress();
    let mut diagnostics = Telling::of(&page.account.diagnostics);
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
            Ok(()) = notices.changed() => Some(PageEvent::Notices { notices: page.notices() }),
            Ok(()) = desktop.changed() => Some(PageEvent::Notices { notices: page.notices() }),
            Ok(()) = summaries.changed() => {
                // A heartbeat is no news.
                let now = accounts::entries(&summaries.borrow_and_update());
                let is_news = now != listed;
                listed = now;
                is_news.then(|| PageEvent::Accounts { accounts: listed.clone() })
            }
            Ok(()) = told.inbox.changed() => Some(snapshot(&page, &mut told).await),
            Ok(()) = told.self_test.changed() => {
                let test = told.self_test.borrow_and_update().clone();
                test.map(|test| PageEvent::Tested {
                    self_test: self_tests::view(&test, page.choices.language()),
                })
            }
            Ok(()) = asked.changed() => {
                page.take_asked().map(|asked| PageEvent::Asked { asked })
            }
            Ok(()) = sent.changed() => {
                let sendings = sent.borrow_and_update().values().map(sent_views::progress).collect();
                Some(PageEvent::Sendings { sendings })
            }
            told = diagnostics.next() => Some(told),
            change = changes.recv() => match change {
                Ok(Change::Followed { ids, counts }) => Some(followed(&page, &ids, &counts).await),
                Ok(change) => Some(of_change(&page, &change)),
                Err(RecvError::Lagged(_)) => Some(snapshot(&page, &mut told).await),
                Err(RecvError::Closed) => return,
            },
        };
    }
}

async fn snapshot(page: &AccountPage, told: &mut Subscription) -> PageEvent {
    // Before anything is read of it: one that is opened anew meanwhile is told of.
    told.inbox.mark_unchanged();
    let counts = match page.receiver.inbox() {
        Some(inbox) => inbox.counts().await.unwrap_or_default(),
        None => Counts::default(),
    };
    let self_test = told.self_test.borrow_and_update().clone();
    let self_test = self_test.map(|test| self_tests::view(&test, page.choices.language()));
    let preferences = page.choices.subscribe().borrow().clone();
    let asked = page.take_asked();
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
            notices: page.notices(),
            accounts: accounts::entries(&page.page.roster.shared.summaries.subscribe().borrow()),
            shown: page.account.name.to_string(),
            has_demo: can_play_demo(),
            asked,
            snoozed_until_ms: preferences.choices().snooze.active_until_ms(&ZonedDateTime::now()),
            preferences: (&preferences).into(),
            self_test,
            web_site: page.choices.links().web_site(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }),
    }
}

impl AccountPage {
    /// What is wrong with the account, and with the desktop.
    fn notices(&self) -> Vec<Notice> {
        let mut all = self.notices.list();
        all.extend(self.page.desktop.list());
        all.sort_by_key(|notice| notice.code);
        all
    }

    fn take_asked(&self) -> Option<Asked> {
        self.page.window.take_asked(&self.account.name)
    }
}

/// What the page is told of a change: the change itself, or, where that is more than one event may
/// carry, that there was one.
fn of_change(page: &AccountPage, change: &Change) -> PageEvent {
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
        | Change::Synced { counts, .. }
        | Change::Followed { counts, .. }
        | Change::Much { counts } => much(counts),
    }
}

/// The rows of what is followed up as they are now.
async fn followed(page: &AccountPage, ids: &[AlertId], counts: &Counts) -> PageEvent {
    let counts = view::counts(counts);
    let Some(inbox) = page.receiver.inbox().filter(|_| ids.len() <= PAGE_LIMIT) else {
        return PageEvent::Changed { counts };
    };
    let mut alerts = Vec::new();
    for id in ids {
        // What is gone by now is told as such.
        alerts.extend(inbox.get(*id).await.ok().flatten());
    }
    PageEvent::Followed { alerts: view::rows(&alerts, page.choices.language()), counts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Roster, Shared};
    use crate::autostart::Autostart;
    use crate::desk::{Notices, Quit, Summaries, Tasks, Window};
    use crate::page::Page;
    use agora_account::{Accounts, Environment};
    use agora_client::{BaseUrl, ClientId, Token};
    use agora_home::Files;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    /// Takes snapshots without end, while the account is told of two thousand times.
    async fn snapshots_amid_changes(home: &Path, over: Sender<()>) {
        let environment = Environment {
            home: Some(home.to_owned()),
            base_url: BaseUrl::parse("http://127.0.0.1:9/api").ok(),
            client_id: ClientId::parse("user_7_device01").ok(),
            token: Token::parse("token").ok(),
        };
        let accounts = Arc::new(Accounts::new(Files::find(Some(home)).unwrap(), environment));
        let shared = Shared {
            do_not_disturb: tokio::sync::watch::channel(None).1,
            woke: tokio::sync::watch::Sender::default(),
            summaries: Summaries::default(),
            window: Window::default(),
            tasks: Tasks::new(),
            quit: Quit::default(),
        };
        let roster = Roster::start(&accounts, shared);
        let receiver = roster.first().receiver;
        let autostart = Autostart::of(accounts.files());
        let page = Page::new(roster.clone(), Notices::new(), autostart);
        let page = AccountPage::new(roster.first(), page);
        for _ in 0..2 {
            let page = page.clone();
            tokio::spawn(async move {
                let mut told = page.receiver.subscribe();
                loop {
                    snapshot(&page, &mut told).await;
                }
            });
        }
        for times in 0..1_000 {
            if times % 2 == 0 {
                receiver.pause(None).await;
            } else {
                receiver.resume().await;
            }
        }
        receiver.undo(0).await.ok();
        over.send(()).unwrap();
    }

    /// One that is read twice at once, with somebody waiting to change it in between, stands still for
    /// good, and the app with it.
    #[test]
    fn a_snapshot_and_a_change_never_wait_for_each_other() {
        let home = tempfile::tempdir().unwrap();
        let (over, is_over) = channel();
        let path = home.path().to_owned();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
            runtime.unwrap().block_on(snapshots_amid_changes(&path, over));
        });
        assert_eq!(is_over.recv_timeout(Duration::from_secs(30)), Ok(()));
    }
}
