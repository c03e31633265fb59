//! Which accounts there are, the first one first, and how they come and go.

use super::demo::Demo;
use super::running::pause;
use super::{Running, Shared};
use crate::desk::{self, Window};
use crate::ipc::{PauseChoice, SnoozeChoice};
use agora_account::{AccountName, Accounts};
use agora_alert::catalogue;
use anyhow::Context;
use futures_util::future::join_all;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// So many accounts run at a time: each has a connection of its own.
const MOST: usize = 16;

/// How long the window waits for an inbox that has only just been made.
const OPENING: Duration = Duration::from_secs(2);

/// The accounts that run. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Roster {
    pub(crate) shared: Shared,
    /// The first one is always there.
    running: Arc<RwLock<Vec<Running>>>,
    /// Held while one comes or goes; with it the demo, while it is played.
    turn: Arc<Mutex<Option<Demo>>>,
}

impl Roster {
    /// Sets all of the home's accounts going. `first`: the first one's handle, of which alone the
    /// environment says anything.
    pub(crate) fn start(first: &Arc<Accounts>, shared: Shared) -> Self {
        let names = first.files().accounts().unwrap_or_else(|error| {
            tracing::error!(%error, "the further accounts can't be found");
            vec![AccountName::main()]
        });
        let (common, unread) = desk::saved(first);
        let further = names.iter().skip(1).take(MOST - 1).filter_map(|name| {
            let accounts = Arc::new(first.beside(name));
            if accounts.is_demo() {
                remove_ended_demo(&accounts);
                return None;
            }
            if let Err(error) = accounts.files().check() {
                tracing::error!(%error, account = %name, "an account isn't opened");
                return None;
            }
            let (own, unread) = desk::saved(&accounts);
            Some(Running::start(accounts, own.in_common_with(&common), unread, &shared))
        });
        let mut running = vec![Running::start(first.clone(), common.clone(), unread, &shared)];
        running.extend(further);
        if first.label().is_none() && !has_account(first) {
            // The window begins with somebody's.
            let others = running.iter().skip(1);
            let somebodys = others.filter(|running| has_account(running.receiver.accounts()));
            if let Some(other) = somebodys.min_by_key(|running| running.number) {
                shared.window.turn_to(&other.name);
            }
        }
        Self { shared, running: Arc::new(RwLock::new(running)), turn: Arc::default() }
    }

    /// All that run now.
    pub(crate) fn all(&self) -> Vec<Running> {
        self.running.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The first one.
    pub(crate) fn first(&self) -> Running {
        self.running.read().unwrap_or_else(PoisonError::into_inner)[0].clone()
    }

    /// One that runs.
    pub(crate) fn find(&self, name: &AccountName) -> Option<Running> {
        self.all().into_iter().find(|running| running.name == *name)
    }

    /// The one that has a number.
    pub(crate) fn numbered(&self, number: u64) -> Option<Running> {
        self.all().into_iter().find(|running| running.number == number)
    }

    /// A place for one more account, nobody's yet: the first one's, where it is nobody's, or a new one.
    pub(crate) async fn add(&self) -> anyhow::Result<AccountName> {
        let _turn = self.turn.lock().await;
        if let Some(free) = self.all().iter().find(|running| is_nobodys(running)) {
            return Ok(free.name.clone());
        }
        let accounts = self.new_place().await?;
        Ok(self.run(accounts).await)
    }

    /// Plays the demo, with an account on it; where it is played already, that is it.
    pub(crate) async fn play_demo(&self) -> anyhow::Result<AccountName> {
        let mut turn = self.turn.lock().await;
        let demo = self.all().into_iter().find(|running| running.receiver.accounts().is_demo());
        if let Some(demo) = demo {
            return Ok(demo.name);
        }
        let accounts = self.new_place().await?;
        let language = self.first().choices.language();
        let played = Self::played(&accounts, catalogue::text(language, "demo.name")).await;
        match played {
            Ok(demo) => *turn = Some(demo),
            Err(error) => {
                spawn_blocking(move || remove_ended_demo(&accounts)).await?;
                return Err(error);
            }
        }
        Ok(self.run(accounts).await)
    }

    async fn played(accounts: &Arc<Accounts>, label: &str) -> anyhow::Result<Demo> {
        let (place, label) = (accounts.clone(), label.to_owned());
        spawn_blocking(move || place.make_demo()).await??;
        let demo = Demo::start().await?;
        demo.sign_in(accounts).await?;
        let place = accounts.clone();
        spawn_blocking(move || place.rename(Some(label))).await??;
        Ok(demo)
    }

    async fn new_place(&self) -> anyhow::Result<Arc<Accounts>> {
        let running = self.all();
        anyhow::ensure!(running.len() < MOST, "no more than {MOST} accounts run at a time");
        let first = running[0].receiver.clone();
        Ok(Arc::new(spawn_blocking(move || new_place(first.accounts())).await??))
    }

    /// Sets one more going, and gives its inbox the time to open.
    async fn run(&self, accounts: Arc<Accounts>) -> AccountName {
        let name = accounts.name().clone();
        let common = self.first().choices.subscribe().borrow().clone();
        let (own, unread) = desk::saved(&accounts);
        let added = Running::start(accounts, own.in_common_with(&common), unread, &self.shared);
        let mut inbox = added.receiver.subscribe().inbox;
        // One that takes longer is told of when it is there.
        let _ = timeout(OPENING, inbox.wait_for(Option::is_some)).await;
        self.running.write().unwrap_or_else(PoisonError::into_inner).push(added);
        name
    }

    /// Takes a further account away for good, with its inbox; its session was forgotten before. The first
    /// one stays.
    pub(crate) async fn remove(&self, name: &AccountName) -> anyhow::Result<()> {
        let mut turn = self.turn.lock().await;
        let Some(gone) = self.find(name).filter(|running| !running.name.is_main()) else {
            return Ok(());
        };
        gone.end().await;
        {
            let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
            running.retain(|running| running.number != gone.number);
        }
        self.shared.summaries.remove(gone.number);
        turn_to_another(&self.shared.window, self, name);
        let receiver = gone.receiver.clone();
        drop(gone);
        if receiver.accounts().is_demo() {
            *turn = None;
        }
        let removed = spawn_blocking(move || receiver.accounts().files().remove()).await?;
        removed.context("the account's folder can't be deleted")
    }

    /// Shows no toasts of any account for a while, or shows them again.
    pub(crate) async fn snooze(&self, choice: SnoozeChoice) -> anyhow::Result<()> {
        let first = self.first();
        first.choices.snooze(choice).await?;
        self.follow(&first).await
    }

    /// Disconnects every account for a while, or connects them again.
    pub(crate) async fn pause(&self, choice: PauseChoice) {
        for account in self.all() {
            pause(&account.receiver, choice).await;
        }
    }

    /// Has what one was chosen for all hold for all.
    pub(crate) async fn follow(&self, chosen: &Running) -> anyhow::Result<()> {
        for other in self.all().iter().filter(|running| running.number != chosen.number) {
            other.choices.follow(&chosen.choices).await?;
        }
        Ok(())
    }

    /// Leaves the market for each, and closes their inboxes. The demo is over.
    pub(crate) async fn shut_down(&self) {
        let all = self.all();
        join_all(all.iter().map(Running::shut_down)).await;
        if self.turn.lock().await.take().is_some() {
            let demo = all.into_iter().filter(|running| running.receiver.accounts().is_demo());
            let removed = spawn_blocking(move || {
                demo.for_each(|running| remove_ended_demo(running.receiver.accounts()));
            });
            // What is left at the end of the runtime goes at the next start.
            let _ = removed.await;
        }
    }
}

fn has_account(accounts: &Accounts) -> bool {
    accounts.account().is_ok_and(|account| account.is_some())
}

fn is_nobodys(running: &Running) -> bool {
    let has_account = running.receiver.subscribe().account.borrow().is_some();
    !has_account && running.label.borrow().is_none()
}

/// The folders of one more account, under the lowest number that none has.
fn new_place(first: &Accounts) -> anyhow::Result<Accounts> {
    let taken = first.files().accounts().context("the accounts can't be read")?;
    let name = (2..=u32::MAX)
        .filter_map(|number| number.to_string().parse::<AccountName>().ok())
        .find(|name| !taken.contains(name))
        .context("there is no name left")?;
    let accounts = first.beside(&name);
    accounts.files().make().context("the account's folder can't be made")?;
    Ok(accounts)
}

/// Nothing is left of an account of the demo. What can't be deleted is at the next start.
fn remove_ended_demo(accounts: &Accounts) {
    if let Err(error) = accounts.files().remove() {
        tracing::warn!(%error, "the demo's folder can't be deleted");
    }
}

/// The window shows another account than one that goes, if that was shown.
fn turn_to_another(window: &Window, roster: &Roster, gone: &AccountName) {
    if *window.account().borrow() == *gone {
        let listed = roster.shared.summaries.listed();
        window.turn_to(&listed.first().map_or_else(AccountName::main, |it| it.name.clone()));
    }
}
