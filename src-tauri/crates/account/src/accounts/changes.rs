//! How the account is changed: its token in the keyring first, so that the settings never name one
//! that isn't there, then the settings. What fails on the way is undone.
//!
//! The keyring may take its time, so the settings are read again for the writing, and only the
//! account's own fields are changed: what was chosen in the window meanwhile stays.

use super::{Patience, Remembered};
use crate::{
    Account, AccountError, Accounts, Credential, Lost, Settings, SettingsError, TokenChange,
    TokenPlace,
};
use agora_client::Tokens;
use agora_home::settings;
use std::io;
use tokio::task::spawn_blocking;

impl Accounts {
    /// Saves an account. One change at a time: another waits for it, the keyring's time included.
    pub async fn save(&self, account: Account, token: TokenChange) -> Result<(), AccountError> {
        self.save_as(account, token, None, None).await
    }

    /// The same, with what the market says the person is, and what they call themselves.
    pub(super) async fn save_as(
        &self,
        account: Account,
        token: TokenChange,
        role: Option<String>,
        label: Option<String>,
    ) -> Result<(), AccountError> {
        let _turn = self.turn.lock().await;
        if let Some(other) = self.same_elsewhere(&account) {
            return Err(AccountError::AlreadyHere(other));
        }
        let settings = settings::read_or_empty::<Settings>(&self.files.settings)?;
        let before = Self::saved(&settings);
        let is_same_person = before.as_ref().is_some_and(|it| it.shares_token_with(&account));
        let keeps_role = matches!(token, TokenChange::Keep) && is_same_person;
        let token = match (token, &before) {
            (TokenChange::Keep, Some(before)) if *before != account => {
                self.kept(before, &account).await?
            }
            (TokenChange::Keep, None) => TokenChange::Remove,
            (token, _) => token,
        };
        let place = match &token {
            TokenChange::Keep => settings.token,
            TokenChange::Remove => TokenPlace::None,
            TokenChange::Memory(_) => TokenPlace::Memory,
            TokenChange::Keyring(_) => TokenPlace::Keyring,
        };
        let in_keyring = match &token {
            TokenChange::Keyring(token) => Some((&account, Some(token.clone()))),
            _ => None,
        };
        let Account { base, client_id } = account.clone();
        let label = label.or_else(|| Some(client_id.user_id()?.as_str().to_owned()));
        self.change_token_and_settings(in_keyring, move |settings| {
            settings.base_url = Some(base);
            settings.client_id = Some(client_id);
            settings.token = place;
            if !keeps_role {
                settings.role = role;
            }
            if !is_same_person || settings.label.is_none() {
                settings.label = label;
            }
        })
        .await?;
        let stale = before.filter(|before| {
            settings.token == TokenPlace::Keyring
                && (*before != account || place != TokenPlace::Keyring)
        });
        match token {
            TokenChange::Keep => {}
            TokenChange::Memory(tokens) => {
                self.remember(Some(Remembered { account, tokens, owed: None }));
            }
            TokenChange::Remove | TokenChange::Keyring(_) => self.remember(None),
        }
        self.delete_token(stale).await;
        Ok(())
    }

    /// Forgets the account and its token. The inbox, what people call the account and the device id stay.
    pub async fn forget(&self) -> Result<(), AccountError> {
        let _turn = self.turn.lock().await;
        let settings = settings::read_or_empty::<Settings>(&self.files.settings)?;
        let account = Self::saved(&settings).filter(|_| settings.token == TokenPlace::Keyring);
        let in_keyring = account.as_ref().map(|account| (account, None));
        self.change_token_and_settings(in_keyring, |settings| {
            settings.base_url = None;
            settings.client_id = None;
            settings.token = TokenPlace::None;
            settings.role = None;
        })
        .await?;
        self.remember(None);
        Ok(())
    }

    /// Reads the settings, changes and writes them, with no other program in between.
    async fn change_settings(
        &self,
        change: impl FnOnce(&mut Settings) + Send + 'static,
    ) -> Result<(), SettingsError> {
        let file = self.files.settings.clone();
        let changed = spawn_blocking(move || settings::change(&file, change)).await;
        // It ended without an answer only where the runtime does.
        let changed = changed.unwrap_or_else(|error| {
            Err(SettingsError::Write(self.files.settings.clone(), io::Error::other(error)))
        });
        self.written(changed)
    }

    /// Puts the token of an account into the keyring, or removes it, and changes the settings;
    /// both or neither.
    async fn change_token_and_settings(
        &self,
        in_keyring: Option<(&Account, Option<Tokens>)>,
        change: impl FnOnce(&mut Settings) + Send + 'static,
    ) -> Result<(), AccountError> {
        let former = match in_keyring {
            Some((account, token)) => {
                let name = account.name();
                let former = self.keyring.replace(&name, token).await?;
                Some((name, former))
            }
            None => None,
        };
        let Err(error) = self.change_settings(change).await else { return Ok(()) };
        if let Some((name, former)) = former
            && let Err(error) = self.keyring.replace(&name, former).await
        {
            tracing::warn!(%error, "the settings were not written, and the keyring can't be put back");
        }
        Err(error.into())
    }

    /// What keeping the token means when the account changes. A token that can't be read now is
    /// not dropped for it: the change has to wait.
    async fn kept(&self, before: &Account, account: &Account) -> Result<TokenChange, AccountError> {
        if !before.shares_token_with(account) {
            return Ok(TokenChange::Remove);
        }
        match self.kept_credential(before, Patience::Asking).await {
            Credential::Keyring(token) => Ok(TokenChange::Keyring(token)),
            Credential::Memory(token) => Ok(TokenChange::Memory(token)),
            Credential::Lost(Lost::Keyring(error)) => Err(error.into()),
            Credential::None | Credential::Environment(_) | Credential::Lost(Lost::Forgotten) => {
                Ok(TokenChange::Remove)
            }
        }
    }

    /// Removes the token of an account that is no longer ours. It is nobody's key any more, so a
    /// keyring that won't is no reason to undo what was saved.
    async fn delete_token(&self, account: Option<Account>) {
        if let Some(account) = account
            && let Err(error) = self.keyring.replace(&account.name(), None).await
        {
            tracing::warn!(%error, "the former account's token stays in the keyring");
        }
    }
}
