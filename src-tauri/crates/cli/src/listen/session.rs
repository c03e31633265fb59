//! Whose stream it is: the token is renewed before its time is over, and when the market refuses it.

use crate::output::say;
use crate::signals::{Asked, Signals};
use agora_account::{Account, Accounts, Renewal};
use agora_client::connection::Target;
use jiff::Timestamp;
use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;
use tokio::time::sleep;

/// The time to the next try of a renewal that came to nothing.
const AGAIN: Duration = Duration::from_secs(30);

/// The account's session with the market.
pub(super) struct Session {
    pub(super) accounts: Accounts,
    pub(super) account: Account,
    /// The stream's, which goes with the renewed token from its next connect on.
    pub(super) target: Target,
}

impl Session {
    /// Renews the token before its time is over, as long as it can be.
    pub(super) async fn stay_signed_in(&self) -> Infallible {
        loop {
            let credential = self.accounts.credential(&self.account).await;
            let tokens = credential.tokens();
            let due = tokens.and_then(|it| it.renew_at(Timestamp::now(), rand::random()));
            let Some(due) = due else { return pending().await };
            let wait = due.duration_since(Timestamp::now());
            sleep(Duration::try_from(wait).unwrap_or_default()).await;
            match self.renew().await {
                Renewal::Found(_) => {}
                Renewal::Later(_) => sleep(AGAIN).await,
                Renewal::Over(_) | Renewal::Impossible => return pending().await,
            }
        }
    }

    /// The market has refused the token: whether there is another by now. A market that doesn't answer is
    /// asked again, until there is a signal to leave.
    pub(super) async fn has_another_token(&self, signals: &mut Signals) -> bool {
        loop {
            match self.renew().await {
                Renewal::Found(credential) => return credential.token().is_some(),
                Renewal::Over(_) | Renewal::Impossible => return false,
                Renewal::Later(error) => {
                    let wait = AGAIN.as_secs();
                    say(format!("the token can't be renewed: {error}; again in {wait} s"));
                }
            }
            tokio::select! {
                () = sleep(AGAIN) => {}
                Asked::Leave = signals.next() => return false,
                else => {}
            }
        }
    }

    async fn renew(&self) -> Renewal {
        let renewal = self.accounts.renew(&self.account, self.target.token().as_ref()).await;
        if let Renewal::Found(credential) = &renewal
            && let Some(token) = credential.token()
        {
            self.target.renew(token.clone());
        }
        renewal
    }
}
