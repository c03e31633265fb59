//! Work that is done a part at a time: what stops it in between, and what comes in between.

use crate::sample::{Place, alert, batch};
use agora_inbox::{
    AlertId, Category, Filter, Inbox, Limits, Listing, NewAlert, Notice, Partly, StoreError,
    StoredNotice, Which,
};
use rusqlite::Connection;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const ALL: u32 = 6_000;

fn everything() -> Which {
    Which::Matching { filter: Filter::ALL, text: None, up_to: AlertId::MAX }
}

/// An inbox with many alerts, half of them unread, and with one that the market has stored.
async fn full(place: &Place) -> Inbox {
    let inbox = place.open();
    let alerts =
        (0..i64::from(ALL)).map(|n| NewAlert { at_ms: n * 1_000, ..alert(&format!("n{n}")) });
    let kept = inbox.commit(batch(alerts.collect(), None)).await.unwrap().new;
    let read = kept.iter().step_by(2).map(|alert| alert.id).collect();
    inbox.mark(Which::Ids(read), true).await.unwrap();
    let unnamed =
        NewAlert { at_ms: 0, notice: Notice::Unnamed(7), ..alert("waits for its other half") };
    inbox.commit(batch(vec![unnamed], None)).await.unwrap();
    for day in -5..0 {
        inbox.look(day * 86_400_000).await.unwrap();
    }
    inbox
}

/// Another program, which takes the file as soon as something has changed in it, and has it for as long
/// as the inbox waits at the most.
fn takes_the_file(place: &Place, changed: &'static str) -> JoinHandle<()> {
    let other = Connection::open(place.file()).unwrap();
    other.busy_timeout(Duration::ZERO).unwrap();
    let look =
        move |db: &Connection| -> i64 { db.query_row(changed, [], |row| row.get(0)).unwrap() };
    let before = look(&other);
    thread::spawn(move || {
        let deadline = Instant::now() + Duration::from_mins(1);
        while look(&other) == before {
            assert!(Instant::now() < deadline, "nothing changes: {changed}");
        }
        while other.execute_batch("BEGIN IMMEDIATE").is_err() {
            assert!(Instant::now() < deadline, "there is nothing between two parts");
        }
        thread::sleep(Duration::from_secs(7));
        other.execute_batch("ROLLBACK").unwrap();
    })
}

/// What was done by then; `None` where it was over before the other program came.
#[track_caller]
fn stopped<T: std::fmt::Debug>(result: Result<T, Partly<T>>) -> Option<T> {
    let Partly { done, error } = result.err()?;
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    Some(done)
}

/// Tries with another inbox until the other program came in between: a busy machine may hold it up.
async fn until_stopped(attempt: impl AsyncFn() -> Option<()>) {
    for _ in 0..8 {
        if attempt().await.is_some() {
            return;
        }
    }
    panic!("the other program never comes in between two parts");
}

#[tokio::test]
async fn deleting_that_stops_in_between_gives_what_went_and_that_can_be_undone() {
    until_stopped(deleting).await;
}

async fn deleting() -> Option<()> {
    let place = Place::new();
    let inbox = full(&place).await;
    let before = inbox.counts().await.unwrap();
    let other = takes_the_file(&place, "SELECT count(*) FROM trash");
    let deleted = stopped(inbox.delete(everything(), 7).await);
    other.join().unwrap();
    let deleted = deleted?;
    let left = inbox.counts().await.unwrap();
    assert_eq!(deleted.counts, left);
    assert!(left.total() > 0 && left.total() < before.total(), "{}", left.total());
    assert_eq!(inbox.deletions().await.unwrap(), [7]);
    let other = takes_the_file(&place, "SELECT count(*) FROM trash");
    let back = inbox.undo(7).await;
    // It may be over before the other program comes.
    if let Err(Partly { done, error }) = back {
        assert!(matches!(error, StoreError::Busy(_)) && done.counts.total() > left.total());
        inbox.undo(7).await.unwrap();
    }
    other.join().unwrap();
    assert_eq!(inbox.counts().await.unwrap(), before);
    assert!(inbox.deletions().await.unwrap().is_empty());
    Some(())
}

#[tokio::test]
async fn marking_that_stops_in_between_gives_what_was_marked() {
    for read in [true, false] {
        until_stopped(async || marking(read).await).await;
    }
}

async fn marking(read: bool) -> Option<()> {
    let place = Place::new();
    let inbox = full(&place).await;
    let before = inbox.counts().await.unwrap().unread();
    let other = takes_the_file(&place, "SELECT count(*) FROM unread");
    let marked = stopped(inbox.mark(everything(), read).await);
    other.join().unwrap();
    let marked = marked?;
    let counts = inbox.counts().await.unwrap();
    assert_eq!(marked.counts, counts);
    assert_eq!(marked.more, counts.unread().abs_diff(before) > 1_000);
    assert!(counts.unread() != before && counts.unread() > 0 && counts.unread() < counts.total());
    Some(())
}

#[tokio::test]
async fn expiring_and_making_room_that_stop_in_between_give_what_went() {
    until_stopped(expiring).await;
}

async fn expiring() -> Option<()> {
    let place = Place::new();
    let inbox = full(&place).await;
    let before = inbox.counts().await.unwrap().total();
    let other = takes_the_file(&place, "SELECT count(*) FROM alert");
    let limits = Limits { before_ms: i64::MAX, in_any_case_ms: 0 };
    let counts = stopped(inbox.expire(limits).await);
    other.join().unwrap();
    let counts = counts?.expect("something went");
    assert_eq!(counts, inbox.counts().await.unwrap());
    assert!(counts.total() < before && counts.total() > ALL / 2);

    let other = takes_the_file(&place, "SELECT count(*) FROM alert");
    let room = stopped(inbox.make_room(0).await);
    other.join().unwrap();
    let room = room?;
    let left = inbox.counts().await.unwrap();
    assert_eq!(room.counts.as_ref(), Some(&left));
    assert_eq!(room.alerts, u64::from(counts.total() - left.total()));
    assert!(left.total() > 0);
    Some(())
}

/// Something that the market stored before all that is here, and that nobody has seen.
fn unseen(at_ms: i64) -> Listing {
    let body = NewAlert {
        at_ms,
        category: Category::Orders,
        urgent: true,
        ..alert("nobody has seen this: n1")
    };
    Listing {
        mailbox: "mailbox one".into(),
        at_ms: 2,
        synced_ms: 1,
        from_ms: i64::MIN,
        here_ahead_ms: 0,
        notices: vec![StoredNotice { stored_id: 1, unread: true, written: None, body }],
        were_unread: Vec::new(),
        unread_there: None,
        streams_from_ms: i64::MAX,
    }
}

#[tokio::test]
async fn what_is_taken_in_between_two_parts_is_neither_marked_nor_deleted() {
    let which = |filter, text: Option<&str>| Which::Matching {
        filter,
        text: text.map(Into::into),
        up_to: AlertId::MAX,
    };
    for which in [
        which(Filter::ALL, None),
        which(Filter { category: Some(Category::Orders), ..Filter::ALL }, None),
        which(Filter { urgent: true, ..Filter::ALL }, None),
        which(Filter { from_ms: Some(2), unread: true, ..Filter::ALL }, None),
        which(Filter::ALL, Some("n1")),
    ] {
        for deletes in [false, true] {
            let place = Place::new();
            let inbox = full(&place).await;
            let work = async {
                if deletes {
                    inbox.delete(which.clone(), 1).await.map(drop).unwrap();
                } else {
                    inbox.mark(which.clone(), true).await.map(drop).unwrap();
                }
            };
            // The work has asked for its first part by then.
            let ((), merged) = tokio::join!(work, inbox.merge(unseen(2)));
            let new = merged.unwrap().new[0].id;
            let alert = inbox.get(new).await.unwrap().expect("it is there");
            assert!(!alert.read, "{which:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_cant_be_made_smaller_is_no_failure_of_the_deletion() {
    let place = Place::new();
    let inbox = place.open();
    let huge = |n| NewAlert { raw: "x".repeat(60_000), ..alert(&format!("{n}")) };
    for part in 0..4 {
        inbox.commit(batch((0..100).map(|n| huge(part * 100 + n)).collect(), None)).await.unwrap();
    }
    // Whoever reads the file keeps SQLite from writing it anew, and it says that it is busy or locked.
    let reader = Connection::open(place.file()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM alert").unwrap();
    inbox.delete_everything().await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().total(), 0);
    reader.execute_batch("COMMIT").unwrap();
    inbox.give_back().await.unwrap();
    inbox.close().await;
}

#[tokio::test]
async fn a_deletion_is_emptied_without_those_before_it() {
    let inbox = Place::new().open();
    let alerts = (0..3).map(|n| alert(&n.to_string())).collect();
    let kept = inbox.commit(batch(alerts, None)).await.unwrap().new;
    for (deletion, alert) in (1..).zip(&kept) {
        inbox.delete(Which::Ids(vec![alert.id]), deletion).await.unwrap();
    }
    inbox.empty_trash(2).await.unwrap();
    assert_eq!(inbox.deletions().await.unwrap(), [1, 3]);
    for (deletion, back) in [(1, 1), (2, 0), (3, 1)] {
        assert_eq!(inbox.undo(deletion).await.unwrap().ids.len(), back);
    }
}
