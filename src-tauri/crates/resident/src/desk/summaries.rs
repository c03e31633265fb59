//! How each account is, in short: what the tray, the rail's list of accounts and a toast's title say of
//! accounts that nobody looks at.

use agora_account::{Account, AccountName};
use agora_receiver::{Receiver, Status};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// One account, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The account's name in its folder.
    pub name: AccountName,
    /// Its number in this run of the app, which no other gets.
    pub number: u64,
    /// Whether it is one of the demo.
    pub is_demo: bool,
    /// What people call it.
    pub label: Option<String>,
    /// Whose alerts they are, where somebody is signed in.
    pub account: Option<Account>,
    /// How it stands with the market.
    pub status: Status,
    /// Whether it is paused, which the status may have something graver to say than.
    pub paused: bool,
    /// How many of its alerts are unread.
    pub unread: u32,
}

impl Summary {
    /// Whether there is anything of anybody's in it: one that was only just added, or was left with its
    /// inbox, is nobody's.
    fn is_somebodys(&self) -> bool {
        self.account.is_some() || self.label.is_some()
    }

    /// What people are told it is called.
    pub(crate) fn called(&self) -> String {
        let user = || {
            let client_id = &self.account.as_ref()?.client_id;
            let user = client_id.user_id();
            Some(user.map_or_else(|| client_id.as_str().to_owned(), |id| id.as_str().to_owned()))
        };
        self.label.clone().or_else(user).unwrap_or_else(|| self.name.to_string())
    }
}

/// The accounts, the first one first. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summaries(watch::Sender<Vec<Summary>>);

impl Summaries {
    /// All, and each change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Vec<Summary>> {
        self.0.subscribe()
    }

    /// Those that people see.
    pub(crate) fn listed(&self) -> Vec<Summary> {
        listed(&self.0.borrow())
    }

    /// What this account is called, where people have several.
    pub(crate) fn called_among_others(&self, name: &AccountName) -> Option<String> {
        let all = self.listed();
        let own = all.iter().find(|summary| summary.name == *name)?;
        (all.len() > 1).then(|| own.called())
    }

    fn set(&self, summary: Summary) {
        self.0.send_if_modified(|all| {
            let found = all.iter_mut().find(|former| former.number == summary.number);
            match found {
                Some(former) if *former == summary => return false,
                Some(former) => *former = summary,
                None => {
                    all.push(summary);
                    all.sort_by(|one, other| {
                        let order = |it: &Summary| (!it.name.is_main(), it.number);
                        order(one).cmp(&order(other))
                    });
                }
            }
            true
        });
    }

    pub(crate) fn remove(&self, number: u64) {
        self.0.send_modify(|all| all.retain(|summary| summary.number != number));
    }
}

/// Those that people see: the first one is there without anybody's account only where no other is.
pub(crate) fn listed(all: &[Summary]) -> Vec<Summary> {
    let somebodys: Vec<_> = all.iter().filter(|summary| summary.is_somebodys()).cloned().collect();
    if somebodys.is_empty() { all.first().cloned().into_iter().collect() } else { somebodys }
}

/// Keeps an account's summary, until it is taken away. `label`: what people call it, told where that
/// changes without the account.
pub(crate) async fn summarise(
    number: u64,
    receiver: Receiver,
    label: watch::Sender<Option<String>>,
    summaries: Summaries,
) {
    let is_demo = receiver.accounts().is_demo();
    let mut told = receiver.subscribe();
    let mut changes = receiver.changes();
    let mut labels = label.subscribe();
    let mut unread = unread(&receiver).await;
    loop {
        // Whoever signs in brings a name.
        if told.account.has_changed().is_ok_and(|changed| changed) {
            label.send_replace(receiver.accounts().label());
        }
        let account = told.account.borrow_and_update().as_ref().map(|it| it.account.clone());
        let status = told.status.borrow_and_update().clone();
        let paused = *told.paused.borrow_and_update();
        let name = receiver.accounts().name().clone();
        let called = labels.borrow_and_update().clone();
        summaries.set(Summary {
            name,
            number,
            is_demo,
            label: called,
            account,
            status,
            paused,
            unread,
        });
        tokio::select! {
            Ok(()) = told.status.changed() => {}
            Ok(()) = told.account.changed() => told.account.mark_changed(),
            Ok(()) = labels.changed() => {}
            Ok(()) = told.paused.changed() => {}
            Ok(()) = told.inbox.changed() => unread = self::unread(&receiver).await,
            change = changes.recv() => match change {
                Ok(change) => unread = change.counts().unread(),
                Err(RecvError::Lagged(_)) => unread = self::unread(&receiver).await,
                Err(RecvError::Closed) => return,
            },
        }
    }
}

async fn unread(receiver: &Receiver) -> u32 {
    match receiver.inbox() {
        Some(inbox) => inbox.counts().await.map_or(0, |counts| counts.unread()),
        None => 0,
    }
}
