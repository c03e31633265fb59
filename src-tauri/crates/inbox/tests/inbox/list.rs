//! Commit, page, mark and count.

use crate::sample::{Place, alert, batch};
use agora_inbox::key;
use agora_inbox::search::Search;
use agora_inbox::{Access, Batch, Category, Cursor, Filter, Inbox, NewAlert, Seek, Which};

#[tokio::test]
async fn an_alert_comes_back_as_it_was_kept() {
    let place = Place::new();
    let inbox = place.open();
    let kept = inbox.commit(batch(vec![alert("Shipped")], None)).await.unwrap().new;
    assert_eq!(kept[0].body, alert("Shipped"));
    drop(inbox);
    assert_eq!(place.open().get(kept[0].id).await.unwrap().as_ref(), Some(&kept[0]));
}

#[tokio::test]
async fn pages_follow_one_another_by_key_without_a_gap_while_new_ones_arrive() {
    let inbox = Place::new().open();
    let titles = (0..25).map(|n| alert(&n.to_string())).collect();
    inbox.commit(batch(titles, None)).await.unwrap();
    let mut seen = Vec::new();
    let mut place = Seek::Newest;
    loop {
        let page = inbox.page(Filter::default(), place, 10).await.unwrap();
        place = Seek::OlderThan(page.alerts.last().unwrap().id);
        seen.extend(page.alerts.into_iter().map(|alert| alert.body.title.english().to_owned()));
        inbox.commit(batch(vec![alert("new")], None)).await.unwrap();
        if !page.more {
            break;
        }
    }
    let expected: Vec<_> = (0..25).rev().map(|n| n.to_string()).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn filters_combine() {
    let inbox = Place::new().open();
    let mut urgent = alert("urgent money");
    urgent.urgent = true;
    urgent.category = Category::Money;
    let mut calm = alert("calm money");
    calm.category = Category::Money;
    let kept = inbox.commit(batch(vec![urgent, calm, alert("order")], None)).await.unwrap().new;
    inbox.mark(Which::Ids(vec![kept[1].id]), true).await.unwrap();
    let titles = async |filter| {
        let page = inbox.page(filter, Seek::Newest, 10).await.unwrap();
        page.alerts
            .into_iter()
            .map(|alert| alert.body.title.english().to_owned())
            .collect::<Vec<_>>()
    };
    let money = Filter { category: Some(Category::Money), ..Filter::default() };
    assert_eq!(titles(money).await, ["calm money", "urgent money"]);
    assert_eq!(titles(Filter { unread: true, ..money }).await, ["urgent money"]);
    assert_eq!(titles(Filter { urgent: true, ..money }).await, ["urgent money"]);
    assert_eq!(
        titles(Filter { unread: true, ..Filter::default() }).await,
        ["order", "urgent money"]
    );
    assert!(
        titles(Filter { category: Some(Category::Chat), ..Filter::default() }).await.is_empty()
    );
}

#[tokio::test]
async fn what_one_toast_told_of_after_quiet_is_a_list() {
    const TOLD_MS: i64 = 1_795_000_900_000;
    let inbox = Place::new().open();
    let mut chat = alert("tea?");
    chat.category = Category::Chat;
    let all = vec![alert("tea a"), alert("tea b"), chat, alert("tea c")];
    let kept = inbox.commit(batch(all, None)).await.unwrap().new;
    let told = |at_ms: i64| format!(r#"{{"after_quiet":{{"told_ms":{at_ms},"count":2}}}}"#);
    let fates = [told(TOLD_MS), "\"shown\"".to_owned(), told(TOLD_MS), told(7)];
    let fates = kept.iter().map(|alert| alert.id).zip(fates).collect();
    inbox.keep_toasts(fates).await.unwrap();
    let filter = Filter { told_ms: Some(TOLD_MS), ..Filter::ALL };
    let titles = async |filter| {
        let page = inbox.page(filter, Seek::Newest, 10).await.unwrap();
        let titles = page.alerts.iter().map(|alert| alert.body.title.english().to_owned());
        titles.collect::<Vec<_>>()
    };
    assert_eq!(titles(filter).await, ["tea?", "tea a"]);
    let orders = Filter { category: Some(Category::Orders), ..filter };
    assert_eq!(titles(orders).await, ["tea a"]);
    assert_eq!(titles(Filter { unread: true, ..orders }).await, ["tea a"]);
    assert!(titles(Filter { urgent: true, ..filter }).await.is_empty());
    let search = Search { text: "tea".into(), filter, before: None, limit: 10 };
    let found = inbox.search(search).await.unwrap();
    let hits: Vec<_> = found.hits.iter().map(|hit| hit.alert.id).collect();
    assert_eq!(hits, [kept[2].id, kept[0].id]);
    let since_ms = key::time_of(kept[0].id);
    assert_eq!(inbox.unread_toasts(since_ms).await.unwrap().len(), 4);
    // All of the list is no more than that.
    let all = Which::Matching { filter, text: None, up_to: kept[3].id };
    let marked = inbox.mark(all, true).await.unwrap();
    assert_eq!((marked.changed.len(), marked.counts.unread()), (2, 2));
    let left = inbox.unread_toasts(since_ms).await.unwrap();
    assert_eq!(left.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [kept[3].id, kept[1].id]);
}

#[tokio::test]
async fn counts_follow_every_change() {
    let inbox = Place::new().open();
    let mut chat = alert("hello");
    chat.category = Category::Chat;
    let kept = inbox.commit(batch(vec![alert("a"), alert("b"), chat], None)).await.unwrap().new;
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.unread(), counts.total()), (3, 3));
    let ids: Vec<_> = kept.iter().map(|alert| alert.id).collect();
    assert_eq!(inbox.mark(Which::Ids(ids.clone()), true).await.unwrap().changed, ids);
    assert_eq!(
        inbox.mark(Which::Ids(ids.clone()), true).await.unwrap().changed,
        [] as [i64; 0],
        "marking twice changes nothing"
    );
    assert_eq!(inbox.mark(Which::Ids(vec![ids[0]]), false).await.unwrap().changed, [ids[0]]);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.unread(), counts.total()), (1, 3));
    assert_eq!(counts.categories[&Category::Orders].unread, 1);
    assert_eq!(counts.categories[&Category::Chat].unread, 0);
}

#[tokio::test]
async fn an_event_sent_again_with_its_id_is_one_but_equal_events_without_an_id_are_two() {
    let inbox = Place::new().open();
    let mut with_id = alert("seven");
    with_id.event_id = Some("7".into());
    let first = inbox.commit(batch(vec![with_id.clone()], Some("7"))).await.unwrap().new;
    assert_eq!(first.len(), 1);
    assert!(inbox.commit(batch(vec![with_id.clone()], Some("7"))).await.unwrap().new.is_empty());
    let elsewhere = Batch {
        alerts: vec![with_id],
        cursor: Cursor { source: "market two".into(), last_event_id: None },
        mailbox: "mailbox one".into(),
    };
    assert_eq!(inbox.commit(elsewhere).await.unwrap().new.len(), 1, "ids are a source's own");
    inbox.commit(batch(vec![alert("same"), alert("same")], None)).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().total(), 4);
}

#[tokio::test]
async fn an_id_that_is_used_again_for_another_event_swallows_nothing() {
    let inbox = Place::new().open();
    let mut first = alert("before the market started anew");
    first.event_id = Some("1".into());
    let other_data = NewAlert { raw: r#"{"type":"ORDER_SHIPPED","n":2}"#.into(), ..first.clone() };
    let other_name = NewAlert { event: "message".into(), ..first.clone() };
    for event in [&first, &other_data, &other_name] {
        for new in [1, 0] {
            let committed = inbox.commit(batch(vec![event.clone()], Some("1"))).await.unwrap();
            assert_eq!(committed.new.len(), new, "{event:?}");
        }
    }
    assert_eq!(inbox.counts().await.unwrap().total(), 3);
}

#[tokio::test]
async fn the_cursor_moves_with_its_alerts_and_is_cleared_by_an_empty_id() {
    let place = Place::new();
    let inbox = place.open();
    inbox.commit(batch(vec![alert("a")], Some("41"))).await.unwrap();
    drop(inbox);
    let inbox = place.open();
    assert_eq!(inbox.last_event_id("market one".into()).await.unwrap().as_deref(), Some("41"));
    assert_eq!(inbox.last_event_id("market two".into()).await.unwrap(), None);
    inbox.commit(batch(vec![], None)).await.unwrap();
    assert_eq!(inbox.last_event_id("market one".into()).await.unwrap(), None);
}

#[tokio::test]
async fn another_process_reads_while_this_one_writes() {
    let place = Place::new();
    let writer = place.open();
    writer.commit(batch(vec![alert("a")], None)).await.unwrap();
    let reader = Inbox::open(&place.file(), Access::ReadOnly).unwrap();
    writer.commit(batch(vec![alert("b")], None)).await.unwrap();
    assert_eq!(reader.counts().await.unwrap().total(), 2);
    assert!(reader.mark(Which::Ids(vec![1]), true).await.is_err());
}
