//! What every test begins with: a desktop, a market, and the app set up for one of its people.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use agora_demo_market::people::{Person, Role};
use agora_demo_market::{Config, DemoMarket, Recorded, To};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use super::session::{LIMIT, Part, Session, within};
use super::window::App;

/// The program under test.
pub(crate) const APP: &str = env!("CARGO_BIN_EXE_agora-notifier");
/// How long the app may take for anything.
pub(crate) const SOON: Duration = LIMIT;

/// A desktop and a market.
pub(crate) struct Stage {
    pub(crate) session: Session,
    pub(crate) market: DemoMarket,
}

impl Stage {
    pub(crate) async fn set(parts: &[Part]) -> Self {
        let session = Session::start(parts).await;
        Self { session, market: market(0).await }
    }

    /// The environment of an app that is set up for a person.
    pub(crate) fn environment(&self, person: &Person) -> Vec<(&'static str, OsString)> {
        vec![
            ("AGORA_HOME", self.home().into()),
            ("AGORA_BASE_URL", self.market.base_url().into()),
            ("AGORA_CLIENT_ID", client_id(person).into()),
            ("AGORA_TOKEN", person.token.into()),
        ]
    }

    /// Has an administrator see Compose: of an account from the environment the app can't know that it is
    /// one's.
    pub(crate) fn let_compose(&self, person: &Person) {
        if person.role == Role::Administrator && !self.home().join("settings.json").exists() {
            self.choose(&json!({ "composes": true }));
        }
    }

    /// Starts the app with its window, set up for a person, and waits until the market has it.
    pub(crate) async fn app(&self, person: &Person) -> App {
        self.let_compose(person);
        let app = self.start(&self.environment(person)).await;
        self.connected(person).await;
        app
    }

    /// Starts the app with its window, without an account.
    pub(crate) async fn bare_app(&self) -> App {
        self.start(&[("AGORA_HOME", self.home().into())]).await
    }

    pub(crate) async fn start(&self, environment: &[(&'static str, OsString)]) -> App {
        let environment: Vec<_> =
            environment.iter().map(|(name, value)| (*name, OsStr::new(value))).collect();
        let app = App::start(&self.session, Path::new(APP), &[], &environment).await;
        app.wait_until_drawn().await;
        app
    }

    pub(crate) async fn connected(&self, person: &Person) {
        let connected = self.market.wait_for_client(&client_id(person), SOON).await;
        assert!(connected.is_some(), "{} is not connected", person.username);
    }

    /// Sends an event to a person.
    pub(crate) fn emit(&self, person: &Person, data: &str) {
        assert!(self.market.emit(&To::user(person.id), None, data) > 0, "nobody is connected");
    }

    /// Waits for a request that the market got, past ones included.
    pub(crate) async fn request(&self, wanted: impl Fn(&Recorded) -> bool) -> Recorded {
        self.market.wait_for_request(wanted, SOON).await.expect("the request comes")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.session.folder().join("agora")
    }

    /// Writes settings with these choices, for an app that starts later.
    pub(crate) fn choose(&self, preferences: &Value) {
        std::fs::create_dir_all(self.home()).unwrap();
        let settings = json!({ "preferences": preferences }).to_string();
        std::fs::write(self.home().join("settings.json"), settings).unwrap();
    }

    /// What the app has logged.
    pub(crate) fn log(&self) -> String {
        let logs = std::fs::read_dir(self.home().join("logs")).unwrap();
        logs.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }

    /// The inbox's file.
    pub(crate) fn inbox(&self) -> PathBuf {
        self.home().join("inbox.sqlite")
    }

    /// The titles in the inbox's file, oldest first.
    pub(crate) fn kept(&self) -> Vec<String> {
        self.titles("FROM alert ORDER BY id")
    }

    /// The titles of what is unread in the inbox's file, oldest first.
    pub(crate) fn unread(&self) -> Vec<String> {
        self.titles("FROM alert JOIN unread USING (id) ORDER BY id")
    }

    fn titles(&self, which: &str) -> Vec<String> {
        let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = Connection::open_with_flags(self.inbox(), read_only).unwrap();
        let mut query = db.prepare(&format!("SELECT {TITLE} {which}")).unwrap();
        let titles = query.query_map([], |row| row.get(0)).unwrap();
        titles.collect::<Result<_, _>>().unwrap()
    }
}

/// An alert's title in English, as the inbox's file has it: an object, where the app worded it.
pub(crate) const TITLE: &str = "iif(title LIKE '{%', title ->> 'en', title)";

/// Waits for what nothing tells, and looks again and again.
pub(crate) async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    within(what, wait).await;
}

/// A market that sends nothing by itself.
pub(crate) async fn market(port: u16) -> DemoMarket {
    let market = DemoMarket::start(Config { port, ..Config::default() }).await.unwrap();
    // Nor has it stored anything of the time before.
    market.forget_notifications();
    market
}

pub(crate) fn client_id(person: &Person) -> String {
    format!("user_{}_desktop1", person.id)
}
