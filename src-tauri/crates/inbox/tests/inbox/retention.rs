//! What is let go of because it is old: by no clock alone.

use crate::sample::{Place, alert, batch};
use agora_inbox::{
    AlertId, Filter, Inbox, Limits, Listing, NewAlert, Notice, Seek, StoredNotice, Which, key,
};
use rand::prelude::*;
use rusqlite::Connection;

const DAY: i64 = 24 * 60 * 60 * 1_000;
/// 2026-11-24.
const TODAY: i64 = 1_795_478_400_000;
/// So many looks have to agree.
const AGREE: i64 = 5;

/// A day, counted from today.
fn day(number: i64) -> i64 {
    TODAY + number * DAY
}

/// Keeps an alert whose own time is `at_ms`.
async fn keep(inbox: &Inbox, title: &str, at_ms: i64) -> AlertId {
    let kept = inbox.commit(batch(vec![NewAlert { at_ms, ..alert(title) }], None)).await.unwrap();
    kept.new[0].id
}

async fn read(inbox: &Inbox, ids: Vec<AlertId>) {
    inbox.mark(Which::Ids(ids), true).await.unwrap();
}

/// What a start does whose clock shows `now_ms`, where that is believed: unread and urgent alerts are
/// kept for a year.
async fn start(inbox: &Inbox, now_ms: i64, keep_days: i64) {
    inbox.look(now_ms).await.unwrap();
    if let Some(agreed_ms) = inbox.agreed_ms().await.unwrap() {
        let limits = Limits {
            before_ms: agreed_ms - keep_days * DAY,
            in_any_case_ms: agreed_ms - 365 * DAY,
        };
        inbox.expire(limits).await.unwrap();
    }
}

/// The titles that are there, oldest first.
async fn titles(inbox: &Inbox) -> Vec<String> {
    let page = inbox.page(Filter::ALL, Seek::Newest, 1_000).await.unwrap();
    page.alerts.into_iter().rev().map(|alert| alert.body.title.english().to_owned()).collect()
}

#[tokio::test]
async fn an_alert_goes_when_its_own_time_and_when_it_was_received_are_both_over() {
    let place = Place::new();
    let inbox = place.open();
    let mut ids = Vec::new();
    for number in -60..-20 {
        ids.push(keep(&inbox, "long here, and old", day(-200)).await);
        ids.push(keep(&inbox, "long here, of today", day(0)).await);
        inbox.look(day(number)).await.unwrap();
    }
    for number in -20..=0 {
        ids.push(keep(&inbox, "old, and new here", day(-201)).await);
        inbox.look(day(number)).await.unwrap();
    }
    read(&inbox, ids).await;
    start(&inbox, day(0), 30).await;
    let left = titles(&inbox).await;
    let count = |title: &str| left.iter().filter(|one| *one == title).count();
    assert_eq!(count("long here, of today"), 40);
    assert_eq!(count("old, and new here"), 21);
    // Of those that were received surely more than 30 days ago, none is left.
    assert_eq!(count("long here, and old"), 40 - (60 - 30 - 2 * 4));
}

#[tokio::test]
async fn a_start_with_a_clock_that_is_far_ahead_lets_nothing_go() {
    for ahead in [91, 366, 40_000] {
        let place = Place::new();
        let inbox = place.open();
        for number in -20..0 {
            inbox.look(day(number)).await.unwrap();
        }
        let urgent = NewAlert { urgent: true, at_ms: day(0), ..alert("urgent") };
        let urgent = inbox.commit(batch(vec![urgent], None)).await.unwrap().new[0].id;
        let ids = [keep(&inbox, "read", day(0)).await, keep(&inbox, "unread", day(0)).await];
        read(&inbox, vec![ids[0], urgent]).await;
        let all = titles(&inbox).await;
        start(&inbox, day(ahead), 90).await;
        assert_eq!(titles(&inbox).await, all, "{ahead} days ahead");
        // It stays wrong for three days more, and is put right then.
        for later in 1..AGREE - 1 {
            start(&inbox, day(ahead + later), 90).await;
            assert_eq!(titles(&inbox).await, all, "{ahead} days ahead");
        }
        for later in 5..60 {
            start(&inbox, day(later), 90).await;
            assert_eq!(titles(&inbox).await, all, "{later} days later");
        }
    }
}

#[tokio::test]
async fn what_came_while_the_clock_said_2000_is_kept_like_what_came_that_day() {
    let inbox = Place::new().open();
    for number in -20..0 {
        inbox.look(day(number)).await.unwrap();
    }
    let in_2000 = 946_684_800_000;
    let urgent = NewAlert { urgent: true, at_ms: in_2000, ..alert("urgent") };
    inbox.commit(batch(vec![urgent], None)).await.unwrap();
    let calm = keep(&inbox, "calm", in_2000 + 1).await;
    read(&inbox, vec![calm]).await;
    for later in 0..=90 {
        start(&inbox, day(later), 90).await;
        assert_eq!(titles(&inbox).await, ["urgent", "calm"], "{later} days later");
    }
    for later in 91..=365 {
        start(&inbox, day(later), 90).await;
    }
    assert_eq!(titles(&inbox).await, ["urgent"]);
    for later in 366..380 {
        start(&inbox, day(later), 90).await;
    }
    assert!(titles(&inbox).await.is_empty());
}

/// Whatever a clock shows, as long as it is right on one day in any five: nothing goes before its time,
/// and with a clock that is right everything goes.
#[tokio::test]
async fn however_a_clock_lies_nothing_goes_before_its_time() {
    const KEEP: i64 = 30;
    for seed in 0..12 {
        let mut random = StdRng::seed_from_u64(seed);
        let inbox = Place::new().open();
        let mut kept: Vec<(i64, AlertId)> = Vec::new();
        let mut lies = 0;
        for now in 0..160 {
            let is_right = now >= 100 || lies == AGREE - 1 || random.random_bool(0.4);
            lies = if is_right { 0 } else { lies + 1 };
            let shown = if is_right {
                day(now)
            } else {
                day(now)
                    + [-9_000, -91, -40, -5, 5, 40, 91, 366, 20_000].choose(&mut random).unwrap()
                        * DAY
            };
            if now < 100 {
                // What arrives has the clock's time, or one that the market gives it.
                let at_ms = if random.random_bool(0.7) {
                    shown
                } else {
                    day(now - random.random_range(0..99))
                };
                let id = keep(&inbox, &now.to_string(), at_ms.max(0) + now).await;
                read(&inbox, vec![id]).await;
                kept.push((now, id));
            }
            start(&inbox, shown, KEEP).await;
            let left = titles(&inbox).await;
            for (came, _) in kept.iter().filter(|(came, _)| now - came <= KEEP) {
                let is_left = left.contains(&came.to_string());
                assert!(is_left, "seed {seed}: what came on day {came} is gone on day {now}");
            }
        }
        // Those whose own time is in the future have to wait for that.
        let limit = day(159 - (AGREE - 1) - KEEP);
        let ahead = kept.iter().filter(|(_, id)| key::time_of(*id) >= limit);
        assert_eq!(titles(&inbox).await.len(), ahead.count(), "seed {seed}");
    }
}

#[tokio::test]
async fn what_was_there_before_any_look_is_taken_to_be_received_at_the_first() {
    let place = Place::new();
    let inbox = place.open();
    let mut ids = Vec::new();
    for number in 0..30 {
        ids.push(keep(&inbox, &number.to_string(), day(-6)).await);
    }
    read(&inbox, ids).await;
    for number in 200..=230 {
        start(&inbox, day(number), 30).await;
        assert_eq!(titles(&inbox).await.len(), 30, "day {number}");
    }
    for number in 231..250 {
        start(&inbox, day(number), 30).await;
    }
    assert!(titles(&inbox).await.is_empty());
}

/// How many rows a table has.
fn rows(place: &Place, table: &str) -> i64 {
    let db = Connection::open(place.file()).unwrap();
    db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// How many of the market's notifications are known.
fn known(place: &Place) -> i64 {
    rows(place, "stored")
}

#[tokio::test]
async fn halves_whose_others_cant_come_any_more_are_forgotten_by_no_clock_alone() {
    let place = Place::new();
    let inbox = place.open();
    let streamed = |words: i64, at_ms: i64| NewAlert {
        at_ms,
        notice: Notice::Unnamed(words),
        ..alert("streamed")
    };
    // More than are forgotten at a time.
    let alerts = (0..5_000).map(|n| streamed(n, day(0) + n)).collect();
    inbox.commit(batch(alerts, None)).await.unwrap();
    for number in [-400, 0, 1, 2, 91, 40_000] {
        inbox.forget_twins(day(number)).await.unwrap();
        assert_eq!(rows(&place, "twin"), 5_000, "nothing has come since: day {number}");
    }
    inbox.commit(batch(vec![streamed(7, day(2))], None)).await.unwrap();
    inbox.forget_twins(day(0)).await.unwrap();
    assert_eq!(rows(&place, "twin"), 5_001, "by a clock that is behind");
    inbox.forget_twins(day(91)).await.unwrap();
    assert_eq!(rows(&place, "twin"), 1);
    assert_eq!(inbox.counts().await.unwrap().total(), 5_001, "they themselves stay");
}

#[tokio::test]
async fn what_is_known_of_notifications_whose_alerts_are_long_gone_is_forgotten() {
    let place = Place::new();
    let inbox = place.open();
    let mailbox = "mailbox one";
    let merge = async |at_ms: i64, ids: std::ops::Range<i64>, unread_there: &[i64]| {
        let notice = |stored_id| StoredNotice {
            stored_id,
            unread: true,
            written: None,
            body: NewAlert { at_ms: day(0) + stored_id, ..alert(&stored_id.to_string()) },
        };
        let found = Listing {
            mailbox: mailbox.into(),
            at_ms,
            synced_ms: at_ms,
            from_ms: i64::MIN,
            here_ahead_ms: 0,
            notices: ids.map(notice).collect(),
            were_unread: Vec::new(),
            unread_there: Some(unread_there.iter().copied().collect()),
            streams_from_ms: i64::MAX,
        };
        inbox.merge(found).await.unwrap()
    };
    let all: Vec<i64> = (0..40).collect();
    let new = merge(day(0), 0..40, &all).await.new;
    let id = |n: usize| new[n].id;
    // Deleted and told; deleted and never told; emptied out, unread there and then read there; kept.
    inbox.delete(Which::Ids((0..10).map(id).collect()), 1).await.unwrap();
    inbox.delete(Which::Ids((10..20).map(id).collect()), 2).await.unwrap();
    inbox.empty_trash(1).await.unwrap();
    inbox.empty_trash(2).await.unwrap();
    inbox.receipts_sent(mailbox.into(), (0..10).collect()).await.unwrap();
    for number in 0..=100 {
        start(&inbox, day(number), 1_000).await;
        inbox.forget_long_gone().await.unwrap();
        assert_eq!(known(&place), 40, "day {number}: it isn't so long, or the market may list it");
    }
    merge(day(100), 0..0, &all).await;
    inbox.forget_long_gone().await.unwrap();
    assert_eq!(known(&place), 30, "what the market has yet to be told of is still known");
    // What the market says is unread comes back from nowhere.
    assert!(merge(day(100), 10..20, &all).await.new.is_empty());
}
