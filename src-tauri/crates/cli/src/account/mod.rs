//! `agora account`: show, set and forget whose events are received. A token comes in by standard
//! input and goes to the keyring; it is never printed. Signing in is in `sign_in`.

mod sign_in;

use crate::args::{AccountCommand, SetArguments};
use crate::exit::Failure;
use crate::identity;
use crate::output::{Lines, say};
use agora_account::{
    Account, AccountError, Accounts, Credential, KeyringError, Lost, Settings, SettingsError,
    TokenChange, TokenPlace,
};
use agora_client::{ClientId, Secret, Token};
use anyhow::{Context, anyhow};
use serde_json::json;
use std::env;
use std::io::{self, BufRead, IsTerminal, Read};

/// The longest secret that is read, in bytes: headers that are longer are refused by servers.
const LONGEST: u64 = 16 * 1024;

/// Runs the command.
pub(crate) async fn run(command: AccountCommand, lines: Lines) -> Result<(), Failure> {
    let accounts = identity::accounts(identity::environment()?)?;
    match command {
        AccountCommand::Show => show(&accounts, lines).await,
        AccountCommand::SignIn(arguments) => sign_in::run(&accounts, arguments, lines).await,
        AccountCommand::Set(arguments) => set(&accounts, arguments).await,
        AccountCommand::Forget => forget(&accounts).await,
    }
}

async fn show(accounts: &Accounts, mut lines: Lines) -> Result<(), Failure> {
    let account = identity::account(accounts)?;
    let credential = accounts.credential(&account).await;
    // Asking for the device id makes one, and showing changes nothing.
    let device_id = if accounts.files().device_id.exists() {
        Some(accounts.device_id().context("the account can't be shown")?)
    } else {
        None
    };
    if let Credential::Lost(Lost::Keyring(error)) = &credential {
        say(error);
    }
    let line = json!({
        "base_url": account.base,
        "client_id": account.client_id,
        "user_id": account.client_id.user_id(),
        "device_id": device_id,
        "token": name(&credential),
    });
    Ok(lines.write(&line).await?)
}

fn name(credential: &Credential) -> &'static str {
    match credential {
        Credential::None => "none",
        Credential::Keyring(_) => "keyring",
        Credential::Environment(_) => "environment",
        Credential::Memory(_) => "memory",
        Credential::Lost(Lost::Forgotten) => "forgotten",
        Credential::Lost(Lost::Keyring(KeyringError::Locked)) => "locked",
        Credential::Lost(Lost::Keyring(_)) => "unavailable",
    }
}

async fn set(accounts: &Accounts, arguments: SetArguments) -> Result<(), Failure> {
    let before = saved(accounts)?;
    let account = Account {
        base: arguments.base_url.or(before.base_url).unwrap_or_else(Accounts::default_base_url),
        client_id: match (arguments.client_id, arguments.user_id, before.client_id) {
            (Some(client_id), ..) | (None, None, Some(client_id)) => client_id,
            (None, Some(user), _) => {
                let device = accounts.device_id().context("the account can't be set")?;
                ClientId::for_device(&user, &device)
            }
            (None, None, None) => {
                return Err(Failure::wrong_use(
                    "there is no account yet: --user-id ID (or --client-id ID) is needed too",
                ));
            }
        },
    };
    let token = match (arguments.token_stdin, arguments.no_token) {
        (true, _) => {
            let token = typed("token", true)?;
            TokenChange::Keyring(Token::parse(token.expose()).map_err(Failure::wrong_use)?.into())
        }
        (false, true) => TokenChange::Remove,
        (false, false) => TokenChange::Keep,
    };
    identity::warn_of_form(&account.client_id);
    if arguments.make_keyring {
        made_keyring(accounts).await?;
    }
    let keeps = matches!(token, TokenChange::Keep) && before.token != TokenPlace::None;
    accounts
        .save(account, token)
        .await
        .map_err(|error| unsaved("the account was not set", error))?;
    if keeps && saved(accounts)?.token == TokenPlace::None {
        say(
            "the token was not kept, because the market is another one or the keyring didn't give \
             it: give one with `agora account set --token-stdin`",
        );
    }
    warn_of_variables();
    Ok(())
}

async fn forget(accounts: &Accounts) -> Result<(), Failure> {
    accounts.forget().await.map_err(|error| unsaved("the account was not forgotten", error))?;
    warn_of_variables();
    Ok(())
}

async fn made_keyring(accounts: &Accounts) -> Result<(), Failure> {
    say("making a default keyring, where there is none: the system asks for a password for it");
    let made = accounts.make_keyring().await;
    made.map_err(|error| unsaved("no keyring was made", error.into()))
}

/// What the settings hold, without the environment. Damaged ones are as none: saving sets them
/// aside.
fn saved(accounts: &Accounts) -> Result<Settings, Failure> {
    match Settings::read(&accounts.files().settings) {
        Err(error @ SettingsError::Damaged(..)) => {
            say(format!("warning: {error}"));
            Ok(Settings::default())
        }
        other => Ok(other.context("the account can't be read")?),
    }
}

fn unsaved(what: &'static str, error: AccountError) -> Failure {
    let advice = match &error {
        AccountError::Keyring(error) => format!("{what}; {}", identity::keyring_advice(error)),
        AccountError::Settings(_) | AccountError::DeviceId(..) => what.to_owned(),
    };
    anyhow!(error).context(advice).into()
}

/// Says which variables go before what was saved.
fn warn_of_variables() {
    for variable in ["AGORA_BASE_URL", "AGORA_CLIENT_ID", "AGORA_TOKEN"] {
        if env::var_os(variable).is_some_and(|value| !value.is_empty()) {
            say(format!("note: {variable} is set, and goes before what is saved"));
        }
    }
}

/// A secret from the terminal, where it isn't shown, or from the first line of standard input.
fn typed(what: &str, from_stdin: bool) -> Result<Secret, Failure> {
    let unreadable = |error| Failure::wrong_use(format!("the {what} can't be read: {error}"));
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let typed = rpassword::prompt_password(format!("{what} (it isn't shown): "));
        return typed.map(Secret::new).map_err(unreadable);
    }
    if !from_stdin {
        return Err(Failure::wrong_use(format!(
            "without a terminal to ask on, the {what} is needed: give it with --{what}-stdin"
        )));
    }
    let mut line = String::with_capacity(usize::try_from(LONGEST).unwrap_or(0) + 2);
    stdin.lock().take(LONGEST + 1).read_line(&mut line).map_err(unreadable)?;
    let line = Secret::new(line);
    if line.expose().len() as u64 > LONGEST {
        return Err(Failure::wrong_use(format!(
            "--{what}-stdin: the {what} is longer than 16 KiB"
        )));
    }
    Ok(Secret::new(line.expose().trim_end_matches(['\n', '\r']).to_owned()))
}
