//! `agora account sign-in`: a person by name and password, or by email and the code that was sent there.
//! What isn't given is asked for on the terminal, without showing it.

use super::steps::{made_keyring, saved, typed, unsaved, warn_of_variables};
use crate::args::SignInArguments;
use crate::exit::Failure;
use crate::output::{Lines, say};
use agora_account::{Accounts, Keep, SignInFailure, Welcome};
use agora_client::{BaseUrl, CallError, Proof, Secret, SignInError};
use anyhow::{Context, anyhow};
use serde_json::json;
use std::io::{self, IsTerminal};

/// Runs the command.
pub(super) async fn run(
    accounts: &Accounts,
    arguments: SignInArguments,
    mut lines: Lines,
) -> Result<(), Failure> {
    let base = match arguments.base_url.clone() {
        Some(base) => base,
        None => saved(accounts)?.base_url.unwrap_or_else(Accounts::default_base_url),
    };
    if arguments.make_keyring {
        made_keyring(accounts).await?;
    }
    // A session that can't be kept isn't begun.
    accounts
        .probe_keyring()
        .await
        .map_err(|error| unsaved("you were not signed in", error.into()))?;
    let Welcome { account, user_id, role } = signed_in(accounts, base, &arguments).await?;
    warn_of_variables();
    let line = json!({
        "base_url": account.base,
        "client_id": account.client_id,
        "user_id": user_id,
        "role": role,
    });
    Ok(lines.write(&line).await?)
}

async fn signed_in(
    accounts: &Accounts,
    base: BaseUrl,
    arguments: &SignInArguments,
) -> Result<Welcome, Failure> {
    let given = arguments.code.as_deref().map(|code| Secret::new(code.to_owned()));
    let (secret, mut second) = match (&arguments.name, &arguments.email) {
        (Some(_), _) => (typed("password", arguments.password_stdin)?, given),
        (None, Some(email)) => (emailed(accounts, &base, email, given).await?, None),
        (None, None) => return Err(Failure::wrong_use("--name NAME or --email EMAIL is needed")),
    };
    let proof = match (&arguments.name, &arguments.email) {
        (Some(name), _) => Proof::Password { username: name.clone(), password: secret },
        (None, email) => {
            Proof::EmailCode { email: email.clone().unwrap_or_default(), code: secret }
        }
    };
    let asked = accounts.sign_in(base.clone(), &proof, second.as_ref(), Keep::Keyring).await;
    let result = match asked {
        Err(SignInFailure::Market(SignInError::TwoFactorWanted(_))) if can_ask() => {
            second = Some(asked_for("two-factor code")?);
            accounts.sign_in(base, &proof, second.as_ref(), Keep::Keyring).await
        }
        result => result,
    };
    result.map_err(refused)
}

const GIVE_CODE: &str = "give it with --code CODE";

/// The code that was sent to an address; it is sent now where it isn't given.
async fn emailed(
    accounts: &Accounts,
    base: &BaseUrl,
    email: &str,
    given: Option<Secret>,
) -> Result<Secret, Failure> {
    if let Some(code) = given {
        return Ok(code);
    }
    let sent = accounts.send_code(base.clone(), email).await;
    sent.map_err(|error| refused(SignInFailure::Market(error)))?;
    if !can_ask() {
        let why = "the market has sent a code to that address".to_owned();
        return Err(Failure::CodeWanted(why).hinting(GIVE_CODE));
    }
    say("the market has sent a code to that address");
    asked_for("code")
}

fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn asked_for(what: &str) -> Result<Secret, Failure> {
    let typed = rpassword::prompt_password(format!("{what}: "));
    Ok(typed.map(Secret::new).with_context(|| format!("the {what} can't be read"))?)
}

/// What to do about a sign-in that came to nothing.
fn refused(failure: SignInFailure) -> Failure {
    let error = match failure {
        SignInFailure::Market(error) => error,
        SignInFailure::Account(error) => return unsaved("you were not signed in", error),
    };
    let hint = match &error {
        SignInError::Wrong(_) => "check the name and the password, or the address and the code",
        SignInError::TwoFactorWanted(_) => {
            return Failure::CodeWanted(error.to_string()).hinting(GIVE_CODE);
        }
        SignInError::TwoFactorWrong(_) => "take the code that is shown now, or a newer one",
        SignInError::Locked(_) => "the market can unlock it",
        SignInError::TooMany { retry_after: Some(wait), .. } => {
            let seconds = wait.as_secs_f64().ceil();
            return Failure::Refused(error.to_string())
                .hinting(format!("try again in {seconds:.0} s"));
        }
        SignInError::TooMany { .. } => "wait a while before the next try",
        SignInError::NoSignIn => {
            "set the account by hand, with `agora account set --user-id ID --token-stdin`"
        }
        SignInError::CaptchaWanted(_) | SignInError::Call(CallError::Refused(_)) => {
            return Failure::Refused(error.to_string());
        }
        _ => return anyhow!(error).context("nobody was signed in").into(),
    };
    Failure::Refused(error.to_string()).hinting(hint)
}
