//! `agora account`: show, set and forget whose events are received. A token comes in by standard
//! input and goes to the keyring; it is never printed. Signing in is in `sign_in`.

mod sign_in;
mod steps;

use crate::args::{AccountCommand, SetArguments};
use crate::exit::Failure;
use crate::identity::{self, Whose};
use crate::output::{Lines, hint, say};
use crate::terminal::Terminal;
use agora_account::{
    Account, Accounts, Credential, KeyringError, Lost, Settings, TokenChange, TokenPlace,
};
use agora_client::{ClientId, Token};
use agora_home::{Claim, Files};
use anyhow::{Context, anyhow};
use serde_json::json;
use steps::{made_keyring, saved, typed, unsaved, warn_of_variables};

/// Runs the command.
pub(crate) async fn run(
    whose: &Whose,
    command: AccountCommand,
    lines: Lines,
) -> Result<(), Failure> {
    let environment = identity::environment()?;
    match command {
        AccountCommand::Show { json } => show(&whose.accounts(environment)?, json, lines).await,
        AccountCommand::List { json } => list(&identity::home(&environment)?, json, lines).await,
        AccountCommand::SignIn(arguments) => {
            sign_in::run(&whose.accounts_to_be(environment)?, arguments, lines).await
        }
        AccountCommand::Set(arguments) => set(&whose.accounts_to_be(environment)?, arguments).await,
        AccountCommand::Forget => forget(&whose.accounts(environment)?).await,
        AccountCommand::Remove => remove(&whose.accounts(environment)?).await,
    }
}

async fn list(home: &Files, json: bool, mut lines: Lines) -> Result<(), Failure> {
    let terminal = Terminal::of_output(json);
    let mut rows = Vec::new();
    for name in home.accounts().context("the accounts can't be read")? {
        // A file that can't be read is told, and costs no other.
        let settings = match Settings::read(&home.of(&name).settings) {
            Ok(settings) => settings,
            Err(error) => {
                say(format!("{name}: {error}"));
                continue;
            }
        };
        let user = settings.client_id.as_ref().and_then(ClientId::user_id);
        if terminal.is_some() {
            let market = settings.base_url.map(|base| base.to_string());
            let cells = [
                Some(name.to_string()),
                settings.label,
                user.map(|user| user.to_string()),
                settings.role,
                market,
            ];
            rows.push(cells.map(Option::unwrap_or_default));
            continue;
        }
        let line = json!({
            "name": name.as_str(),
            "label": settings.label,
            "user_id": user,
            "role": settings.role,
            "base_url": settings.base_url,
        });
        lines.write(&line).await?;
    }
    if let Some(terminal) = terminal {
        let table = terminal.table(["name", "called", "user", "role", "market"], &rows);
        lines.write_text(&table).await?;
    }
    Ok(())
}

/// The app has an inbox open as long as it receives into it, and would go on writing where nobody looks.
async fn remove(accounts: &Accounts) -> Result<(), Failure> {
    if accounts.name().is_main() {
        return Err(Failure::wrong_use("the first account stays")
            .hinting("forget it with `agora account forget`, and delete its inbox in the app"));
    }
    if matches!(Claim::take(accounts.files()), Ok(None)) {
        return Err(Failure::Failed(anyhow!("the app is receiving for this account"))
            .hinting("quit it first, or remove the account there"));
    }
    accounts.forget().await.map_err(|error| unsaved("the account was not removed", error))?;
    let removed = accounts.files().remove();
    Ok(removed.context("the account is forgotten, and its folder can't be deleted")?)
}

async fn show(accounts: &Accounts, json: bool, mut lines: Lines) -> Result<(), Failure> {
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
    if let Some(terminal) = Terminal::of_output(json) {
        let known = |text: Option<String>| text.unwrap_or_else(|| "not known".to_owned());
        let text = terminal.described(&[
            ("user", known(account.client_id.user_id().map(|user| user.to_string()))),
            ("market", account.base.to_string()),
            ("token", in_words(&credential).to_owned()),
            ("client id", account.client_id.to_string()),
            ("device id", known(device_id.map(|device| device.to_string()))),
        ]);
        return Ok(lines.write_text(&text).await?);
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

/// Where the token is.
fn in_words(credential: &Credential) -> &'static str {
    match credential {
        Credential::None => "none",
        Credential::Keyring(_) => "in the keyring",
        Credential::Environment(_) => "from AGORA_TOKEN",
        Credential::Memory(_) => "in memory",
        Credential::Lost(Lost::Forgotten) => "gone: it was kept until the app quit",
        Credential::Lost(Lost::Keyring(KeyringError::Locked)) => "in the keyring, which is locked",
        Credential::Lost(Lost::Keyring(_)) => "in the keyring, which can't be asked",
    }
}

fn name(credential: &Credential) -> &'static str {
    match credential {
        Credential::None => "none",
        Credential::Keyring(_) => "keyring",
        Credential::Environment(_) => "environment",
        Credential::Memory(_) => "memory",
        Credential::Lost(Lost::Forgotten) => "forgotten",
        Credential::Lost(Lost::Keyring(KeyringError::Locked)) => "locked",
        Credential::Lost(Lost::Keyring(KeyringError::Denied)) => "denied",
        Credential::Lost(Lost::Keyring(KeyringError::NoCollection)) => "no_collection",
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
                return Err(Failure::wrong_use("there is no account yet")
                    .hinting("--user-id ID (or --client-id ID) is needed too"));
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
        say("the token was not kept: the market is another one, or the keyring didn't give it");
        hint("give one with `agora account set --token-stdin`");
    }
    warn_of_variables();
    Ok(())
}

async fn forget(accounts: &Accounts) -> Result<(), Failure> {
    accounts.forget().await.map_err(|error| unsaved("the account was not forgotten", error))?;
    warn_of_variables();
    Ok(())
}
