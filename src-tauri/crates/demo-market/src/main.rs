//! The demo market as a program: see the library for what it does.

use std::io::{Write, stdout};
use std::time::Duration;

use agora_demo_market::{Config, DemoMarket, people};
use anyhow::{Context, Result};
use clap::Parser;

/// A stand-in for the market on 127.0.0.1, with faults on demand.
///
/// Prints where it listens, then the people it knows. SIGINT and SIGTERM end it at once, open streams too.
#[derive(Debug, Parser)]
#[command(version, after_help = FAULTS)]
struct Arguments {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Give events ids, and replay what a client missed by its Last-Event-ID
    #[arg(long)]
    ids: bool,
    /// Events of the scenario a minute; 0 for none
    #[arg(long, value_name = "EVENTS_PER_MINUTE", default_value_t = 0.0)]
    rate: f64,
    /// What the scenario is drawn from: the same seed tells the same story
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds between heartbeats
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    heartbeat: u64,
    /// Minutes after which the server ends a stream
    #[arg(long, value_name = "MINUTES", default_value_t = 30)]
    stream_minutes: u64,
    /// Minutes for which a token from a sign-in is good
    #[arg(long, value_name = "MINUTES", default_value_t = 120)]
    token_minutes: u64,
    /// Want a token on every push call, as the newer host does
    #[arg(long)]
    require_token: bool,
    /// Have only connect, disconnect, broadcast and send: no sign-in, no notifications, no status
    #[arg(long)]
    push_only: bool,
    /// Have no calls to stored notifications: 404, as from a market that doesn't store them
    #[arg(long)]
    without_notifications: bool,
    /// Don't print the people
    #[arg(long)]
    quiet: bool,
}

const FAULTS: &str = "\
While it runs (JSON over HTTP, no token):
  GET, DELETE /_demo/requests      the requests so far
  GET /_demo/clients               who is connected
  POST /_demo/clients/ID           ID or *: {\"do\":\"zombie|reset|cut|end|pause_heartbeat|resume_heartbeat\"},
                                   {\"do\":\"raw\",\"text\":\"data:x\\n\\n\"}, {\"do\":\"hex\",\"hex\":\"ff\"}
  POST, DELETE /_demo/faults       {\"fault\":\"answer\",\"status\":503,\"headers\":{\"retry-after\":\"2\"},\"body\":\"\",\"times\":2}
                                   faults: answer, login_page, stall, slow (delay_ms), lose_answer, garbage (text);
                                   of connects only: silent, reset, cut, end, zombie
                                   \"on\": connect (default), disconnect, send, notifications, mark_read, any
  POST /_demo/emit                 {\"to\":\"everyone\",\"event\":\"message\",\"data\":{\"title\":\"Hello\"}}; \"to\" may be a user id
  POST /_demo/notifications        {\"userId\":1001,\"title\":\"While you were away\"}: stored; and pushed with \"push\":true
  POST /_demo/expire               {\"userId\":1001}: that user's access tokens are no longer good

Example:
  agora-demo-market --rate 20 &
  curl -N http://127.0.0.1:PORT/api/sse/connect/user_1001_terminal";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let config = Config {
        port: arguments.port,
        ids: arguments.ids,
        rate: arguments.rate,
        seed: arguments.seed,
        heartbeat: Duration::from_secs(arguments.heartbeat),
        stream_length: Duration::from_secs(arguments.stream_minutes.saturating_mul(60)),
        token_lifetime: Duration::from_secs(arguments.token_minutes.saturating_mul(60)),
        require_token: arguments.require_token,
        push_only: arguments.push_only,
        notifications: !arguments.without_notifications,
        ..Config::default()
    };
    let market = DemoMarket::start(config)
        .await
        .with_context(|| format!("can't listen on 127.0.0.1:{}", arguments.port))?;
    // Before the line that others wait for: a signal that follows it must find us ready.
    let end = ended()?;
    introduce(&market, arguments.quiet).context("can't write to standard output")?;
    end.await;
    market.stop().await;
    Ok(())
}

fn introduce(market: &DemoMarket, quiet: bool) -> std::io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "listening on {}", market.base_url())?;
    if !quiet {
        for person in &people::ALL {
            write!(
                out,
                "{:>4}  {} / {}  ({:?})  username {}  password {}  token {}",
                person.id,
                person.name,
                person.english_name,
                person.role,
                person.username,
                person.password,
                person.token
            )?;
            if let Some(code) = person.two_factor_code {
                write!(out, "  two-factor code {code}")?;
            }
            writeln!(out)?;
        }
    }
    out.flush()
}

/// A future that is ready at the first SIGINT or SIGTERM after this call.
#[cfg(unix)]
fn ended() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt()).context("can't listen for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("can't listen for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// A future that is ready at the first Ctrl+C after this call.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
fn ended() -> Result<impl Future<Output = ()>> {
    Ok(async {
        let _interrupted = tokio::signal::ctrl_c().await;
    })
}
