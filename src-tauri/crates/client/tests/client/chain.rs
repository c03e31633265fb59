//! A market whose emitters outlive their entries, for a quarter of an hour: whether the client is ever deaf and
//! doesn't know.
//!
//! There the clean-up of an emitter that timed out removes whatever entry its client id has by then. A stream
//! under the id of an earlier one falls silent when the earlier one times out, its client finds out by the
//! missing heartbeats alone and connects again, and has planted the next such end. Time is a fiftieth: emitters
//! time out after 300 s, heartbeats come every 30 s, an event about every second.

use std::collections::BTreeSet;
use std::time::Duration;

use agora_client::connection::{Config, ConnectionStatus, Control, Target, Timing, Update};
use agora_client::{BaseUrl, ClientId, Endpoint};
use agora_demo_market::{DemoMarket, To};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::listener::{Listener, quick};

/// What a second is to this test.
const SECOND: Duration = Duration::from_millis(20);
const HEARTBEAT: Duration = seconds(30);
const RECONNECT_NOW: Duration = seconds(140);
const WHOLE: Duration = seconds(140 + 12 * 60);

const fn seconds(count: u32) -> Duration {
    SECOND.saturating_mul(count)
}

/// The waits that people get, as short as the rest.
fn compressed() -> Timing {
    let real = Timing::default();
    let part = |time: Duration| time / (1_000 / SECOND.subsec_millis());
    Timing {
        silence_least: part(real.silence_least),
        least: part(real.least),
        base: part(real.base),
        cap: part(real.cap),
        waking_cap: part(real.waking_cap),
        heartbeat: part(real.heartbeat),
        late: part(real.late),
        spread: part(real.spread),
        healthy: part(real.healthy),
        healthy_if_silent: part(real.healthy_if_silent),
        same_client_gap: part(real.same_client_gap),
        fuse_window: part(real.fuse_window),
        ..quick()
    }
}

/// What came of it.
#[derive(Debug, Default)]
struct Seen {
    /// When each event was sent; its place is its number.
    sent: Vec<Instant>,
    received: BTreeSet<usize>,
    /// When a state began, and whether it was shown as connected.
    shown: Vec<(Instant, bool)>,
}

impl Seen {
    fn take(&mut self, update: Update) {
        match update {
            Update::Status(status) => {
                let connected = matches!(status, ConnectionStatus::Connected { .. });
                self.shown.push((Instant::now(), connected));
            }
            Update::Event(event) => self.received.extend(event.data.parse::<usize>()),
            Update::Cursor(_) | Update::Heard(_) => {}
        }
    }

    fn lost(&self) -> impl Iterator<Item = Instant> {
        let numbered = self.sent.iter().enumerate();
        numbered.filter(|(number, _)| !self.received.contains(number)).map(|(_, at)| *at)
    }

    /// Whether it was shown as connected at that time, and for a heartbeat longer without a break.
    fn believed(&self, at: Instant) -> bool {
        let (before, after): (Vec<_>, Vec<_>) =
            self.shown.iter().partition(|(began, _)| *began <= at);
        let was_connected = before.last().is_some_and(|(_, connected)| *connected);
        was_connected && after.first().is_none_or(|(began, _)| *began > at + HEARTBEAT)
    }
}

#[tokio::test]
async fn no_event_passes_by_while_connected_is_shown_after_one_reconnect_now() {
    let market = DemoMarket::start(agora_demo_market::Config {
        heartbeat: HEARTBEAT,
        emitter_timeout: seconds(300),
        notices_closed: false,
        ..agora_demo_market::Config::default()
    });
    let market = market.await.unwrap();
    let endpoint = Endpoint {
        base: BaseUrl::parse(&market.base_url()).unwrap(),
        client_id: ClientId::parse("user_4021_device-01").unwrap(),
        token: None,
    };
    let config = Config { timing: compressed(), ..Config::new(Target::market(endpoint)) };
    let mut listener = Listener::start(config);
    let mut seen = Seen::default();
    seen.take(listener.update().await);
    seen.take(listener.update().await);

    let began = Instant::now();
    let mut next_event = interval(SECOND);
    next_event.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reconnected = false;
    while began.elapsed() < WHOLE {
        tokio::select! {
            _ = next_event.tick() => {
                let number = seen.sent.len().to_string();
                market.emit(&To::user(4021), None, &number);
                seen.sent.push(Instant::now());
            }
            update = listener.update() => seen.take(update),
            () = sleep_until(began + RECONNECT_NOW), if !reconnected => {
                reconnected = true;
                listener.control.send(Control::ReconnectNow).await.unwrap();
            }
        }
    }
    // What was sent last is still on its way, and so is what the client finds out.
    let end = Instant::now() + 2 * HEARTBEAT;
    while Instant::now() < end {
        tokio::select! {
            update = listener.update() => seen.take(update),
            () = sleep_until(end) => {}
        }
    }

    let lost: Vec<_> = seen.lost().collect();
    let believed = lost.iter().filter(|at| seen.believed(**at)).count();
    let connects = market.requests().iter().filter(|call| call.path.contains("/connect/")).count();
    assert!(connects >= 4, "it was reconnected, and the market ended a stream twice at least");
    assert!(seen.received.len() > 100, "{} received", seen.received.len());
    assert_eq!(
        believed,
        0,
        "lost while connected was shown; {} of {} were lost in all, over {connects} connects",
        lost.len(),
        seen.sent.len(),
    );
}
