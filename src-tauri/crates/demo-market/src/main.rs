//! The demo market as a program: see the library for what it does.

use std::io::{Write, stdout};
use std::time::Duration;

use agora_demo_market::{Config, DemoMarket, people};
use anyhow::{Context, Result};
use clap::Parser;
use tokio::sync::oneshot;

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
    /// Seconds after its own start at which an emitter is completed, and takes along whatever stream its client
    /// id has by then
    #[arg(long, value_name = "SECONDS", default_value = "1800", value_parser = seconds)]
    emitter_timeout: Duration,
    /// Have every surprise of the real market at once, a server in UTC included (other options still count)
    #[arg(long)]
    true_to_life: bool,
    /// Write Spring's bare text at an emitter's timeout
    #[arg(long)]
    timeout_text: bool,
    /// Notice a closed socket only when writing to it fails
    #[arg(long)]
    late_to_notice: bool,
    /// Minutes for which a token from a sign-in is good
    #[arg(long, value_name = "MINUTES", default_value_t = 120)]
    token_minutes: u64,
    /// Let a token that was handed out be good only for the client it was handed to
    #[arg(long)]
    bind_tokens: bool,
    /// Want a browser's captcha of whoever signs in by password
    #[arg(long)]
    want_captcha: bool,
    /// Want a token on every push call, as the newer host does
    #[arg(long)]
    require_token: bool,
    /// Answer 403 in place of 401 where a token is wanted and there is none
    #[arg(long)]
    forbid_without_token: bool,
    /// Let any signed-in member write anything to anyone
    #[arg(long)]
    members_write: bool,
    /// The server's zone, such as +08:00; this machine's if not given
    #[arg(long, value_name = "±HH:MM", value_parser = offset, allow_hyphen_values = true)]
    utc_offset: Option<i32>,
    /// Write stored times with a fixed +08:00 behind the server's local time
    #[arg(long)]
    fixed_zone: bool,
    /// Leave the number out of pages of stored notifications
    #[arg(long)]
    without_page_numbers: bool,
    /// Hold every stream back, head and all, until it ends or 4 KiB are there, as nginx does by default
    #[arg(long)]
    hold_back: bool,
    /// Have only connect, disconnect, broadcast and send: no sign-in, no notifications, no status
    #[arg(long)]
    push_only: bool,
    /// Have no calls to stored notifications: 404, as from a market that doesn't store them
    #[arg(long)]
    without_notifications: bool,
    /// Don't print the people
    #[arg(long)]
    quiet: bool,
    /// For the app: print where it listens, and whom to sign in as, as one line of JSON, and end with
    /// standard input
    #[arg(long, conflicts_with = "quiet")]
    for_app: bool,
}

const FAULTS: &str = "\
While it runs (JSON over HTTP, no token):
  GET, DELETE /_demo/requests      the requests so far
  GET /_demo/clients               who is connected
  POST /_demo/clients/ID           ID or *: {\"do\":\"zombie|reset|cut|end|pause_heartbeat|resume_heartbeat\"},
                                   {\"do\":\"raw\",\"text\":\"data:x\\n\\n\"}, {\"do\":\"hex\",\"hex\":\"ff\"}
  POST, DELETE /_demo/faults       {\"fault\":\"answer\",\"status\":503,\"headers\":{\"retry-after\":\"2\"},\"body\":\"\",\"times\":2}
                                   faults: answer, login_page, stall, slow (delay_ms), lose_answer, garbage (text);
                                   of connects only: silent, reset, cut, end, zombie, hold_back
                                   \"on\": connect (default), disconnect, send, sign_in, refresh, notifications,
                                   mark_read, any
  POST /_demo/emit                 {\"to\":\"everyone\",\"event\":\"message\",\"data\":{\"title\":\"Hello\"}}; \"to\" may be a user id
  POST /_demo/notifications        {\"userId\":1001,\"title\":\"While you were away\"}: stored; and pushed with \"push\":true
  POST /_demo/zone                 {\"utcOffset\":480}: minutes east of UTC that the server's clock shows from now on
  POST /_demo/expire               {\"userId\":1001}: that user's access tokens are no longer good

Example:
  agora-demo-market --rate 20 &
  curl -N http://127.0.0.1:PORT/api/sse/connect/user_1001_terminal";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let usual = if arguments.true_to_life { Config::true_to_life() } else { Config::default() };
    let config = Config {
        port: arguments.port,
        ids: arguments.ids,
        rate: arguments.rate,
        seed: arguments.seed,
        heartbeat: Duration::from_secs(arguments.heartbeat),
        emitter_timeout: arguments.emitter_timeout,
        timeout_text: arguments.timeout_text || usual.timeout_text,
        notices_closed: !arguments.late_to_notice && usual.notices_closed,
        token_lifetime: Duration::from_secs(arguments.token_minutes.saturating_mul(60)),
        binds_tokens: arguments.bind_tokens || usual.binds_tokens,
        wants_captcha: arguments.want_captcha,
        require_token: arguments.require_token || usual.require_token,
        forbids_without_token: arguments.forbid_without_token || usual.forbids_without_token,
        members_write: arguments.members_write || usual.members_write,
        utc_offset: arguments.utc_offset.or(usual.utc_offset),
        fixed_zone: arguments.fixed_zone || usual.fixed_zone,
        numbered_pages: !arguments.without_page_numbers && usual.numbered_pages,
        holds_back: arguments.hold_back,
        push_only: arguments.push_only,
        notifications: !arguments.without_notifications,
        ..usual
    };
    let market = DemoMarket::start(config)
        .await
        .with_context(|| format!("can't listen on 127.0.0.1:{}", arguments.port))?;
    // Before the line that others wait for: a signal that follows it must find us ready.
    let end = ended()?;
    let introduced = if arguments.for_app {
        introduce_guest(&market)
    } else {
        introduce(&market, arguments.quiet)
    };
    introduced.context("can't write to standard output")?;
    if arguments.for_app {
        tokio::select! {
            () = end => {}
            _ = input_ended() => {}
        }
    } else {
        end.await;
    }
    market.stop().await;
    Ok(())
}

/// A number of seconds, fractions allowed.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// A zone as minutes east of UTC.
fn offset(text: &str) -> Result<i32, String> {
    let parsed = jiff::fmt::strtime::parse("%:z", text).ok().and_then(|time| time.offset());
    parsed.map(|offset| offset.seconds() / 60).ok_or_else(|| "not a zone such as +08:00".to_owned())
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

/// Whom a person is in the demo that the app plays: somebody who sells sees the most of a market.
fn introduce_guest(market: &DemoMarket) -> std::io::Result<()> {
    let people::Person { username, password, .. } = people::SELLER;
    let guest = serde_json::json!({
        "baseUrl": market.base_url(), "username": username, "password": password,
    });
    let mut out = stdout().lock();
    writeln!(out, "{guest}")?;
    out.flush()
}

/// A future that is ready when standard input has ended. On a thread of its own: the runtime would wait at
/// its end for one of its own that reads.
fn input_ended() -> oneshot::Receiver<()> {
    let (ended, input_ended) = oneshot::channel();
    std::thread::spawn(move || {
        // However it ended.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    input_ended
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
