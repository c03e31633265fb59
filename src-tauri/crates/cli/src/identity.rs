//! Whom a command speaks for: the environment, the account and its token, and what to do where one
//! of them is missing.

use crate::exit::Failure;
use crate::output;
use agora_account::{
    Account, AccountName, Accounts, Credential, Environment, EnvironmentError, KeyringError, Lost,
    Renewal, Settings,
};
use agora_client::{ClientId, Endpoint, Token};
use agora_home::{Claim, Files};
use anyhow::{Context, anyhow};
use jiff::Timestamp;

/// What a person can do who has no keyring, or none that answers.
pub(crate) const WITHOUT_KEYRING: &str =
    "set AGORA_TOKEN instead: it is used for as long as it is set, and stored nowhere";

/// What to do about a keyring that doesn't keep a token.
pub(crate) fn keyring_advice(error: &KeyringError) -> String {
    let first = match error {
        KeyringError::NoCollection => {
            "make a default keyring with `agora account set --make-keyring --token-stdin`"
        }
        KeyringError::Locked => "unlock the keyring",
        KeyringError::Denied => "try again, and allow what the keyring asks",
        KeyringError::Unavailable(_) => "start a keyring such as GNOME Keyring or KWallet",
        KeyringError::Failed(_) => "look into the keyring",
    };
    format!("{first}, or {WITHOUT_KEYRING}")
}

/// The environment's settings, checked.
pub(crate) fn environment() -> Result<Environment, Failure> {
    Environment::of_process().map_err(|EnvironmentError { variable, source }| {
        Failure::wrong_use(format!("{variable}: {source}"))
    })
}

/// Which of the home's accounts is meant: `--account`.
#[derive(Debug, Clone)]
pub(crate) struct Whose(pub(crate) Option<String>);

impl Whose {
    /// The handle on an account that is there.
    pub(crate) fn accounts(&self, environment: Environment) -> Result<Accounts, Failure> {
        let home = home(&environment)?;
        let found = self.found(&home)?;
        opened(home.of(&found.ok_or_else(|| self.unknown(&home))?), environment)
    }

    /// The handle on an account that need not be there yet.
    pub(crate) fn accounts_to_be(&self, environment: Environment) -> Result<Accounts, Failure> {
        let home = home(&environment)?;
        let name = match (self.found(&home)?, &self.0) {
            (Some(found), _) => found,
            (None, Some(given)) => given
                .parse()
                .map_err(|error| Failure::wrong_use(format!("--account {given}: {error}")))?,
            (None, None) => AccountName::main(),
        };
        opened(home.of(&name), environment)
    }

    /// By its name, or by what people call it, where that is one's alone.
    fn found(&self, home: &Files) -> Result<Option<AccountName>, Failure> {
        let Some(given) = &self.0 else { return Ok(Some(AccountName::main())) };
        let names = home.accounts().context("the accounts can't be read")?;
        if let Some(name) = names.iter().find(|name| name.as_str() == given) {
            return Ok(Some(name.clone()));
        }
        let mut called = names.into_iter().filter(|name| label(home, name).as_ref() == Some(given));
        match (called.next(), called.next()) {
            (Some(one), Some(other)) => {
                Err(Failure::wrong_use(format!("{given} is what {one} and {other} are called"))
                    .hinting("give one of these two names"))
            }
            (found, _) => Ok(found),
        }
    }

    fn unknown(&self, home: &Files) -> Failure {
        let given = self.0.as_deref().unwrap_or_default();
        let names = home.accounts().unwrap_or_default();
        let names: Vec<_> = names
            .iter()
            .map(|name| match label(home, name) {
                Some(label) if label != name.as_str() => format!("{name} ({label})"),
                _ => name.to_string(),
            })
            .collect();
        Failure::wrong_use(format!("there is no account {given} here, but {}", names.join(", ")))
            .hinting(format!("`agora --account {given} account sign-in --name NAME` makes one"))
    }
}

/// The first account's places, from which the others' follow.
pub(crate) fn home(environment: &Environment) -> Result<Files, Failure> {
    Ok(Files::find(environment.home.as_deref())
        .context("there is no place for settings and inbox")?)
}

fn opened(files: Files, environment: Environment) -> Result<Accounts, Failure> {
    files.check().context("there is no place for settings and inbox")?;
    Ok(Accounts::new(files, environment))
}

fn label(home: &Files, name: &AccountName) -> Option<String> {
    Settings::read(&home.of(name).settings).ok()?.label
}

/// The account; wrong use where there is none.
pub(crate) fn account(accounts: &Accounts) -> Result<Account, Failure> {
    let account = accounts.account().context("the account can't be read")?;
    account.ok_or_else(|| Failure::wrong_use("there is no account").hinting(MAKE_ACCOUNT))
}

/// What to do where there is no account.
pub(crate) const MAKE_ACCOUNT: &str = "sign in with \
     `agora account sign-in --name NAME`, set one by hand with `agora account set --user-id ID` (or \
     --client-id ID), or set AGORA_CLIENT_ID \
     (and AGORA_BASE_URL for another market than the default)";

/// The account with its token. One that was given and is gone is a failure: what the market would
/// say to a request without it only misleads.
pub(crate) async fn endpoint(accounts: &Accounts) -> Result<Endpoint, Failure> {
    let account = account(accounts)?;
    warn_of_form(&account.client_id);
    let credential = accounts.credential(&account).await;
    let is_over = credential.tokens().is_some_and(|tokens| tokens.is_over(Timestamp::now()));
    let token = if is_over {
        renewed(accounts, &account, credential.token()).await?
    } else {
        token(credential)?
    };
    Ok(Endpoint { base: account.base, client_id: account.client_id, token })
}

/// A token in place of one that the market doesn't take any more.
pub(crate) async fn renewed(
    accounts: &Accounts,
    account: &Account,
    stale: Option<&Token>,
) -> Result<Option<Token>, Failure> {
    match accounts.renew(account, stale).await {
        Renewal::Found(credential) => token(credential),
        Renewal::Later(error) => Err(anyhow!(error)
            .context("the token's time is over, and it can't be renewed now")
            .into()),
        Renewal::Over(_) | Renewal::Impossible => {
            let refused = "the market doesn't take the token any more".to_owned();
            Err(Failure::Refused(refused).hinting("sign in again with `agora account sign-in`"))
        }
    }
}

/// Sees to it that two don't take one stream from each other without a sign: where the app is
/// receiving under a client id that can't be varied. One that was given for this command is used all
/// the same, with a warning.
pub(crate) fn heed_the_app(
    accounts: &Accounts,
    client_id: &ClientId,
    was_given: bool,
) -> Result<(), Failure> {
    // A home that can't be written has no app that receives into it.
    if client_id.fits_form() || !matches!(Claim::take(accounts.files()), Ok(None)) {
        return Ok(());
    }
    if !was_given {
        return Err(Failure::Failed(anyhow!("the app is receiving under this client id"))
            .hinting("set AGORA_CLIENT_ID to another one"));
    }
    let saved = Settings::read(&accounts.files().settings).ok();
    if saved.and_then(|saved| saved.client_id).as_ref() == Some(client_id) {
        output::say(
            "warning: the app is receiving under this client id, and this ends its stream: set \
             AGORA_CLIENT_ID to another one, or unset it",
        );
    }
    Ok(())
}

/// The token of a credential, or what to do about a lost one.
pub(crate) fn token(credential: Credential) -> Result<Option<Token>, Failure> {
    match credential {
        Credential::None => Ok(None),
        Credential::Keyring(tokens) | Credential::Memory(tokens) => Ok(Some(tokens.access)),
        Credential::Environment(token) => Ok(Some(token)),
        Credential::Lost(Lost::Forgotten) => Err(Failure::Failed(anyhow!(
            "the account's token is gone"
        ))
        .hinting(format!(
            "sign in again, give it with `agora account set --token-stdin`, or {WITHOUT_KEYRING}"
        ))),
        Credential::Lost(Lost::Keyring(error)) => {
            let hint = keyring_advice(&error);
            Err(Failure::Failed(anyhow!(error).context("the token can't be had")).hinting(hint))
        }
    }
}

/// The form that a client id should have.
pub(crate) const FORM: &str =
    "user_{userId}_{deviceId} (digits, then 8 to 32 letters, digits, \"-\" or \"_\")";

/// What it costs that a client id doesn't have it.
pub(crate) const COST_OF_ANOTHER_FORM: &str = "the market may refuse it, and it can't be varied from \
     connection to connection: the market may end a stream without a sign when the time of an \
     earlier one is over, which is noticed some heartbeats later, and two programs under it take \
     the stream from each other";

/// Warns of a client id that the market may refuse.
pub(crate) fn warn_of_form(client_id: &ClientId) {
    if !client_id.fits_form() {
        output::say(format!(
            "warning: the client id doesn't have the form {FORM}: {COST_OF_ANOTHER_FORM}"
        ));
    }
}
