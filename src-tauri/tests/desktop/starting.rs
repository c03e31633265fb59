//! Started twice, started while it quits, started by the desktop: one app runs, and it is asked.

use std::time::Duration;

use agora_demo_market::people::SELLER;
use agora_demo_market::{Call, Fault};
use serde_json::{Value, json};
use zbus::Connection;
use zbus::fdo::DBusProxy;

use super::leftovers::until_shown;
use super::session::{signal, within};
use super::stage::{APP, Stage, client_id, eventually};

fn status(stage: &Stage) -> tokio::process::Command {
    let mut status = stage.session.command(APP);
    status.arg("--status").env("AGORA_HOME", stage.home());
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_is_json_whether_it_runs_or_not() {
    let stage = Stage::set(&[]).await;
    let read = async || -> Value {
        let said = status(&stage).output().await.unwrap();
        assert!(said.status.success(), "{said:?}");
        serde_json::from_slice(&said.stdout).unwrap()
    };
    assert_eq!(read().await, json!({ "running": false }));
    let mut app = stage.session.logged(APP);
    let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    let said = read().await;
    assert_eq!(said["running"], true);
    assert_eq!(said["version"], "0.1.0");
    let connected = async { while read().await["connection"]["state"] != "connected" {} };
    within("the connection", connected).await;
    signal(app.id().unwrap(), "TERM");
    within("the end of the app", app.wait()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn quit_returns_when_the_other_one_has_ended_however_slow_its_goodbye_is() {
    let stage = Stage::set(&[]).await;
    stage.market.fail_next_call(Call::Disconnect, Fault::Slow { delay_ms: 1_000 }, 1);
    let mut app = stage.session.logged(APP);
    let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    let mut quit = stage.session.logged(APP);
    let quit = quit.arg("--quit").envs(stage.environment(&SELLER)).status();
    assert!(within("the other one's end", quit).await.unwrap().success());
    let left = std::fs::read_to_string(format!("/proc/{}/stat", app.id().unwrap()));
    let is_running = left.is_ok_and(|stat| !stat.contains(") Z "));
    // The name goes as the process's files are closed, which is the last that the kernel does of it.
    let ended = tokio::time::timeout(Duration::from_secs(5), app.wait()).await;
    assert!(ended.is_ok_and(|ended| ended.unwrap().success()), "was running: {is_running}");
    assert!(stage.market.wait_for_client_gone(&client_id(&SELLER), super::stage::SOON).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_while_one_is_quitting_waits_and_then_really_starts() {
    for argument in ["--hidden", "--show"] {
        let stage = Stage::set(&[]).await;
        stage.market.fail_next_call(Call::Disconnect, Fault::Slow { delay_ms: 1_500 }, 1);
        let mut first = stage.session.logged(APP);
        let mut first = first.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
        stage.connected(&SELLER).await;
        signal(first.id().unwrap(), "TERM");
        stage.request(|request| request.method == "DELETE").await;
        let mut second = stage.session.logged(APP);
        let mut second = second.arg(argument).envs(stage.environment(&SELLER)).spawn().unwrap();
        within("the end of the first one", first.wait()).await.unwrap();
        let connects = |request: &agora_demo_market::Recorded| request.path.contains("/connect/");
        let goodbye = stage.request(|request| request.method == "DELETE").await.number;
        stage.request(|request| connects(request) && request.number > goodbye).await;
        if argument == "--show" {
            until_shown(&stage.session).await;
        }
        assert!(second.try_wait().unwrap().is_none(), "{argument}: it runs");
        signal(second.id().unwrap(), "TERM");
        within("the end of the second one", second.wait()).await.unwrap();
    }
}

/// What a launcher does with an entry that says `DBusActivatable=true`.
async fn launch(bus: &Connection, action: Option<&str>) {
    let data = std::collections::HashMap::<&str, zbus::zvariant::Value<'_>>::new();
    let (name, path) = ("market.agora.notifier", "/market/agora/notifier");
    let interface = Some("org.freedesktop.Application");
    let called = match action {
        None => bus.call_method(Some(name), path, interface, "Activate", &data).await,
        Some(action) => {
            let none: [zbus::zvariant::Value<'_>; 0] = [];
            let arguments = (action, &none[..], data);
            bus.call_method(Some(name), path, interface, "ActivateAction", &arguments).await
        }
    };
    called.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desktop_starts_it_over_the_bus_shows_it_and_chooses_its_actions() {
    let stage = Stage::set(&[]).await;
    let packaged = include_str!("../../market.agora.notifier.service");
    let program = "/usr/bin/agora-notifier";
    assert!(packaged.contains(program));
    let service = stage.session.folder().join("services/market.agora.notifier.service");
    std::fs::write(service, packaged.replace(program, APP)).unwrap();
    let bus = stage.session.bus().await;
    let names = DBusProxy::new(&bus).await.unwrap();
    names.reload_config().await.unwrap();

    within("its start", launch(&bus, None)).await;
    until_shown(&stage.session).await;
    let process = names
        .get_connection_unix_process_id("market.agora.notifier".try_into().unwrap())
        .await
        .unwrap();
    let own = stage.session.folder().join("data/agora-notifier/inbox.sqlite");
    eventually("the person's own inbox", || own.exists()).await;

    within("an action", launch(&bus, Some("snooze"))).await;
    let refused = bus
        .call_method(
            Some("market.agora.notifier"),
            "/market/agora/notifier",
            Some("org.freedesktop.Application"),
            "ActivateAction",
            &("no such", [0_u8; 0].map(zbus::zvariant::Value::from).to_vec(), {
                std::collections::HashMap::<&str, zbus::zvariant::Value<'_>>::new()
            }),
        )
        .await;
    assert!(refused.unwrap_err().to_string().contains("no action no such"));
    within("an action", launch(&bus, Some("quit"))).await;
    within("the end of the app", super::window::ended(process)).await;
}
