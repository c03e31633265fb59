//! A receiver with a home of its own, and ways to wait for what it tells.

use agora_account::{Account, Accounts, Environment, Files, Keep};
use agora_client::{BaseUrl, ClientId, Market, Message, Proof, Secret, Token, UserId};
use agora_demo_market::people::Person;
use agora_demo_market::{Config, DemoMarket, Fault, Notice, Recorded, To, people};
use agora_inbox::{Alert, AlertId, Counts, Filter, Inbox, Seek};
use agora_receiver::{Change, Choices, Receiver, Refresh, Status, Subscription};
use agora_rules::storm::Passed;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tokio::sync::broadcast;
use tokio::time::timeout;

pub(crate) const SELLER: &str = "user_4021_receiver1";
/// Only a failure takes this long, and a machine that does much else.
pub(crate) const SOON: Duration = Duration::from_mins(1);

pub(crate) struct Bench {
    pub(crate) receiver: Receiver,
    pub(crate) told: Subscription,
    pub(crate) changes: broadcast::Receiver<Change>,
    pub(crate) files: Files,
    environment: Environment,
    home: TempDir,
}

/// What a sync told.
pub(crate) struct Synced {
    pub(crate) passed: Arc<[Passed]>,
    pub(crate) read: Arc<[AlertId]>,
    pub(crate) counts: Arc<Counts>,
}

impl Bench {
    /// Starts a receiver for the seller of a market.
    pub(crate) fn start(market: &DemoMarket, token: &str) -> Self {
        Self::in_home(tempfile::tempdir().unwrap(), &market.base_url(), token)
    }

    pub(crate) fn in_home(home: TempDir, base_url: &str, token: &str) -> Self {
        Self::with(environment(base_url, Some(token)), home, None)
    }

    /// A receiver that has no token.
    pub(crate) fn without_token(market: &DemoMarket) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self::with(environment(&market.base_url(), None), home, None)
    }

    /// A receiver whose credential is renewed by `refresh`.
    pub(crate) fn refreshing(market: &DemoMarket, token: &str, refresh: Arc<dyn Refresh>) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self::with(environment(&market.base_url(), Some(token)), home, Some(refresh))
    }

    /// A receiver for a person who has signed in, whose tokens this program remembers. `meanwhile` goes by
    /// between the two.
    pub(crate) async fn signed_in(
        market: &DemoMarket,
        person: &Person,
        meanwhile: impl Future<Output = ()>,
    ) -> Self {
        let home = tempfile::tempdir().unwrap();
        let files = Files::find(Some(home.path())).unwrap();
        let accounts = Arc::new(Accounts::new(files.clone(), Environment::default()));
        let base = BaseUrl::parse(&market.base_url()).unwrap();
        let password = Secret::new(person.password.to_owned());
        let proof = Proof::Password { username: person.username.to_owned(), password };
        let welcome = accounts.sign_in(base, &proof, None, Keep::Memory).await.unwrap();
        meanwhile.await;
        let Account { base, client_id } = welcome.account;
        let environment = Environment {
            base_url: Some(base),
            client_id: Some(client_id),
            ..Environment::default()
        };
        Self::of(accounts.clone(), accounts, files, environment, home)
    }

    fn with(environment: Environment, home: TempDir, refresh: Option<Arc<dyn Refresh>>) -> Self {
        let files = Files::find(Some(home.path())).unwrap();
        let environment = Environment { home: Some(home.path().to_owned()), ..environment };
        let accounts = Arc::new(Accounts::new(files.clone(), environment.clone()));
        let refresh = refresh.unwrap_or_else(|| accounts.clone());
        Self::of(accounts, refresh, files, environment, home)
    }

    fn of(
        accounts: Arc<Accounts>,
        refresh: Arc<dyn Refresh>,
        files: Files,
        environment: Environment,
        home: TempDir,
    ) -> Self {
        let receiver = Receiver::start(accounts, refresh, Choices::default());
        let (told, changes) = (receiver.subscribe(), receiver.changes());
        Self { receiver, told, changes, files, environment, home }
    }

    /// Ends the receiver. Its home is left.
    pub(crate) async fn quit(self) -> (TempDir, Environment) {
        self.receiver.shut_down().await;
        (self.home, self.environment)
    }

    pub(crate) async fn wait_for(&mut self, wanted: impl Fn(&Status) -> bool) -> Status {
        timeout(SOON, self.told.status.wait_for(wanted)).await.unwrap().unwrap().clone()
    }

    pub(crate) async fn connected(&mut self) {
        self.wait_for(|status| matches!(status, Status::Connected { .. })).await;
    }

    /// Leaves the market without ending, until [`Self::back`].
    pub(crate) async fn away(&mut self, market: &DemoMarket) {
        self.receiver.pause(None).await;
        assert!(market.wait_for_client_gone(SELLER, SOON).await);
    }

    pub(crate) async fn back(&mut self) {
        self.receiver.resume().await;
        self.connected().await;
    }

    /// Comes back, and waits until everything that the market stored is taken in.
    pub(crate) async fn back_and_synced(&mut self) {
        let before = now_ms();
        self.back().await;
        self.synced_since(before).await;
    }

    /// Waits until the market was asked after a time, and its answer is taken in.
    pub(crate) async fn synced_since(&self, before_ms: i64) {
        let mailbox = async || self.inbox().mailbox(self.mailbox()).await.unwrap();
        eventually(async || mailbox().await.synced_ms >= Some(before_ms)).await;
    }

    /// Has the receiver look at what the market stored, and waits until that is taken in.
    pub(crate) async fn looked(&self, market: &DemoMarket) {
        let before = now_ms();
        let hint = r#"{"type":"NOTIFICATION_READ"}"#;
        market.emit(&To::user(people::SELLER.id), None, hint);
        self.synced_since(before).await;
    }

    pub(crate) fn inbox(&self) -> Inbox {
        self.receiver.inbox().unwrap()
    }

    pub(crate) fn mailbox(&self) -> String {
        let (base, client_id) = (&self.environment.base_url, &self.environment.client_id);
        Account { base: base.clone().unwrap(), client_id: client_id.clone().unwrap() }.mailbox()
    }

    /// Everything in the inbox, oldest first.
    pub(crate) async fn alerts(&self) -> Vec<Alert> {
        let page = self.inbox().page(Filter::ALL, Seek::Newest, 20_000).await.unwrap();
        page.alerts.into_iter().rev().collect()
    }

    /// The titles of everything in the inbox, oldest first; `*` after those that are unread.
    pub(crate) async fn titles(&self) -> Vec<String> {
        let alerts = self.alerts().await.into_iter();
        let mark = |alert: &Alert| if alert.read { "" } else { "*" };
        alerts.map(|alert| format!("{}{}", alert.body.title.english(), mark(&alert))).collect()
    }

    pub(crate) async fn next_change(&mut self) -> Change {
        timeout(SOON, self.changes.recv()).await.unwrap().unwrap()
    }

    /// The next alerts that arrive, until there are `count`.
    pub(crate) async fn arrivals(&mut self, count: usize) -> Vec<Alert> {
        let mut seen = Vec::new();
        while seen.len() < count {
            if let Change::Arrived { alerts, .. } = self.next_change().await {
                seen.extend(alerts.iter().cloned());
            }
        }
        seen
    }

    /// What the next sync that finds something tells; nothing arrives before it.
    pub(crate) async fn synced(&mut self) -> Synced {
        match self.next_change().await {
            Change::Synced { passed, read, counts } => Synced { passed, read, counts },
            other => panic!("not synced: {other:?}"),
        }
    }

    /// Everything that was told so far, without waiting.
    pub(crate) fn told_so_far(&mut self) -> Vec<Change> {
        std::iter::from_fn(|| self.changes.try_recv().ok()).collect()
    }
}

fn environment(base_url: &str, token: Option<&str>) -> Environment {
    Environment {
        home: None,
        base_url: Some(BaseUrl::parse(base_url).unwrap()),
        client_id: Some(ClientId::parse(SELLER).unwrap()),
        token: token.map(|token| Token::parse(token).unwrap()),
    }
}

/// A market that has stored nothing yet.
pub(crate) async fn market() -> DemoMarket {
    market_with(Config::default()).await
}

pub(crate) async fn market_with(config: Config) -> DemoMarket {
    let market = DemoMarket::start(config).await.unwrap();
    market.forget_notifications();
    market
}

/// A market whose silence is no fault for an hour.
pub(crate) async fn calm_market() -> DemoMarket {
    let hour = Duration::from_hours(1);
    market_with(Config { heartbeat: hour, system_time: hour, ..Config::default() }).await
}

/// An answer in place of the market's own.
pub(crate) fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer { status, headers: [].into(), body: body.into() }
}

/// Lets time pass for timers alone.
pub(crate) async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// The same, second by second, until something is so.
pub(crate) async fn sooner_or_later(is_so: impl AsyncFn() -> bool) {
    let deadline = std::time::Instant::now() + SOON;
    while !is_so().await {
        assert!(std::time::Instant::now() < deadline, "it did not come to that");
        later(1).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Something that the market stores for the seller.
pub(crate) fn notice(title: &str) -> Notice {
    Notice { user_id: people::SELLER.id, title: title.into(), ..Notice::default() }
}

/// Waits until so many calls were answered whose path ends so.
pub(crate) async fn answered(market: &DemoMarket, method: &str, end: &str, count: usize) {
    let is_one = |one: &Recorded| is_call(one, method, end) && one.status.is_some();
    eventually(async || market.requests().iter().filter(|one| is_one(one)).count() >= count).await;
}

/// Whether it is a call whose path ends so. A client id in it goes on with what is the connection's own.
pub(crate) fn is_call(one: &Recorded, method: &str, end: &str) -> bool {
    let path = one.path.split('?').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let of_the_device = last.strip_prefix(end).is_some_and(|own| own.starts_with('-'));
    one.method == method && (path.ends_with(end) || of_the_device)
}

/// How many calls there were whose path ends so.
pub(crate) fn calls(market: &DemoMarket, method: &str, end: &str) -> usize {
    market.requests().iter().filter(|one| is_call(one, method, end)).count()
}

/// Has the seller send a message to themselves: the stream carries it as it is, and the market stores
/// a copy with an id of its own.
pub(crate) async fn send(market: &DemoMarket, title: &str, content: &str) {
    let base = BaseUrl::parse(&market.base_url()).unwrap();
    let token = Token::parse(people::SELLER.token).unwrap();
    let message =
        serde_json::json!({ "type": "ORDER_SHIPPED", "title": title, "content": content });
    let message = Message::from_json(&message.to_string()).unwrap();
    let user = UserId::parse(&people::SELLER.id.to_string()).unwrap();
    Market::new(base, Some(token)).unwrap().send_to_user(&user, &message).await.unwrap();
}

pub(crate) fn now_ms() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since_epoch.as_millis()).unwrap()
}

/// Waits until something is so, looking every few milliseconds: for what nobody announces.
pub(crate) async fn eventually(is_so: impl AsyncFn() -> bool) {
    let look = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, look).await.expect("it did not come to that");
}
