//! From an account to a running stream: the credential, its one renewal, and where to resume.

use super::catching_up::CatchingUp;
use super::telling::Telling;
use super::{Actor, Done};
use crate::account::{AccountState, TokenState};
use crate::keeping::{Keeping, Trouble};
use crate::status::{SignedOut, Status};
use crate::stream::Stream;
use agora_account::{Account, Credential, KeyringError, Lost};
use agora_client::connection::Control;
use agora_client::{Endpoint, Token};
use std::time::Duration;
use tokio::time::sleep;

/// How long to wait before another look at an inbox that can't be read.
const AGAIN: Duration = Duration::from_secs(5);

impl Actor {
    /// Looks the account up and sets out to connect: the credential may take a while, so it is
    /// asked for beside the mailbox.
    pub(super) fn begin(&mut self) {
        self.know_account();
        self.refreshed = false;
        self.refused = None;
        let Some(account) = self.account.clone() else {
            self.lookup += 1;
            self.looking = false;
            self.token = None;
            if let Some(asking) = self.asking.take() {
                asking.abort();
            }
            return self.say(Status::SignedOut(SignedOut::NoAccount));
        };
        self.say(match self.keeping {
            None => Status::NoInbox,
            Some(_) if self.paused => Status::Paused,
            Some(_) => Status::Connecting,
        });
        self.look_up(account);
    }

    /// Looks up whose account it is, and tells it.
    pub(super) fn know_account(&mut self) {
        let account = self.accounts.account();
        let wrong = account.as_ref().err().map(ToString::to_string);
        if let Some(error) = &wrong {
            tracing::error!(error, "the settings can't be read");
        }
        self.outputs.settings.send_replace(wrong);
        let before = std::mem::replace(&mut self.account, account.unwrap_or_default());
        if before.map(|account| account.mailbox()) != self.account.as_ref().map(Account::mailbox) {
            self.call_off();
            self.catching_up = CatchingUp::default();
            self.telling = Telling::default();
        }
        self.tell_account();
    }

    /// Tells whose account it is; where its token is stays as known until it is looked up.
    fn tell_account(&self) {
        self.outputs.account.send_modify(|state| {
            let known = state.take().filter(|state| Some(&state.account) == self.account.as_ref());
            let unknown = |account| AccountState { account, token: TokenState::Unknown };
            *state = known.or_else(|| self.account.clone().map(unknown));
        });
    }

    fn tell_token(&self, account: &Account, credential: &Credential) {
        let state = AccountState { account: account.clone(), token: TokenState::of(credential) };
        self.outputs.account.send_replace(Some(state));
    }

    fn look_up(&mut self, account: Account) {
        self.lookup += 1;
        self.looking = true;
        let (number, accounts) = (self.lookup, self.accounts.clone());
        self.ask(async move {
            let credential = accounts.credential(&account).await;
            Done::Credential(number, account, credential)
        });
    }

    /// Asks for a credential beside the mailbox. Who asked before, and may wait for a locked keyring
    /// for days, is not waited for any more.
    fn ask(&mut self, asked: impl Future<Output = Done> + Send + 'static) {
        let asking = self.beside.spawn(asked);
        if let Some(former) = self.asking.replace(asking) {
            former.abort();
        }
    }

    /// The credential is known now, or it is known that the keyring is locked.
    pub(super) async fn look_at(&mut self, account: Account, credential: Credential) {
        self.looking = false;
        if let Credential::Lost(Lost::Keyring(KeyringError::Locked)) = credential {
            self.wait_for_keyring(account.clone());
        }
        self.sign_in(account, credential).await;
    }

    /// Tells where the credential is, and connects with it if that is still wanted.
    pub(super) async fn sign_in(&mut self, account: Account, credential: Credential) {
        self.tell_token(&account, &credential);
        if !self.wants_stream() {
            return;
        }
        if matches!(credential, Credential::Lost(_)) {
            return self.say(Status::SignedOut(SignedOut::NoToken));
        }
        self.connect(account, credential.token().cloned()).await;
    }

    /// Goes on by itself when the person has unlocked the keyring.
    fn wait_for_keyring(&mut self, account: Account) {
        let (number, accounts) = (self.lookup, self.accounts.clone());
        self.ask(async move {
            let credential = accounts.credential_when_unlocked(&account).await;
            Done::Unlocked(number, account, credential)
        });
    }

    /// The market refused the credential: renews it, once.
    pub(super) fn renew(&mut self, refusal: Status) {
        let account = self.account.clone();
        let (false, Some(account)) = (self.refreshed, account) else {
            return self.say(refusal);
        };
        self.refreshed = true;
        self.say(Status::Connecting);
        self.refused = Some(refusal);
        self.lookup += 1;
        let (number, refresh, stale) = (self.lookup, self.refresh.clone(), self.token.clone());
        self.beside.spawn(async move {
            let credential = refresh.refresh(&account, stale.as_ref()).await;
            Done::Refreshed(number, account, credential)
        });
    }

    /// Connects with the renewed credential; without one, the refusal stands until someone acts.
    pub(super) async fn go_on(&mut self, account: Account, credential: Option<Credential>) {
        let refusal = self.refused.take();
        if let Some(credential) = &credential {
            self.tell_token(&account, credential);
        }
        if !self.wants_stream() {
            return;
        }
        match (credential, refusal) {
            (Some(credential), _) => self.connect(account, credential.token().cloned()).await,
            (None, Some(refusal)) => self.say(refusal),
            (None, None) => {}
        }
    }

    /// Whether there is to be a stream that isn't there yet.
    pub(super) fn wants_stream(&self) -> bool {
        let is_there = self.stream.is_some() || self.leaving;
        self.account.is_some() && self.keeping.is_some() && !self.paused && !is_there
    }

    async fn connect(&mut self, account: Account, token: Option<Token>) {
        let Some(keeping) = &mut self.keeping else { return };
        if !keeping.has_room() {
            // Goes on when what waits is kept.
            return self.say(Status::NoInbox);
        }
        let cursor = match keeping.resume(account.name(), account.mailbox()).await {
            Ok(cursor) => cursor,
            Err(error) => {
                tracing::error!(%error, "the stream's cursor can't be read");
                self.trouble(Some(Trouble::of_store(&error)));
                self.try_again();
                return self.say(Status::NoInbox);
            }
        };
        let endpoint =
            Endpoint { base: account.base, client_id: account.client_id, token: token.clone() };
        self.token = token;
        let stream = Stream::start(endpoint, cursor);
        if self.offline {
            stream.control(Control::NetworkLost);
        }
        self.stream = Some(stream);
    }

    fn try_again(&mut self) {
        let number = self.lookup;
        self.beside.spawn(async move {
            sleep(AGAIN).await;
            Done::Again(number)
        });
    }

    /// Whether alerts that wait keep the stream from being opened.
    pub(super) fn waits_for_room(&self) -> bool {
        let has_room = self.keeping.as_ref().is_some_and(Keeping::has_room);
        self.status == Status::NoInbox && has_room && self.wants_stream()
    }
}
