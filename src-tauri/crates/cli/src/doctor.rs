//! `agora doctor`: asks each part that alerts need whether it works, and says what to do. Nothing is
//! changed by it: what it sends to the market names a device that exists nowhere else.

use crate::exit::Failure;
use crate::identity::{self, NO_ACCOUNT, WITHOUT_KEYRING};
use crate::output::{Lines, OutputError, say};
use agora_account::{Account, Accounts, Credential, Files};
use agora_client::{CallError, CallLimits, ClientId, DeviceId, Market, Token};
use agora_inbox::{Access, Filter, Inbox};
use anyhow::Context;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

#[cfg_attr(not(target_os = "linux"), path = "doctor/other_desktop.rs")]
mod desktop;

/// How long the market may take: a sleeping host needs most of a minute to wake up.
const MARKET: Duration = Duration::from_secs(75);
/// How many alerts are read at a time.
const PAGE: usize = 500;

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
pub(crate) async fn run(lines: Lines) -> Result<(), Failure> {
    let accounts = identity::accounts(identity::environment()?)?;
    let mut report = Report { lines, all_ok: true };
    report.add(desktop::toasts().await).await?;
    report.add(desktop::tray().await).await?;
    report.add(keyring(&accounts).await).await?;
    report.add(inbox(accounts.files()).await).await?;
    report.add(market(&accounts).await).await?;
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

async fn keyring(accounts: &Accounts) -> Check {
    match accounts.probe_keyring().await {
        Ok(()) => Check::good("keyring", "it answers"),
        Err(error) => Check::bad(
            "keyring",
            error.to_string(),
            format!(
                "start or unlock a keyring such as GNOME Keyring or KWallet, or {WITHOUT_KEYRING}"
            ),
        ),
    }
}

async fn inbox(files: &Files) -> Check {
    const NAME: &str = "inbox";
    let folder = files.inbox.parent().unwrap_or(Path::new("."));
    if let Err(error) = try_to_write(folder) {
        return Check::bad(
            NAME,
            format!("{} can't be written: {error}", folder.display()),
            "check the folder's permissions and the space on its disk, or set AGORA_HOME to another",
        );
    }
    match files.inbox.try_exists() {
        Ok(false) => return Check::good(NAME, "not made yet; its folder can be written"),
        Ok(true) => {}
        Err(error) => return Check::bad(NAME, error.to_string(), "check the folder's permissions"),
    }
    match read_all(&files.inbox).await {
        Ok(count) => Check::good(NAME, format!("{count} alerts, and all can be read")),
        Err(error) => Check::bad(
            NAME,
            format!("{error:#}"),
            format!("nothing was changed; the file is {}", files.inbox.display()),
        ),
    }
}

/// Makes a file without a name in the folder, or in the nearest one above that exists.
fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let existing = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(existing).map(drop)
}

/// Reads every alert there is; how many.
async fn read_all(file: &Path) -> anyhow::Result<usize> {
    let inbox = Inbox::open(file, Access::ReadOnly)?;
    let (mut count, mut before) = (0, None);
    loop {
        let page = inbox.page(Filter::default(), before, PAGE).await?;
        count += page.alerts.len();
        before = page.alerts.last().map(|alert| alert.id);
        if !page.more {
            return Ok(count);
        }
    }
}

async fn market(accounts: &Accounts) -> Check {
    const NAME: &str = "market";
    let account = match accounts.account() {
        Ok(Some(account)) => account,
        Ok(None) => return Check::bad(NAME, "not asked", NO_ACCOUNT),
        Err(error) => {
            let error = anyhow::Error::from(error);
            return Check::bad(NAME, format!("{error:#}"), "set the account anew");
        }
    };
    let credential = accounts.credential(&account).await;
    let lost = matches!(credential, Credential::Lost(_));
    let token = credential.token().cloned();
    match ask(&account, token).await {
        Ok(Ok(())) if lost => Check::bad(
            NAME,
            format!("{} answers, but the account's token is gone", account.base),
            TOKEN,
        ),
        Ok(Ok(())) => Check::good(NAME, format!("{} answers", account.base)),
        Ok(Err(CallError::Refused(refusal))) if matches!(refusal.status, 401 | 403) => {
            Check::bad(NAME, CallError::Refused(refusal).to_string(), TOKEN)
        }
        Ok(Err(error @ CallError::Refused(_))) => {
            Check::good(NAME, format!("{} can be reached; to the question, {error}", account.base))
        }
        Ok(Err(error)) => Check::bad(
            NAME,
            error.to_string(),
            format!(
                "check the network, the proxy, and whether {} is the market's address",
                account.base
            ),
        ),
        Err(error) => {
            Check::bad(NAME, format!("{error:#}"), "check the system's certificates and proxy")
        }
    }
}

/// What to do about a missing or refused token.
const TOKEN: &str = "give a token with `agora account set --token-stdin`, or set AGORA_TOKEN";

/// Tells the market that a device is gone that never was: of the four calls that every market has,
/// the only one that does nothing and still checks name, TLS, token and address.
async fn ask(account: &Account, token: Option<Token>) -> anyhow::Result<Result<(), CallError>> {
    let limits = CallLimits { whole: MARKET, ..CallLimits::default() };
    let market = Market::with_limits(account.base.clone(), token, limits)?;
    let nobody = DeviceId::generate();
    let client_id = match account.client_id.user_id() {
        Some(user) => ClientId::for_device(&user, &nobody),
        None => ClientId::parse(nobody.as_str()).context("no client id to ask with")?,
    };
    Ok(market.disconnect(&client_id).await)
}
