//! Values that a strict reader gives up over: half an emoji, numbers beyond a float, and worse. What
//! else the event says is told, kept once, and the same on the stream as among what the market stored.

use crate::bench::{Bench, answer, market, notice};
use crate::read_receipts::pushed;
use agora_demo_market::{Call, DemoMarket, To, people};
use agora_inbox::{Alert, Category, Notice};

use agora_alert::catalogue::Language;
use std::time::Duration;

/// A title of 99 characters, to which Java's `substring(0, 100)` adds half of what follows.
fn title() -> String {
    format!("{:-<99}", "帳戶在新裝置登入 ")
}

fn bad_values() -> Vec<(&'static str, String)> {
    let nested = |n: usize| format!("{}{}", r#"{"a":["#.repeat(n), "]}".repeat(n));
    vec![
        ("half an emoji", r#""\ud83d""#.into()),
        ("the other half", r#""a \udc4d b""#.into()),
        ("beyond a float", "1e400".into()),
        ("no number", "NaN".into()),
        ("a zero before it", "007".into()),
        ("NUL as an escape", r#""\u0000""#.into()),
        ("NUL and controls", "\"\u{0}\u{7}\t\"".into()),
        ("no escape", r#""\x41 \u12""#.into()),
        ("a name that comes twice", r#"1,"bad":2,"urgent":null,"title":null"#.into()),
        ("200 levels", nested(100)),
        ("100,000 levels", nested(50_000)),
    ]
}

async fn connected(market: &DemoMarket) -> Bench {
    let mut bench = Bench::start(market, people::SELLER.token);
    bench.connected().await;
    bench.synced_since(0).await;
    bench
}

fn assert_is_the_warning(alert: &Alert, why: &str) {
    let body = &alert.body;
    assert_eq!(
        (&*body.kind, body.category, body.urgent),
        ("SECURITY_WARNING", Category::Security, true),
        "{why}"
    );
    assert_eq!(body.link.as_deref(), Some("/security"), "{why}");
    assert_eq!(body.title.english().trim_end_matches('\u{FFFD}'), title(), "{why}");
    assert_eq!(Language::ZH_TW.of(&body.content), "若非本人，請立即變更密碼。", "{why}");
}

#[tokio::test]
async fn an_event_with_a_bad_value_says_all_the_rest() {
    let market = market().await;
    let mut bench = connected(&market).await;
    for (why, bad) in bad_values() {
        for (before, behind) in [
            (format!(r#""bad":{bad},"#), String::new()),
            (String::new(), format!(r#","bad":{bad}"#)),
        ] {
            let data = format!(
                r#"{{{before}"type":"SECURITY_WARNING","title":"{}\ud83d","content":"若非本人，請立即變更密碼。","link":"/security","isUrgent":"true","ip":"10.0.0.1"{behind}}}"#,
                title()
            );
            market.emit(&To::user(people::SELLER.id), None, &data);
            let alert = bench.arrivals(1).await.remove(0);
            assert_is_the_warning(&alert, why);
            // What the detail shows is read off what was kept of it.
            let kept = bench.inbox().get(alert.id).await.unwrap().unwrap();
            let is_there = agora_alert::fields_of(&kept.body.raw, Language::EN)
                .iter()
                .any(|known| known.field.name == "address" && known.value == "10.0.0.1");
            assert!(is_there || data.len() > 32 << 10, "{why}");
        }
    }
}

#[tokio::test]
async fn a_stored_notification_with_a_bad_value_hides_no_other_and_not_itself() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let bad_values = bad_values();
    let entries = bad_values.iter().enumerate().map(|(at, (_, bad))| {
        format!(
            r#"{{"id":"{}","bad":{bad},"type":"SECURITY_WARNING","title":"{}\ud83d","content":"若非本人，請立即變更密碼。","link":"/security","isUrgent":1,"status":"UNREAD"}}"#,
            at + 1,
            title()
        )
    });
    let body =
        format!("[{},{{\"id\":99,\"title\":\"the last\"}}]", entries.collect::<Vec<_>>().join(","));
    bench.away(&market).await;
    market.fail_next_call(Call::Notifications, answer(200, &body), 1);
    bench.back().await;
    assert_eq!(bench.synced().await.counts.total() as usize, bad_values.len() + 1);
    let alerts = bench.alerts().await;
    for alert in alerts.iter().filter(|alert| alert.body.title.english() != "the last") {
        let Notice::Stored(id) = alert.body.notice else { panic!("{alert:?}") };
        assert_is_the_warning(alert, bad_values[usize::try_from(id).unwrap() - 1].0);
    }
}

#[tokio::test]
async fn an_id_that_cant_be_read_is_no_reason_to_take_another_for_read() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let (there, _) = pushed(&mut bench, &market, 2).await;
    for bad in ["1e400", "null", r#""\ud83d""#, "{}", "7.5"] {
        bench.away(&market).await;
        let body = format!(r#"[{{"id":{},"title":"1"}},{{"id":{bad},"title":"0"}}]"#, there[1]);
        market.fail_next_call(Call::Notifications, answer(200, &body), 1);
        bench.back_and_synced().await;
        assert_eq!(bench.titles().await, ["0*", "1*"], "{bad}: it may be the one that isn't named");
    }
}

#[tokio::test]
async fn what_the_stream_brought_whole_is_the_same_as_what_is_stored_in_half() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let whole = |n: usize| format!("{n}{}👍 and more", &title()["帳".len()..]);
    let halves = [r"\ud83d", "\u{FFFD}", "\u{FFFD}\u{FFFD}\u{FFFD}", "?", ""];
    for n in 0..halves.len() {
        let data = format!(
            r#"{{"type":"SECURITY_WARNING","title":"{}","content":"c","score":1e400}}"#,
            whole(n)
        );
        market.emit(&To::user(people::SELLER.id), None, &data);
    }
    bench.arrivals(halves.len()).await;
    bench.away(&market).await;
    let entries = halves.iter().enumerate().map(|(n, half)| {
        let title: String = whole(n).chars().take_while(|c| *c != '👍').collect();
        assert_eq!(title.encode_utf16().count(), 99);
        format!(
            r#"{{"id":{},"type":"SECURITY","title":"{title}{half}","content":"c","score":007}}"#,
            500 + n
        )
    });
    let body =
        format!("[{},{{\"id\":99,\"title\":\"the last\"}}]", entries.collect::<Vec<_>>().join(","));
    market.fail_next_call(Call::Notifications, answer(200, &body), 1);
    bench.back().await;
    bench.synced().await;
    let titles = bench.titles().await;
    assert_eq!(titles.len(), halves.len() + 1, "{titles:#?}");
}

#[tokio::test]
async fn an_event_of_a_megabyte_keeps_what_a_person_could_read_of_it() {
    let market = market().await;
    let mut bench = connected(&market).await;
    let long = "很長".repeat(150_000);
    let data = format!(
        r#"{{"type":"SECURITY_WARNING","orderNumber":"AG-1","attachment":"{long}","title":"t","isUrgent":true}}"#
    );
    market.emit(&To::user(people::SELLER.id), None, &data);
    let id = bench.arrivals(1).await[0].id;
    let alert = bench.inbox().get(id).await.unwrap().unwrap().body;
    assert_eq!((alert.title.english(), alert.urgent, &*alert.fields), ("t", true, "#AG-1"));
    assert!(alert.raw.len() < 33_000, "{}", alert.raw.len());
    assert!(alert.raw.contains("more bytes were left out") && alert.raw.contains("個位元組已略去"));
    market.push_notification(notice("and the stream goes on"));
    tokio::time::timeout(Duration::from_mins(1), bench.arrivals(1)).await.unwrap();
}
