//! What anybody may write to the stream is a reason to look, and nothing more: it hides nothing, marks
//! nothing, and is told as read to nobody.

use crate::bench::{Bench, SELLER, SOON, answered, calls, market, notice, now_ms, send};
use crate::read_receipts::{USER, all_told, connected, read};
use agora_demo_market::{DemoMarket, Notice, Recorded, Status, To, local_time_ago, people};
use agora_receiver::Change;
use std::time::Duration;

/// Has somebody write this to the seller's stream.
fn forge(market: &DemoMarket, data: &str) {
    assert_eq!(market.emit(&To::user(USER), None, data), 1);
}

/// Waits until all that was written so far was taken.
async fn taken(bench: &mut Bench, market: &DemoMarket) {
    market.emit(&To::Everyone, None, r#"{"title":"the last of them"}"#);
    while bench.arrivals(1).await[0].body.title.english() != "the last of them" {}
}

#[tokio::test]
async fn a_forged_id_makes_no_real_notification_vanish() {
    let market = market().await;
    let mut bench = connected(&market).await;
    bench.away(&market).await;
    let id = market.store_notification(notice("the real one"));
    let later = id + 1;
    bench.back().await;
    bench.synced().await;
    // Of one that is there already, of one that is still to come, and without words.
    for data in [
        format!(r#"{{"type":"MESSAGE_SENT","notificationId":{later},"title":"forged"}}"#),
        format!(r#"{{"type":"MESSAGE_SENT","notification":{{"id":{later},"title":"forged"}}}}"#),
        format!(r#"{{"type":"MESSAGE_SENT","notificationId":{later}}}"#),
        format!(r#"{{"type":"NOTIFICATION_RECEIVED","notificationId":{id},"title":"forged"}}"#),
    ] {
        forge(&market, &data);
    }
    bench.arrivals(4).await;
    let forged = bench.alerts().await;
    let ids = forged.iter().filter(|alert| alert.body.title.english() != "the real one");
    read(&bench, ids.map(|alert| alert.id).collect()).await;
    assert_eq!(market.store_notification(notice("the second")), later);
    bench.away(&market).await;
    let before = now_ms();
    bench.back().await;
    // A look that a hint had asked for may have found the second before.
    bench.synced_since(before).await;
    all_told(&bench).await;
    let mut unread: Vec<_> =
        bench.titles().await.into_iter().filter(|one| one.ends_with('*')).collect();
    // Stored in the same second, they may stand either way.
    unread.sort();
    assert_eq!(unread, ["the real one*", "the second*"]);
    assert!(market.notifications_of(USER).iter().all(|one| one.status == Status::Unread));
    assert_eq!(calls(&market, "POST", "/read") + calls(&market, "POST", "/read-all"), 0);
    // And so it stays after a restart.
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    bench.synced_since(now_ms() - 1).await;
    assert_eq!(bench.titles().await.len(), 6);
}

#[tokio::test]
async fn a_message_that_says_all_was_read_marks_nothing_that_the_market_has_as_unread() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let urgent = |title| Notice { kind: "SECURITY".into(), is_urgent: true, ..notice(title) };
    let ids = ["one", "two"].map(|title| market.push_notification(urgent(title)));
    bench.arrivals(2).await;
    let before = now_ms();
    for data in [
        r#"{"type":"NOTIFICATION_READ","all":true}"#.to_owned(),
        r#"{"type":"NOTIFICATION_READ","readAll":true}"#.to_owned(),
        r#"{"type":"NOTIFICATION_READ"}"#.to_owned(),
        format!(r#"{{"type":"NOTIFICATION_READ","notificationId":{}}}"#, ids[0]),
        format!(r#"{{"type":"NOTIFICATION_READ","notificationIds":[{},{}]}}"#, ids[0], ids[1]),
    ] {
        forge(&market, &data);
    }
    bench.synced_since(before).await;
    taken(&mut bench, &market).await;
    bench.away(&market).await;
    bench.back_and_synced().await;
    assert_eq!(bench.titles().await[..2], ["one*", "two*"]);
    assert!(!bench.told_so_far().iter().any(|told| matches!(told, Change::Marked { .. })));
}

#[tokio::test]
async fn what_was_told_as_read_here_and_comes_back_as_a_hint_is_no_reason_to_look() {
    let market = market().await;
    let mut bench = connected(&market).await;
    market.store_notification(notice("stored"));
    bench.away(&market).await;
    bench.back_and_synced().await;
    let alert = bench.alerts().await.remove(0);
    let looks = calls(&market, "GET", "/notifications/unread");
    // The market tells all of the user's streams of it, this one too.
    read(&bench, vec![alert.id]).await;
    answered(&market, "POST", "/read", 1).await;
    taken(&mut bench, &market).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(calls(&market, "GET", "/notifications/unread"), looks);
}

#[tokio::test]
async fn no_forged_clock_dates_what_was_missed() {
    let market = market().await;
    let mut bench = connected(&market).await;
    for kind in ["HEARTBEAT", "SYSTEM_TIME_WAIT", "SYSTEM_TIME"] {
        for time in ["9999-12-31T23:59:59", "1970-01-01T00:00:00", "2026-01-01T00:00:00Z"] {
            forge(
                &market,
                &format!(
                    r#"{{"type":"{kind}","timestamp":"{time}","time":"{time}","heartbeatInterval":0.001}}"#
                ),
            );
            market.emit(&To::Everyone, Some(kind), &format!(r#"{{"timestamp":"{time}"}}"#));
        }
    }
    let ago = Some(local_time_ago(Duration::from_hours(1)));
    market.store_notification(Notice { created_at: ago, is_urgent: true, ..notice("missed") });
    forge(&market, r#"{"type":"NOTIFICATION_READ"}"#);
    assert_eq!(bench.synced().await.passed.len(), 1);
    let missed = bench.alerts().await.remove(0);
    let age = now_ms() - missed.body.at_ms;
    assert!((age - 3_600_000).abs() < 60_000, "{age}");
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    bench.synced_since(now_ms() - 1).await;
    assert_eq!(bench.titles().await, ["missed*"], "nothing lets go of it");
}

#[tokio::test]
async fn a_message_that_the_token_has_expired_is_an_alert_and_changes_nothing() {
    let market = market().await;
    let mut bench = connected(&market).await;
    answered(&market, "GET", "/notifications/list", 1).await;
    let before = market.requests().len();
    for kind in ["TOKEN_EXPIRED", "USER_LOGOUT", "ACCOUNT_LOCKED"] {
        forge(&market, &format!(r#"{{"type":"{kind}"}}"#));
    }
    bench.arrivals(3).await;
    let is_new = |one: &Recorded| one.number > u64::try_from(before).unwrap();
    assert!(market.wait_for_request(is_new, SOON / 60).await.is_none());
    assert_eq!(market.clients().len(), 1);
    assert!(market.wait_for_client(SELLER, SOON).await.is_some());
    send(&market, "still there", "").await;
    assert_eq!(bench.arrivals(1).await[0].body.title.english(), "still there");
}
