//! What touches very many alerts, which is done a part at a time.

use crate::sample::{Place, alert, batch};
use agora_inbox::{AlertId, Category, Filter, Limits, NewAlert, Notice, Seek, Which};

const MAILBOX: &str = "mailbox one";

/// Alerts a second apart, each of which the market has stored under its number.
fn stored(numbers: std::ops::Range<i64>) -> Vec<NewAlert> {
    let stored = |n| NewAlert {
        at_ms: n * 1_000,
        category: if n % 3 == 0 { Category::Chat } else { Category::Money },
        notice: Notice::Stored(n),
        ..alert("stored")
    };
    numbers.map(stored).collect()
}

fn all_of(category: Option<Category>, up_to: AlertId) -> Which {
    Which::Matching { filter: Filter { category, ..Filter::ALL }, text: None, up_to }
}

#[tokio::test]
async fn the_market_is_told_of_all_that_are_marked_and_of_no_other() {
    let inbox = Place::new().open();
    let kept = inbox.commit(batch(stored(0..9_000), None)).await.unwrap().new;
    let unnamed = NewAlert { notice: Notice::Unnamed(7), ..alert("sent") };
    let up_to = inbox.commit(batch(vec![unnamed], None)).await.unwrap().new[0].id;
    let told = async || inbox.receipts_due(MAILBOX.into(), 100_000).await.unwrap();

    let chat = all_of(Some(Category::Chat), kept[8_000].id);
    let marked = inbox.mark(chat, true).await.unwrap();
    assert!(!marked.unnamed, "what was sent is later, and no chat");
    let expected: Vec<_> = (0..=8_000).rev().filter(|n| n % 3 == 0).collect();
    assert_eq!(told().await, expected);
    assert_eq!(marked.counts.categories[&Category::Chat].unread, 3_000 - 2_667);

    let newer = inbox.commit(batch(stored(2_000_000_000..2_000_000_005), None)).await.unwrap().new;
    let marked = inbox.mark(all_of(None, up_to), true).await.unwrap();
    assert!(marked.unnamed && marked.more);
    assert_eq!(told().await, (0..9_000).rev().collect::<Vec<_>>());
    assert_eq!(marked.counts.unread(), 5);
    inbox.mark(Which::Ids(vec![newer[0].id]), true).await.unwrap();
    assert_eq!(
        inbox.unread_notices(MAILBOX.into()).await.unwrap(),
        [2_000_000_001, 2_000_000_002, 2_000_000_003, 2_000_000_004]
    );
}

#[tokio::test]
async fn everything_is_deleted_and_what_the_market_stored_is_still_known() {
    let inbox = Place::new().open();
    inbox.commit(batch(stored(0..5_000), None)).await.unwrap();
    inbox.delete_everything().await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().total(), 0);
    // A new alert with an old one's key is no notification of the market's.
    let new = NewAlert { at_ms: 0, ..alert("new") };
    let kept = inbox.commit(batch(vec![new], None)).await.unwrap().new[0].id;
    assert_eq!(inbox.get(kept).await.unwrap().unwrap().body.notice, Notice::None);
    assert!(inbox.commit(batch(stored(0..5_000), None)).await.unwrap().new.is_empty());
}

#[tokio::test]
async fn old_alerts_go_from_among_as_many_that_stay() {
    let inbox = Place::new().open();
    let kept = inbox.commit(batch(stored(0..4_000), None)).await.unwrap().new;
    // Unread are the 1,200 oldest, and one in ten of the others.
    let read = kept.iter().zip(0..).filter(|(_, n)| *n >= 1_200 && n % 10 > 0);
    let read = read.map(|(alert, _)| alert.id).collect();
    inbox.mark(Which::Ids(read), true).await.unwrap();
    let limits = Limits { before_ms: 3_000_000, in_any_case_ms: 100_000 };
    assert_eq!(inbox.expire(limits).await.unwrap(), None, "nobody knows when they came");
    for day in -5..0 {
        assert!(inbox.look(day * 86_400_000).await.unwrap());
    }
    let counts = inbox.expire(limits).await.unwrap().unwrap();
    let stays = |n: i64| n >= 3_000 || (n >= 100 && (n < 1_200 || n % 10 == 0));
    let expected: Vec<_> = (0..4_000).filter(|n| stays(*n)).map(|n| n * 1_000).collect();
    assert_eq!(counts.total() as usize, expected.len());
    let page = inbox.page(Filter::ALL, Seek::NewerThan(-1), 4_000).await.unwrap();
    let left: Vec<_> = page.alerts.iter().rev().map(|alert| alert.body.at_ms).collect();
    assert_eq!(left, expected);
    assert_eq!(inbox.expire(limits).await.unwrap(), None, "they are gone");
}
