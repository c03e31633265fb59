//! `agora listen`: the stream's events as lines, until a signal, a closed output, or the market ends
//! it. It keeps nothing: neither the inbox nor a place in the stream.

mod session;

use crate::args::ListenArguments;
use crate::exit::Failure;
use crate::identity::{self, Whose};
use crate::output::{self, Lines, OutputError};
use crate::signals::{Asked, Signals};
use agora_account::Account;
use agora_alert::Event;
use agora_client::connection::{
    self, Config, ConnectionStatus, Control, Ended, Stop, StreamEvent, Target, Update, Updates,
};
use agora_client::{PlainHttp, Reason, ReasonCode};
use agora_power::{Cause, Watch};
use anyhow::{Context, anyhow};
use serde::Serialize;
use serde_json::{Value, json};
use session::Session;
use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How many controls wait while the stream waits for the output.
const CONTROLS: usize = 16;
/// How long the output may take for what had arrived when the signal came.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Runs the command.
pub(crate) async fn run(
    whose: &Whose,
    arguments: ListenArguments,
    lines: Lines,
) -> Result<(), Failure> {
    let (target, session) = target(whose, arguments.url.as_deref()).await?;
    let is_market = arguments.url.is_none();
    let mut config = Config {
        last_event_id: arguments.last_event_id.clone(),
        once: arguments.once,
        ..Config::new(target)
    };
    let mut signals = Signals::listen().context("signals can't be listened to")?;
    let mut output = Output {
        lines,
        all: arguments.all,
        status: arguments.status,
        cursor: arguments.last_event_id,
        was_connected: false,
    };
    let mut is_renewed = false;
    let ended = loop {
        output.was_connected = false;
        let round = connected(&config, session.as_ref(), &mut output, &mut signals);
        let ended = Box::pin(round).await?;
        // A new token that is refused at once too is no reason for another.
        let may_renew = is_refused_token(&ended) && (output.was_connected || !is_renewed);
        match &session {
            Some(session) if may_renew && session.has_another_token(&mut signals).await => {
                is_renewed = true;
                config.last_event_id = output.cursor.clone();
            }
            _ => break ended,
        }
    };
    output.end(&ended).await?;
    match ended {
        Ended::Cancelled | Ended::Once(Reason { code: ReasonCode::Ended, .. }) => Ok(()),
        Ended::Once(reason) => Err(anyhow!(reason.to_string()).into()),
        Ended::Stopped(stop) => Err(Failure::Refused(worded(&stop, is_market))),
    }
}

/// Connects and prints what comes, until that is at its end.
async fn connected(
    config: &Config,
    session: Option<&Session>,
    output: &mut Output,
    signals: &mut Signals,
) -> Result<Ended, Failure> {
    let (tell, updates) = connection::queue();
    let (control, controls) = mpsc::channel(CONTROLS);
    let cancel = CancellationToken::new();
    let connection = connection::run(config.clone(), tell, controls, cancel.clone());
    let both = async { tokio::join!(connection, print(updates, output, signals, control, cancel)) };
    let signed_in = async {
        match session {
            Some(session) => session.stay_signed_in().await,
            None => pending().await,
        }
    };
    let (ended, printed) = tokio::select! {
        both = both => both,
        never = signed_in => match never {},
    };
    printed?;
    Ok(ended.context("the connection can't be set up")?)
}

fn is_refused_token(ended: &Ended) -> bool {
    matches!(ended, Ended::Stopped(Stop::SignedOut { status: 401, had_token: true, .. }))
}

/// The stream's target, and whose session it is, where it is an account's.
async fn target(whose: &Whose, url: Option<&str>) -> Result<(Target, Option<Session>), Failure> {
    let environment = identity::environment()?;
    let Some(url) = url else {
        let was_given = environment.client_id.is_some();
        let accounts = whose.accounts(environment)?;
        let endpoint = identity::endpoint(&accounts).await?;
        identity::heed_the_app(&accounts, &endpoint.client_id, was_given)?;
        let account =
            Account { base: endpoint.base.clone(), client_id: endpoint.client_id.clone() };
        let target = Target::market(endpoint);
        return Ok((target.clone(), Some(Session { accounts, account, target })));
    };
    // Whose server that is, nobody knows: the account's own token has no business there.
    Target::url(url, environment.token, PlainHttp::ThisMachine)
        .map(|target| (target, None))
        .map_err(|invalid| Failure::wrong_use(format!("--url: {invalid}")))
}

/// Prints the updates to their end. A signal, a reader who is gone, or an output that can't be
/// written cancels the connection; what had arrived by the signal is still printed.
async fn print(
    updates: Updates,
    output: &mut Output,
    signals: &mut Signals,
    control: mpsc::Sender<Control>,
    cancel: CancellationToken,
) -> Result<(), OutputError> {
    // Dropped with this function at the latest, and with it the connection ends.
    let _cancel = cancel.clone().drop_guard();
    let mut printing = pin!(output.print(updates));
    // It may be long until the next line finds out.
    let mut reader_gone = pin!(output::reader_gone());
    let mut hearing = pin!(hear_the_machine(control.clone()));
    loop {
        let asked = tokio::select! {
            printed = &mut printing => return printed,
            () = &mut reader_gone => return Err(OutputError::NobodyReads),
            never = &mut hearing => match never {},
            asked = signals.next() => asked,
        };
        match asked {
            // Where there is no room, enough of them are on their way.
            Asked::Reconnect => drop(control.try_send(Control::ReconnectNow)),
            Asked::Leave => {
                cancel.cancel();
                return timeout(LAST_LINES, printing).await.unwrap_or(Ok(()));
            }
        }
    }
}

/// Passes on when the machine woke, and when its network came up or is lost.
async fn hear_the_machine(control: mpsc::Sender<Control>) -> Infallible {
    let mut watch = Watch::start().await;
    loop {
        let told = match watch.next().await {
            Cause::Woke | Cause::ClockJumped => Control::Woke,
            Cause::NetworkUp => Control::NetworkUp,
            Cause::NetworkLost => Control::NetworkLost,
        };
        let _ = control.try_send(told);
    }
}

/// What is printed, and where.
struct Output {
    lines: Lines,
    all: bool,
    status: bool,
    /// Where the stream is.
    cursor: Option<String>,
    /// Whether the market took the token since the last one was refused.
    was_connected: bool,
}

impl Output {
    async fn print(&mut self, mut updates: Updates) -> Result<(), OutputError> {
        while let Some(update) = updates.recv().await {
            match update {
                Update::Event(event)
                    if self.all || Event::read(&event.event, &event.data).is_shown() =>
                {
                    self.lines.write(&event_line(&event)).await?;
                }
                Update::Status(status) => self.tell(&status).await?,
                Update::Cursor(cursor) => self.cursor = cursor,
                Update::Event(_) | Update::Heard(_) => {}
            }
        }
        Ok(())
    }

    /// The last line.
    async fn end(&mut self, ended: &Ended) -> Result<(), OutputError> {
        if !self.status {
            return Ok(());
        }
        let line = match ended {
            Ended::Cancelled => stopped_line("signal", None),
            Ended::Once(reason) => stopped_line(reason.code, reason.status),
            Ended::Stopped(stop) => stopped_line(code(stop), Some(stop.status())),
        };
        timeout(LAST_LINES, self.lines.write(&line)).await.unwrap_or(Ok(()))
    }

    async fn tell(&mut self, status: &ConnectionStatus) -> Result<(), OutputError> {
        match status {
            ConnectionStatus::NoNetwork => output::say("no network"),
            ConnectionStatus::Waiting { delay, reason, quiet: false, .. } => {
                output::say(format!("waiting {:.1} s: {reason}", delay.as_secs_f64()));
            }
            ConnectionStatus::Connected { .. } => self.was_connected = true,
            _ => {}
        }
        match line_of(status) {
            Some(line) if self.status => self.lines.write(&line).await,
            _ => Ok(()),
        }
    }
}

fn event_line(event: &StreamEvent) -> Value {
    json!({ "event": event.event, "data": event.data, "id": event.id })
}

/// Of its end the last line tells: another token may follow.
fn line_of(status: &ConnectionStatus) -> Option<Value> {
    let (name, reason, delay, http_status) = match status {
        ConnectionStatus::Connecting => ("connecting", None, None, None),
        ConnectionStatus::Connected { .. } => ("connected", None, None, None),
        ConnectionStatus::NoNetwork => ("no_network", None, None, None),
        ConnectionStatus::Waiting { delay, reason, .. } => {
            ("waiting", Some(json!(reason.code)), Some(*delay), reason.status)
        }
        ConnectionStatus::Stopped(_) => return None,
    };
    let delay_ms = delay.map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX));
    Some(
        json!({ "status": name, "reason": reason, "delay_ms": delay_ms, "http_status": http_status }),
    )
}

fn stopped_line(reason: impl Serialize, http_status: Option<u16>) -> Value {
    json!({ "status": "stopped", "reason": reason, "delay_ms": null, "http_status": http_status })
}

fn code(stop: &Stop) -> &'static str {
    match stop {
        Stop::NoContent => "no_content",
        Stop::SignedOut { .. } => "signed_out",
        Stop::ProxySignIn => "proxy_sign_in",
        Stop::Gone { .. } => "gone",
    }
}

/// What the answer says, and what to do. The account's token is never sent to another stream, so
/// setting it can't help there.
pub(crate) fn worded(stop: &Stop, is_market: bool) -> String {
    let (server, stream) =
        if is_market { ("the market", "client id") } else { ("the server", "stream") };
    let (what, message) = match stop {
        Stop::NoContent => (format!("{server} wants no reconnect (204)"), None),
        Stop::SignedOut { status, message, had_token } => {
            let advice = if is_market {
                "give one with `agora account set --token-stdin`, or set AGORA_TOKEN"
            } else {
                "set AGORA_TOKEN to one that it accepts"
            };
            let what = if *had_token {
                format!("{server} doesn't accept the token for this {stream} ({status}); {advice}")
            } else {
                format!("{server} wants a token for this {stream} ({status}); {advice}")
            };
            (what, message.as_deref())
        }
        Stop::ProxySignIn => ("the proxy wants to be signed in to (407)".to_owned(), None),
        Stop::Gone { message } => {
            (format!("this {stream} is gone for good (410)"), message.as_deref())
        }
    };
    message.map_or_else(|| what.clone(), |message| format!("{what}: {message}"))
}
