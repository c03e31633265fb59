//! Marking all as read, and taking that back.

use crate::sample::{Place, alert, batch};
use agora_inbox::{Alert, AlertId, Category, Filter, Inbox, Listing, NewAlert, Notice, Which};

const MAILBOX: &str = "mailbox one";
const FIRST: i64 = 7;

fn all_of(category: Option<Category>) -> Which {
    let filter = Filter { category, ..Filter::ALL };
    Which::Matching { filter, text: None, up_to: AlertId::MAX }
}

/// Alerts that the market has stored under their numbers.
async fn stored(inbox: &Inbox, numbers: std::ops::Range<i64>) -> Vec<AlertId> {
    let one = |n| NewAlert { notice: Notice::Stored(n), ..alert("stored") };
    ids(&inbox.commit(batch(numbers.map(one).collect(), None)).await.unwrap().new)
}

fn ids(alerts: &[Alert]) -> Vec<AlertId> {
    alerts.iter().map(|alert| alert.id).collect()
}

async fn unread(inbox: &Inbox) -> Vec<AlertId> {
    let filter = Filter { unread: true, ..Filter::ALL };
    let page = inbox.page(filter, agora_inbox::Seek::Newest, 100).await.unwrap();
    let mut unread = ids(&page.alerts);
    unread.sort_unstable();
    let counted = inbox.counts().await.unwrap().unread();
    assert_eq!(counted, u32::try_from(unread.len()).unwrap(), "the counts are in step");
    unread
}

async fn due(inbox: &Inbox) -> Vec<i64> {
    let mut due = inbox.receipts_due(MAILBOX.into(), 100).await.unwrap();
    due.sort_unstable();
    due
}

/// The market has these as read.
async fn read_there(inbox: &Inbox, were_unread: Vec<i64>) {
    let found = Listing {
        mailbox: MAILBOX.into(),
        at_ms: 1_795_000_000_000,
        synced_ms: 1_795_000_000_000,
        from_ms: 0,
        here_ahead_ms: 0,
        notices: Vec::new(),
        were_unread,
        unread_there: Some([].into()),
        streams_from_ms: 0,
    };
    inbox.merge(found).await.unwrap();
}

#[tokio::test]
async fn exactly_those_that_were_marked_are_unread_again() {
    let inbox = Place::new().open();
    let there = stored(&inbox, 0..5).await;
    let streamed = ids(&inbox.commit(batch(vec![alert("sent")], None)).await.unwrap().new);
    inbox.mark(Which::Ids(vec![there[0]]), true).await.unwrap();
    assert_eq!(due(&inbox).await, [0]);

    inbox.mark_read_by(all_of(None), FIRST).await.unwrap();
    assert!(unread(&inbox).await.is_empty());
    assert_eq!(due(&inbox).await, [0], "of what can be taken back nobody is told");
    // Elsewhere, here by hand, and gone.
    read_there(&inbox, vec![1]).await;
    inbox.mark(Which::Ids(vec![there[2]]), true).await.unwrap();
    assert_eq!(due(&inbox).await, [0, 2], "what was marked by itself is meant");
    inbox.delete(Which::Ids(vec![there[3]]), 1).await.unwrap();

    let back = inbox.undo_marking(FIRST).await.unwrap();
    let mut expected = [&there[4..], &streamed].concat();
    expected.sort_unstable();
    assert_eq!((unread(&inbox).await, back.changed.len()), (expected, 2));
    assert_eq!(due(&inbox).await, [0, 2]);
    assert!(inbox.undo_marking(FIRST).await.unwrap().changed.is_empty(), "that was done");
}

#[tokio::test]
async fn two_markings_are_each_taken_back_by_themselves() {
    let inbox = Place::new().open();
    let chat = NewAlert { category: Category::Chat, ..alert("chat") };
    let kept = ids(&inbox.commit(batch(vec![chat, alert("order")], None)).await.unwrap().new);
    inbox.mark_read_by(all_of(Some(Category::Chat)), 1).await.unwrap();
    assert_eq!(unread(&inbox).await, kept[1..]);
    inbox.mark_read_by(all_of(None), 2).await.unwrap();
    inbox.undo_marking(1).await.unwrap();
    assert_eq!(unread(&inbox).await, kept[..1]);
    inbox.undo_marking(2).await.unwrap();
    assert_eq!(unread(&inbox).await, kept);
}

#[tokio::test]
async fn what_is_no_longer_to_be_taken_back_is_told() {
    let place = Place::new();
    let inbox = place.open();
    stored(&inbox, 0..3).await;
    inbox.mark_read_by(all_of(None), FIRST).await.unwrap();
    inbox.settle_marking(FIRST).await.unwrap();
    assert_eq!(due(&inbox).await, [0, 1, 2]);
    assert!(inbox.undo_marking(FIRST).await.unwrap().changed.is_empty());
    stored(&inbox, 3..5).await;
    inbox.mark_read_by(all_of(None), 8).await.unwrap();
    inbox.close().await;

    let inbox = place.open();
    assert_eq!(due(&inbox).await, [0, 1, 2]);
    inbox.settle_markings().await.unwrap();
    assert_eq!(due(&inbox).await, [0, 1, 2, 3, 4], "whoever quits has meant it");
}

#[tokio::test]
async fn of_very_many_each_comes_back() {
    let inbox = Place::new().open();
    let sent = (0..3_000).map(|n| NewAlert { at_ms: n * 1_000, ..alert("sent") }).collect();
    inbox.commit(batch(sent, None)).await.unwrap();
    assert!(inbox.mark_read_by(all_of(None), FIRST).await.unwrap().more);
    assert_eq!(inbox.counts().await.unwrap().unread(), 0);
    assert!(inbox.undo_marking(FIRST).await.unwrap().more);
    assert_eq!(inbox.counts().await.unwrap().unread(), 3_000);
}
