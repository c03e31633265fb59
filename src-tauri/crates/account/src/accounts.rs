//! The account: read from the environment and the settings, changed as a whole.

use crate::keyring::Keyring;
use crate::settings::replace;
use crate::{Environment, Files, KeyringError, Settings, SettingsError, TokenPlace};
use agora_client::{BaseUrl, ClientId, DeviceId, Token};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The market's address where nobody gave another.
const DEFAULT_BASE_URL: &str = "https://agoramarketapi.onrender.com/api";

/// Whose alerts are received, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The market.
    pub base: BaseUrl,
    /// The client id that it knows this device by.
    pub client_id: ClientId,
}

impl Account {
    /// The name of this account's stream in the inbox and of its token in the keyring.
    pub fn name(&self) -> String {
        format!("{} {}", self.base, self.client_id)
    }
}

/// What there is to identify the account with.
#[derive(Debug, Clone)]
pub enum Credential {
    /// No token was ever given; the market may not want one.
    None,
    /// From the keyring.
    Keyring(Token),
    /// From `AGORA_TOKEN`.
    Environment(Token),
    /// From this program's memory.
    Memory(Token),
    /// A token was given, and is not to be had now.
    Lost(Lost),
}

/// Why a token that was given is not to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// It was kept in memory only, by a program that has ended since.
    Forgotten,
    /// The keyring doesn't give it.
    Keyring(KeyringError),
}

impl Credential {
    /// The token, where there is one.
    pub fn token(&self) -> Option<&Token> {
        match self {
            Self::Keyring(token) | Self::Environment(token) | Self::Memory(token) => Some(token),
            Self::None | Self::Lost(_) => None,
        }
    }
}

/// What is to become of the token when an account is saved.
#[derive(Debug, Clone)]
pub enum TokenChange {
    /// It stays, if the market's host and the user are the same; it is nobody else's.
    Keep,
    /// It is removed.
    Remove,
    /// A new one goes to the keyring.
    Keyring(Token),
    /// A new one stays in memory, because the person agreed to it.
    Memory(Token),
}

/// Why the account could not be saved or forgotten. The one from before still holds.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The settings file.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The device id.
    #[error("the device id {0} can't be read or written")]
    DeviceId(PathBuf, #[source] std::io::Error),
}

/// The account of this device, on its disk and in its keyring.
#[derive(Debug)]
pub struct Accounts {
    files: Files,
    environment: Environment,
    keyring: Keyring,
    memory: Mutex<Option<(Account, Token)>>,
}

impl Accounts {
    /// A handle; nothing is read yet.
    pub fn new(files: Files, environment: Environment) -> Self {
        Self { files, environment, keyring: Keyring::default(), memory: Mutex::new(None) }
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

    /// What there is to identify `account` with.
    pub async fn credential(&self, account: &Account) -> Credential {
        if let Some(token) = &self.environment.token {
            return Credential::Environment(token.clone());
        }
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
            TokenPlace::Keyring => match self.keyring.get(account.name()).await {
                Ok(Some(token)) => Credential::Keyring(token),
                Ok(None) => Credential::Lost(Lost::Forgotten),
                Err(error) => Credential::Lost(Lost::Keyring(error)),
            },
        }
    }

    /// Saves an account: the token first, so that settings never name one that isn't there.
    pub async fn save(&self, account: Account, token: TokenChange) -> Result<(), AccountError> {
        let mut settings = Settings::read_to_change(&self.files.settings)?;
        let before = Self::saved(&settings);
        let token = match (token, &before) {
            (TokenChange::Keep, Some(before)) if *before != account => {
                self.kept(before, &account).await
            }
            (TokenChange::Keep, None) => TokenChange::Remove,
            (token, _) => token,
        };
        let place = match &token {
            TokenChange::Keep => settings.token,
            TokenChange::Remove => TokenPlace::None,
            TokenChange::Memory(_) => TokenPlace::Memory,
            TokenChange::Keyring(token) => {
                self.keyring.set(account.name(), token.clone()).await?;
                TokenPlace::Keyring
            }
        };
        let stale = before.filter(|before| {
            settings.token == TokenPlace::Keyring
                && (*before != account || place != TokenPlace::Keyring)
        });
        settings.base_url = Some(account.base.clone());
        settings.client_id = Some(account.client_id.clone());
        settings.token = place;
        settings.write(&self.files.settings)?;
        match token {
            TokenChange::Keep => {}
            TokenChange::Memory(token) => self.remember(Some((account, token))),
            TokenChange::Remove | TokenChange::Keyring(_) => self.remember(None),
        }
        self.delete_token(stale).await;
        Ok(())
    }

    /// Forgets the account and its token. The inbox and the device id stay.
    pub async fn forget(&self) -> Result<(), AccountError> {
        let mut settings = Settings::read_to_change(&self.files.settings)?;
        if let Some(account) = Self::saved(&settings)
            && settings.token == TokenPlace::Keyring
        {
            self.keyring.delete(account.name()).await?;
        }
        settings.base_url = None;
        settings.client_id = None;
        settings.token = TokenPlace::None;
        settings.write(&self.files.settings)?;
        self.remember(None);
        Ok(())
    }

    /// This device's id: made once, then kept for good. Reads and may write a small file.
    pub fn device_id(&self) -> Result<DeviceId, AccountError> {
        let file = &self.files.device_id;
        let failed = |error| AccountError::DeviceId(file.clone(), error);
        match std::fs::read_to_string(file) {
            Ok(text) => {
                if let Ok(id) = DeviceId::parse(text.trim()) {
                    return Ok(id);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let id = DeviceId::generate();
        replace(file, id.as_str()).map_err(failed)?;
        Ok(id)
    }

    /// What the person chose in the window.
    pub fn preferences(&self) -> Result<Value, SettingsError> {
        Ok(Settings::read(&self.files.settings)?.preferences)
    }

    /// Keeps what the person chose in the window.
    pub fn save_preferences(&self, preferences: Value) -> Result<(), SettingsError> {
        let mut settings = Settings::read_to_change(&self.files.settings)?;
        settings.preferences = preferences;
        settings.write(&self.files.settings)
    }

    /// Asks the keyring whether it answers, for a check of the desktop.
    pub async fn probe_keyring(&self) -> Result<(), KeyringError> {
        self.keyring.get("probe".to_owned()).await.map(drop)
    }

    /// The account that the settings hold, without the environment.
    fn saved(settings: &Settings) -> Option<Account> {
        let client_id = settings.client_id.clone()?;
        let base = settings.base_url.clone().unwrap_or_else(Self::default_base_url);
        Some(Account { base, client_id })
    }

    /// What keeping the token means when the account changes.
    async fn kept(&self, before: &Account, account: &Account) -> TokenChange {
        let same_user = before.client_id.user_id().is_some()
            && before.client_id.user_id() == account.client_id.user_id();
        if !same_user || before.base.host() != account.base.host() {
            return TokenChange::Remove;
        }
        match self.credential(before).await {
            Credential::Keyring(token) => TokenChange::Keyring(token),
            Credential::Memory(token) => TokenChange::Memory(token),
            Credential::None | Credential::Environment(_) | Credential::Lost(_) => {
                TokenChange::Remove
            }
        }
    }

    /// Removes the token of an account that is no longer ours. It is nobody's key any more, so a
    /// keyring that won't is no reason to undo what was saved.
    async fn delete_token(&self, account: Option<Account>) {
        if let Some(account) = account
            && let Err(error) = self.keyring.delete(account.name()).await
        {
            tracing::warn!(%error, "the former account's token stays in the keyring");
        }
    }

    fn remembered(&self, account: &Account) -> Option<Token> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.as_ref().filter(|(owner, _)| owner == account).map(|(_, token)| token.clone())
    }

    fn remember(&self, token: Option<(Account, Token)>) {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }
}
