//! What `agora listen` hears of the machine: that it slept, here from a logind of the test's own.

use crate::doctor::Bus;
use crate::support::*;
use agora_demo_market::Fault;
use agora_demo_market::people::SELLER;
use std::time::Duration;
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
