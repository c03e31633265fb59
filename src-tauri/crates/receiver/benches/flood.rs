//! Six hundred events of a megabyte each, over real sockets, to a receiver in a process of its own:
//! nothing of them stays in memory. Prints a table; fails where it does.

#![expect(clippy::print_stdout, reason = "the table is the bench's result")]

use agora_account::{Accounts, Environment, Files};
use agora_demo_market::{Config, DemoMarket, To, people};
use agora_receiver::{Change, Choices, Receiver};
use std::error::Error;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::sleep;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const CLIENT: &str = "user_4021_bench-device";
const EVENTS: usize = 600;
const LARGE: usize = 1_000_000;
const SMALL: usize = 20_000;
/// A minute, and a heartbeat's time.
const LATER: Duration = Duration::from_secs(90);
/// What the buffers of socket, decoder and SQLite may have grown by, in KiB: two events.
const MOST_KIB: u32 = 2_048;

/// The receiver's process, as the app runs it: it tells of each alert with a line.
#[tokio::main(worker_threads = 2)]
async fn receive() -> Result<()> {
    let environment = Environment::of_process()?;
    let files = Files::find(environment.home.as_deref())?;
    let accounts = Arc::new(Accounts::new(files, environment));
    let receiver = Receiver::start(accounts.clone(), accounts, Choices::default());
    let mut changes = receiver.changes();
    loop {
        if let Change::Arrived { alerts, .. } = changes.recv().await? {
            println!("{}", "\n".repeat(alerts.len() - 1));
        }
    }
}

struct Receiving {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Receiving {
    fn start(market: &DemoMarket, home: &std::path::Path) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("receive")
            .env("AGORA_HOME", home)
            .env("AGORA_BASE_URL", market.base_url())
            .env("AGORA_CLIENT_ID", CLIENT)
            .env("AGORA_TOKEN", people::SELLER.token)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take().ok_or("it has an output")?;
        Ok(Self { process, lines: BufReader::new(output).lines() })
    }

    /// Has it receive so many events of this size, as fast as it can.
    async fn take(&mut self, market: &DemoMarket, size: usize) -> Result<()> {
        for number in 0..EVENTS {
            let data = format!(r#"{{"title":"{size} {number}","content":"{}"}}"#, "x".repeat(size));
            market.emit(&To::user(people::SELLER.id), None, &data);
        }
        for _ in 0..EVENTS {
            self.lines.next_line().await?.ok_or("the receiver ended")?;
        }
        Ok(())
    }

    /// Its own memory in KiB: what no other process could share.
    fn memory(&self) -> Result<u32> {
        let process = self.process.id().ok_or("the receiver ended")?;
        let smaps = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let line = smaps.lines().find_map(|line| line.strip_prefix("Anonymous:"));
        let text = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(text.ok_or("no /proc here: nothing can be measured")?.parse()?)
    }
}

#[tokio::main(worker_threads = 2)]
async fn measure() -> Result<()> {
    let market = DemoMarket::start(Config::default()).await?;
    let home = tempfile::tempdir()?;
    let mut receiving = Receiving::start(&market, home.path())?;
    let limit = Duration::from_mins(1);
    market.wait_for_client(CLIENT, limit).await.ok_or("it did not connect")?;
    receiving.take(&market, SMALL).await?;
    sleep(LATER).await;
    let before = receiving.memory()?;
    receiving.take(&market, LARGE).await?;
    let at_once = receiving.memory()?;
    sleep(LATER).await;
    let later = receiving.memory()?;
    println!("| | own memory, KiB |\n| --- | ---: |");
    println!("| after {EVENTS} events of {SMALL} bytes | {before} |");
    println!("| after {EVENTS} of {LARGE} | {at_once} |");
    println!("| {} s later | {later} |", LATER.as_secs());
    let grown = later.saturating_sub(before);
    if grown > MOST_KIB {
        return Err(format!("it keeps {grown} KiB of them").into());
    }
    Ok(())
}

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "receive") { receive() } else { measure() }
}
