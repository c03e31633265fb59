//! Sends the test's message to oneself once, and says how that ended. Nothing here repeats a send that may have
//! been taken. What people send is sent elsewhere, and kept.

use crate::Refresh;
use agora_account::{Account, Accounts, Credential, Lost, Renewal};
use agora_client::{CallError, Market, Message, Token, UserId};

/// How a send ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The market accepted it. It doesn't say who received it.
    Accepted,
    /// The market refused it.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The market's own words.
        message: Option<String>,
    },
    /// The answer was lost: it may have been delivered.
    MayHaveBeenDelivered(String),
    /// It never left.
    NotSent(String),
}

/// Sends for the account, with whatever token there is. One that the market doesn't take any more is
/// renewed, and the message sent then: it was refused as a whole.
pub(crate) async fn send(
    accounts: &Accounts,
    refresh: &dyn Refresh,
    account: Option<Account>,
    to: UserId,
    message: Message,
) -> SendOutcome {
    let Some(account) = account else {
        return SendOutcome::NotSent("there is no account to send with".into());
    };
    let token = match accounts.credential(&account).await {
        Credential::Lost(Lost::Keyring(error)) => return SendOutcome::NotSent(error.to_string()),
        Credential::Lost(Lost::Forgotten) => {
            return SendOutcome::NotSent("the token is gone: enter it again".into());
        }
        credential => credential.token().cloned(),
    };
    let refused = match once(&account, token.clone(), &to, &message).await {
        SendOutcome::Refused { status: 401, message } => message,
        outcome => return outcome,
    };
    match refresh.refresh(&account, token.as_ref()).await {
        Renewal::Found(credential) if credential.token().is_some() => {
            once(&account, credential.token().cloned(), &to, &message).await
        }
        Renewal::Later(error) => SendOutcome::NotSent(error.to_string()),
        _ => SendOutcome::Refused { status: 401, message: refused },
    }
}

async fn once(
    account: &Account,
    token: Option<Token>,
    to: &UserId,
    message: &Message,
) -> SendOutcome {
    let market = match Market::new(account.base.clone(), token) {
        Ok(market) => market,
        Err(error) => return SendOutcome::NotSent(error.to_string()),
    };
    market.send_to_user(to, message).await.into()
}

impl From<Result<(), CallError>> for SendOutcome {
    fn from(result: Result<(), CallError>) -> Self {
        match result {
            Ok(()) => Self::Accepted,
            Err(CallError::Refused(refusal)) => {
                Self::Refused { status: refusal.status, message: refusal.message }
            }
            Err(CallError::NotSent { reason }) => Self::NotSent(reason.to_string()),
            Err(error) => Self::MayHaveBeenDelivered(error.to_string()),
        }
    }
}
