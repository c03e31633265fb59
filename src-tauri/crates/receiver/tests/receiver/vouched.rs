//! What anybody may have sent is no louder than the person lets it, until the market itself says it.

use crate::bench::{Bench, market, notice, now_ms};
use crate::read_receipts::{USER, connected};
use agora_alert::Origin;
use agora_demo_market::{DemoMarket, Notice, To};
use agora_receiver::{Change, Choices};
use agora_rules::{Rules, Snooze};

const URGENT: &str = r#"{"type":"SECURITY_WARNING","title":"急","content":"","isUrgent":true}"#;

async fn snoozed(market: &DemoMarket, rules: Rules) -> Bench {
    let bench = connected(market).await;
    let snooze = Snooze { until_ms: Some(now_ms() + 3_600_000) };
    bench.receiver.choose(Choices { rules, snooze, ..Choices::default() }).await;
    bench
}

/// How many of the alerts that came next were let through.
async fn passed(bench: &mut Bench) -> usize {
    match bench.next_change().await {
        Change::Arrived { passed, .. } | Change::Synced { passed, .. } => passed.len(),
        other => panic!("nothing came: {other:?}"),
    }
}

#[tokio::test]
async fn what_only_a_message_calls_urgent_is_held_back_until_the_market_lists_it() {
    let market = market().await;
    let mut bench = snoozed(&market, Rules::default()).await;
    let kept = Notice { kind: "SECURITY".into(), is_urgent: true, ..notice("急") };
    market.store_notification(kept);
    market.emit(&To::user(USER), None, URGENT);
    assert_eq!(passed(&mut bench).await, 0);
    assert_eq!(passed(&mut bench).await, 1, "it was looked for, and is the market's");
    let alert = bench.alerts().await.remove(0);
    assert_eq!((bench.alerts().await.len(), Origin::of(&alert.body)), (1, Origin::Stored));
    // One that the market knows nothing of stays a message.
    market.emit(&To::user(USER), None, &URGENT.replace('急', "假"));
    assert_eq!(passed(&mut bench).await, 0);
    bench.looked(&market).await;
    let forged = bench.alerts().await.into_iter().find(|alert| alert.body.title.english() == "假");
    assert_eq!(Origin::of(&forged.unwrap().body), Origin::Message);
    assert!(bench.told_so_far().is_empty());
}

#[tokio::test]
async fn a_broadcast_passes_and_so_does_a_message_where_the_person_lets_it() {
    let market = market().await;
    let mut bench = snoozed(&market, Rules::default()).await;
    market.emit(&To::Everyone, None, URGENT);
    assert_eq!(passed(&mut bench).await, 1);
    let bench_rules = Rules { urgent_messages_pass: true, ..Rules::default() };
    let snooze = Snooze { until_ms: Some(now_ms() + 3_600_000) };
    bench.receiver.choose(Choices { rules: bench_rules, snooze, ..Choices::default() }).await;
    market.emit(&To::user(USER), None, URGENT);
    assert_eq!(passed(&mut bench).await, 1);
}

#[tokio::test]
async fn the_words_of_something_urgent_sent_as_if_it_werent_dont_hide_it() {
    let market = market().await;
    let mut bench = connected(&market).await;
    // It only confirms something, and makes no toast.
    market.emit(&To::user(USER), None, r#"{"type":"PROFILE_UPDATED","title":"急","content":""}"#);
    assert_eq!(passed(&mut bench).await, 0);
    market.store_notification(Notice { kind: "SECURITY".into(), is_urgent: true, ..notice("急") });
    market.emit(&To::user(USER), None, r#"{"type":"NOTIFICATION_READ"}"#);
    assert_eq!(passed(&mut bench).await, 1);
    assert_eq!(bench.titles().await, ["急*", "急*"]);
}
