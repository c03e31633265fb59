//! From an account to a running stream: the credential, its one renewal, and where to resume.

use super::{Actor, Done};
use crate::account::{AccountState, TokenState};
use crate::keeping::{Keeping, Trouble};
use crate::status::{SignedOut, Status};
use crate::stream::Stream;
use agora_account::{Account, Credential};
use agora_client::{Endpoint, Token};
use agora_inbox::Inbox;

impl Actor {
    /// Looks the account up and sets out to connect: the credential may take a while, so it is
    /// asked for beside the mailbox.
    pub(super) fn begin(&mut self) {
        self.account = self.accounts.account().unwrap_or_else(|error| {
            tracing::error!(%error, "the settings can't be read");
            self.trouble(Some(Trouble::Settings(error.to_string())));
            None
        });
        let state = |account| AccountState { account, token: TokenState::Unknown };
        self.outputs.account.send_replace(self.account.clone().map(state));
        self.refreshed = false;
        let Some(account) = self.account.clone() else {
            return self.say(Status::SignedOut(SignedOut::NoAccount));
        };
        if self.inbox.is_none() {
            return self.say(Status::NoInbox);
        }
        if self.paused {
            return self.say(Status::Paused);
        }
        self.say(Status::Connecting);
        let accounts = self.accounts.clone();
        self.beside.spawn(async move {
            let credential = accounts.credential(&account).await;
            Done::Credential(account, credential)
        });
    }

    /// Connects, now that the credential is known.
    pub(super) async fn look_at(&mut self, account: Account, credential: &Credential) {
        if !self.still_wants(&account) {
            return;
        }
        let token = TokenState::of(credential);
        self.outputs.account.send_replace(Some(AccountState { account: account.clone(), token }));
        if matches!(credential, Credential::Lost(_)) {
            return self.say(Status::SignedOut(SignedOut::NoToken));
        }
        self.connect(account, credential.token().cloned()).await;
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
        let (refresh, stale) = (self.refresh.clone(), self.token.clone());
        self.beside.spawn(async move {
            let token = refresh.refresh(&account, stale.as_ref()).await;
            Done::Refreshed(account, token)
        });
    }

    /// Connects with the renewed credential; without one, the refusal stands until someone acts.
    pub(super) async fn go_on(&mut self, account: Account, token: Option<Token>) {
        let refusal = self.refused.take();
        if !self.still_wants(&account) {
            return;
        }
        match (token, refusal) {
            (Some(token), _) => self.connect(account, Some(token)).await,
            (None, Some(refusal)) => self.say(refusal),
            (None, None) => {}
        }
    }

    /// Whether nothing else has come up while something was looked up for this account.
    fn still_wants(&self, account: &Account) -> bool {
        self.account.as_ref() == Some(account) && !self.paused && self.stream.is_none()
    }

    pub(super) async fn connect(&mut self, account: Account, token: Option<Token>) {
        let Some(inbox) = self.inbox.clone() else { return };
        let cursor = self.resume(inbox, account.name()).await;
        let endpoint =
            Endpoint { base: account.base, client_id: account.client_id, token: token.clone() };
        self.token = token;
        self.stream = Some(Stream::start(endpoint, cursor));
    }

    /// Makes ready to keep what `source` sends, and says where its stream is to be resumed. What an
    /// earlier connection could not yet keep stays in line.
    pub(super) async fn resume(&mut self, inbox: Inbox, source: String) -> Option<String> {
        if let Some(keeping) = self.keeping.as_ref().filter(|keeping| keeping.source() == source) {
            return keeping.cursor().map(ToOwned::to_owned);
        }
        self.give_up_waiting();
        let cursor = inbox.last_event_id(source.clone()).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the stream's cursor can't be read");
            None
        });
        self.keeping = Some(Keeping::new(inbox, source, cursor.clone()));
        cursor
    }

    /// Says so when alerts can wait no longer for an inbox that takes them.
    pub(super) fn give_up_waiting(&mut self) {
        if let Some(lost) = self.keeping.take().map(|keeping| keeping.waiting()).filter(|n| *n > 0)
        {
            tracing::error!(lost, "alerts are lost: the inbox could not keep them");
        }
    }
}
