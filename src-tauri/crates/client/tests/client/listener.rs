//! A run of the connection as a test holds it: its updates, its controls, and small timing.

use std::time::Duration;

use agora_client::connection::{
    Config, ConnectionStatus, Control, Ended, Stop, StreamEvent, Target, Teller, Timing, Update,
    Updates, queue, run,
};
use agora_client::{BaseUrl, ClientId, Endpoint, PlainHttp, Reason, Token};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::server::{Exchange, PATIENCE, Server};

pub(crate) struct Listener {
    updates: Updates,
    pub(crate) control: mpsc::Sender<Control>,
    pub(crate) cancel: CancellationToken,
    task: JoinHandle<Ended>,
}

/// A wait, as it was told.
#[derive(Debug)]
pub(crate) struct Wait {
    pub(crate) delay: Duration,
    pub(crate) reason: Reason,
    pub(crate) slow: bool,
    pub(crate) quiet: bool,
}

/// All that takes time takes milliseconds; what must not run out doesn't.
pub(crate) fn quick() -> Timing {
    let ms = Duration::from_millis;
    Timing {
        refusal_body: ms(200),
        leave: ms(300),
        least: ms(1),
        base: ms(2),
        base_bounds: (ms(1), ms(50)),
        cap: ms(5),
        waking_cap: ms(5),
        late: ms(500),
        spread: ms(2),
        network_up: ms(1),
        retry_after_most: ms(50),
        slow: ms(10),
        slow_cap: ms(10),
        same_client_gap: Duration::ZERO,
        just_begun: Duration::ZERO,
        ..Timing::default()
    }
}

pub(crate) fn endpoint(server: &Server) -> Endpoint {
    Endpoint {
        base: BaseUrl::parse(&server.url("/api")).unwrap(),
        client_id: ClientId::parse("user_7_device-01").unwrap(),
        token: Some(Token::parse("secret-token").unwrap()),
    }
}

/// The market's stream on `server`, with quick timing.
pub(crate) fn market(server: &Server) -> Config {
    let target = Target::market(endpoint(server));
    Config { timing: quick(), ..Config::new(target) }
}

/// The market's stream under an id that was given by hand and can't be varied.
pub(crate) fn by_hand(server: &Server) -> Config {
    let client_id = ClientId::parse("by hand").unwrap();
    let target = Target::market(Endpoint { client_id, ..endpoint(server) });
    Config { timing: quick(), ..Config::new(target) }
}

/// A stream by its URL on `server`, with quick timing.
pub(crate) fn by_url(server: &Server, path: &str) -> Config {
    let target = Target::url(&server.url(path), None, PlainHttp::ThisMachine).unwrap();
    Config { timing: quick(), ..Config::new(target) }
}

/// A market, who listens to it, and the stream that is open between the two.
pub(crate) async fn open() -> (Server, Listener, Exchange) {
    let server = Server::start().await;
    let listener = Listener::start(market(&server));
    let stream = server.accept_stream().await;
    (server, listener, stream)
}

impl Listener {
    pub(crate) fn start(config: Config) -> Self {
        Self::with_queue(config, queue())
    }

    pub(crate) fn with_queue(config: Config, (sender, updates): (Teller, Updates)) -> Self {
        let (control, controls) = mpsc::channel(8);
        let cancel = CancellationToken::new();
        let ends = run(config, sender, controls, cancel.clone());
        let task = tokio::spawn(async { ends.await.unwrap() });
        Self { updates, control, cancel, task }
    }

    /// The next update of any kind.
    pub(crate) async fn update(&mut self) -> Update {
        timeout(PATIENCE, self.updates.recv()).await.unwrap().unwrap()
    }

    /// The next update that isn't just a sign of life.
    pub(crate) async fn next(&mut self) -> Update {
        loop {
            match self.update().await {
                Update::Heard(_) => {}
                update => return update,
            }
        }
    }

    /// The next event; the states before it are passed over.
    pub(crate) async fn event(&mut self) -> StreamEvent {
        loop {
            match self.next().await {
                Update::Event(event) => return event,
                Update::Status(_) => {}
                other => panic!("{other:?} before an event"),
            }
        }
    }

    /// The next state.
    pub(crate) async fn status(&mut self) -> ConnectionStatus {
        match self.next().await {
            Update::Status(status) => status,
            other => panic!("{other:?} instead of a state"),
        }
    }

    pub(crate) async fn connecting(&mut self) {
        assert_eq!(self.status().await, ConnectionStatus::Connecting);
    }

    pub(crate) async fn connected(&mut self) {
        self.connecting().await;
        assert!(matches!(self.status().await, ConnectionStatus::Connected { .. }));
    }

    /// The next state that is an open stream; what comes before it is passed over.
    pub(crate) async fn opened(&mut self) {
        while !matches!(self.next().await, Update::Status(ConnectionStatus::Connected { .. })) {}
    }

    /// The next wait; no event may come before it.
    pub(crate) async fn waiting(&mut self) -> Wait {
        loop {
            match self.status().await {
                ConnectionStatus::Waiting { delay, reason, slow, quiet, .. } => {
                    return Wait { delay, reason, slow, quiet };
                }
                ConnectionStatus::Stopped(stop) => panic!("stopped: {stop:?}"),
                ConnectionStatus::Connecting
                | ConnectionStatus::Connected { .. }
                | ConnectionStatus::NoNetwork => {}
            }
        }
    }

    /// The stop that the run comes to.
    pub(crate) async fn stopped(mut self) -> Stop {
        self.connecting().await;
        let ConnectionStatus::Stopped(told) = self.status().await else {
            panic!("not stopped");
        };
        assert_eq!(self.ended().await, Ended::Stopped(told.clone()));
        told
    }

    pub(crate) async fn ended(self) -> Ended {
        timeout(PATIENCE, self.task).await.unwrap().unwrap()
    }
}
