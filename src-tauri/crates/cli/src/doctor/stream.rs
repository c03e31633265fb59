//! The stream: it opens, and what the market sends first comes through.

use super::Check;
use super::market::{TOKEN, check_address, nobody};
use crate::listen::worded;
use agora_account::{Account, Accounts};
use agora_client::connection::{self, Config, ConnectionStatus, Ended, Stop, Target, Update};
use agora_client::{BaseUrl, Endpoint, Market, Reason, ReasonCode, SetupError, Token, UserId};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const NAME: &str = "stream";
/// The market is awake by now, and sends the head of its answer with the first event, at once.
const LIMIT: Duration = Duration::from_secs(20);
/// What to do about one that is held back.
const HELD_BACK: &str = "ask whoever runs that proxy, or the market's, to pass /sse on unbuffered (nginx: \
     `proxy_buffering off`), or try without the proxy or VPN or on another network; until then the \
     app looks for new alerts every two minutes";

/// What came in time.
#[derive(Debug, Default)]
struct Seen {
    opened: Option<Duration>,
    first_event: Option<Duration>,
}

/// Opens a stream beside the app's, as a device that exists nowhere else, and closes it again.
pub(super) async fn check(accounts: &Accounts, market_answers: bool) -> Check {
    let account = match accounts.account() {
        Ok(Some(account)) if market_answers => account,
        _ => return Check::bad(NAME, "not tried", "see to the market first"),
    };
    let token = accounts.credential(&account).await.token().cloned();
    let client_id = match nobody(&account) {
        Ok(client_id) => client_id,
        Err(error) => return Check::bad(NAME, format!("{error:#}"), "set the account anew"),
    };
    let Account { base, client_id: own, .. } = account;
    let endpoint = Endpoint { base: base.clone(), client_id, token: token.clone() };
    let (seen, ended) = open(endpoint).await;
    match ended {
        Ok(Ended::Once(reason)) if seen.first_event.is_none() => {
            failed(&base, reason, own.user_id(), token).await
        }
        Ok(Ended::Stopped(stop)) => stopped(&base, &stop),
        Ok(_) => came(&seen),
        Err(error) => {
            Check::bad(NAME, error.to_string(), "check the system's certificates and proxy")
        }
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
fn came(seen: &Seen) -> Check {
    let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let limit = LIMIT.as_secs();
    match (seen.opened.map(seconds), seen.first_event.map(seconds)) {
        (Some(opened), Some(event)) => Check::good(
            NAME,
            format!("it opened after {opened}, its first event came after {event}"),
        ),
        (Some(opened), None) => {
            let what = format!("it opened after {opened}, but no event came over it in {limit} s");
            Check::bad(NAME, what, HELD_BACK)
        }
        (None, _) => {
            let what = format!(
                "nothing of it came in {limit} s although the market answers calls: something between \
                 here and the market holds it back, most likely a proxy that buffers"
            );
            Check::bad(NAME, what, HELD_BACK)
        }
    }
}

async fn failed(
    base: &BaseUrl,
    reason: Reason,
    user: Option<UserId>,
    token: Option<Token>,
) -> Check {
    let detail = reason.to_string();
    match reason.code {
        ReasonCode::ServerError if are_all_taken(base, user, token).await => {
            let what = Reason { code: ReasonCode::ConnectionsTaken, ..reason }.to_string();
            let advice = "quit the app or `agora listen` where it isn't needed; a device that left \
                          without a word counts until the market notices, which may take half an hour";
            Check::bad(NAME, what, advice)
        }
        ReasonCode::ServerError
        | ReasonCode::Away
        | ReasonCode::Busy
        | ReasonCode::Cut
        | ReasonCode::Ended => Check::bad(NAME, detail, "try later"),
        _ => Check::bad(NAME, detail, check_address(base)),
    }
}

async fn are_all_taken(base: &BaseUrl, user: Option<UserId>, token: Option<Token>) -> bool {
    let (Some(user), Ok(market)) = (user, Market::new(base.clone(), token)) else { return false };
    market.has_all_connections(&user).await.unwrap_or(false)
}

fn stopped(base: &BaseUrl, stop: &Stop) -> Check {
    match stop {
        Stop::SignedOut { .. } => Check::bad(NAME, worded(stop, true), TOKEN),
        Stop::ProxySignIn => Check::bad(NAME, worded(stop, true), "check the system's proxy"),
        _ => Check::bad(NAME, worded(stop, true), check_address(base)),
    }
}
