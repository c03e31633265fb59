//! What the market stored comes in beside what is here: what of it is taken, and what comes meanwhile.

use crate::sample::{Place, alert, batch};
use agora_inbox::{Inbox, Listing, NewAlert, Notice, StoredNotice, Written};
use std::time::Duration;
use tokio::time::{sleep, timeout};

const MAILBOX: &str = "mailbox one";
/// 2026-11-18T10:26:40Z, by this machine's clock and the market's.
const NOW: i64 = 1_795_000_000_000;
const SECOND: i64 = 1_000;

/// Stored under an id that is its words too.
fn stored(id: i64, at_ms: i64, unread: bool) -> StoredNotice {
    let body = NewAlert { at_ms, notice: Notice::Unnamed(id), ..alert(&format!("n{id}")) };
    let written = Some(Written { local_ms: at_ms, zone_ms: Some(0) });
    StoredNotice { stored_id: id, unread, written, body }
}

fn listing(notices: Vec<StoredNotice>, from_ms: i64) -> Listing {
    Listing {
        mailbox: MAILBOX.into(),
        at_ms: NOW,
        synced_ms: NOW,
        from_ms,
        here_ahead_ms: 0,
        notices,
        were_unread: Vec::new(),
        unread_there: None,
        streams_from_ms: NOW - 5 * SECOND,
    }
}

async fn opened(place: &Place) -> Inbox {
    let inbox = place.open();
    inbox.hear_clock(MAILBOX.into(), 0).await.unwrap();
    inbox
}

#[tokio::test]
async fn of_what_is_older_than_alerts_are_kept_only_the_unread_is_taken() {
    let place = Place::new();
    let inbox = opened(&place).await;
    let from = NOW - 100 * SECOND;
    let found = vec![
        stored(1, from - 1, true),
        stored(2, from - 1, false),
        stored(3, from, false),
        stored(4, from, true),
    ];
    let merged = inbox.merge(listing(found, from)).await.unwrap();
    let mut titles: Vec<_> = merged.new.iter().map(|new| new.body.title.english()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["n1", "n3", "n4"]);
}

#[tokio::test]
async fn what_the_stream_brings_while_it_comes_in_is_the_same_and_not_there_twice() {
    const MANY: i64 = 1_500;
    let mut in_between = 0;
    for _ in 0..5 {
        let place = Place::new();
        let inbox = opened(&place).await;
        let found = (1..=MANY).map(|id| stored(id, NOW - (MANY - id) * SECOND, true)).collect();
        let merging = tokio::spawn({
            let inbox = inbox.clone();
            async move { inbox.merge(listing(found, i64::MIN)).await.unwrap() }
        });
        // The oldest come first; the newest is the one that comes over the stream too.
        let begun = async {
            while inbox.counts().await.unwrap().total() == 0 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_mins(1), begun).await.unwrap();
        let streamed = NewAlert {
            at_ms: NOW + SECOND / 2,
            notice: Notice::Unnamed(MANY),
            ..alert("streamed")
        };
        let committed = inbox.commit(batch(vec![streamed], None)).await.unwrap();
        let merged = merging.await.unwrap();
        assert_eq!(i64::from(inbox.counts().await.unwrap().total()), MANY);
        // Where it was still to come, the stream's is it.
        in_between += usize::from(committed.new.len() == 1);
        assert_eq!(merged.new.len() + committed.new.len(), usize::try_from(MANY).unwrap());
    }
    assert!(in_between > 0, "the stream was quicker once");
}
