//! `agora doctor`, on a session without a bus and on one with the services it asks for.

use crate::bus::Bus;
use crate::support::*;
use agora_demo_market::people::{ADMINISTRATOR, SELLER};
use agora_demo_market::{Call, Config, Fault};
use agora_inbox::{Access, Inbox};
use serde_json::Value;
use std::io::{Write, stderr};
use tokio::process::Command;
use zbus::connection::Builder;
use zbus::{Connection, interface};

fn check<'a>(lines: &'a [Value], name: &str) -> &'a Value {
    lines
        .iter()
        .find(|line| line["check"] == name)
        .unwrap_or_else(|| panic!("no {name}: {lines:#?}"))
}

#[tokio::test]
async fn without_a_bus_it_says_what_is_missing_and_what_to_do() {
    let market = market().await;
    let ran = Home::of(&market, &SELLER).run(&["doctor"]).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let lines = ran.lines();
    let names: Vec<_> = lines.iter().map(|line| line["check"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "toasts",
            "do-not-disturb",
            "tray",
            "keyring",
            "disk",
            "inbox",
            "market",
            "sign-in",
            "clock",
            "stream"
        ]
    );
    for name in ["toasts", "tray", "keyring"] {
        let line = check(&lines, name);
        assert!(line["ok"] == false && line["advice"].is_string(), "{line}");
        assert!(ran.err.contains(&format!("NOT OK {name}")), "{}", ran.err);
    }
    for name in ["disk", "inbox", "market", "sign-in", "clock", "stream"] {
        let line = check(&lines, name);
        assert!(line["ok"] == true && line["advice"].is_null(), "{line}");
    }
}

#[tokio::test]
async fn a_client_id_of_another_form_works_and_is_told_what_it_costs() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    let other = home.with("AGORA_CLIENT_ID", "by hand");
    let lines = other.run(&["doctor"]).await.lines();
    let found = check(&lines, "client id");
    assert_eq!(found["ok"], true, "{found}");
    let detail = found["detail"].as_str().unwrap();
    assert!(detail.contains("end a stream without a sign"), "{detail}");
    assert!(found["advice"].as_str().unwrap().contains("user_{userId}_{deviceId}"), "{found}");
}

#[tokio::test]
async fn the_market_is_asked_without_dropping_the_running_app() {
    let market = market_with(Config { require_token: true, ..Config::default() }).await;
    let home = Home::of(&market, &SELLER);
    let _app = home.start(&["listen"]);
    market.wait_for_client(&device(&SELLER), LIMIT).await.unwrap();
    let ran = home.run(&["doctor"]).await;
    assert_eq!(check(&ran.lines(), "market")["ok"], true, "{ran:#?}");
    request(&market, "DELETE", "/sse/disconnect/user_4021_").await;
    assert_eq!(market.clients().len(), 1);
}

#[tokio::test]
async fn a_market_that_refuses_the_token_or_is_away_or_not_set_is_not_ok() {
    let market = market_with(Config { require_token: true, ..Config::default() }).await;
    let wrong = Home::of(&market, &SELLER).with("AGORA_TOKEN", ADMINISTRATOR.token);
    let away = Home::of(&market, &SELLER);
    let refused = wrong.run(&["doctor"]).await.lines();
    assert_eq!(check(&refused, "market")["ok"], true, "{refused:#?}");
    let sign_in = check(&refused, "sign-in");
    assert_eq!(sign_in["ok"], false, "{sign_in}");
    assert!(sign_in["advice"].as_str().unwrap().contains("--token-stdin"), "{sign_in}");
    assert_eq!(check(&refused, "stream")["detail"], "not tried");
    market.stop().await;
    let unreachable = away.run(&["doctor"]).await.lines();
    let detail = check(&unreachable, "market")["detail"].as_str().unwrap();
    assert!(
        detail.contains("can't be reached") && !detail.contains("nothing was sent"),
        "{detail}"
    );
    let unset = Home::new().run(&["doctor"]).await.lines();
    assert!(check(&unset, "market")["advice"].as_str().unwrap().contains("agora account set"));
}

#[tokio::test]
async fn only_a_yes_of_the_market_is_ok() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    for (status, wait, detail, advice) in [
        (404, None, "there is no push API at this address", "check the base URL"),
        (500, None, "refused (500)", "try later"),
        (503, Some("30"), "refused (503)", "try in 30 s"),
        (302, None, "refused (302)", "is the market's address"),
        (410, None, "refused (410)", "is the market's address"),
    ] {
        let headers = wait.map(|wait| ("retry-after".to_owned(), wait.to_owned()));
        let headers = headers.into_iter().collect();
        let fault = Fault::Answer { status, headers, body: String::new() };
        market.fail_next_call(Call::Any, fault, 1);
        let lines = home.run(&["doctor"]).await.lines();
        let found = check(&lines, "market");
        assert_eq!(found["ok"], false);
        assert!(found["detail"].as_str().unwrap().contains(detail), "{found}");
        assert!(found["advice"].as_str().unwrap().contains(advice), "{found}");
    }
}

#[tokio::test]
async fn an_inbox_with_a_torn_page_is_not_ok_and_it_says_what_to_move_away() {
    let home = Home::new();
    let file = home.folder.path().join("agora/inbox.sqlite");
    let _inbox = Inbox::open(&file, Access::Write).unwrap();
    let beside = rusqlite::Connection::open(&file).unwrap();
    beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let lines = home.run(&["doctor"]).await.lines();
    assert_eq!(check(&lines, "inbox")["ok"], true, "{lines:#?}");
    // Its head is whole, so it opens; another page is not.
    let mut bytes = std::fs::read(&file).unwrap();
    let from = bytes.len() - 4096;
    bytes[from..].fill(0xff);
    std::fs::write(&file, bytes).unwrap();
    let lines = home.run(&["doctor"]).await.lines();
    let found = check(&lines, "inbox");
    assert_eq!(found["ok"], false);
    let advice = found["advice"].as_str().unwrap();
    assert!(
        advice.contains("quit the app, move") && advice.contains("inbox.sqlite-wal"),
        "{found}"
    );
}

#[tokio::test]
async fn an_inbox_whose_last_byte_is_missing_is_not_ok() {
    let home = Home::new();
    let file = home.folder.path().join("agora/inbox.sqlite");
    drop(Inbox::open(&file, Access::Write).unwrap());
    let beside = rusqlite::Connection::open(&file).unwrap();
    beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(beside);
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    let lines = home.run(&["doctor"]).await.lines();
    let found = check(&lines, "inbox");
    assert_eq!(found["ok"], false);
    assert!(found["detail"].as_str().unwrap().contains("pages are missing at its end"), "{found}");
}

#[tokio::test]
async fn an_inbox_that_is_damaged_is_not_ok() {
    let home = Home::new();
    let folder = home.folder.path().join("agora");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("inbox.sqlite"),
        "no database at all, though long enough".repeat(50),
    )
    .unwrap();
    let lines = home.run(&["doctor"]).await.lines();
    assert_eq!(check(&lines, "inbox")["ok"], false);
    assert!(check(&lines, "inbox")["detail"].as_str().unwrap().contains("damaged"), "{lines:#?}");
}

#[tokio::test]
async fn what_is_wrong_with_the_inbox_and_what_lies_beside_it_is_said_with_what_to_do() {
    let found = async |home: &Home, detail: &str, advice: Option<&str>| {
        let lines = home.run(&["doctor"]).await.lines();
        let found = check(&lines, "inbox");
        assert_eq!(found["ok"], advice.is_none(), "{found}");
        assert!(found["detail"].as_str().unwrap().contains(detail), "{found}");
        let said = found["advice"].as_str().unwrap_or_default();
        assert!(said.contains(advice.unwrap_or_default()), "{found}");
    };
    let home = Home::new();
    let file = home.folder.path().join("agora/inbox.sqlite");
    let beside = |name: &str| home.folder.path().join("agora").join(name);
    std::fs::create_dir_all(beside("")).unwrap();

    std::fs::write(beside("inbox.sqlite-wal"), "a log").unwrap();
    found(&home, "its log of changes is left", Some("start the app")).await;
    std::fs::remove_file(beside("inbox.sqlite-wal")).unwrap();

    std::fs::write(&file, "").unwrap();
    found(&home, "the file is empty: the app makes a new inbox in it", None).await;
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    found(&home, "a folder or a device, not a file", Some("the app then makes a new inbox")).await;
    std::fs::remove_dir(&file).unwrap();
    std::os::unix::fs::symlink("away/inbox.sqlite", &file).unwrap();
    found(&home, "a link into a folder that isn't there", Some("make that folder")).await;
    std::fs::create_dir(beside("away")).unwrap();
    found(&home, "not made yet", None).await;
    std::fs::remove_file(&file).unwrap();

    std::fs::write(&file, "no database at all, though long enough".repeat(50)).unwrap();
    found(&home, "damaged", Some("start it again: it sets")).await;
    drop(Inbox::open(&file, Access::Write).unwrap());
    found(&home, "0 alerts, and the file is whole; 1 file was set aside: ", None).await;
    agora_inbox::set_aside(&file).unwrap();
    std::fs::write(beside("inbox.before-v2.sqlite"), "a backup").unwrap();
    found(&home, "not made yet; its folder can be written; 2 files were set aside: ", None).await;
    let backup = beside("inbox.before-v2.sqlite").display().to_string();
    found(&home, &format!("; a backup of before the last update is at {backup}"), None).await;

    let theirs = rusqlite::Connection::open(&file).unwrap();
    theirs.execute_batch("CREATE TABLE theirs (x)").unwrap();
    found(&home, "another program's database", Some("quit the app, move")).await;
    drop(theirs);
    agora_inbox::set_aside(&file).unwrap();
    let inbox = Inbox::open(&file, Access::Write).unwrap();
    let beside_it = rusqlite::Connection::open(&file).unwrap();
    beside_it.execute_batch("PRAGMA user_version = 99").unwrap();
    found(&home, "a newer version", Some("update the program")).await;
    drop((inbox, beside_it));
    agora_inbox::set_aside(&file).unwrap();
    drop(Inbox::open(&file, Access::Write).unwrap());
    let holder = rusqlite::Connection::open(&file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    found(&home, "another program is using", Some("look which program")).await;
    holder.execute_batch("ROLLBACK").unwrap();
    holder.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    found(&home, "another program is using", Some("look which program")).await;
}

#[tokio::test]
async fn a_full_disk_is_not_ok() {
    let home = Home::new();
    let folder = home.folder.path().join("agora");
    std::fs::create_dir_all(&folder).unwrap();
    // A disk of a few kilobytes in memory, which only what is started here sees.
    let script = "mount -t tmpfs -o size=256k,mode=700 none \"$AGORA_HOME\" || exit 77
        head -c 1000000 /dev/zero > \"$AGORA_HOME/filler\"
        exec \"$0\" doctor";
    let ran = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_agora")])
        .env("AGORA_HOME", &folder)
        .output()
        .await;
    let Some(ran) =
        ran.ok().filter(|ran| matches!(ran.status.code(), Some(0 | 1)) && !ran.stdout.is_empty())
    else {
        let _ = writeln!(stderr(), "SKIPPED a full disk in agora doctor: none can be mounted here");
        return;
    };
    let out = String::from_utf8(ran.stdout).unwrap();
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found = check(&lines, "disk");
    assert_eq!(found["ok"], false, "{found}");
    assert!(found["detail"].as_str().unwrap().contains("No space left"), "{found}");
    assert!(found["advice"].as_str().unwrap().contains("the space on its disk"), "{found}");
}

#[tokio::test]
async fn the_report_has_all_of_it_and_nothing_that_is_anybodys_own() {
    let market = market_with(Config { require_token: true, ..Config::default() }).await;
    // Marked, wherever something of one's own may be.
    let home = Home::of(&market, &SELLER)
        .with("AGORA_CLIENT_ID", "user_4021_prived902104")
        .with("USER", "prived902104")
        .with("XDG_CURRENT_DESKTOP", "XFCE");
    let folder = home.folder.path().join("prived902104");
    let home = home.with("AGORA_HOME", folder.to_str().unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let no = r#"{"message":"prived902104 may not"}"#.to_owned();
    for fault in [
        None,
        Some(Fault::Answer { status: 401, headers: [].into(), body: no.clone() }),
        Some(Fault::Answer { status: 500, headers: [].into(), body: no }),
    ] {
        let told = if fault.is_some() { "NOT OK" } else { "stream: ok, stream_opens" };
        if let Some(fault) = fault {
            market.fail_next_call(Call::Any, fault, 1);
        }
        let ran = home.run(&["doctor", "--report"]).await;
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        let report = &ran.out;
        assert!(report.contains(told) && report.contains("- desktop: XFCE"), "{report}");
        assert!(report.contains("- market: another market"), "{report}");
        let port = market.addr().port().to_string();
        for private in ["prived", "4021", "127.0.0.1", &port, SELLER.token, SELLER.username, "/"] {
            let text = report.replace("GNU/Linux", "");
            assert!(!text.contains(private), "{private} in {report}");
        }
        assert!(ran.err.is_empty(), "{}", ran.err);
    }
}

struct Toasts {
    actions: bool,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Toasts {
    #[expect(clippy::unused_self, reason = "the bus calls it on the object")]
    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("testd", "tests", "1.5", "1.2")
    }

    fn get_capabilities(&self) -> Vec<&str> {
        if self.actions { vec!["body", "actions"] } else { vec!["body"] }
    }
}

struct Watcher {
    hosted: bool,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        self.hosted
    }
}

/// A connection that serves both.
async fn desktop(bus: &Bus, actions: bool, hosted: bool) -> Connection {
    Builder::address(bus.address.as_str())
        .unwrap()
        .serve_at("/org/freedesktop/Notifications", Toasts { actions })
        .unwrap()
        .serve_at("/StatusNotifierWatcher", Watcher { hosted })
        .unwrap()
        .name("org.freedesktop.Notifications")
        .unwrap()
        .name("org.kde.StatusNotifierWatcher")
        .unwrap()
        .build()
        .await
        .unwrap()
}

#[tokio::test]
async fn services_on_the_bus_are_found_and_their_gaps_named() {
    let bus = Bus::start().await;
    let home = Home::new().with("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    let absent = home.run(&["doctor"]).await.lines();
    assert!(check(&absent, "toasts")["ok"] == false && check(&absent, "tray")["ok"] == false);

    let whole = desktop(&bus, true, true).await;
    let lines = home.run(&["doctor"]).await.lines();
    assert_eq!(check(&lines, "toasts")["ok"], true);
    assert_eq!(check(&lines, "toasts")["detail"], "testd 1.5");
    assert_eq!(check(&lines, "tray")["ok"], true);
    whole.close().await.unwrap();

    let _partial = desktop(&bus, false, false).await;
    let lines = home.run(&["doctor"]).await.lines();
    assert!(check(&lines, "toasts")["detail"].as_str().unwrap().contains("no actions"));
    assert_eq!(check(&lines, "tray")["ok"], false);
}
