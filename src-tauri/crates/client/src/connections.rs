//! How many streams of one user the market holds open: what its bare 500 to one more means.

use agora_wire::Json;
use reqwest::Method;

use crate::notifications::text_of;
use crate::{CallError, Market, UserId};

/// As many streams of one user the market holds open. It says so itself to administrators only.
const A_USER: u64 = 5;

impl Market {
    /// `GET /sse/status/user/{userId}`: whether so many of the user's streams are open that the market
    /// refuses one more. An answer that doesn't say how many there are is a no.
    pub async fn has_all_connections(&self, user: &UserId) -> Result<bool, CallError> {
        let url = self.base.join("sse/status/user", Some(user.as_str()));
        let answer = text_of(self.call(Method::GET, url, None).await?).await?;
        let answer = Json::read(&answer).and_then(Json::object).unwrap_or_default();
        let count = answer.get("connectionCount").and_then(Json::count);
        Ok(count >= Some(A_USER))
    }
}
