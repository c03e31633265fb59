//! One account that runs: what is received for it, what was chosen for it, what is wrong with it, and its
//! toasts. The parts are put together here, and end together.

use crate::desk::{
    self, Announcements, Choices, Diagnostics, KeptJournal, Notices, Preferences, Quit, Summaries,
    Tasks, Window,
};
use crate::ipc::PauseChoice;
use crate::toasts;
use agora_account::{AccountName, Accounts};
use agora_do_not_disturb::DoNotDisturb;
use agora_doctor::Kept;
use agora_home::Claim;
use agora_receiver::Receiver;
use agora_sending::Sender;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long what is under way may take to be answered after the app began to quit.
const LAST_ANSWERS: Duration = Duration::from_millis(1_500);

/// What all accounts share. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) summaries: Summaries,
    /// Whether the desktop is in do-not-disturb; `None` until it has been asked.
    pub(crate) do_not_disturb: watch::Receiver<Option<DoNotDisturb>>,
    /// Changes each time that the machine woke, or its clock was set.
    pub(crate) woke: watch::Sender<u64>,
    pub(crate) window: Window,
    pub(crate) tasks: Tasks,
    pub(crate) quit: Quit,
}

/// One account that runs. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    pub(crate) name: AccountName,
    /// In this run of the app no other has it.
    pub(crate) number: u64,
    pub(crate) receiver: Receiver,
    pub(crate) choices: Choices,
    pub(crate) sender: Sender,
    pub(crate) notices: Notices,
    /// The window's own, where that is another program.
    #[cfg(target_os = "linux")]
    pub(crate) announcements: Announcements,
    pub(crate) diagnostics: Diagnostics,
    /// What people call it.
    pub(crate) label: watch::Sender<Option<String>>,
    /// Those of this account alone.
    pub(crate) tasks: Tasks,
    /// For as long as it runs: `agora listen` then takes another client id.
    _claim: Option<Arc<Claim>>,
}

/// Disconnects an account for a while, or connects it again.
pub(crate) async fn pause(receiver: &Receiver, choice: PauseChoice) {
    const MINUTE: Duration = Duration::from_mins(1);
    match choice {
        PauseChoice::HalfHour => receiver.pause(Some(30 * MINUTE)).await,
        PauseChoice::TwoHours => receiver.pause(Some(120 * MINUTE)).await,
        PauseChoice::UntilConnected => receiver.pause(None).await,
        PauseChoice::Off => receiver.resume().await,
    }
}

impl Running {
    /// Sets it going with the saved choices. `unread`: why they couldn't be read, if so.
    pub(super) fn start(
        accounts: Arc<Accounts>,
        preferences: Preferences,
        unread: Option<String>,
        shared: &Shared,
    ) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let name = accounts.name().clone();
        let claim = claim(&accounts);
        let label = watch::Sender::new(accounts.label());
        // Of the demo nothing is left.
        let kept = (!accounts.is_demo()).then(|| Kept::path(&accounts.files().inbox));
        let journal = KeptJournal::open(kept);
        let sender = Sender::new(accounts.clone());
        let receiver = Receiver::start(accounts.clone(), accounts, preferences.choices());
        let choices = Choices::new(receiver.clone(), preferences);
        let (notices, tasks) = (Notices::new(), shared.tasks.branch());
        let (announcements, announced) = Announcements::new();
        let (tell, quiet) = watch::channel(None);
        tasks.spawn(desk::watch_quiet(
            tell,
            choices.subscribe(),
            shared.do_not_disturb.clone(),
            shared.woke.subscribe(),
        ));
        let app = toasts::App {
            account: name.clone(),
            receiver: receiver.clone(),
            choices: choices.clone(),
            summaries: shared.summaries.clone(),
            #[cfg(target_os = "linux")]
            notices: notices.clone(),
            do_not_disturb: shared.do_not_disturb.clone(),
            quiet,
            window: shared.window.clone(),
            tasks: tasks.clone(),
            #[cfg(target_os = "linux")]
            quit: shared.quit.clone(),
        };
        tasks.spawn(desk::watch_files(notices.clone(), receiver.clone(), choices.clone(), unread));
        tasks.spawn_to_its_end(|end| toasts::run(app, announced, end));
        tasks.spawn(desk::watch_session(receiver.clone(), announcements.clone()));
        tasks.spawn(desk::watch_echoes(receiver.clone(), sender.clone()));
        let diagnostics = Diagnostics::new(journal.clone());
        tasks.spawn_to_its_end(|end| journal.run(receiver.clone(), end));
        let summaries = shared.summaries.clone();
        tasks.spawn(desk::summarise(number, receiver.clone(), label.clone(), summaries));
        Self {
            name,
            number,
            receiver,
            choices,
            sender,
            notices,
            #[cfg(target_os = "linux")]
            announcements,
            diagnostics,
            label,
            tasks,
            _claim: claim,
        }
    }

    /// Ends it alone, with its goodbye to the market.
    pub(super) async fn end(&self) {
        self.diagnostics.journal.keep_no_longer().await;
        self.tasks.cut();
        self.shut_down().await;
    }

    /// Nothing more is sent, and the market is left.
    pub(super) async fn shut_down(&self) {
        // What isn't answered by then may have been delivered, as the next start finds.
        let sent = timeout(LAST_ANSWERS, self.sender.shut_down());
        let _ = tokio::join!(sent, self.receiver.shut_down());
    }
}

fn claim(accounts: &Accounts) -> Option<Arc<Claim>> {
    match Claim::take(accounts.files()) {
        Ok(Some(claim)) => return Some(Arc::new(claim)),
        Ok(None) => tracing::warn!("another program receives under this client id too"),
        Err(error) => tracing::warn!(%error, "no claim to this client id can be made"),
    }
    None
}
