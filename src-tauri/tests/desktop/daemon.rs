//! Notification daemons that are slow, refuse, or come only when they are called.

#![expect(clippy::used_underscore_binding, reason = "the interface macro passes every argument on")]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use agora_demo_market::people::SELLER;
use tokio::sync::{Semaphore, watch};
use zbus::fdo;
use zbus::zvariant::OwnedValue;

use super::session::{Part, Session, within};
use super::stage::Stage;
use super::toasts::Recorder;
use super::window::App;

/// A daemon in the test's own hands.
struct Daemon {
    /// The title of each toast, in order.
    asked: watch::Sender<Vec<String>>,
    /// A permit for each toast that may be answered.
    answers: Arc<Semaphore>,
    ids: AtomicU32,
}

#[expect(clippy::unused_self, reason = "the interface's own signatures")]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned(), "body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("test".to_owned(), "test".to_owned(), "1".to_owned(), "1.2".to_owned())
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's own")]
    async fn notify(
        &self,
        _app_name: String,
        _replaces_id: u32,
        _icon: String,
        summary: String,
        _body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> fdo::Result<u32> {
        let refused = summary == "refused";
        self.asked.send_modify(|asked| asked.push(summary));
        let answer = self.answers.acquire().await.map_err(|_| fdo::Error::Failed("over".into()))?;
        answer.forget();
        if refused {
            return Err(fdo::Error::LimitsExceeded("too many toasts".into()));
        }
        Ok(self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl Daemon {
    /// Puts a daemon on the session's bus, for as long as the connection lives.
    async fn start(session: &Session) -> (zbus::Connection, Asked, Arc<Semaphore>) {
        let (asked, titles) = watch::channel(Vec::new());
        let answers = Arc::new(Semaphore::new(0));
        let daemon = Self { asked, answers: answers.clone(), ids: AtomicU32::new(0) };
        let bus = session.bus().await;
        bus.object_server().at("/org/freedesktop/Notifications", daemon).await.unwrap();
        bus.request_name("org.freedesktop.Notifications").await.unwrap();
        (bus, Asked(titles), answers)
    }
}

/// What the daemon was asked to show.
struct Asked(watch::Receiver<Vec<String>>);

impl Asked {
    async fn wait_for(&mut self, titles: &[&str]) {
        let enough = self.0.wait_for(|asked| asked.len() >= titles.len());
        assert_eq!(*within("a toast", enough).await.unwrap(), titles);
    }
}

async fn no_notice_of_toasts(app: &App) {
    app.wait_for_texts("notice", |texts| !texts.iter().any(|text| text.contains("No toasts")))
        .await;
}

fn log(stage: &Stage) -> String {
    let logs = std::fs::read_dir(stage.home().join("logs")).unwrap();
    logs.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_daemon_gets_one_toast_for_all_that_came_meanwhile() {
    let stage = Stage::set(&[]).await;
    let (_daemon, mut asked, answers) = Daemon::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"the first"}"#);
    asked.wait_for(&["the first"]).await;
    for _ in 0..3 {
        stage.emit(&SELLER, r#"{"title":"meanwhile"}"#);
    }
    app.wait_for_texts("alert-row", |rows| rows.len() == 4).await;
    // Slow is a matter of time alone.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    answers.add_permits(10);
    asked.wait_for(&["the first", "3 more alerts"]).await;
    stage.emit(&SELLER, r#"{"title":"quick again"}"#);
    asked.wait_for(&["the first", "3 more alerts", "quick again"]).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_that_the_daemon_refuses_is_no_missing_daemon() {
    let stage = Stage::set(&[]).await;
    let (_daemon, mut asked, answers) = Daemon::start(&stage.session).await;
    answers.add_permits(10);
    let app = stage.app(&SELLER).await;
    no_notice_of_toasts(&app).await;
    stage.emit(&SELLER, r#"{"title":"refused"}"#);
    asked.wait_for(&["refused"]).await;
    stage.emit(&SELLER, r#"{"title":"taken"}"#);
    asked.wait_for(&["refused", "taken"]).await;
    app.end().await;
    let log = log(&stage);
    assert!(log.contains("too many toasts") && !log.contains("NoToasts"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_starts_on_demand_is_not_missed_when_it_ends() {
    let mut stage = Stage::set(&[Part::Toasts]).await;
    let recorder = Recorder::start(&stage.session).await;
    let app = stage.app(&SELLER).await;
    let service = "[D-BUS Service]\nName=org.freedesktop.Notifications\nExec=/usr/bin/dunst\n";
    let services = stage.session.folder().join("services");
    std::fs::write(services.join("org.freedesktop.Notifications.service"), service).unwrap();
    let bus = stage.session.bus().await;
    let names = fdo::DBusProxy::new(&bus).await.unwrap();
    names.reload_config().await.unwrap();
    stage.session.end(Part::Toasts).await;
    stage.emit(&SELLER, r#"{"title":"called for"}"#);
    recorder.wait_for(|toast| toast.summary == "called for").await;
    no_notice_of_toasts(&app).await;
    app.end().await;
    assert!(!log(&stage).contains("NoToasts"));
}
