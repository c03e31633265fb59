//! An open stream with the clock stopped: no sockets, so that the time is exact, and a market on
//! another machine, which a network is needed for.

use futures_util::stream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::connection::{Config, Target, Updates, queue};
use crate::{BaseUrl, ClientId, Endpoint};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);
const ANNOUNCED: &str = r#"{"type":"SYSTEM_TIME_WAIT","heartbeatInterval":30}"#;

/// A stream that is being read.
struct Reading {
    body: Option<mpsc::Sender<Result<Event, End>>>,
    control: mpsc::Sender<Control>,
    updates: Updates,
    task: JoinHandle<(Connection, Next)>,
}

impl Reading {
    /// One that has announced its heartbeat.
    async fn start(client_id: &str) -> Self {
        let endpoint = Endpoint {
            base: BaseUrl::parse("https://market.test/api").unwrap(),
            client_id: ClientId::parse(client_id).unwrap(),
            token: None,
        };
        let (sender, updates) = queue();
        let (control, controls) = mpsc::channel(8);
        let config = Config::new(Target::market(endpoint));
        let connection = Connection::new(config, sender, controls).unwrap();
        let mut reading = Self::go_on(connection, control, updates);
        reading.send("SYSTEM_TIME_WAIT", ANNOUNCED).await;
        assert!(matches!(reading.status().await, ConnectionStatus::Connected { .. }));
        reading
    }

    /// The next stream of the same connection, of which nothing has come yet.
    fn go_on(mut connection: Connection, control: mpsc::Sender<Control>, updates: Updates) -> Self {
        let (body, items) = mpsc::channel(8);
        let items = stream::unfold(items, async |mut items| {
            let item: Result<Event, End> = items.recv().await?;
            Some((item, items))
        });
        let task = tokio::spawn(async move {
            let next = connection.read(Box::pin(items)).await;
            (connection, next.unwrap_or_else(|_| panic!("nobody listens")))
        });
        Self { body: Some(body), control, updates, task }
    }

    async fn send(&mut self, event: &str, data: &str) {
        let event = Event { event: event.to_owned(), data: data.to_owned(), ..Event::default() };
        self.body.as_ref().unwrap().send(Ok(event)).await.unwrap();
    }

    /// A byte, which is no event.
    async fn breathe(&mut self) {
        self.send("", "").await;
    }

    /// The next status.
    async fn status(&mut self) -> ConnectionStatus {
        loop {
            // With the clock stopped this is over as soon as nothing is left to happen.
            let update = timeout(HOUR, self.updates.recv()).await.expect("no status is told");
            if let Update::Status(status) = update.unwrap() {
                return status;
            }
        }
    }

    /// Says that no status is told within this time.
    async fn stays(&mut self, time: Duration) {
        let told = timeout(time, self.status()).await;
        assert!(told.is_err(), "{told:?}");
    }

    async fn tell(&self, control: Control) {
        self.control.send(control).await.unwrap();
    }

    /// What came after it, and when it ended.
    async fn end(self) -> (Connection, Next) {
        self.task.await.unwrap()
    }
}

fn is_made_anew(next: &Next) -> bool {
    matches!(next, Next::Wait(Outcome::NetworkUp, _))
}

fn fell_silent(next: &Next) -> bool {
    matches!(next, Next::Wait(Outcome::Failed { .. }, reason) if reason.code == ReasonCode::Silent)
}

const FITTING: &str = "user_7_device-01";

#[tokio::test(start_paused = true)]
async fn a_stream_that_brings_bytes_outlives_a_change_of_the_network() {
    let mut reading = Reading::start(FITTING).await;
    for _ in 0..5 {
        tokio::time::sleep(20 * SECOND).await;
        reading.tell(Control::NetworkUp).await;
        reading.stays(10 * SECOND).await;
        reading.breathe().await;
    }
    reading.stays(89 * SECOND).await;
    let (_, next) = reading.end().await;
    assert!(fell_silent(&next));
}

#[tokio::test(start_paused = true)]
async fn one_that_brings_none_by_its_next_heartbeat_is_made_anew() {
    let reading = Reading::start(FITTING).await;
    let heard = Instant::now();
    tokio::time::sleep(20 * SECOND).await;
    reading.tell(Control::NetworkUp).await;
    tokio::time::sleep(5 * SECOND).await;
    // It isn't given more time for a second change.
    reading.tell(Control::NetworkUp).await;
    let (_, next) = reading.end().await;
    assert!(is_made_anew(&next));
    assert_eq!(heard.elapsed().as_secs(), 32);
}

#[tokio::test(start_paused = true)]
async fn one_whose_heartbeat_was_due_is_made_anew_at_once_and_so_is_one_from_before_a_sleep() {
    for (after, control) in [(33, Control::NetworkUp), (1, Control::Woke)] {
        let reading = Reading::start(FITTING).await;
        tokio::time::sleep(after * SECOND).await;
        let told = Instant::now();
        reading.tell(control).await;
        assert!(is_made_anew(&reading.end().await.1));
        assert!(told.elapsed() < SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn a_break_after_a_change_of_the_network_is_that_changes() {
    let mut reading = Reading::start(FITTING).await;
    reading.tell(Control::NetworkUp).await;
    reading.stays(SECOND).await;
    let cut = End::Fault(Reason::of(ReasonCode::Cut));
    reading.body.take().unwrap().send(Err(cut)).await.unwrap();
    assert!(is_made_anew(&reading.end().await.1));
}

#[tokio::test(start_paused = true)]
async fn a_lost_network_is_shown_at_once_and_the_stream_comes_back_as_it_was_when_bytes_do() {
    let mut reading = Reading::start(FITTING).await;
    reading.tell(Control::NetworkLost).await;
    assert_eq!(reading.status().await, ConnectionStatus::NoNetwork);
    reading.tell(Control::NetworkLost).await;
    reading.stays(10 * SECOND).await;
    // Back, and nothing came over it yet.
    reading.tell(Control::NetworkUp).await;
    assert_eq!(reading.status().await, ConnectionStatus::Connecting);
    reading.stays(5 * SECOND).await;
    reading.breathe().await;
    assert!(matches!(reading.status().await, ConnectionStatus::Connected { .. }));

    // The market is nearer than the way out that is lost.
    reading.tell(Control::NetworkLost).await;
    assert_eq!(reading.status().await, ConnectionStatus::NoNetwork);
    reading.breathe().await;
    assert!(matches!(reading.status().await, ConnectionStatus::Connected { .. }));
    reading.stays(60 * SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_falls_silent_without_a_network_is_given_up_as_any_other() {
    let mut reading = Reading::start(FITTING).await;
    let heard = Instant::now();
    reading.tell(Control::NetworkLost).await;
    assert_eq!(reading.status().await, ConnectionStatus::NoNetwork);
    let (connection, next) = reading.end().await;
    assert!(fell_silent(&next) && connection.offline);
    assert_eq!(heard.elapsed().as_secs(), 90);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_connected_before_its_first_byte() {
    let Reading { control, updates, task, body } = Reading::start(FITTING).await;
    drop(body);
    let (connection, _) = task.await.unwrap();
    let mut next = Reading::go_on(connection, control, updates);
    next.stays(60 * SECOND).await;
    next.breathe().await;
    assert!(matches!(next.status().await, ConnectionStatus::Connected { .. }));
}

/// The wait after a stream that was silent at last, with the least of waits far above the spread.
async fn wait_after_silence(client_id: &str, heartbeats: u32) -> Duration {
    let mut reading = Reading::start(client_id).await;
    for _ in 0..heartbeats {
        tokio::time::sleep(30 * SECOND).await;
        reading.breathe().await;
    }
    let (mut connection, next) = reading.end().await;
    assert!(fell_silent(&next));
    let now = Instant::now();
    // The second: the first may be the spread's.
    let failed = Outcome::Failed { retry_after: None };
    connection.backoff.next(failed, now, 1.0);
    connection.backoff.next(failed, now, 1.0).length
}

#[tokio::test(start_paused = true)]
async fn three_heartbeats_undo_earlier_failures_though_silence_follows() {
    // Without them the count goes on from where it was; here that is from nothing.
    assert_eq!(wait_after_silence(FITTING, 2).await, 2 * SECOND);
    // With them the silence is the first failure, from which all come back spread.
    assert_eq!(wait_after_silence(FITTING, 3).await, 8 * SECOND);
    // What repeats its id may only have had it taken away by another app.
    assert_eq!(wait_after_silence("by hand", 3).await, 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn under_an_id_that_repeats_a_stream_is_made_anew_right_after_its_ancestors_time() {
    let first = Reading::start("by hand").await;
    let opened = Instant::now();
    tokio::time::sleep(10 * SECOND).await;
    first.tell(Control::ReconnectNow).await;
    let Reading { control, updates, task, body: _body } = first;
    let (connection, _) = task.await.unwrap();

    let mut second = Reading::go_on(connection, control, updates);
    while opened.elapsed() < 1750 * SECOND {
        second.breathe().await;
        tokio::time::sleep(30 * SECOND).await;
    }
    let (_, next) = second.end().await;
    assert_eq!(opened.elapsed().as_secs(), 1802);
    assert!(matches!(next, Next::Wait(Outcome::Ended, _)));
}
