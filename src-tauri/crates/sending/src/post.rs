//! One request for one line: written down before it leaves, and how it ended after. It owns the token that
//! requests go with, and what each answer means for the line.

use crate::To;
use agora_account::{Account, Accounts, Credential, Lost, Renewal, SettingsError};
use agora_client::{CallError, Market, Message, SetupError, Token};
use agora_ledger::{Ended, Ledger, LedgerError, Outcome, SendingId};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The member of a body that holds its reference: random, another for each request, so that it is known
/// when our own stream brings it back.
pub const REFERENCE: &str = "agoraReference";

/// Why a message wasn't accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// What came of the request.
    #[error(transparent)]
    Call(#[from] CallError),
    /// There is nobody to send as. Nothing left.
    #[error("there is no account to send with")]
    NoAccount,
    /// The account can't be read. Nothing left.
    #[error(transparent)]
    Account(#[from] SettingsError),
    /// The token isn't to be had. Nothing left.
    #[error("the token is not to be had{}", .0.as_ref().map_or_else(String::new, |why| format!(": {why}")))]
    NoToken(Option<String>),
    /// No request can be made. Nothing left.
    #[error("nothing was sent")]
    Setup(#[from] SetupError),
    /// It can't be written down that it leaves, so nothing did.
    #[error("nothing was sent, since it can't be written down")]
    Ledger(#[from] LedgerError),
}

/// Requests as one account.
#[derive(Debug)]
pub(crate) struct Post {
    accounts: Arc<Accounts>,
    account: Account,
    with: Mutex<With>,
}

#[derive(Debug, Clone)]
struct With {
    token: Option<Token>,
    market: Market,
}

/// What is given a second try when it is refused as a whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Again {
    /// Where the market doesn't take the token.
    pub(crate) token: bool,
    /// Where it asks to wait.
    pub(crate) time: bool,
}

/// What came of a request.
pub(crate) struct Tried {
    pub(crate) ended: Ended,
    pub(crate) result: Result<(), CallError>,
    /// The token that it went with.
    pub(crate) token: Option<Token>,
}

impl Post {
    pub(crate) async fn of(accounts: Arc<Accounts>, account: Account) -> Result<Self, SendError> {
        let token = match accounts.credential(&account).await {
            Credential::Lost(Lost::Keyring(error)) => {
                return Err(SendError::NoToken(Some(error.to_string())));
            }
            Credential::Lost(Lost::Forgotten) => return Err(SendError::NoToken(None)),
            credential => credential.token().cloned(),
        };
        let market = Market::new(account.base.clone(), token.clone())?;
        Ok(Self { accounts, account, with: Mutex::new(With { token, market }) })
    }

    /// Gets another token in place of one that the market refused. Whether there is one.
    pub(crate) async fn renew(&self, stale: Option<&Token>) -> Result<bool, SendError> {
        if self.with().token.as_ref() != stale {
            return Ok(true);
        }
        match self.accounts.renew(&self.account, stale).await {
            Renewal::Found(credential) if credential.token().is_some() => {
                let token = credential.token().cloned();
                let market = Market::new(self.account.base.clone(), token.clone())?;
                *self.with.lock().unwrap_or_else(PoisonError::into_inner) = With { token, market };
                Ok(true)
            }
            // Asking for a token sent no message.
            Renewal::Later(error) => Err(CallError::NotSent { reason: error.reason() }.into()),
            _ => Ok(false),
        }
    }

    /// Sends one line's message. It stands in the ledger before it leaves, and its outcome after.
    pub(crate) async fn attempt(
        &self,
        ledger: &Ledger,
        (id, number): (SendingId, u32),
        (to, message): (&To, &Message),
        again: Again,
        reference: &str,
    ) -> Result<Tried, LedgerError> {
        ledger.about_to_send(id, number, reference.to_owned(), now()).await?;
        let With { token, market } = self.with();
        let message = message.with_text(REFERENCE, reference);
        let result = match to {
            To::Everyone => market.broadcast(&message).await,
            To::User(user) => market.send_to_user(user, &message).await,
        };
        let ended = ended(&result, again);
        ledger.ended(id, number, ended.clone(), now()).await?;
        Ok(Tried { ended, result, token })
    }

    fn with(&self) -> With {
        self.with.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Tried {
    /// Whether another token may help.
    pub(crate) fn wants_token(&self) -> bool {
        self.result.as_ref().is_err_and(|error| error.status() == Some(401))
    }

    /// Whether the market asks to wait.
    pub(crate) fn asks_to_wait(&self) -> bool {
        self.result.as_ref().is_err_and(asks_to_wait)
    }

    /// How long, where it says so.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.result.as_ref().err().and_then(CallError::retry_after)
    }
}

/// What an answer means for the line.
fn ended(result: &Result<(), CallError>, again: Again) -> Ended {
    let Err(error) = result else {
        // The market's one yes: 200 with an empty body.
        return Ended { outcome: Outcome::Accepted, status: Some(200), why: None };
    };
    let outcome = match error {
        CallError::Refused(refusal) if refusal.status == 401 && again.token => Outcome::NotTried,
        _ if asks_to_wait(error) && again.time => Outcome::NotTried,
        CallError::Refused(_) => Outcome::Refused,
        CallError::NotSent { .. } => Outcome::NotSent,
        _ => Outcome::Maybe,
    };
    let why = match error {
        CallError::Refused(refusal) => refusal.message.clone(),
        error => Some(error.reason().to_string()),
    };
    Ended { outcome, status: error.status(), why }
}

fn asks_to_wait(error: &CallError) -> bool {
    let CallError::Refused(refusal) = error else { return false };
    refusal.status == 429 || (refusal.status == 503 && refusal.retry_after.is_some())
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// One that nobody can guess.
pub(crate) fn new_reference() -> String {
    format!("{:032x}", rand::random::<u128>())
}
