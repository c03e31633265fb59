//! The market: it can be reached, is a market, and takes the account's token.

use super::Check;
use crate::identity::NO_ACCOUNT;
use agora_account::{Account, Accounts, Credential};
use agora_client::{BaseUrl, CallError, CallLimits, ClientId, DeviceId, Market, Refusal, Token};
use anyhow::Context;
use std::time::Duration;

const NAME: &str = "market";
/// How long the market may take: a sleeping host needs most of a minute to wake up.
const LIMIT: Duration = Duration::from_secs(75);
/// What to do about a missing or refused token.
pub(super) const TOKEN: &str =
    "give a token with `agora account set --token-stdin`, or set AGORA_TOKEN";

/// Asks the account's market. Only its yes is good.
pub(super) async fn check(accounts: &Accounts) -> Check {
    let account = match accounts.account() {
        Ok(Some(account)) => account,
        Ok(None) => return Check::bad(NAME, "not asked", NO_ACCOUNT),
        Err(error) => {
            let error = anyhow::Error::from(error);
            return Check::bad(NAME, format!("{error:#}"), "set the account anew");
        }
    };
    let credential = accounts.credential(&account).await;
    let answer = ask(&account, credential.token().cloned()).await;
    let base = account.base;
    match answer {
        Ok(Ok(())) if matches!(credential, Credential::Lost(_)) => {
            Check::bad(NAME, format!("{base} answers, but the account's token is gone"), TOKEN)
        }
        Ok(Ok(())) => Check::good(NAME, format!("{base} answers")),
        Ok(Err(CallError::Refused(refusal))) => refused(&base, refusal),
        Ok(Err(
            CallError::NotSent { reason }
            | CallError::NoAnswer { reason }
            | CallError::MayHaveBeenDelivered { reason },
        )) => Check::bad(NAME, reason.to_string(), check_address(&base)),
        Ok(Err(error)) => Check::bad(NAME, error.to_string(), check_address(&base)),
        Err(error) => {
            Check::bad(NAME, format!("{error:#}"), "check the system's certificates and proxy")
        }
    }
}

/// Tells the market that a device is gone that never was: of the four calls that every market has,
/// the only one that does nothing and still checks name, TLS, token and address.
async fn ask(account: &Account, token: Option<Token>) -> anyhow::Result<Result<(), CallError>> {
    let limits = CallLimits { whole: LIMIT, ..CallLimits::default() };
    let market = Market::with_limits(account.base.clone(), token, limits)?;
    Ok(market.disconnect(&nobody(account)?).await)
}

/// A device of the account's user that exists nowhere else.
pub(super) fn nobody(account: &Account) -> anyhow::Result<ClientId> {
    let nobody = DeviceId::generate();
    match account.client_id.user_id() {
        Some(user) => Ok(ClientId::for_device(&user, &nobody)),
        None => ClientId::parse(nobody.as_str()).context("no client id to ask with"),
    }
}

fn refused(base: &BaseUrl, refusal: Refusal) -> Check {
    let (status, can_wait) = (refusal.status, refusal.can_wait());
    let wait = refusal.retry_after.map(|wait| wait.as_secs_f64().ceil());
    let detail = CallError::Refused(refusal).to_string();
    match status {
        401 | 403 => Check::bad(NAME, detail, TOKEN),
        404 => Check::bad(
            NAME,
            format!("there is no push API at this address (404): {base}"),
            "check the base URL",
        ),
        _ if can_wait => {
            let later = wait.map_or("try later".to_owned(), |wait| format!("try in {wait:.0} s"));
            Check::bad(NAME, detail, later)
        }
        _ => Check::bad(NAME, detail, check_address(base)),
    }
}

pub(super) fn check_address(base: &BaseUrl) -> String {
    format!("check the network, the proxy, and whether {base} is the market's address")
}
