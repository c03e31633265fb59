//! Who is asking: the bearer token of a request, and what its holder may do.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, USER_AGENT};

use crate::Market;
use crate::people::{Person, Role};
use crate::refusals::Refusal;
use crate::wire;

/// The token of an `Authorization: Bearer …` header; `None` when there is no such header at all, and the
/// empty string when it says something else.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or_default();
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

impl Market {
    /// The person who signed the request, or 401; for none at all it is 403 where the market is so set up.
    pub(crate) fn signed_in(&self, headers: &HeaderMap) -> Result<&'static Person, Refusal> {
        let token = bearer(headers);
        if token.is_none() && self.config.forbids_without_token {
            return Err(Refusal::Forbidden("拒絕存取：請先登入"));
        }
        token
            .and_then(|token| self.tokens.holder(token, self.client_of(headers)))
            .ok_or(Refusal::Unauthorized("未授權：請先登入"))
    }

    /// What a token is bound to, if tokens are: the first word of the `User-Agent`, without its version.
    pub(crate) fn client_of<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        let name = agent.unwrap_or_default().split(['/', ' ']).next().unwrap_or_default();
        self.config.binds_tokens.then_some(name)
    }

    /// The administrator who signed the request, or as above, or 403.
    pub(crate) fn administrator(&self, headers: &HeaderMap) -> Result<&'static Person, Refusal> {
        let person = self.signed_in(headers)?;
        if person.role == Role::Administrator {
            Ok(person)
        } else {
            Err(Refusal::Forbidden("權限不足：僅限管理員"))
        }
    }

    /// Whether the request may use this client id: the user id in it, or 400, or as above. Without a token it may,
    /// unless the market was started to want one.
    pub(crate) fn may_use<'id>(
        &self,
        client_id: &'id str,
        headers: &HeaderMap,
    ) -> Result<&'id str, Refusal> {
        let user = wire::user_of(client_id)
            .ok_or_else(|| Refusal::MalformedClientId(client_id.to_owned()))?;
        if bearer(headers).is_none() && !self.config.require_token {
            return Ok(user);
        }
        let person = self.signed_in(headers)?;
        if person.id.to_string() == user {
            Ok(user)
        } else {
            Err(Refusal::Unauthorized("ClientId 不屬於當前用戶"))
        }
    }
}
