//! What setting an account by hand and signing in have in common: what is saved, what is typed, and what is
//! said about a keyring that won't.

use crate::exit::Failure;
use crate::identity;
use crate::output::say;
use agora_account::{AccountError, Accounts, Settings, SettingsError};
use agora_client::Secret;
use anyhow::{Context, anyhow};
use std::env;
use std::io::{self, BufRead, IsTerminal, Read};

/// The longest secret that is read, in bytes: headers that are longer are refused by servers.
const LONGEST: u64 = 16 * 1024;

pub(super) async fn made_keyring(accounts: &Accounts) -> Result<(), Failure> {
    say("making a default keyring, where there is none: the system asks for a password for it");
    let made = accounts.make_keyring().await;
    made.map_err(|error| unsaved("no keyring was made", error.into()))
}

/// What the settings hold, without the environment. Damaged ones are as none: saving sets them
/// aside.
pub(super) fn saved(accounts: &Accounts) -> Result<Settings, Failure> {
    match Settings::read(&accounts.files().settings) {
        Err(error @ SettingsError::Damaged(..)) => {
            say(format!("warning: {error}"));
            Ok(Settings::default())
        }
        other => Ok(other.context("the account can't be read")?),
    }
}

pub(super) fn unsaved(what: &'static str, error: AccountError) -> Failure {
    let hint = match &error {
        AccountError::Keyring(error) => Some(identity::keyring_advice(error)),
        AccountError::Settings(_) | AccountError::AlreadyHere(_) | AccountError::DeviceId(..) => {
            None
        }
    };
    let failure = Failure::Failed(anyhow!(error).context(what));
    match hint {
        Some(hint) => failure.hinting(hint),
        None => failure,
    }
}

/// Says which variables go before what was saved.
pub(super) fn warn_of_variables() {
    for variable in ["AGORA_BASE_URL", "AGORA_CLIENT_ID", "AGORA_TOKEN"] {
        if env::var_os(variable).is_some_and(|value| !value.is_empty()) {
            say(format!("note: {variable} is set, and goes before what is saved"));
        }
    }
}

/// A secret from the terminal, where it isn't shown, or from the first line of standard input.
pub(super) fn typed(what: &str, from_stdin: bool) -> Result<Secret, Failure> {
    let unreadable = |error| Failure::wrong_use(format!("the {what} can't be read: {error}"));
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let typed = rpassword::prompt_password(format!("{what} (it isn't shown): "));
        return typed.map(Secret::new).map_err(unreadable);
    }
    if !from_stdin {
        return Err(Failure::wrong_use(format!(
            "the {what} is needed, and there is no terminal to ask on"
        ))
        .hinting(format!("give it with --{what}-stdin")));
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
