//! What `agora listen` hears of the machine: that it slept, here from a logind of the test's own, and
//! that it has no network, in a namespace of the test's own.

use crate::bus::Bus;
use crate::support::*;
use agora_demo_market::Fault;
use agora_demo_market::people::SELLER;
use std::io::{Write, stderr};
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;
use zbus::Connection;
use zbus::connection::Builder;

/// Tells of a sleep from its beginning to its end.
async fn sleep_and_wake(logind: &Connection) {
    for begins in [true, false] {
        let path = "/org/freedesktop/login1";
        let interface = "org.freedesktop.login1.Manager";
        let signal = "PrepareForSleep";
        logind.emit_signal(None::<&str>, path, interface, signal, &begins).await.unwrap();
    }
}

#[tokio::test]
async fn a_wake_cuts_a_wait_short() {
    let bus = Bus::start().await;
    let logind = Builder::address(bus.address.as_str())
        .unwrap()
        .name("org.freedesktop.login1")
        .unwrap()
        .build()
        .await
        .unwrap();
    let market = market().await;
    // A quarter of a minute at least.
    market.fail_next(Fault::LoginPage, 1);
    let home = Home::of(&market, &SELLER).with("DBUS_SYSTEM_BUS_ADDRESS", &bus.address);
    let mut listen = home.start(&["listen", "--status"]);
    let long = listen.line_with("status", "waiting").await;
    assert!(long["delay_ms"].as_u64().unwrap() >= 15_000, "{long}");
    // It may connect before it listens to logind.
    let short = loop {
        sleep_and_wake(&logind).await;
        let next = listen.line_with("status", "waiting");
        if let Ok(line) = timeout(Duration::from_millis(300), next).await {
            break line;
        }
    };
    assert!(short["delay_ms"].as_u64().unwrap() <= 2_000, "{short}");
    listen.line_with("status", "connected").await;
}

#[tokio::test]
async fn without_a_network_it_says_so() {
    let unshared = ["--net", "--map-root-user"];
    let can = Command::new("unshare").args(unshared).arg("true").status().await;
    if !can.is_ok_and(|status| status.success()) {
        writeln!(stderr(), "skipped: it takes a kernel with network namespaces").unwrap();
        return;
    }
    let home = Home::new()
        .with("AGORA_BASE_URL", "https://192.0.2.1/api")
        .with("AGORA_CLIENT_ID", "user_4021_test-device");
    let mut listen = home.start_under("unshare", &unshared, &["listen", "--status"]);
    let line = listen.line_with("reason", "no_network").await;
    assert_eq!(line["status"], "waiting", "{line}");
    assert!(line["delay_ms"].is_u64(), "{line}");
}
