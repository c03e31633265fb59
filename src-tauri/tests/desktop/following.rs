//! Stars and reminders on a real desktop: set by real keys, due in a toast, and moved from there.

use agora_demo_market::people::SELLER;
use agora_inbox::{Access, AlertId, Filter, Inbox, Seek};

use super::own_daemon::OwnDaemon;
use super::stage::{Stage, eventually};

async fn inbox(stage: &Stage, access: Access) -> Inbox {
    let file = stage.inbox();
    tokio::task::spawn_blocking(move || Inbox::open(&file, access)).await.unwrap().unwrap()
}

/// The one alert with a reminder: its key, when it is due, and whether it was.
async fn reminder(stage: &Stage) -> (AlertId, i64, bool) {
    let inbox = inbox(stage, Access::ReadOnly).await;
    let filter = Filter { reminders: true, ..Filter::ALL };
    let page = inbox.page(filter, Seek::Newest, 10).await.unwrap();
    inbox.close().await;
    let [alert] = &page.alerts[..] else { panic!("{page:?}") };
    let reminder = alert.reminder.unwrap();
    (alert.id, reminder.due_ms, reminder.reminded)
}

async fn press(stage: &Stage, keys: &str) {
    let mut press = stage.session.command("xdotool");
    assert!(press.args(["key", keys]).status().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_starred_and_reminded_of_by_keys_and_the_reminders_toast_puts_it_off() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, r#"{"title":"look at me"}"#);
    daemon.wait_for("look at me").await;
    app.click("alert-row").await;
    app.wait_for("alert-detail", |text| text.contains("look at me")).await;
    press(&stage, "s").await;
    app.find("row-star").await;
    app.find("nav-starred").await;
    press(&stage, "r").await;
    app.find("remind-hour").await;
    app.click("remind-hour").await;
    app.find("reminder").await;
    let (id, in_an_hour, was_due) = reminder(&stage).await;
    assert!(!was_due);
    app.end().await;

    // The hour goes by while nothing runs.
    let kept = inbox(&stage, Access::Write).await;
    kept.remind(id, Some(in_an_hour - 3_600_000)).await.unwrap();
    kept.close().await;
    let app = stage.app(&SELLER).await;
    let toast = daemon.wait_for("Reminder: look at me").await;
    let keys: Vec<_> = toast.actions.iter().step_by(2).collect();
    assert_eq!(keys, ["default", "mark-read", "remind-in-an-hour", "remind-tomorrow"]);
    app.wait_for("unread-count", |count| count == "1").await;
    app.find("row-reminder").await;
    daemon.act(&toast, "remind-tomorrow").await;
    let stage = &stage;
    let moved = async || {
        let (moved, due_ms, was_due) = reminder(stage).await;
        moved == id && !was_due && due_ms > in_an_hour
    };
    while !moved().await {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    eventually("unread still", || stage.unread() == ["look at me"]).await;
    app.end().await;
}
