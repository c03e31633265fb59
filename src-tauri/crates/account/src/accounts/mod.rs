//! One of the home's accounts: read from the environment, the settings and the keyring. How it is
//! saved and forgotten is in `changes`, how a person signs in and stays so in `signing_in`.

mod changes;
pub(crate) mod signing_in;
#[cfg(test)]
mod signing_in_tests;
#[cfg(test)]
mod tests;

use crate::device::device_id_in;
use crate::keyring::Keyring;
use crate::{
    Account, AccountError, AccountName, Credential, Environment, Files, KeyringError, Lost,
    Settings, SettingsError, TokenPlace,
};
use agora_client::{BaseUrl, DeviceId, Tokens};
use agora_home::settings::{self, SetAside};
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The market's address where nobody gave another.
const DEFAULT_BASE_URL: &str = "https://agoramarketapi.onrender.com/api";

/// The market's word for an administrator (`LoginResult.defaultHomePage`, `UserInfo.role`).
const ADMINISTRATOR: &str = "ADMIN";

/// One of the home's accounts, on its disk and in its keyring.
#[derive(Debug)]
pub struct Accounts {
    files: Files,
    environment: Environment,
    keyring: Arc<Keyring>,
    memory: Mutex<Option<Remembered>>,
    /// Held while the account is saved or forgotten, the keyring's time included.
    turn: tokio::sync::Mutex<()>,
    /// Held while a token is renewed.
    renewing: tokio::sync::Mutex<()>,
    /// The settings that were set aside for new ones last.
    set_aside: watch::Sender<Option<SetAside>>,
}

/// Tokens that are in this program's memory alone.
#[derive(Debug, Clone)]
struct Remembered {
    account: Account,
    tokens: Tokens,
    /// What they are to take the place of in the keyring, once it takes them: it refused them. `None`:
    /// the person agreed to it.
    owed: Option<Tokens>,
}

/// How the keyring is asked.
#[derive(Debug, Clone, Copy)]
enum Patience {
    /// It has ten seconds, and may ask the person to unlock it.
    Asking,
    /// It has ten seconds, and asks nobody.
    Quiet,
    /// It asks nobody, and is waited for until it gives what it has.
    Unlimited,
}

impl Accounts {
    /// A handle; nothing is read yet.
    pub fn new(files: Files, environment: Environment) -> Self {
        Self {
            files,
            environment,
            keyring: Arc::new(Keyring::of_system()),
            memory: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            renewing: tokio::sync::Mutex::default(),
            set_aside: watch::Sender::default(),
        }
    }

    /// A handle on another account of the same home, of which the environment says nothing. They ask the
    /// keyring one after the other, so that it puts one prompt on the screen.
    #[must_use]
    pub fn beside(&self, account: &AccountName) -> Self {
        let environment = Environment { home: self.environment.home.clone(), ..Default::default() };
        let keyring = self.keyring.clone();
        Self { keyring, ..Self::new(self.files.of(account), environment) }
    }

    /// Which of the home's accounts it is.
    pub fn name(&self) -> &AccountName {
        &self.files.account
    }

    /// The places of the files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The address of the market where nobody gave another.
    ///
    /// # Panics
    /// Never: the address is part of the program, and a test reads it.
    pub fn default_base_url() -> BaseUrl {
        BaseUrl::parse(DEFAULT_BASE_URL).expect("the default is a good URL: a test reads it")
    }

    /// The account, where there is one: the environment's parts go before the settings'.
    pub fn account(&self) -> Result<Option<Account>, SettingsError> {
        let Environment { base_url, client_id, .. } = &self.environment;
        let settings = match Settings::read(&self.files.settings) {
            // An account that the environment gives whole needs no settings.
            Err(_) if client_id.is_some() => Settings::default(),
            other => other?,
        };
        let Some(client_id) = client_id.clone().or(settings.client_id) else {
            return Ok(None);
        };
        let base = base_url.clone().or(settings.base_url).unwrap_or_else(Self::default_base_url);
        Ok(Some(Account { base, client_id }))
    }

    /// What there is to identify `account` with. Somebody is there: a keyring that is locked may ask them
    /// to unlock it. [`KeyringError::Locked`] where it has not answered after ten seconds: its prompt may
    /// be on the screen.
    pub async fn credential(&self, account: &Account) -> Credential {
        self.credential_with(account, Patience::Asking).await
    }

    /// The same where nobody may be there: no prompt appears, and [`KeyringError::Locked`] comes at once.
    pub async fn credential_quietly(&self, account: &Account) -> Credential {
        self.credential_with(account, Patience::Quiet).await
    }

    /// What there is to identify `account` with, once a keyring gives it without anybody being asked: for
    /// who was told that there is none, or that it is locked. It waits without a limit for a keyring to
    /// come or to be unlocked. Where a prompt is on the screen already, it gives what comes of that, a
    /// [`Lost::Keyring`] too.
    ///
    /// The answer is that of the account as it was asked for: whoever saves or forgets one
    /// meanwhile has to ask again. It may be dropped at any time, and called again: a read that
    /// hangs goes on.
    pub async fn credential_when_unlocked(&self, account: &Account) -> Credential {
        self.credential_with(account, Patience::Unlimited).await
    }

    async fn credential_with(&self, account: &Account, patience: Patience) -> Credential {
        match &self.environment.token {
            Some(token) => Credential::Environment(token.clone()),
            None => self.kept_credential(account, patience).await,
        }
    }

    /// What was kept to identify `account` with, whatever the environment says.
    async fn kept_credential(&self, account: &Account, patience: Patience) -> Credential {
        if let Some(token) = self.remembered(account) {
            return Credential::Memory(token);
        }
        let settings = Settings::read(&self.files.settings).unwrap_or_default();
        if Self::saved(&settings).as_ref() != Some(account) {
            return Credential::None;
        }
        match settings.token {
            TokenPlace::None => Credential::None,
            TokenPlace::Memory => Credential::Lost(Lost::Forgotten),
            TokenPlace::Keyring => match self.token_in_keyring(account, patience).await {
                Ok(Some(token)) => Credential::Keyring(token),
                Ok(None) => Credential::Lost(Lost::Forgotten),
                Err(error) => Credential::Lost(Lost::Keyring(error)),
            },
        }
    }

    /// This device's id: made once, then kept for good. Reads and may write a small file.
    pub fn device_id(&self) -> Result<DeviceId, AccountError> {
        device_id_in(&self.files.device_id)
    }

    /// Whether the market said at the sign-in that the person is an administrator. Of one whom the environment
    /// names nothing is known. It reads a small file.
    pub fn administers(&self) -> bool {
        let settings = Settings::read(&self.files.settings).unwrap_or_default();
        let is_saved_one = self.account().ok().flatten() == Self::saved(&settings);
        let role = settings.role.filter(|_| is_saved_one && self.environment.token.is_none());
        role.is_some_and(|role| role.eq_ignore_ascii_case(ADMINISTRATOR))
    }

    /// What people call this account, where it has a name.
    pub fn label(&self) -> Option<String> {
        Settings::read(&self.files.settings).ok()?.label
    }

    /// What people call it from now on. It blocks the thread, as files do.
    pub fn rename(&self, label: Option<String>) -> Result<(), SettingsError> {
        self.write(|settings| settings.label = label)
    }

    /// Whether it is an account of the demo that the app plays.
    pub fn is_demo(&self) -> bool {
        Settings::read(&self.files.settings).is_ok_and(|settings| settings.demo)
    }

    /// Makes it one. It blocks the thread, as files do.
    pub fn make_demo(&self) -> Result<(), SettingsError> {
        self.write(|settings| settings.demo = true)
    }

    /// What the person chose in the window.
    pub fn preferences(&self) -> Result<Value, SettingsError> {
        Ok(Settings::read(&self.files.settings)?.preferences)
    }

    /// Keeps what the person chose in the window: these choices in the place of the former ones, beside
    /// those that are not among them, such as a newer version's. It waits for no keyring, and an account
    /// that is saved meanwhile keeps what was chosen. It blocks the thread, as files do.
    pub fn save_preferences(&self, chosen: Map<String, Value>) -> Result<(), SettingsError> {
        self.write(|settings| match &mut settings.preferences {
            Value::Object(kept) => kept.extend(chosen),
            nothing => *nothing = Value::Object(chosen),
        })
    }

    /// The settings that had to be set aside for new ones, as long as this handle is there.
    pub fn set_aside(&self) -> watch::Receiver<Option<SetAside>> {
        self.set_aside.subscribe()
    }

    /// Reads the settings, changes and writes them, with no other program in between.
    fn write(&self, change: impl FnOnce(&mut Settings)) -> Result<(), SettingsError> {
        self.written(settings::change(&self.files.settings, change))
    }

    /// Tells of what was set aside for it.
    fn written(&self, done: Result<Option<SetAside>, SettingsError>) -> Result<(), SettingsError> {
        if let Some(aside) = done? {
            self.set_aside.send_replace(Some(aside));
        }
        Ok(())
    }

    /// Writes an entry of its own into the keyring, reads and deletes it, for a check of the desktop.
    pub async fn probe_keyring(&self) -> Result<(), KeyringError> {
        self.keyring.probe().await
    }

    /// Makes the default keyring that [`KeyringError::NoCollection`] misses. The system asks the
    /// person for a password for it, and is waited for as long as that may take.
    pub async fn make_keyring(&self) -> Result<(), KeyringError> {
        self.keyring.make().await
    }

    /// The home's other account that is this one too: the market takes a client's first stream for gone
    /// when a second comes under its id.
    fn same_elsewhere(&self, account: &Account) -> Option<AccountName> {
        let others = self.files.accounts().unwrap_or_default();
        others.into_iter().filter(|name| name != self.name()).find(|name| {
            let settings = Settings::read(&self.files.of(name).settings).unwrap_or_default();
            Self::saved(&settings).as_ref() == Some(account)
        })
    }

    /// The account that the settings hold, without the environment.
    fn saved(settings: &Settings) -> Option<Account> {
        let client_id = settings.client_id.clone()?;
        let base = settings.base_url.clone().unwrap_or_else(Self::default_base_url);
        Some(Account { base, client_id })
    }

    async fn token_in_keyring(
        &self,
        account: &Account,
        patience: Patience,
    ) -> Result<Option<Tokens>, KeyringError> {
        let name = account.name();
        match patience {
            Patience::Asking => self.keyring.get(&name).await,
            Patience::Quiet => self.keyring.get_quietly(&name).await,
            Patience::Unlimited => self.keyring.get_when_unlocked(&name).await,
        }
    }

    fn remembered(&self, account: &Account) -> Option<Tokens> {
        self.in_memory(account).map(|remembered| remembered.tokens)
    }

    fn in_memory(&self, account: &Account) -> Option<Remembered> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.clone().filter(|remembered| remembered.account == *account)
    }

    fn remember(&self, remembered: Option<Remembered>) {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = remembered;
    }
}
