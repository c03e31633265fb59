//! What the process's environment says: read once, at the start.

use agora_client::{BaseUrl, ClientId, InvalidInput, Token};
use agora_home::home_of_process;
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

/// A variable of the environment that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the variable {variable} can't be used")]
pub struct EnvironmentError {
    /// Its name.
    pub variable: &'static str,
    /// Why; its value, which may be a secret, is not part of it.
    pub source: VariableError,
}

/// Why a variable can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VariableError {
    /// It breaks a rule.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// It is no text.
    #[error("It must be UTF-8.")]
    NotUnicode,
}

impl Environment {
    /// Reads and checks the variables of this process. An empty one counts as not set.
    pub fn of_process() -> Result<Self, EnvironmentError> {
        Ok(Self {
            home: home_of_process(),
            base_url: checked("AGORA_BASE_URL", BaseUrl::parse)?,
            client_id: checked("AGORA_CLIENT_ID", ClientId::parse)?,
            token: checked("AGORA_TOKEN", Token::parse)?,
        })
    }
}

fn checked<T>(
    variable: &'static str,
    parse: impl FnOnce(&str) -> Result<T, InvalidInput>,
) -> Result<Option<T>, EnvironmentError> {
    let wrong = |source| EnvironmentError { variable, source };
    let Some(value) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let text = value.to_str().ok_or_else(|| wrong(VariableError::NotUnicode))?;
    parse(text).map(Some).map_err(|invalid| wrong(invalid.into()))
}
