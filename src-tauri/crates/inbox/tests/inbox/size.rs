//! How much room there is, and what is let go of to make some.

use crate::sample::{Place, alert, batch};
use agora_alert::catalogue::Language;
use agora_inbox::{AlertId, Category, Filter, NewAlert, Room, Seek, Which, Words};
use rusqlite::Connection;
use std::fs;

const MIB: u64 = 1 << 20;

/// One that takes some 4 KiB.
fn large(n: i64) -> NewAlert {
    let raw = format!("{{\"n\":{n},\"x\":\"{}\"}}", "x".repeat(4_000));
    NewAlert { at_ms: 1_795_000_000_000 + n, raw, ..alert(&n.to_string()) }
}

/// What is in use of the file.
fn used(place: &Place) -> u64 {
    let db = Connection::open(place.file()).unwrap();
    let pragma = |name: &str| -> u64 {
        let value: i64 = db.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).unwrap();
        value.try_into().unwrap()
    };
    (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")
}

#[tokio::test]
async fn the_oldest_read_alerts_make_room_and_urgent_unread_ones_go_last() {
    let place = Place::new();
    let inbox = place.open();
    // Of four alerts one is unread, one is urgent, one is both.
    let alerts = (0..1_200).map(|n| NewAlert { urgent: n % 4 > 1, ..large(n) }).collect();
    let kept = inbox.commit(batch(alerts, None)).await.unwrap().new;
    let is_unread = |n: usize| n % 2 == 1;
    let read = (0..1_200).filter(|n| !is_unread(*n)).map(|n| kept[n].id).collect();
    inbox.mark(Which::Ids(read), true).await.unwrap();
    let left = async || -> Vec<usize> {
        let page = inbox.page(Filter::ALL, Seek::Newest, 2_000).await.unwrap();
        page.alerts.iter().rev().map(|alert| alert.body.title.english().parse().unwrap()).collect()
    };
    let before = used(&place);
    assert!(before > 5 * MIB);
    assert_eq!(inbox.make_room(before).await.unwrap(), Room::default(), "there is room");

    let most = before - MIB;
    let Room { alerts, unread, counts } = inbox.make_room(most).await.unwrap();
    assert!(used(&place) <= most - most / 20, "and not just enough");
    assert!((200..600).contains(&alerts) && unread == 0, "{alerts} {unread}");
    let now = left().await;
    assert_eq!(counts.unwrap().total() as usize, now.len());
    let oldest_left = now.iter().copied().find(|n| !is_unread(*n)).unwrap();
    assert!(now.iter().filter(|n| !is_unread(**n)).all(|n| *n >= oldest_left));
    assert_eq!(now.iter().filter(|n| is_unread(**n)).count(), 600, "whoever is unread is left");

    // Only unread ones are left, and then only those that are urgent too.
    let room = inbox.make_room(2 * MIB).await.unwrap();
    assert!(room.unread > 0);
    let now = left().await;
    assert!(now.iter().all(|n| is_unread(*n)) && now.contains(&3) && now.contains(&1_197));
    assert!(!now.contains(&1), "of those that aren't urgent the oldest is gone");
    inbox.make_room(MIB).await.unwrap();
    assert!(left().await.iter().all(|n| n % 4 == 3) && used(&place) <= MIB);
    inbox.check().await.unwrap();
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.total() as usize, counts.unread()), (left().await.len(), counts.total()));
}

#[tokio::test]
async fn a_flood_makes_the_file_no_larger_than_it_may_be_and_what_comes_is_kept() {
    let place = Place::new();
    let inbox = place.open();
    for flood in 0..40 {
        let alerts = (0..100).map(|n| large(flood * 100 + n)).collect();
        assert_eq!(inbox.commit(batch(alerts, None)).await.unwrap().new.len(), 100);
        inbox.make_room(4 * MIB).await.unwrap();
        assert!(used(&place) <= 4 * MIB);
    }
    let page = inbox.page(Filter::ALL, Seek::Newest, 300).await.unwrap();
    let newest: Vec<_> =
        page.alerts.iter().map(|alert| alert.body.title.english().to_owned()).collect();
    assert_eq!(newest, (3_700..4_000).rev().map(|n| n.to_string()).collect::<Vec<_>>());
    inbox.close().await;
    assert!(fs::metadata(place.file()).unwrap().len() < 6 * MIB);
}

#[tokio::test]
async fn room_that_is_no_longer_used_is_given_back_where_it_is_much() {
    let place = Place::new();
    let inbox = place.open();
    let huge = |n| NewAlert { raw: "x".repeat(60_000), ..large(n) };
    for part in 0..8 {
        inbox.commit(batch((0..100).map(|n| huge(part * 100 + n)).collect(), None)).await.unwrap();
    }
    inbox.make_room(8 * MIB).await.unwrap();
    inbox.give_back().await.unwrap();
    assert!(inbox.counts().await.unwrap().total() > 50);
    inbox.close().await;
    assert!(fs::metadata(place.file()).unwrap().len() < 9 * MIB);
    let inbox = place.open();
    inbox.check().await.unwrap();
    let length = fs::metadata(place.file()).unwrap().len();
    assert!(inbox.make_room(5 * MIB).await.unwrap().alerts > 0);
    inbox.give_back().await.unwrap();
    inbox.close().await;
    let now = fs::metadata(place.file()).unwrap().len();
    assert!(now >= length, "a little is kept for what comes: {now}");
}

#[tokio::test]
async fn one_event_takes_no_more_of_the_file_than_a_person_could_read() {
    let place = Place::new();
    let inbox = place.open();
    let text = || "訂單 ".repeat(150_000);
    let monster = |end: &str| NewAlert {
        event: text(),
        kind: text(),
        category: Category::Chat,
        title: Words::by_tag(text(), [("zh-TW", text() + "中")]),
        content: Words::by_tag(text(), [("zh-TW", text() + "中")]),
        fields: text(),
        link: Some(text()),
        raw: text() + end,
        event_id: Some(text()),
        toast: Some(text()),
        ..alert("")
    };
    let before = used(&place);
    for (end, new) in [("a", 1), ("a", 0), ("b", 1)] {
        let kept = inbox.commit(batch(vec![monster(end)], None)).await.unwrap().new;
        assert_eq!(kept.len(), new, "known by its whole data: {end}");
    }
    // The replay's index has the data once more.
    assert!(used(&place) - before < 2 * 400 * 1_024, "{}", used(&place) - before);
    let page = inbox.page(Filter::ALL, Seek::Newest, 10).await.unwrap();
    let body = &page.alerts[0].body;
    assert!(body.raw.starts_with("訂單 訂單") && body.raw.contains("bytes"), "it says so");
    assert!(body.raw.len() <= 64 << 10 && Language::ZH_TW.of(&body.title).len() <= 4 << 10);
    assert_eq!(body.link, None, "half a link leads elsewhere");
    let whole = NewAlert { link: Some("/orders/7".into()), ..large(7) };
    let kept = inbox.commit(batch(vec![whole.clone()], None)).await.unwrap().new;
    assert_eq!(inbox.get(kept[0].id).await.unwrap().unwrap().body, whole);
    let ids: Vec<AlertId> = page.alerts.iter().map(|alert| alert.id).collect();
    inbox.delete(Which::Ids(ids), 1).await.unwrap();
    inbox.undo(1).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().total(), 3);
}
