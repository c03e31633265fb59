//! The demo: a market that the app plays by itself, so that somebody may look around who has no account.
//!
//! The market is a program beside ours, and the account on it one of the home's for as long as that runs:
//! who leaves the demo, quits, or starts the app after a crash has nothing left of it.

use crate::system::child;
use agora_account::{Accounts, Keep};
use agora_client::{BaseUrl, Proof, Secret};
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use tokio::time::timeout;

/// How long the market may take to listen.
const START: Duration = Duration::from_secs(10);
/// The most bytes of what it says of itself.
const INTRODUCTION: u64 = 4096;

/// The market while it is played. It ends when this is dropped, and with this program, however that ends:
/// its standard input is ours.
#[derive(Debug)]
pub(super) struct Demo {
    _market: Child,
    guest: Guest,
}

/// Whom the market lets in.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Guest {
    base_url: BaseUrl,
    username: String,
    /// No secret: it opens nothing but the demo.
    password: String,
}

/// Whether the program is there that plays the market.
pub(crate) fn is_there() -> bool {
    program().is_ok_and(|program| program.is_file())
}

fn program() -> std::io::Result<PathBuf> {
    let name = format!("agora-demo-market{}", std::env::consts::EXE_SUFFIX);
    Ok(child::own()?.with_file_name(name))
}

impl Demo {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let mut market = child::command(program()?)
            .args(["--for-app", "--rate", "12"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the demo can't be started")?;
        let said = market.stdout.take().context("the demo has no standard output")?;
        let mut line = String::new();
        let mut said = BufReader::new(said.take(INTRODUCTION));
        let read = timeout(START, said.read_line(&mut line)).await;
        read.context("the demo doesn't start")?.context("the demo can't be understood")?;
        ensure!(!line.is_empty(), "the demo ended at once");
        let guest = serde_json::from_str(&line).context("the demo can't be understood")?;
        Ok(Self { _market: market, guest })
    }

    /// Makes an account the guest's.
    pub(super) async fn sign_in(&self, accounts: &Accounts) -> anyhow::Result<()> {
        let Guest { base_url, username, password } = &self.guest;
        let password = Secret::new(password.clone());
        let proof = Proof::Password { username: username.clone(), password };
        accounts.sign_in(base_url.clone(), &proof, None, Keep::Memory).await?;
        Ok(())
    }
}
