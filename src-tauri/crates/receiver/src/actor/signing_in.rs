//! From an account to a running stream: the credential, and where to resume. How it is renewed is in
//! `renewing`.

use super::read_receipts::ReadReceipts;
use super::session::{Off, Open, Session};
use super::{Actor, Completion};
use crate::account::{AccountState, TokenState};
use crate::ingest::{RETRY, Trouble};
use crate::stream::Stream;
use agora_account::{Account, Credential, KeyringError, Lost};
use agora_client::Endpoint;
use agora_client::connection::Control;
use jiff::Timestamp;
use tokio::task::AbortHandle;
use tokio::time::sleep;

/// The look-up of a credential that counts: whatever others find comes too late.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    number: u64,
    /// What asks for it, or waits for the keyring to be unlocked.
    task: Option<AbortHandle>,
}

impl Lookup {
    /// Whether what was found was looked for with this number.
    pub(super) fn is(&self, number: u64) -> bool {
        self.number == number
    }

    /// Gives up what is asked for.
    pub(super) fn call_off(&mut self) -> u64 {
        if let Some(task) = self.task.take() {
            task.abort();
        }
        self.number += 1;
        self.number
    }
}

impl Actor {
    /// Somebody is there whom the keyring may ask to be unlocked: what waits for that asks them. Who has
    /// said no is not asked again for having come back.
    pub(super) fn attended(&mut self) {
        match self.session {
            // Nothing is found yet, which may come to that.
            Session::Finding | Session::Leaving(_) | Session::Off(Off::Idle) => {
                self.is_attended = true;
            }
            Session::Off(Off::NoToken) if !self.is_denied() => self.begin_asking(),
            _ => {}
        }
    }

    fn is_denied(&self) -> bool {
        let denied = TokenState::OutOfReach(KeyringError::Denied);
        self.outputs.account.borrow().as_ref().is_some_and(|state| state.token == denied)
    }

    /// The same as [`Self::begin`], for somebody who is there: the keyring may ask them to unlock it.
    pub(super) fn begin_asking(&mut self) {
        self.is_attended = true;
        self.begin();
    }

    /// Looks the account up and sets out to connect: the credential may take a while, so it is
    /// asked for beside the actor. While the market is still told that we left, that waits. The keyring
    /// asks nobody, unless somebody is there.
    pub(super) fn begin(&mut self) {
        self.know_account();
        let number = self.lookup.call_off();
        if matches!(self.session, Session::Leaving(_)) {
            return self.publish();
        }
        let Some(account) = self.account.clone() else {
            return self.enter(Session::Off(Off::Idle));
        };
        self.enter(Session::Finding);
        let accounts = self.accounts.clone();
        let asks = std::mem::take(&mut self.is_attended);
        self.ask(async move {
            let credential = if asks {
                accounts.credential(&account).await
            } else {
                accounts.credential_quietly(&account).await
            };
            Completion::Credential(number, account, credential)
        });
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
            if let Some(paying) = self.paying.take() {
                paying.abort();
            }
            self.sync.begin_anew();
            self.receipts = ReadReceipts::default();
        }
        self.tell_account();
    }

    /// Tells whose account it is; where its token is stays as known until it is looked up.
    fn tell_account(&self) {
        self.outputs.account.send_modify(|state| {
            let known = state.take().filter(|state| Some(&state.account) == self.account.as_ref());
            let administers = self.accounts.administers();
            let unknown =
                |account| AccountState { account, token: TokenState::Unknown, administers };
            *state = known.or_else(|| self.account.clone().map(unknown));
        });
    }

    pub(super) fn tell_token(&mut self, account: &Account, credential: &Credential) {
        let state = AccountState {
            account: account.clone(),
            token: TokenState::of(credential),
            administers: self.accounts.administers(),
        };
        self.outputs.account.send_replace(Some(state));
        if self.paying.is_none() && self.accounts.owes_keyring(account) {
            let (accounts, account) = (self.accounts.clone(), account.clone());
            self.paying = Some(self.beside.spawn(async move {
                let paid = accounts.pay_keyring(&account).await;
                Completion::Paid(account, paid)
            }));
        }
    }

    /// The keyring has taken the renewed credential that it refused, or it won't any more.
    pub(super) fn paid(&mut self, account: &Account, paid: Option<Credential>) {
        self.paying = None;
        if let Some(credential) = paid.filter(|_| self.account.as_ref() == Some(account)) {
            self.tell_token(account, &credential);
        }
    }

    /// Asks for a credential beside the actor. It may wait for a locked keyring for days.
    fn ask(&mut self, asked: impl Future<Output = Completion> + Send + 'static) {
        self.lookup.task = Some(self.beside.spawn(asked));
    }

    /// The credential is known now, or it is known that the keyring doesn't give it.
    pub(super) async fn found_credential(&mut self, account: Account, credential: Credential) {
        let is_lost = matches!(credential, Credential::Lost(Lost::Keyring(_)));
        if is_lost {
            self.wait_for_keyring(account.clone());
        }
        self.sign_in(account, credential).await;
        // Somebody has come while it was looked for.
        if is_lost && std::mem::take(&mut self.is_attended) {
            self.attended();
        }
    }

    /// Goes on by itself when a keyring has come, or the person has unlocked it.
    fn wait_for_keyring(&mut self, account: Account) {
        let (number, accounts) = (self.lookup.call_off(), self.accounts.clone());
        self.ask(async move {
            let credential = accounts.credential_when_unlocked(&account).await;
            Completion::Unlocked(number, account, credential)
        });
    }

    /// Tells where the credential is, and connects with it if that is still wanted.
    pub(super) async fn sign_in(&mut self, account: Account, credential: Credential) {
        self.tell_token(&account, &credential);
        if !self.wants_stream() {
            self.enter(Session::Off(Off::Idle));
        } else if matches!(credential, Credential::Lost(_)) {
            self.enter(Session::Off(Off::NoToken));
        } else if credential.tokens().is_some_and(|it| it.is_over(Timestamp::now())) {
            self.renew(None, credential.token().cloned());
        } else {
            self.connect(account, &credential, false).await;
        }
    }

    /// Connects with a credential, or without one.
    pub(super) async fn connect(
        &mut self,
        account: Account,
        credential: &Credential,
        is_renewed: bool,
    ) {
        let Some(ingest) = self.store.ingest_mut().filter(|ingest| ingest.has_room()) else {
            // Goes on when what waits is kept.
            return self.enter(Session::Off(Off::NoRoom));
        };
        let cursor = match ingest.resume(account.name(), account.mailbox()).await {
            Ok(cursor) => cursor,
            Err(error) => {
                tracing::error!(%error, "the stream's cursor can't be read");
                self.trouble(Some(Trouble::of_store(&error)));
                self.begin_later();
                return self.enter(Session::Off(Off::NoRoom));
            }
        };
        let token = credential.token().cloned();
        let renew_at =
            credential.tokens().and_then(|it| it.renew_at(Timestamp::now(), rand::random()));
        let endpoint =
            Endpoint { base: account.base, client_id: account.client_id, token: token.clone() };
        let stream = Stream::start(endpoint, cursor);
        if self.offline {
            stream.control(Control::NetworkLost);
        }
        self.enter(Session::Open(Open { is_renewed, renew_at, ..Open::new(stream, token) }));
    }

    fn begin_later(&mut self) {
        let number = self.lookup.number;
        self.beside.spawn(async move {
            sleep(RETRY).await;
            Completion::BeginAgain(number)
        });
    }
}
