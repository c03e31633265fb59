//! What the market says of its connections, where it has the calls for that: how many there are, and
//! whether a user has one; and the ending of all of them. A market without them refuses with 404.

use agora_wire::Json;
use reqwest::Method;
use url::Url;

use crate::notifications::text_of;
use crate::{CallError, Market, MarketTime, Reason, ReasonCode, UserId};

/// The market's numbers, each where it says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LiveNumbers {
    /// Users that are connected.
    pub users: Option<u64>,
    /// Connections that are open.
    pub connections: Option<u64>,
    /// As many as may be open at once.
    pub most_connections: Option<u64>,
    /// Messages sent since the market was started.
    pub messages: Option<u64>,
    /// Errors since then.
    pub errors: Option<u64>,
}

/// Whether a user is connected, as far as the market says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveUser {
    /// Whether there is a connection.
    pub connected: bool,
    /// How many, one a device.
    pub connections: Option<u64>,
    /// Since when there is the oldest of them.
    pub since: Option<MarketTime>,
}

impl Market {
    /// `GET /sse/status`. Administrators only.
    pub async fn live_numbers(&self) -> Result<LiveNumbers, CallError> {
        self.asked(self.base.join("sse/status", None), |json| {
            let object = json.object()?;
            let count = |name| object.get(name).and_then(Json::count);
            let numbers = LiveNumbers {
                users: count("activeUsers"),
                connections: count("activeConnections"),
                most_connections: count("maxConnections"),
                messages: count("totalMessagesSent"),
                errors: count("totalErrors"),
            };
            (numbers != LiveNumbers::default()).then_some(numbers)
        })
        .await
    }

    /// `GET /sse/status/user/{userId}`.
    pub async fn live_user(&self, user: &UserId) -> Result<LiveUser, CallError> {
        self.asked(self.base.join("sse/status/user", Some(user.as_str())), |json| {
            let object = json.object()?;
            let connections = object.get("connectionCount").and_then(Json::count);
            let said = object.get("connected").and_then(Json::truth);
            let times = object.get("connectionDetails").and_then(Json::array).into_iter().flatten();
            let times =
                times.filter_map(|each| MarketTime::read(each.object()?.get("connectedAt")?));
            Some(LiveUser {
                connected: said.or_else(|| connections.map(|count| count > 0))?,
                connections,
                since: times.min_by_key(|time| time.local_ms()),
            })
        })
        .await
    }

    /// `POST /sse/force-disconnect-all`: ends every connection; the clients connect again by themselves.
    /// Administrators only.
    pub async fn disconnect_all(&self) -> Result<(), CallError> {
        let url = self.base.join("sse/force-disconnect-all", None);
        self.call(Method::POST, url, None).await.map(drop)
    }

    async fn asked<T>(
        &self,
        url: Url,
        read: impl FnOnce(Json<'_>) -> Option<T>,
    ) -> Result<T, CallError> {
        let answer = self.call(Method::GET, url, None).await?;
        let status = Some(answer.status().as_u16());
        let text = text_of(answer).await.map_err(|error| self.told(error))?;
        Json::read(&text).and_then(read).ok_or_else(|| {
            let detail = Some("not the JSON that was asked for".to_owned());
            CallError::NoAnswer {
                reason: Reason { code: ReasonCode::UnexpectedStatus, status, detail },
            }
        })
    }
}
