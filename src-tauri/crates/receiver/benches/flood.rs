//! Six hundred events of a megabyte each, over real sockets, to a receiver in a process of its own:
//! nothing of them stays in memory. Prints a table; fails where it does.

#![expect(clippy::print_stdout, reason = "the table is the bench's result")]

#[path = "../examples/receive/receiving.rs"]
mod receiving;

use agora_demo_market::{Config, DemoMarket, To, people};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const CLIENT: &str = "user_4021_bench-device";
const EVENTS: usize = 600;
const LARGE: usize = 1_000_000;
const SMALL: usize = 20_000;
/// A minute, and a heartbeat's time.
const LATER: Duration = Duration::from_secs(90);
/// How many times its memory of before it may have then.
const MOST: f64 = 1.1;

/// The receiver's process, in a runtime as the app's.
#[tokio::main(worker_threads = 2)]
async fn receive() -> Result<()> {
    receiving::receive().await
}

struct Receiving {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Receiving {
    fn start(market: &DemoMarket, home: &Path) -> Result<Self> {
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
            timeout(LATER, self.lines.next_line()).await??.ok_or("the receiver ended")?;
        }
        Ok(())
    }

    fn memory(&self) -> Result<Memory> {
        let process = self.process.id().ok_or("the receiver ended")?;
        Memory::of(&fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?)
    }
}

/// What a process takes, in KiB.
#[derive(Clone, Copy)]
struct Memory {
    /// With its part of what it shares with others (PSS).
    whole: u32,
    /// What no file backs.
    own: u32,
}

impl Memory {
    fn of(smaps: &str) -> Result<Self> {
        let value = |name| {
            let line = smaps.lines().find_map(|line| line.strip_prefix(name));
            let text = line.and_then(|line| line.trim().strip_suffix(" kB"));
            text.ok_or("no /proc here: nothing can be measured")
        };
        Ok(Self { whole: value("Pss:")?.parse()?, own: value("Anonymous:")?.parse()? })
    }

    fn times(self, before: Self) -> f64 {
        f64::from(self.whole) / f64::from(before.whole)
    }
}

#[tokio::main(worker_threads = 2)]
async fn measure() -> Result<()> {
    let market = DemoMarket::start(Config::default()).await?;
    let home = tempfile::tempdir()?;
    let mut receiving = Receiving::start(&market, home.path())?;
    let limit = Duration::from_mins(1);
    market.wait_for_client(CLIENT, limit).await.ok_or("it did not connect")?;
    sleep(LATER).await;
    let idle = receiving.memory()?;
    receiving.take(&market, SMALL).await?;
    sleep(LATER).await;
    let before = receiving.memory()?;
    receiving.take(&market, LARGE).await?;
    let at_once = receiving.memory()?;
    sleep(LATER).await;
    let later = receiving.memory()?;
    println!("| | memory (PSS), KiB | of that its own | to before |");
    println!("| --- | ---: | ---: | ---: |");
    let seconds = LATER.as_secs();
    for (what, memory) in [
        (format!("connected for {seconds} s"), idle),
        (format!("{seconds} s after {EVENTS} events of {SMALL} bytes"), before),
        (format!("at once after {EVENTS} of {LARGE}"), at_once),
        (format!("{seconds} s later"), later),
    ] {
        let Memory { whole, own } = memory;
        println!("| {what} | {whole} | {own} | {:.2} |", memory.times(before));
    }
    let grown = later.times(before);
    if grown > MOST {
        return Err(format!("it keeps {grown:.2} times what it had").into());
    }
    Ok(())
}

fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "receive") { receive() } else { measure() }
}
