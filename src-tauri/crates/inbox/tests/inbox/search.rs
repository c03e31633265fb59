//! Finding alerts.

use crate::sample::{Place, alert, batch};
use agora_alert::catalogue::Language;
use agora_inbox::search::{Query, Search, SearchPage};
use agora_inbox::{AlertId, Category, Filter, Inbox, NewAlert, Which, Words};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// An alert that says nothing but this.
fn saying(title: &str, content: &str, fields: &str) -> NewAlert {
    NewAlert {
        title: Words::same(title),
        content: Words::same(content),
        fields: fields.into(),
        ..alert("")
    }
}

async fn page(inbox: &Inbox, search: Search) -> SearchPage {
    inbox.search(search).await.unwrap()
}

/// All that is found, page by page.
async fn found(inbox: &Inbox, text: &str, filter: Filter, limit: usize) -> Vec<AlertId> {
    let mut search = Search { text: text.into(), filter, before: None, limit };
    let mut all = Vec::new();
    loop {
        let SearchPage { hits, next } = page(inbox, search.clone()).await;
        assert!(hits.len() <= limit);
        all.extend(hits.iter().map(|hit| hit.alert.id));
        match next {
            None => return all,
            Some(next) => {
                assert!(search.before.is_none_or(|before| next < before), "it goes on");
                search.before = Some(next);
            }
        }
    }
}

async fn titles(inbox: &Inbox, text: &str) -> Vec<String> {
    let mut titles = Vec::new();
    for id in found(inbox, text, Filter::ALL, 50).await {
        titles.push(inbox.get(id).await.unwrap().unwrap().body.title.english().to_owned());
    }
    titles.reverse();
    titles
}

/// How many alerts the index knows, whether they are still there or not.
fn indexed(place: &Place) -> u32 {
    let db = rusqlite::Connection::open(place.file()).unwrap();
    db.query_row("SELECT count(*) FROM alert_search", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn alerts_are_found_by_what_they_say_in_any_script_case_and_width() {
    let inbox = Place::new().open();
    let alerts = vec![
        saying("a", "Your order 20418 has shipped", "20418\nNT$1,200"),
        saying("b", "您的訂單 20419 已出貨", "iPhone手機殼"),
        saying("c", "ＡＢＣ商店的退款單", "Cafe\u{301} 👍🏽"),
        NewAlert {
            title: Words::by_tag("d", [("zh-TW", "新訊息")]),
            content: Words::by_tag("A question in the chat", [("zh-TW", "有人問了問題")]),
            ..saying("", "", "")
        },
    ];
    inbox.commit(batch(alerts, None)).await.unwrap();
    for (query, expected) in [
        ("訂", "b"),
        ("單", "b c"),
        ("訂單", "b"),
        ("退款單", "c"),
        ("單退", ""),
        ("o", "a"),
        ("SHIP", "a"),
        ("ship order", "a"),
        ("hipped", "a"),
        ("ip", "b"),
        ("041", "a b"),
        ("0419", "b"),
        ("afe", "c"),
        ("cafe", "c"),
        ("abc", "c"),
        ("ａｂｃ商", "c"),
        ("CAFÉ", "c"),
        ("👍", "c"),
        ("2041", "a b"),
        ("20418", "a"),
        ("1200", "a"),
        ("nt$1,200", "a"),
        ("iphone手機殼", "b"),
        ("訂單20419", "b"),
        ("訂單#20419已出貨", "b"),
        ("訂單 殼", "b"),
        ("新訊息 question", "d"),
        ("c", "c d"),
        ("third", ""),
        ("訂單不", ""),
        ("", ""),
        (" \u{3000}!!", ""),
    ] {
        assert_eq!(titles(&inbox, query).await.join(" "), expected, "{query}");
    }
}

#[tokio::test]
async fn a_search_combines_with_every_filter() {
    let inbox = Place::new().open();
    let of = |category, urgent, at_ms| NewAlert {
        category,
        urgent,
        at_ms,
        ..saying("notice", "一則通知", "")
    };
    let alerts = vec![
        of(Category::Orders, false, 1_000),
        of(Category::Orders, true, 2_000),
        of(Category::Money, true, 3_000),
        of(Category::Money, false, 4_000),
        saying("another", "", ""),
    ];
    let kept = inbox.commit(batch(alerts, None)).await.unwrap().new;
    let ids: Vec<_> = kept.iter().map(|alert| alert.id).collect();
    inbox.mark(Which::Ids(vec![ids[1], ids[3]]), true).await.unwrap();
    let money = Filter { category: Some(Category::Money), ..Filter::ALL };
    let urgent = Filter { urgent: true, ..Filter::ALL };
    let unread = Filter { unread: true, ..Filter::ALL };
    for (filter, expected) in [
        (Filter::ALL, vec![3, 2, 1, 0]),
        (money, vec![3, 2]),
        (urgent, vec![2, 1]),
        (unread, vec![2, 0]),
        (Filter { urgent: true, ..money }, vec![2]),
        (Filter { unread: true, ..money }, vec![2]),
        (Filter { unread: true, ..urgent }, vec![2]),
        (Filter { category: Some(Category::Orders), ..unread }, vec![0]),
        (Filter { category: Some(Category::Chat), ..Filter::ALL }, vec![]),
        (Filter { from_ms: Some(2_000), ..Filter::ALL }, vec![3, 2, 1]),
        (Filter { to_ms: Some(3_000), ..Filter::ALL }, vec![1, 0]),
        (Filter { from_ms: Some(2_000), to_ms: Some(2_001), ..urgent }, vec![1]),
        (Filter { from_ms: Some(3_000), to_ms: Some(2_000), ..Filter::ALL }, vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|n| ids[n]).collect();
        for query in ["notice", "通", "一則 noti"] {
            assert_eq!(found(&inbox, query, filter, 50).await, expected, "{query}, {filter:?}");
        }
    }
    let later = Search {
        text: "notice".into(),
        filter: Filter { to_ms: Some(3_000), ..Filter::ALL },
        before: Some(AlertId::MAX),
        limit: 1,
    };
    assert_eq!(page(&inbox, later).await.hits[0].alert.id, ids[1], "a time is the nearer bound");
}

#[tokio::test]
async fn pages_of_hits_follow_one_another_while_new_ones_arrive() {
    let inbox = Place::new().open();
    let alerts = (0..25).map(|n| saying(&format!("notice {n}"), "", "")).collect();
    let kept = inbox.commit(batch(alerts, None)).await.unwrap().new;
    let mut search = Search { text: "notice".into(), filter: Filter::ALL, before: None, limit: 10 };
    let mut seen = Vec::new();
    loop {
        let SearchPage { hits, next } = page(&inbox, search.clone()).await;
        seen.extend(hits.iter().map(|hit| hit.alert.id));
        inbox.commit(batch(vec![saying("notice", "", "")], None)).await.unwrap();
        let Some(next) = next else { break };
        search.before = Some(next);
    }
    assert_eq!(seen, kept.iter().rev().map(|alert| alert.id).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_deleted_is_not_found_and_what_is_brought_back_is() {
    let place = Place::new();
    let inbox = place.open();
    let alerts = vec![saying("one 訂單", "", ""), saying("two 訂單", "", "")];
    let kept = inbox.commit(batch(alerts, None)).await.unwrap().new;
    for round in 1..4 {
        inbox.delete(Which::Ids(vec![kept[0].id]), round).await.unwrap();
        assert_eq!(titles(&inbox, "訂單").await, ["two 訂單"]);
        assert_eq!(indexed(&place), 1);
        inbox.undo(round).await.unwrap();
        assert_eq!(titles(&inbox, "訂單").await, ["one 訂單", "two 訂單"]);
    }
    let matching =
        Which::Matching { filter: Filter::ALL, text: Some("two".into()), up_to: AlertId::MAX };
    inbox.delete(matching, 9).await.unwrap();
    assert_eq!(titles(&inbox, "訂").await, ["one 訂單"]);
    inbox.delete_everything().await.unwrap();
    assert!(titles(&inbox, "訂").await.is_empty());
    assert_eq!(indexed(&place), 0);
    inbox.commit(batch(vec![saying("three 訂單", "", "")], None)).await.unwrap();
    assert_eq!(titles(&inbox, "訂").await, ["three 訂單"]);
    inbox.check().await.unwrap();
}

#[tokio::test]
async fn nothing_that_is_typed_is_more_than_text() {
    let inbox = Place::new().open();
    let told = "AND OR NOT NEAR tokens rowid alert_search optimize";
    inbox.commit(batch(vec![saying("title", told, "")], None)).await.unwrap();
    for query in [
        "\"",
        "'",
        "''",
        "*",
        "-title",
        "^title",
        "titl*",
        "title\"",
        "\"title",
        "+title",
        "title AND",
        "AND",
        "OR",
        "NOT",
        "NOT title",
        "NEAR(title tokens, 2)",
        "tokens:title",
        "{tokens}:title",
        "title OR",
        "(title",
        "title)",
        "a_search alert_search",
        "title\0",
        "ti\u{200B}tle",
        "rank MATCH 'x'",
        "%",
        "_",
        "title; DROP TABLE alert",
        "\u{FFFF}",
        "\u{10FFFF}",
        "#urgent",
    ] {
        let expected = Query::parse(query).matches(&["title", told]);
        let hits = found(&inbox, query, Filter::ALL, 50).await.len();
        assert_eq!(hits, usize::from(expected), "{query}");
    }
    for part in ["訂", "title ", "a", "\"", "𠮷a,", "e\u{301}", "🎉 "] {
        let long = part.repeat(10_000 / part.len());
        assert!(found(&inbox, &long, Filter::ALL, 50).await.len() <= 1, "{part}");
    }
    assert_eq!(titles(&inbox, "title").await, ["title"]);
}

const WORDS: [&str; 12] = [
    "order",
    "orders",
    "Ordeal",
    "shipped",
    "SHIP",
    "20418",
    "20419",
    "2041",
    "a",
    "an",
    "ＡＮＤ",
    "parcel",
];
const HAN: [&str; 6] = ["訂", "單", "出", "貨", "退", "款"];

/// Some words and runs of Chinese, as they might be strung together.
fn text(random: &mut StdRng, most: usize) -> String {
    let mut text = String::new();
    for _ in 0..random.random_range(0..=most) {
        if random.random_bool(0.5) {
            text.push_str(WORDS.choose(random).unwrap());
        } else {
            (0..random.random_range(1..=3))
                .for_each(|_| text.push_str(HAN.choose(random).unwrap()));
        }
        text.push_str([" ", "，", "\n", " - "].choose(random).unwrap());
    }
    text
}

/// A term of one script: a part of a word, or some letters of Chinese.
fn term(random: &mut StdRng) -> String {
    if random.random_bool(0.5) {
        let word: Vec<_> = WORDS.choose(random).unwrap().chars().collect();
        let start = random.random_range(0..word.len());
        word[start..random.random_range(start + 1..=word.len())].iter().collect()
    } else {
        (0..random.random_range(1..=3)).map(|_| *HAN.choose(random).unwrap()).collect()
    }
}

/// Says by looking at every alert what must be found, in terms of its own.
fn says(alert: &NewAlert, terms: &[String]) -> bool {
    let narrow = |text: &str| {
        let wide = |c| char::from_u32(u32::from(c) - 0xFEE0).unwrap();
        let narrow = |c| if ('Ａ'..='Ｚ').contains(&c) { wide(c) } else { c };
        text.chars().map(narrow).collect::<String>().to_ascii_lowercase()
    };
    let texts = [
        alert.title.english(),
        Language::ZH_TW.of(&alert.title),
        alert.content.english(),
        Language::ZH_TW.of(&alert.content),
        &alert.fields,
    ];
    terms.iter().all(|term| {
        let term = narrow(term);
        texts.iter().any(|text| {
            let text = narrow(text);
            let mut runs = text.split(|c: char| !c.is_alphanumeric());
            if term.is_ascii() && term.len() < 3 {
                runs.any(|run| run.starts_with(&term))
            } else {
                runs.any(|run| run.contains(&term))
            }
        })
    })
}

#[tokio::test]
async fn exactly_what_says_it_is_found_however_many_there_are() {
    let random = &mut StdRng::seed_from_u64(20_418);
    let inbox = Place::new().open();
    let alerts: Vec<_> = (0..5_000)
        .map(|n| NewAlert {
            at_ms: 1_000 * n,
            category: *[Category::Orders, Category::Chat].choose(random).unwrap(),
            urgent: random.random_bool(0.5),
            title: Words::by_tag(text(random, 2), [("zh-TW", text(random, 2))]),
            content: Words::same(format!("an {}", text(random, 4))),
            fields: if n % 400 == 1 { "rare".into() } else { text(random, 2) },
            ..alert("")
        })
        .collect();
    let kept = inbox.commit(batch(alerts, None)).await.unwrap().new;
    // Few of the newer ones are unread, and many of the older.
    let read = kept.iter().enumerate().filter(|(n, _)| n % 4 == 1 || (*n > 3_000 && n % 50 > 0));
    let read: Vec<_> = read.map(|(_, alert)| alert.id).collect();
    inbox.mark(Which::Ids(read.clone()), true).await.unwrap();
    let some = |random: &mut StdRng, part| {
        let some = kept.iter().filter(|_| random.random_bool(part)).map(|alert| alert.id);
        some.collect::<Vec<_>>()
    };
    let (starred, reminded) = (some(random, 0.3), some(random, 0.02));
    inbox.star(starred.clone(), true).await.unwrap();
    for id in &reminded {
        inbox.remind(*id, Some(1)).await.unwrap();
    }
    for n in 0..100 {
        let mut terms: Vec<_> = (0..random.random_range(1..=3)).map(|_| term(random)).collect();
        let mut filter = Filter {
            category: random.random_bool(0.3).then_some(Category::Chat),
            unread: random.random_bool(0.3),
            urgent: random.random_bool(0.3),
            starred: random.random_bool(0.2),
            reminders: random.random_bool(0.1),
            from_ms: random.random_bool(0.3).then(|| random.random_range(0..5_000_000)),
            to_ms: random.random_bool(0.3).then(|| random.random_range(0..5_000_000)),
            told_ms: None,
        };
        if n == 0 {
            // Of these lists that of the unread is the shortest for long, and leads.
            terms = vec!["an".into()];
            filter = Filter { unread: true, urgent: true, ..Filter::ALL };
        }
        if n % 10 == 1 {
            // Every other list is so much denser that it isn't walked for this one's sake.
            terms = vec!["rare".into()];
        }
        let listed = |id: AlertId, body: &NewAlert| {
            filter.category.is_none_or(|category| body.category == category)
                && (!filter.unread || read.binary_search(&id).is_err())
                && (!filter.urgent || body.urgent)
                && (!filter.starred || starred.binary_search(&id).is_ok())
                && (!filter.reminders || reminded.binary_search(&id).is_ok())
                && filter.from_ms.is_none_or(|from| body.at_ms >= from)
                && filter.to_ms.is_none_or(|to| body.at_ms < to)
        };
        let expected = kept.iter().rev().filter(|alert| listed(alert.id, &alert.body));
        let expected = expected.filter(|alert| says(&alert.body, &terms));
        let expected: Vec<_> = expected.map(|alert| alert.id).collect();
        let limit = [7, 500, 10_000].choose(random).copied().unwrap();
        let text = terms.join(" ");
        assert_eq!(
            found(&inbox, &text, filter, limit).await,
            expected,
            "{text}, {filter:?}, {limit}"
        );
    }
    // More than one call looks at.
    assert_eq!(found(&inbox, "an", Filter::ALL, 10_000).await.len(), kept.len());
}
