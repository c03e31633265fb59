//! What the process's environment says: read once, at the start.

use agora_client::{BaseUrl, ClientId, InvalidInput, Token};
use std::env;
use std::path::PathBuf;

/// The environment's settings; they go before the file's and are never written to it.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `AGORA_HOME`: the one folder for everything, instead of the platform's.
    pub home: Option<PathBuf>,
    /// `AGORA_BASE_URL`.
    pub base_url: Option<BaseUrl>,
    /// `AGORA_CLIENT_ID`.
    pub client_id: Option<ClientId>,
    /// `AGORA_TOKEN`.
    pub token: Option<Token>,
}

impl Environment {
    /// Reads and checks the variables of this process. An empty one counts as not set.
    pub fn of_process() -> Result<Self, InvalidInput> {
        let text = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Ok(Self {
            home: env::var_os("AGORA_HOME").filter(|value| !value.is_empty()).map(PathBuf::from),
            base_url: text("AGORA_BASE_URL").map(|url| BaseUrl::parse(&url)).transpose()?,
            client_id: text("AGORA_CLIENT_ID").map(|id| ClientId::parse(&id)).transpose()?,
            token: text("AGORA_TOKEN").map(|token| Token::parse(&token)).transpose()?,
        })
    }
}
