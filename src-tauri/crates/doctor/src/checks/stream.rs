//! The stream: it opens, and what the market sends first comes through.

use super::market::nobody;
use crate::{Check, Finding, Part};
use agora_account::Accounts;
use agora_client::connection::{self, Config, ConnectionStatus, Ended, Target, Update};
use agora_client::{BaseUrl, Endpoint, Market, Reason, ReasonCode, SetupError, Token, UserId};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The market is awake by now, and sends the head of its answer with the first event, at once.
const LIMIT: Duration = Duration::from_secs(20);

/// What came in time.
#[derive(Debug, Default)]
struct Seen {
    opened: Option<Duration>,
    first_event: Option<Duration>,
}

/// Opens a stream beside the app's, as a device that exists nowhere else, and closes it again. The market
/// is known to answer calls.
pub async fn check(accounts: &Accounts) -> Check {
    Check::of(Part::Stream, found(accounts).await)
}

/// What is known of it without a try: the app has one open, or wants none.
pub fn known(found: Finding) -> Check {
    Check::of(Part::Stream, found)
}

async fn found(accounts: &Accounts) -> Finding {
    let Ok(Some(account)) = accounts.account() else { return Finding::NotAsked };
    let token = accounts.credential(&account).await.token().cloned();
    let client_id = match nobody(&account) {
        Ok(client_id) => client_id,
        Err(error) => return Finding::AccountUnreadable(format!("{error:#}")),
    };
    let endpoint = Endpoint { base: account.base.clone(), client_id, token: token.clone() };
    let (seen, ended) = open(endpoint).await;
    match ended {
        Ok(Ended::Once(reason)) if seen.first_event.is_none() => {
            failed(&account.base, reason, account.client_id.user_id(), token).await
        }
        Ok(Ended::Stopped(stop)) => Finding::StreamStopped(stop),
        Ok(_) => came(&seen),
        Err(error) => Finding::SetupFailed(error.to_string()),
    }
}

/// Waits for a stream's first event, then says goodbye.
async fn open(endpoint: Endpoint) -> (Seen, Result<Ended, SetupError>) {
    let config = Config { once: true, ..Config::new(Target::market(endpoint)) };
    let (tell, mut updates) = connection::queue();
    let (_control, controls) = mpsc::channel(1);
    let cancel = CancellationToken::new();
    let watch = async {
        let (mut seen, started) = (Seen::default(), Instant::now());
        let first_event = async {
            while let Some(update) = updates.recv().await {
                match update {
                    Update::Status(ConnectionStatus::Connected { .. }) => {
                        seen.opened = Some(started.elapsed());
                    }
                    Update::Event(_) => {
                        seen.first_event = Some(started.elapsed());
                        return;
                    }
                    _ => {}
                }
            }
        };
        // In vain or not: what was seen by then is what is told.
        let _ = timeout(LIMIT, first_event).await;
        cancel.cancel();
        seen
    };
    tokio::join!(watch, connection::run(config, tell, controls, cancel.clone()))
}

/// What there is to say of what came within the limit.
fn came(seen: &Seen) -> Finding {
    match (seen.opened, seen.first_event) {
        (Some(opened), Some(event)) => Finding::StreamOpens { opened, event },
        (Some(opened), None) => Finding::StreamIsEmpty { opened, limit: LIMIT },
        (None, _) => Finding::StreamHeldBack(LIMIT),
    }
}

async fn failed(
    base: &BaseUrl,
    reason: Reason,
    user: Option<UserId>,
    token: Option<Token>,
) -> Finding {
    match reason.code {
        ReasonCode::ServerError if are_all_taken(base, user, token).await => {
            Finding::ConnectionsTaken(Reason { code: ReasonCode::ConnectionsTaken, ..reason })
        }
        _ => Finding::StreamFailed(reason),
    }
}

async fn are_all_taken(base: &BaseUrl, user: Option<UserId>, token: Option<Token>) -> bool {
    let (Some(user), Ok(market)) = (user, Market::new(base.clone(), token)) else { return false };
    market.has_all_connections(&user).await.unwrap_or(false)
}
