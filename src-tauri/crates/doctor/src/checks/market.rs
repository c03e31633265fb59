//! The market: it can be reached, takes the account's token, and what time it is there. One call tells.

use crate::{Check, Finding, Part};
use agora_account::{Account, Accounts, Credential};
use agora_client::{CallError, CallLimits, ClientId, DeviceId, Market, Probe, Refusal};
use anyhow::Context;
use std::time::Duration;

/// How long the market may take: a sleeping host needs most of a minute to wake up.
const LIMIT: Duration = Duration::from_secs(75);
/// How far the clocks may be apart, in seconds: what an answer takes, and what no one notices.
const CLOCK: i64 = 5;

/// What one call found.
#[derive(Debug)]
pub struct Probed {
    /// Whether it is a market that answers.
    pub market: Check,
    /// Whether it takes the token.
    pub sign_in: Check,
    /// What time it is there.
    pub clock: Check,
}

impl Probed {
    /// Whether it answers calls.
    pub fn answers(&self) -> bool {
        matches!(self.market.found, Finding::MarketAnswers(_))
    }

    /// Whether it answers them, and with yes.
    pub fn says_yes(&self) -> bool {
        self.answers() && matches!(self.sign_in.found, Finding::TokenTaken | Finding::NoTokenWanted)
    }

    fn nothing(found: Finding) -> Self {
        Self::of(found, Finding::NotAsked, Finding::NotAsked)
    }

    fn of(market: Finding, sign_in: Finding, clock: Finding) -> Self {
        Self {
            market: Check::of(Part::Market, market),
            sign_in: Check::of(Part::SignIn, sign_in),
            clock: Check::of(Part::Clock, clock),
        }
    }
}

/// Asks the account's market. It tells it that a device is gone that never was: of the four calls that
/// every market has, the only one that does nothing and still checks name, TLS, token and address.
pub async fn check(accounts: &Accounts) -> Probed {
    let account = match accounts.account() {
        Ok(Some(account)) => account,
        Ok(None) => return Probed::nothing(Finding::NoAccount),
        Err(error) => {
            let error = format!("{:#}", anyhow::Error::from(error));
            return Probed::nothing(Finding::AccountUnreadable(error));
        }
    };
    let credential = accounts.credential(&account).await;
    match ask(&account, &credential).await {
        Ok(Probe { answer, after, ahead_ms }) => {
            let clock = ahead_ms.map_or(Finding::ClockUnheard, clock);
            let (market, sign_in) = judged(answer, after, &credential);
            Probed::of(market, sign_in, clock)
        }
        Err(error) => Probed::nothing(Finding::SetupFailed(format!("{error:#}"))),
    }
}

async fn ask(account: &Account, credential: &Credential) -> anyhow::Result<Probe> {
    let limits = CallLimits { whole: LIMIT, ..CallLimits::default() };
    let token = credential.token().cloned();
    let market = Market::with_limits(account.base.clone(), token, limits)?;
    Ok(market.probe(&nobody(account)?).await)
}

fn clock(market_ahead_ms: i64) -> Finding {
    let ahead = -(market_ahead_ms.saturating_add(500).div_euclid(1_000));
    if ahead.abs() <= CLOCK { Finding::ClockAgrees(ahead) } else { Finding::ClockDiffers(ahead) }
}

fn judged(
    answer: Result<(), CallError>,
    after: Duration,
    credential: &Credential,
) -> (Finding, Finding) {
    let answers = Finding::MarketAnswers(after);
    match answer {
        Ok(()) if matches!(credential, Credential::Lost(_)) => (answers, Finding::TokenLost),
        Ok(()) if credential.token().is_none() => (answers, Finding::NoTokenWanted),
        Ok(()) => (answers, Finding::TokenTaken),
        Err(CallError::Refused(refusal)) => match refusal.status {
            401 | 403 => (answers, Finding::TokenRefused(refusal)),
            _ => (refused(refusal), Finding::NotAsked),
        },
        Err(error) => (Finding::MarketUnreached(error.reason()), Finding::NotAsked),
    }
}

fn refused(refusal: Refusal) -> Finding {
    match refusal.status {
        404 => Finding::MarketHasNoPush(refusal),
        _ if refusal.can_wait() => Finding::MarketLater(refusal),
        _ => Finding::MarketRefuses(refusal),
    }
}

/// A device of the account's user that exists nowhere else.
pub(super) fn nobody(account: &Account) -> anyhow::Result<ClientId> {
    let nobody = DeviceId::generate();
    match account.client_id.user_id() {
        Some(user) => Ok(ClientId::for_device(&user, &nobody)),
        None => ClientId::parse(nobody.as_str()).context("no client id to ask with"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_seconds_apart_agree() {
        for (market_ahead_ms, found) in [(0, "0"), (4_400, "-4"), (-5_400, "5")] {
            let clock = clock(market_ahead_ms);
            assert_eq!(
                (clock.code(), clock.figures()[0].1.to_string()),
                ("clock_agrees", found.to_owned())
            );
        }
        for (market_ahead_ms, code, found) in
            [(6_000, "clock_behind", "6"), (-3_600_000, "clock_ahead", "3600")]
        {
            let clock = clock(market_ahead_ms);
            assert_eq!((clock.code(), clock.figures()[0].1.to_string()), (code, found.to_owned()));
        }
    }
}
