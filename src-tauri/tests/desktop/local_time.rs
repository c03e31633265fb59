//! One local time in window, toasts and exports, however the environment names the zone.

use std::process::Command;

use agora_demo_market::people::SELLER;
use jiff::tz::{TimeZone, offset};
use jiff::{Timestamp, ToSpan as _, ZonedDateTime};
use serde_json::json;

use super::session::Part;
use super::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_that_has_no_name_is_one_time_in_window_toast_and_export() {
    let tz = "CST-8";
    let stage = Stage::set(&[Part::Toasts]).await;
    let now = ZonedDateTime::new(Timestamp::now(), TimeZone::fixed(offset(8)));
    let minutes = |time: &ZonedDateTime| i32::from(time.hour()) * 60 + i32::from(time.minute());
    let (from, to) = (now.saturating_sub(1.hour()), now.saturating_add(1.hour()));
    stage.choose(&json!({ "rules": { "quiet": {
        "on": true, "days": [true, true, true, true, true, true, true],
        "from": minutes(&from), "to": minutes(&to),
    } } }));
    let mut environment = stage.environment(&SELLER);
    environment.push(("TZ", tz.into()));
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"now"}"#);
    app.wait_for("alert-row", |row| row.contains("now")).await;
    app.click("alert-row").await;
    let until = format!("No toast: quiet hours until {}.", to.strftime("%H:%M"));
    app.wait_for("toast", |text| text == until).await;
    let window: String =
        app.evaluate("return document.querySelector('time span:last-child').innerText").await;

    // `agora` says it by itself, in the same environment.
    let program = std::path::Path::new(super::stage::APP).with_file_name("agora");
    let exported = Command::new(program)
        .args(["inbox", "export"])
        .envs([("AGORA_HOME", stage.home().as_os_str()), ("TZ", tz.as_ref())])
        .output()
        .unwrap();
    let exported = String::from_utf8(exported.stdout).unwrap();
    assert!(
        exported.contains(&format!("T{window}.")) && exported.contains("+08:00"),
        "{window} is not in {exported}"
    );
    let shown = now.strftime("%H:").to_string();
    let later = now.saturating_add(2.minutes()).strftime("%H:").to_string();
    assert!(window.starts_with(&shown) || window.starts_with(&later), "{window}, and it is {now}");
    app.end().await;
}
