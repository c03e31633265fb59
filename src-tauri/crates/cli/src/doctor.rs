//! `agora doctor`: asks each part that alerts need whether it works, and says what to do. Nothing is
//! left changed by it: what it puts into the keyring goes again, and what it sends to the market names
//! a device that exists nowhere else.

use crate::exit::Failure;
use crate::identity::{self, COST_OF_ANOTHER_FORM, FORM, Whose};
use crate::output::{Lines, OutputError, say};
use agora_account::Accounts;
use serde_json::json;

#[cfg(target_os = "linux")]
mod desktop;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
mod inbox;
mod market;
mod stream;

#[cfg(not(target_os = "linux"))]
use elsewhere as desktop;

/// What was found of one part.
#[derive(Debug)]
struct Check {
    name: &'static str,
    ok: bool,
    /// What was found, in one sentence.
    detail: String,
    /// What to do about it.
    advice: Option<String>,
}

impl Check {
    fn good(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: true, detail: detail.into(), advice: None }
    }

    fn bad(name: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, ok: false, detail: detail.into(), advice: Some(advice.into()) }
    }
}

/// Runs the command.
pub(crate) async fn run(whose: &Whose, lines: Lines) -> Result<(), Failure> {
    let accounts = whose.accounts(identity::environment()?)?;
    let mut report = Report { lines, all_ok: true };
    report.add(desktop::toasts().await).await?;
    report.add(desktop::tray().await).await?;
    report.add(keyring(&accounts).await).await?;
    report.add(inbox::check(accounts.files()).await).await?;
    if let Some(check) = client_id(&accounts) {
        report.add(check).await?;
    }
    let market = market::check(&accounts).await;
    let answers = market.ok;
    report.add(market).await?;
    report.add(stream::check(&accounts, answers).await).await?;
    if report.all_ok { Ok(()) } else { Err(Failure::Told) }
}

struct Report {
    lines: Lines,
    all_ok: bool,
}

impl Report {
    async fn add(&mut self, check: Check) -> Result<(), OutputError> {
        let Check { name, ok, detail, advice } = check;
        self.all_ok &= ok;
        say(format!("{} {name}: {detail}", if ok { "ok    " } else { "NOT OK" }));
        if let Some(advice) = &advice {
            say(format!("       what to do: {advice}"));
        }
        self.lines
            .write(&json!({ "check": name, "ok": ok, "detail": detail, "advice": advice }))
            .await
    }
}

/// What a client id costs that doesn't have the market's form. It works for all that, and one that
/// has it is nothing to speak of.
fn client_id(accounts: &Accounts) -> Option<Check> {
    let account = accounts.account().ok().flatten()?;
    (!account.client_id.fits_form()).then(|| Check {
        name: "client id",
        ok: true,
        detail: format!("it doesn't have the market's form: {COST_OF_ANOTHER_FORM}"),
        advice: Some(format!("use one of the form {FORM}, if the market takes it")),
    })
}

async fn keyring(accounts: &Accounts) -> Check {
    match accounts.probe_keyring().await {
        Ok(()) => Check::good("keyring", "an entry was written, read and deleted"),
        Err(error) => Check::bad("keyring", error.to_string(), identity::keyring_advice(&error)),
    }
}
