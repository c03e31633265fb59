//! One row of the file is not as this program wrote it: bytes that are no text, or a text where there
//! was a number. It is shown as far as it can be read, and costs no other alert.

use crate::sample::{Place, alert, batch};
use agora_alert::catalogue::Language;
use agora_inbox::search::Search;
use agora_inbox::{
    Alert, Category, Export, Filter, Format, Inbox, Limits, NewAlert, Seek, Which, export,
};
use jiff::tz::TimeZone;
use rusqlite::Connection;

/// What may stand in a column: not UTF-8; half a surrogate pair; a NUL; nothing but a byte; half
/// of an object, or another.
const ODD: [&str; 7] = [
    "CAST(x'61ff62' AS TEXT)",
    "CAST(x'61eda0bd62' AS TEXT)",
    "CAST(x'610062' AS TEXT)",
    "CAST(x'80' AS TEXT)",
    "''",
    "'{\"en\":'",
    "'{\"en\":7}'",
];
/// The same where the table isn't strict any more.
const WRONG: [&str; 4] = ["x'00ff'", "7", "1.5", "-1e300"];
const TEXTS: [&str; 10] = [
    "source", "event_id", "event", "kind", "category", "title", "content", "fields", "link", "raw",
];

/// An inbox with three alerts, of which the second is odd by a statement.
async fn inbox_with(place: &Place, statement: &str) -> Inbox {
    let inbox = place.open();
    let alerts = (0..3).map(|n| NewAlert {
        at_ms: 1_795_000_000_000 + n,
        event_id: Some(n.to_string()),
        toast: Some("shown".into()),
        ..alert(&format!("title {n}"))
    });
    inbox.commit(batch(alerts.collect(), Some("3"))).await.unwrap();
    let beside = Connection::open(place.file()).unwrap();
    assert!(beside.execute(statement, []).unwrap() > 0, "{statement}");
    inbox
}

/// Everything that reads alerts, and everything that moves them, with all three of them.
async fn everything_works(place: &Place, inbox: &Inbox, of: &str) {
    let page = inbox.page(Filter::ALL, Seek::Newest, 10).await.expect(of);
    assert_eq!(page.alerts.len(), 3, "{of}");
    let others: Vec<_> = [&page.alerts[0], &page.alerts[2]].map(|a| a.body.title.english()).into();
    assert_eq!(others, ["title 2", "title 0"], "{of}");
    let odd = page.alerts[1].id;
    assert_eq!(inbox.get(odd).await.expect(of).as_ref(), Some(&page.alerts[1]));
    for unread in [false, true] {
        let filter = Filter { unread, ..Filter::ALL };
        let search = Search { text: "title".into(), filter, before: None, limit: 10 };
        assert!(inbox.search(search).await.expect(of).hits.len() >= 2, "{of}");
    }
    for format in
        [Format::Csv { language: Language::ZH_TW, zone: TimeZone::UTC }, Format::JsonLines]
    {
        let what = Export { filter: Filter::ALL, text: None, format };
        let mut bytes = Vec::new();
        assert_eq!(export(&place.file(), &what, &mut bytes).expect(of), 3, "{of}");
        String::from_utf8(bytes).expect(of);
    }
    let all = Which::Ids(page.alerts.iter().map(|alert| alert.id).collect());
    inbox.mark(all.clone(), true).await.expect(of);
    assert_eq!(inbox.counts().await.expect(of).unread(), 0, "{of}");
    inbox.mark(all.clone(), false).await.expect(of);
    inbox.delete(all.clone(), 1).await.expect(of);
    assert_eq!(inbox.counts().await.expect(of).total(), 0, "{of}");
    inbox.undo(1).await.expect(of);
    let back = inbox.page(Filter::ALL, Seek::Newest, 10).await.expect(of);
    assert_eq!(back.alerts, page.alerts, "{of}");
    assert_eq!(inbox.counts().await.expect(of).total(), 3, "{of}");
    let counted = inbox.counts().await.expect(of);
    assert_eq!((counted.unread(), counted.total()), (3, 3), "{of}");
    for day in 0..5 {
        inbox.look(day * 86_400_000).await.unwrap();
    }
    let limits = Limits { before_ms: i64::MAX, in_any_case_ms: i64::MAX };
    inbox.expire(limits).await.expect(of);
    assert_eq!(inbox.counts().await.expect(of).total(), 0, "{of}");
}

#[tokio::test]
async fn odd_bytes_in_any_text_of_a_row_cost_nothing() {
    for column in TEXTS {
        for value in ODD {
            let place = Place::new();
            let statement =
                format!("UPDATE alert SET {column} = {value} WHERE title LIKE '%\"title 1\"%'");
            let inbox = inbox_with(&place, &statement).await;
            everything_works(&place, &inbox, &statement).await;
        }
    }
    for value in ODD {
        let place = Place::new();
        let statement = format!("UPDATE toast SET fate = {value}");
        let inbox = inbox_with(&place, &statement).await;
        everything_works(&place, &inbox, &statement).await;
    }
}

#[tokio::test]
async fn something_else_than_a_text_or_a_number_costs_nothing_either() {
    let numbers = ["urgent", "received"];
    for column in TEXTS.into_iter().chain(numbers) {
        for value in WRONG.into_iter().chain(ODD) {
            let place = Place::new();
            drop(place.open());
            let beside = Connection::open(place.file()).unwrap();
            let lax = "UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')')
                       WHERE name IN ('alert', 'trash', 'unread')";
            beside.execute_batch("PRAGMA writable_schema = ON").unwrap();
            beside.execute(lax, []).unwrap();
            beside.execute_batch("PRAGMA writable_schema = RESET").unwrap();
            drop(beside);
            let statement =
                format!("UPDATE alert SET {column} = {value} WHERE title LIKE '%\"title 1\"%'");
            let inbox = inbox_with(&place, &statement).await;
            if column != "received" {
                everything_works(&place, &inbox, &statement).await;
            }
            let page = inbox.page(Filter::ALL, Seek::Newest, 10).await.expect(&statement);
            inbox.mark(Which::Ids(page.alerts.iter().map(|a| a.id).collect()), true).await.unwrap();
            inbox
                .expire(Limits { before_ms: i64::MAX, in_any_case_ms: 0 })
                .await
                .expect(&statement);
            inbox.make_room(0).await.expect(&statement);
            assert_eq!(inbox.counts().await.unwrap().total(), 0);
        }
    }
}

#[tokio::test]
async fn a_cursor_that_is_no_text_is_none() {
    let place = Place::new();
    let inbox = inbox_with(&place, "UPDATE cursor SET last_event_id = CAST(x'ff' AS TEXT)").await;
    assert_eq!(inbox.last_event_id("market one".into()).await.unwrap(), None);
    inbox.commit(batch(vec![alert("next")], Some("4"))).await.unwrap();
    assert_eq!(inbox.last_event_id("market one".into()).await.unwrap().as_deref(), Some("4"));
}

/// The counts as the file has them, by the categories' own names, and as they are counted anew.
fn counted(place: &Place) -> [Vec<(String, i64, i64)>; 2] {
    let db = Connection::open(place.file()).unwrap();
    let rows = |sql: &str| -> Vec<(String, i64, i64)> {
        let mut select = db.prepare(sql).unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let kept =
        "SELECT category, total, unread FROM counts WHERE total <> 0 OR unread <> 0 ORDER BY 1";
    let anew = "SELECT category, count(*), sum(id IN (SELECT id FROM unread)) FROM alert GROUP BY 1
                ORDER BY 1";
    [rows(kept), rows(anew)]
}

#[tokio::test]
async fn a_newer_versions_category_is_counted_by_its_own_name_whatever_is_done() {
    let place = Place::new();
    let inbox = place.open();
    let system = |n: i64| NewAlert {
        at_ms: 1_000 + n,
        category: if n % 3 == 0 { Category::System } else { Category::Chat },
        ..alert("one")
    };
    let kept = inbox.commit(batch((0..9).map(system).collect(), None)).await.unwrap().new;
    let id = |n: usize| kept[n].id;
    let newer = Connection::open(place.file()).unwrap();
    newer
        .execute_batch(
            "UPDATE alert SET category = 'auctions' WHERE category = 'chat';
             UPDATE unread SET category = 'auctions' WHERE category = 'chat';
             UPDATE counts SET category = 'auctions' WHERE category = 'chat';",
        )
        .unwrap();
    let agree = async |what: &str| {
        let [kept, anew] = counted(&place);
        assert_eq!(kept, anew, "{what}");
        let counts = inbox.counts().await.unwrap();
        let total: i64 = anew.iter().map(|(_, total, _)| total).sum();
        assert_eq!(i64::from(counts.total()), total, "{what}");
        assert!(counts.categories.keys().all(|category| *category == Category::System), "{what}");
    };
    agree("at first").await;
    inbox.mark(Which::Ids(vec![id(0), id(1), id(2)]), true).await.unwrap();
    agree("read").await;
    inbox.mark(Which::Ids(vec![id(1)]), false).await.unwrap();
    agree("unread again").await;
    inbox.delete(Which::Ids(vec![id(0), id(1), id(2), id(3), id(4)]), 1).await.unwrap();
    agree("deleted").await;
    inbox.undo(1).await.unwrap();
    agree("brought back").await;
    for day in -5..0 {
        inbox.look(day * 86_400_000).await.unwrap();
    }
    inbox.expire(Limits { before_ms: 1_003, in_any_case_ms: 1_002 }).await.unwrap();
    agree("expired").await;
    let all = Which::Matching { filter: Filter::ALL, text: None, up_to: id(8) };
    inbox.mark(all.clone(), true).await.unwrap();
    agree("all read").await;
    inbox.delete(all, 2).await.unwrap();
    agree("all deleted").await;
    // What an earlier version counted wrongly is shown as nothing.
    newer.execute_batch("INSERT INTO counts VALUES ('chat', 3, -2), ('money', -1, 5)").unwrap();
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.total(), counts.unread()), (3, 0));
    // And what no inbox holds is no end of it.
    let most = "UPDATE counts SET total = 1 << 62, unread = 1 << 62";
    assert!(newer.execute(most, []).unwrap() > 1);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.total(), counts.unread()), (u32::MAX, u32::MAX));
}

/// Every list has as many as are counted beside it, whatever a newer version called what it kept.
#[tokio::test]
async fn a_newer_versions_categories_are_in_the_list_that_they_are_counted_beside() {
    let place = Place::new();
    let inbox = place.open();
    let kept = |n: i64| NewAlert {
        at_ms: 1_000 + n,
        category: match n % 3 {
            0 => Category::System,
            1 => Category::Chat,
            _ => Category::Money,
        },
        urgent: n % 2 == 0,
        ..alert(&format!("title {n}"))
    };
    let new = inbox.commit(batch((0..24).map(kept).collect(), None)).await.unwrap().new;
    let newer = Connection::open(place.file()).unwrap();
    for table in ["alert", "unread", "counts"] {
        newer
            .execute_batch(&format!(
                "UPDATE {table} SET category = 'auctions' WHERE category = 'chat';
                 UPDATE {table} SET category = 'zoo' WHERE category = 'money';"
            ))
            .unwrap();
    }
    let more = (24..30).map(|n| NewAlert { category: Category::Money, ..kept(n) });
    inbox.commit(batch(more.collect(), None)).await.unwrap();
    let read = new.iter().step_by(5).map(|alert| alert.id).collect();
    inbox.mark(Which::Ids(read), true).await.unwrap();
    let agree = async |what: &str| {
        let counts = inbox.counts().await.unwrap();
        for category in Category::ALL {
            let counted = counts.categories.get(&category).copied().unwrap_or_default();
            for (unread, wanted) in [(false, counted.total), (true, counted.unread)] {
                let filter = Filter { category: Some(category), unread, ..Filter::ALL };
                let listed = listed(&inbox, filter).await;
                assert_eq!(listed.len(), wanted as usize, "{what}: {filter:?}");
                assert_eq!(found(&inbox, filter).await, listed, "{what}: {filter:?}");
                let what = Export { filter, text: None, format: Format::JsonLines };
                assert_eq!(export(&place.file(), &what, Vec::new()).unwrap(), u64::from(wanted));
                let urgent = Filter { urgent: true, ..filter };
                let of_these = alerts(&inbox, filter).await.into_iter().filter(|a| a.body.urgent);
                let of_these: Vec<_> = of_these.map(|alert| alert.id).collect();
                assert_eq!(self::listed(&inbox, urgent).await, of_these, "{urgent:?}");
                assert_eq!(found(&inbox, urgent).await, of_these, "{urgent:?}");
            }
        }
    };
    agree("at first").await;
    let system = Filter { category: Some(Category::System), ..Filter::ALL };
    let some = Which::Matching { filter: system, text: None, up_to: new[11].id };
    inbox.mark(some, true).await.unwrap();
    agree("some read").await;
    assert_eq!(
        inbox.counts().await.unwrap().categories[&Category::System].unread as usize,
        new[12..].iter().filter(|alert| (alert.body.at_ms - 1_000) % 5 != 0).count()
    );
    let some = Which::Matching { filter: system, text: Some("title".into()), up_to: new[7].id };
    inbox.delete(some, 1).await.unwrap();
    agree("some deleted").await;
    let all = Which::Matching { filter: system, text: None, up_to: i64::MAX - 1 };
    inbox.mark(all.clone(), true).await.unwrap();
    agree("all read").await;
    inbox.delete(all, 2).await.unwrap();
    agree("all deleted").await;
    let counts = inbox.counts().await.unwrap();
    assert!(!counts.categories.contains_key(&Category::System), "{counts:?}");
    inbox.undo(1).await.unwrap();
    inbox.undo(2).await.unwrap();
    agree("brought back").await;
}

async fn alerts(inbox: &Inbox, filter: Filter) -> Vec<Alert> {
    let (mut all, mut seek) = (Vec::new(), Seek::Newest);
    loop {
        let page = inbox.page(filter, seek, 4).await.unwrap();
        all.extend(page.alerts);
        if !page.more {
            break;
        }
        seek = Seek::OlderThan(all.last().unwrap().id);
    }
    let mut back = Vec::new();
    let mut seek = Seek::NewerThan(-1);
    loop {
        let page = inbox.page(filter, seek, 4).await.unwrap();
        back.splice(0..0, page.alerts);
        if !page.more {
            break;
        }
        seek = Seek::NewerThan(back[0].id);
    }
    assert_eq!(all, back, "{filter:?}");
    all
}

async fn listed(inbox: &Inbox, filter: Filter) -> Vec<i64> {
    alerts(inbox, filter).await.into_iter().map(|alert| alert.id).collect()
}

async fn found(inbox: &Inbox, filter: Filter) -> Vec<i64> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let search = Search { text: "title".into(), filter, before, limit: 4 };
        let page = inbox.search(search).await.unwrap();
        all.extend(page.hits.into_iter().map(|hit| hit.alert.id));
        match page.next {
            Some(next) => before = Some(next),
            None => return all,
        }
    }
}
