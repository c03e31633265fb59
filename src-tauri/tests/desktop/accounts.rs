//! Several accounts in one app: each with its own stream, inbox and toasts, in one tray, and the page's
//! calls each to its own.

use std::fs;
use std::time::Duration;

use agora_demo_market::people::{ADMINISTRATOR, Person, SELLER};
use agora_demo_market::{Call, Fault};
use agora_home::Files;
use agora_socket::{FrameReader, FrameWriter, FromWindow, ToWindow};
use serde_json::{Value, json};
use tokio::process::Child;
use tokio::time::sleep;

use super::own_daemon::OwnDaemon;
use super::session::{Part, signal, within};
use super::stage::{APP, Stage, eventually};
use super::tray::Item;

/// A window without a page: what the app tells it, and what it asks.
pub(crate) struct Window {
    reader: FrameReader,
    writer: FrameWriter,
    calls: u64,
    /// What it was told and nobody has looked at yet.
    pub(crate) told: Vec<Value>,
}

impl Window {
    pub(crate) async fn open(stage: &Stage) -> Self {
        let files = Files::find(Some(&stage.home())).unwrap();
        let folder = stage.session.folder().join("run").join(agora_socket::bus_name(&files));
        // One that was killed leaves its socket behind; until the app has seen the end of the window
        // before, another is refused.
        let welcomed = async {
            loop {
                if let Ok((mut reader, mut writer)) =
                    agora_socket::connect_at(&folder.join("window")).await
                {
                    let hello = FromWindow::Hello { version: agora_socket::VERSION.into() };
                    let said = writer.send(&hello).await;
                    if said.is_ok()
                        && let Ok(Some(ToWindow::Welcome { .. })) = reader.next().await
                    {
                        return (reader, writer);
                    }
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        let (reader, mut writer) = within("a welcome", welcomed).await;
        writer.send(&FromWindow::Attach).await.unwrap();
        Self { reader, writer, calls: 0, told: Vec::new() }
    }

    async fn next(&mut self) -> ToWindow {
        within("a frame", self.reader.next()).await.unwrap().expect("the app is there")
    }

    /// Waits for an event, past ones included, and forgets those before it.
    pub(crate) async fn told(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let wait = async {
            loop {
                if let Some(at) = self.told.iter().position(&wanted) {
                    return self.told.drain(..=at).next_back().unwrap();
                }
                if let ToWindow::Event { event } = self.reader.next().await.unwrap().unwrap() {
                    self.told.push(event);
                }
            }
        };
        within(what, wait).await
    }

    /// The snapshot of an account.
    pub(crate) async fn turned_to(&mut self, account: &str) -> Value {
        let is_it =
            |event: &Value| event["type"] == "snapshot" && event["snapshot"]["shown"] == account;
        self.told(account, is_it).await["snapshot"].take()
    }

    pub(crate) async fn call(
        &mut self,
        account: &str,
        name: &str,
        arguments: &Value,
    ) -> Result<Value, Value> {
        self.calls += 1;
        let call = json!({ "account": account, "name": name, "arguments": arguments });
        self.writer.send(&FromWindow::Call { number: self.calls, call }).await.unwrap();
        loop {
            match self.next().await {
                ToWindow::Answer { number, answer } if number == self.calls => return Ok(answer),
                ToWindow::Problem { number, problem } if number == self.calls => {
                    return Err(problem);
                }
                ToWindow::Event { event } => self.told.push(event),
                _ => {}
            }
        }
    }

    pub(crate) async fn sign_in(
        &mut self,
        stage: &Stage,
        account: &str,
        person: &Person,
    ) -> Result<Value, Value> {
        let form = json!({
            "baseUrl": stage.market.base_url(), "by": "password", "name": person.username,
            "secret": person.password, "twoFactorCode": null, "keepIn": "keyring",
        });
        self.call(account, "sign_in", &json!({ "form": form })).await
    }

    async fn titles(&mut self, account: &str) -> Vec<String> {
        let list = json!({
            "category": null, "unread": false, "urgent": false, "starred": false, "reminders": false, "fromMs": null, "toMs": null, "search": "",
        });
        let request = json!({ "list": list, "seek": { "seek": "newest" }, "limit": 50 });
        let page = self.call(account, "inbox_page", &json!({ "request": request })).await.unwrap();
        let alerts = page["alerts"].as_array().unwrap().iter();
        alerts.map(|alert| alert["title"].as_str().unwrap().to_owned()).collect()
    }
}

/// That both of two accounts are connected.
fn both_connected(event: &Value) -> bool {
    let accounts = event["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
    accounts.len() == 2 && accounts.iter().all(|account| account["state"] == "connected")
}

/// Waits until somebody who has signed in is connected.
pub(crate) async fn connected(stage: &Stage, person: &Person) {
    let path = format!("/api/sse/connect/user_{}_", person.id);
    stage.request(|request| request.path.starts_with(&path)).await;
}

pub(crate) fn start(stage: &Stage) -> Child {
    let mut app = stage.session.logged(APP);
    app.arg("--hidden").env("AGORA_HOME", stage.home()).spawn().unwrap()
}

pub(crate) async fn end(mut app: Child) {
    signal(app.id().unwrap(), "TERM");
    assert!(within("the end of the app", app.wait()).await.unwrap().success());
}

/// The goodbyes of a person's devices.
fn goodbyes(stage: &Stage, person: &Person) -> usize {
    let path = format!("/api/sse/disconnect/user_{}_", person.id);
    stage.market.requests().iter().filter(|request| request.path.starts_with(&path)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_run_side_by_side_and_each_is_its_own() {
    let stage = Stage::set(&[Part::Keyring, Part::Tray]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    let first = window.turned_to("main").await;
    assert_eq!((&first["account"], first["accounts"].as_array().unwrap().len()), (&json!(null), 1));
    window.sign_in(&stage, "main", &SELLER).await.unwrap();
    connected(&stage, &SELLER).await;

    // One more; the same person can't be that.
    window.call("main", "add_account", &json!({})).await.unwrap();
    let added = window.turned_to("2").await;
    assert_eq!((&added["account"], added["accounts"].as_array().unwrap().len()), (&json!(null), 1));
    let again = window.sign_in(&stage, "2", &SELLER).await.unwrap_err();
    assert_eq!(again["code"], "already_here");
    window.sign_in(&stage, "2", &ADMINISTRATOR).await.unwrap();
    connected(&stage, &ADMINISTRATOR).await;
    window.told("both", both_connected).await;

    // Each has its own alert, and its toast says whose it is.
    stage.emit(&SELLER, r#"{"title":"for the seller"}"#);
    let toast = daemon.wait_for("lin-tea: for the seller").await;
    stage.emit(&ADMINISTRATOR, r#"{"title":"for the administrator"}"#);
    daemon.wait_for("admin: for the administrator").await;
    assert_eq!(window.titles("main").await, ["for the seller"]);
    assert_eq!(window.titles("2").await, ["for the administrator"]);
    let all = json!({ "which": { "which": "ids", "ids": [0] }, "read": true });
    assert!(window.call("3", "mark", &all).await.is_err(), "there is no such account");

    // A click on it turns the window to its account, and shows the alert there.
    daemon.act(&toast, "default").await;
    let shown = window.turned_to("main").await;
    let asked = if shown["asked"].is_null() {
        window.told("what was asked for", |event| event["type"] == "asked").await["asked"].take()
    } else {
        shown["asked"].clone()
    };
    assert_eq!(asked["show"], "alert");
    let alert = window.call("main", "alert", &json!({ "id": asked["id"] })).await.unwrap();
    assert_eq!(alert["row"]["title"], "for the seller");

    // One tray for both.
    let item = Item::wait(&stage.session).await;
    let has =
        |lines: &[super::tray::Line], label: &str| lines.iter().any(|line| line.label == label);
    item.wait_for_menu(|lines| {
        has(lines, "admin: Connected · 1 unread") && has(lines, "lin-tea: Connected · 1 unread")
    })
    .await;
    item.click("admin: Connected · 1 unread").await;
    window.turned_to("2").await;
    // The window asks for how long, and of which.
    item.click("Disconnect…").await;
    window.told("the question", |event| event["asked"]["show"] == "disconnect").await;
    let choice = json!({ "choice": "until_connected", "all": true });
    window.call("2", "pause", &choice).await.unwrap();
    item.wait_for_menu(|lines| has(lines, "Connect")).await;
    eventually("both goodbyes", || {
        goodbyes(&stage, &SELLER) == 1 && goodbyes(&stage, &ADMINISTRATOR) == 1
    })
    .await;
    item.click("Connect").await;
    window.told("both", both_connected).await;

    // What is called off is called off in one only.
    window.call("2", "rename_account", &json!({ "label": " 客服 " })).await.unwrap();
    let renamed = |event: &Value| event["accounts"][1]["label"] == "客服";
    window.told("the new name", renamed).await;
    window.told.clear();
    window.call("2", "forget_account", &json!({ "deletesInbox": true })).await.unwrap();
    let left = window.turned_to("main").await;
    assert_eq!(left["accounts"].as_array().unwrap().len(), 1);
    assert_eq!((goodbyes(&stage, &SELLER), goodbyes(&stage, &ADMINISTRATOR)), (1, 2));
    assert!(!stage.home().join("accounts/2").exists());
    stage.emit(&SELLER, r#"{"title":"alone"}"#);
    daemon.wait_for("alone").await;
    end(app).await;

    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    window.turned_to("main").await;
    window.told("main", |event| event["status"]["state"] == "connected").await;
    assert_eq!(window.titles("main").await, ["alone", "for the seller"]);
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_for_all_holds_for_each_and_the_rest_for_one() {
    let stage = Stage::set(&[]).await;
    let mut app = start(&stage);
    let mut window = Window::open(&stage).await;
    let own = |user: &str| {
        json!({ "form": {
            "baseUrl": stage.market.base_url(), "userId": user, "clientId": null, "token": null,
            "keepIn": "memory",
        }})
    };
    window.turned_to("main").await;
    window.call("main", "save_account", &own("7")).await.unwrap();
    window.call("main", "add_account", &json!({})).await.unwrap();
    let mut second = window.turned_to("2").await;
    window.call("2", "save_account", &own("8")).await.unwrap();
    second["preferences"]["theme"] = json!("dark");
    second["preferences"]["language"] = json!("zh-TW");
    second["preferences"]["keepDays"] = json!(7);
    let chosen = json!({ "preferences": second["preferences"] });
    window.call("2", "set_preferences", &chosen).await.unwrap();
    window.call("2", "snooze", &json!({ "choice": "two_hours" })).await.unwrap();
    app.kill().await.unwrap();

    // After a crash too, whichever is looked at.
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    for (name, days) in [("main", 90), ("2", 7)] {
        window.call("main", "show_account", &json!({ "account": name })).await.unwrap();
        let shown = window.turned_to(name).await;
        let preferences = &shown["preferences"];
        assert_eq!((&preferences["theme"], &shown["language"]), (&json!("dark"), &json!("zh-TW")));
        assert_eq!(preferences["keepDays"], days);
        assert!(shown["snoozedUntilMs"].is_i64(), "{shown}");
    }
    assert!(fs::exists(stage.home().join("accounts/2/inbox.sqlite")).unwrap());
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_session_is_over_says_so_by_its_name_and_the_other_goes_on() {
    let stage = Stage::set(&[Part::Keyring]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    window.turned_to("main").await;
    window.sign_in(&stage, "main", &SELLER).await.unwrap();
    window.call("main", "add_account", &json!({})).await.unwrap();
    window.sign_in(&stage, "2", &ADMINISTRATOR).await.unwrap();
    window.told("both", both_connected).await;
    let no = Fault::Answer {
        status: 401,
        headers: [].into(),
        body: r#"{"message":"the session was revoked"}"#.to_owned(),
    };
    stage.market.fail_next_call(Call::Refresh, no, 9);
    stage.market.expire_tokens(ADMINISTRATOR.id);
    window.call("2", "reconnect", &json!({})).await.unwrap();
    let toast = daemon.wait_for("admin: Sign in again").await;
    stage.emit(&SELLER, r#"{"title":"still"}"#);
    daemon.wait_for("lin-tea: still").await;
    window.call("2", "show_account", &json!({ "account": "main" })).await.unwrap();
    window.told.clear();
    daemon.act(&toast, "default").await;
    let shown = window.turned_to("2").await;
    assert_eq!(shown["accounts"][1]["state"], "attention", "{shown}");
    end(app).await;
}

/// Whether anything listens where an account's market was.
fn listens(snapshot: &Value) -> bool {
    let base = snapshot["account"]["baseUrl"].as_str().unwrap();
    let address = base.strip_prefix("http://").unwrap().strip_suffix("/api").unwrap();
    std::net::TcpStream::connect(address).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_played_with_one_call_and_nothing_is_left_of_it() {
    let stage = Stage::set(&[]).await;
    let place = stage.home().join("accounts/2");
    let mut app = start(&stage);
    let mut window = Window::open(&stage).await;
    assert_eq!(window.turned_to("main").await["hasDemo"], true);

    // Alerts come, and a second press leads to the same.
    window.call("main", "play_demo", &json!({})).await.unwrap();
    let played = window.turned_to("2").await;
    let [entry] = played["accounts"].as_array().unwrap().as_slice() else { panic!("{played}") };
    assert_eq!((&entry["label"], &entry["demo"]), (&json!("Demo"), &json!(true)));
    window.told("alerts", |event| event["type"] == "changed" || event["type"] == "arrived").await;
    window.call("2", "play_demo", &json!({})).await.unwrap();
    assert!(!stage.home().join("accounts/3").exists());

    // Left, ended, or crashed: it is over.
    window.call("2", "forget_account", &json!({ "deletesInbox": true })).await.unwrap();
    let left = window.turned_to("main").await;
    assert_eq!((&left["account"], place.exists()), (&json!(null), false));
    eventually("the market's end", || !listens(&played)).await;

    window.call("main", "play_demo", &json!({})).await.unwrap();
    let played = window.turned_to("2").await;
    assert!(listens(&played) && place.exists());
    app.kill().await.unwrap();
    eventually("the market's end", || !listens(&played)).await;

    let app = start(&stage);
    let mut window = Window::open(&stage).await;
    let begun = window.turned_to("main").await;
    assert_eq!((&begun["accounts"][0]["demo"], place.exists()), (&json!(false), false));
    window.call("main", "play_demo", &json!({})).await.unwrap();
    let played = window.turned_to("2").await;
    end(app).await;
    assert!(!place.exists());
    // It is killed, which the system may need a moment for.
    eventually("the market's end", || !listens(&played)).await;
}
