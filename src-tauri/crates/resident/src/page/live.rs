//! What the market says of its connections, asked for with whatever token there is. One that has run out
//! is renewed by the connection; until then the market's no is shown.

use super::AccountPage;
use crate::ipc::{self, Answer, Live, Problem};
use agora_client::{CallError, Market, MarketTime, UserId};
use jiff::Timestamp;
use jiff::tz::Offset;

/// The numbers.
pub(crate) async fn numbers(page: &AccountPage) -> Answer<Live<ipc::LiveNumbers>> {
    let numbers = match market(page).await {
        Ok(market) => market.live_numbers().await,
        Err(live) => return Ok(live),
    };
    Ok(told(numbers.map(|numbers| ipc::LiveNumbers {
        users: numbers.users,
        connections: numbers.connections,
        most_connections: numbers.most_connections,
        messages: numbers.messages,
        errors: numbers.errors,
    })))
}

/// One user.
pub(crate) async fn user(page: &AccountPage, user_id: &str) -> Answer<Live<ipc::LiveUser>> {
    let user = UserId::parse(user_id.trim())
        .map_err(|error| Problem::invalid(vec![super::view::field_error(&error)]))?;
    let found = match market(page).await {
        Ok(market) => market.live_user(&user).await,
        Err(live) => return Ok(live),
    };
    Ok(told(found.map(|found| ipc::LiveUser {
        user_id: user.as_str().to_owned(),
        connected: found.connected,
        connections: found.connections,
        since: found.since.and_then(written),
    })))
}

/// Ends every connection.
pub(crate) async fn disconnect_everyone(page: &AccountPage) -> Answer<Live<()>> {
    Ok(match market(page).await {
        Ok(market) => told(market.disconnect_all().await),
        Err(live) => live,
    })
}

async fn market<T>(page: &AccountPage) -> Result<Market, Live<T>> {
    let no_answer = |message: String| Live::NoAnswer { message };
    let accounts = page.receiver.accounts();
    let account = accounts.account().map_err(|error| no_answer(error.to_string()))?;
    let account = account.ok_or_else(|| no_answer("there is no account".to_owned()))?;
    let credential = accounts.credential_quietly(&account).await;
    Market::new(account.base.clone(), credential.token().cloned())
        .map_err(|error| no_answer(error.to_string()))
}

fn told<T>(answer: Result<T, CallError>) -> Live<T> {
    match answer {
        Ok(live) => Live::This { live },
        // A server without the call may know its path all the same, or not its method.
        Err(CallError::Refused(refusal)) if [404, 405, 501].contains(&refusal.status) => {
            Live::Missing
        }
        Err(CallError::Refused(refusal)) => {
            Live::Refused { status: refusal.status, message: refusal.message.unwrap_or_default() }
        }
        Err(error) => Live::NoAnswer { message: error.to_string() },
    }
}

/// What the market's clock showed: whoever reads it there sees the same.
fn written(time: MarketTime) -> Option<String> {
    let shown = Offset::UTC.to_datetime(Timestamp::from_millisecond(time.local_ms()).ok()?);
    Some(shown.strftime("%Y-%m-%d %H:%M").to_string())
}
