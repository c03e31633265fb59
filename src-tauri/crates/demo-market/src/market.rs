//! The market as a whole: what a test or the program holds in its hand.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::OriginalUri;
use axum::{Router, middleware};
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::config::Config;
use crate::faults::{self, Action, Call, Fault, Faults};
use crate::notifications::{Notice, Notifications, Status, StoredNotice};
use crate::record::{self, Record, Recorded};
use crate::refusals::{self, Refusal};
use crate::streams::{Connected, Frame, Streams, To};
use crate::tokens::Tokens;
use crate::{demo_calls, notification_calls, push, scenario, server, sign_in};

/// The state that all calls share.
#[derive(Debug)]
pub(crate) struct Market {
    pub(crate) config: Config,
    pub(crate) clock: Arc<Clock>,
    pub(crate) streams: Streams,
    pub(crate) tokens: Tokens,
    pub(crate) tries: sign_in::Tries,
    pub(crate) notifications: Notifications,
    pub(crate) faults: Faults,
    pub(crate) record: Record,
}

pub(crate) type Shared = Arc<Market>;

/// A running market. Dropping it ends it; [`DemoMarket::stop`] also waits for the port to be free again.
#[derive(Debug)]
pub struct DemoMarket {
    address: SocketAddr,
    market: Shared,
    /// Owns the listener, every connection, the emitters' time and the scenario.
    server: JoinHandle<()>,
}

impl Drop for DemoMarket {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl DemoMarket {
    /// Starts a market on 127.0.0.1; it accepts connections when this returns. Fails when the port is
    /// taken, or with `InvalidInput` when an interval of the configuration is zero, the rate is no number of
    /// events, or no zone is that far from UTC.
    pub async fn start(config: Config) -> io::Result<Self> {
        let clock = Arc::new(Clock::default());
        if config.heartbeat.is_zero()
            || config.system_time.is_zero()
            || !config.rate.is_finite()
            || config.rate < 0.0
            || !clock.set(config.utc_offset)
        {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a zero interval, a rate that is no number, or a zone that is none",
            ));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let market = Arc::new(Market {
            streams: Streams::new(&config, Arc::clone(&clock)),
            tokens: Tokens::new(config.token_lifetime),
            tries: sign_in::Tries::default(),
            notifications: Notifications::seeded(Arc::clone(&clock)),
            faults: Faults::new(&config),
            record: Record::default(),
            clock,
            config,
        });
        let router = router(&market);
        let (story, shared) = (scenario::run(Arc::clone(&market)), Arc::clone(&market));
        let server = tokio::spawn(async move {
            tokio::join!(server::accept(listener, router), shared.streams.keep_time(), story);
        });
        Ok(Self { address, market, server })
    }

    /// `http://127.0.0.1:PORT/api`, what a client is configured with.
    pub fn base_url(&self) -> String {
        format!("{}/api", self.origin())
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Closes every socket at once, as a crash would; the port can be used again when this returns.
    pub async fn stop(mut self) {
        self.server.abort();
        // The error says that the task was aborted, which is what was asked for.
        let _aborted = (&mut self.server).await;
    }

    /// The requests so far, oldest first; at most the last 10,000.
    pub fn requests(&self) -> Vec<Recorded> {
        self.market.record.all()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.market.record.clear();
    }

    /// Who is connected, by client id; zombies are not. Where a call takes a client id it is also content with
    /// the user and device that the id begins with, and means the newest client of that device.
    pub fn clients(&self) -> Vec<Connected> {
        self.market.streams.connected()
    }

    /// Sends an event to the streams that are open now; says how many. `event` overrides the name that
    /// the market would give it.
    pub fn emit(&self, to: &To, event: Option<&str>, data: &str) -> usize {
        self.market.streams.send(to, event, data)
    }

    /// Lets the next `times` connects fail.
    ///
    /// # Panics
    /// When the fault can't be armed, such as a header that is none.
    pub fn fail_next(&self, fault: Fault, times: u32) {
        self.fail_next_call(Call::Connect, fault, times);
    }

    /// Lets the next `times` calls of a kind fail.
    ///
    /// # Panics
    /// When the fault can't be armed, such as a header that is none, or a fault of connects for other calls.
    pub fn fail_next_call(&self, on: Call, fault: Fault, times: u32) {
        if let Err(complaint) = self.market.faults.arm(on, fault, times) {
            panic!("{complaint}");
        }
    }

    /// Lets everything go right again.
    pub fn clear_faults(&self) {
        self.market.faults.clear();
    }

    /// Does something to the open stream of a client; `false` when it is not connected.
    pub fn act(&self, client_id: &str, action: Action) -> bool {
        let client = self.market.streams.find(client_id);
        client.is_some_and(|client| action.apply(&self.market.streams, &client.client_id))
    }

    /// Puts bytes on the open stream of a client as they are; `false` when it is not connected.
    pub fn write_raw(&self, client_id: &str, bytes: impl Into<Bytes>) -> bool {
        let client = self.market.streams.find(client_id);
        client.is_some_and(|client| {
            self.market.streams.tell(&client.client_id, Frame::Bytes(bytes.into()))
        })
    }

    /// Stores a notification that no stream carries; its id. The market keeps 10,000, the newest.
    pub fn store_notification(&self, notice: Notice) -> u64 {
        self.market.notifications.add(notice)
    }

    /// Stores a notification and pushes it to its user's streams as the market does with its own, as
    /// `NOTIFICATION_RECEIVED` with the id and the whole of it; the id. A message that somebody sends goes
    /// out as it is instead, without an id.
    pub fn push_notification(&self, notice: Notice) -> u64 {
        self.market.notify(notice)
    }

    /// A user's stored notifications, newest first.
    pub fn notifications_of(&self, user_id: u64) -> Vec<StoredNotice> {
        let all = self.market.notifications.select(user_id, |_| true);
        let seen = all.into_iter();
        seen.map(|one| StoredNotice { id: one.id, title: one.title, status: one.status }).collect()
    }

    /// Marks a stored notification, as its user does on another device. A reading is told to all of their
    /// streams (`NOTIFICATION_READ`); a deletion isn't. `false` when the user has no such notification.
    pub fn mark_notification(&self, user_id: u64, id: u64, status: Status) -> bool {
        self.market.mark(user_id, id, status)
    }

    /// Marks everything stored for a user read, as they do on another device; told to their streams once.
    pub fn mark_all_notifications_read(&self, user_id: u64) {
        self.market.read_all(user_id);
    }

    /// Forgets everything stored, and what was there from the start. Ids are not given again.
    pub fn forget_notifications(&self) {
        self.market.notifications.clear();
    }

    /// Sets the server's clock to the zone that is this many minutes east of UTC, as summer time does; `None`
    /// is the zone of this machine. What is stored stays as it was written.
    ///
    /// # Panics
    /// When no zone is that far from UTC.
    pub fn set_utc_offset(&self, minutes: Option<i32>) {
        assert!(self.market.clock.set(minutes), "no zone is that far from UTC: {minutes:?}");
    }

    /// The server's local time this long ago, as it writes it: for [`Notice::created_at`].
    pub fn local_time_ago(&self, ago: Duration) -> String {
        self.market.clock.ago(ago)
    }

    /// Declares every access token of a user expired; refresh tokens stay good.
    pub fn expire_tokens(&self, user_id: u64) {
        self.market.tokens.expire(user_id);
    }

    /// Waits until a client is connected; `None` when it isn't within `limit`.
    pub async fn wait_for_client(&self, client_id: &str, limit: Duration) -> Option<Connected> {
        let find = || self.market.streams.find(client_id);
        first(self.market.streams.changes(), limit, find).await
    }

    /// Waits until a client is not, or no longer, connected; `false` when it still is after `limit`.
    pub async fn wait_for_client_gone(&self, client_id: &str, limit: Duration) -> bool {
        let gone = || self.market.streams.find(client_id).is_none().then_some(());
        first(self.market.streams.changes(), limit, gone).await.is_some()
    }

    /// Waits for a request, past ones included; `None` when there is none within `limit`. It is looked at
    /// when it arrives and again when it is answered.
    pub async fn wait_for_request(
        &self,
        wanted: impl Fn(&Recorded) -> bool,
        limit: Duration,
    ) -> Option<Recorded> {
        first(self.market.record.changes(), limit, || self.requests().into_iter().find(&wanted))
            .await
    }
}

/// What `find` finds first, looking at once and after each change.
async fn first<T>(
    mut changes: watch::Receiver<()>,
    limit: Duration,
    find: impl Fn() -> Option<T>,
) -> Option<T> {
    let search = async {
        loop {
            if let Some(found) = find() {
                return Some(found);
            }
            changes.changed().await.ok()?;
        }
    };
    timeout(limit, search).await.ok().flatten()
}

fn router(market: &Shared) -> Router {
    let mut api = push::contract();
    if !market.config.push_only {
        api = api.merge(push::status_calls()).merge(sign_in::routes());
        if market.config.notifications {
            api = api.merge(notification_calls::routes());
        }
    }
    let market_calls = Router::new()
        .nest("/api", api)
        .fallback(async |OriginalUri(uri): OriginalUri| {
            Refusal::NotFound(format!("No static resource {}.", uri.path()))
        })
        .layer(middleware::from_fn_with_state(Arc::clone(market), faults::apply))
        .layer(middleware::from_fn_with_state(Arc::clone(market), refusals::write))
        .layer(middleware::from_fn_with_state(Arc::clone(market), record::keep));
    demo_calls::routes().merge(market_calls).with_state(Arc::clone(market))
}
