//! What it takes to take in what the market stored, where words or seconds are equal, and how long an
//! alert that arrives meanwhile waits: on a real file, with twice as many each time. The floor is the
//! same number of notifications that have nothing in common. Fails where the time grows faster than the
//! number, or is far above the floor, or where an alert waits long.

#![expect(clippy::print_stdout, reason = "the table is the bench's result")]

use agora_inbox::{
    Access, Batch, Category, Cursor, Inbox, Listing, NewAlert, Notice, StoredNotice, Words, Written,
};
use std::error::Error;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SIZES: [i64; 3] = [5_000, 10_000, 20_000];
const MAILBOX: &str = "bench";
/// A time by this machine's clock, in milliseconds.
const NOW: i64 = 1_800_000_000_000;
/// Twice as many may take this many times as long: sorting them takes a little more than twice.
const GROWTH: f64 = 3.0;
/// And so many times the floor.
const ABOVE: f64 = 4.0;
/// So long an alert may wait that arrives meanwhile, beyond the longest that one took before.
const WAIT: Duration = Duration::from_millis(100);

/// What the notifications have in common.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    Nothing,
    OneSecond,
    OneSecondAndWords,
    /// And as many came over the stream before.
    Streamed,
    /// And half as many did.
    HalfStreamed,
}

const CASES: [(Case, &str); 5] = [
    (Case::Nothing, "nothing in common: the floor"),
    (Case::OneSecond, "of one second"),
    (Case::OneSecondAndWords, "of one second, with the same words"),
    (Case::Streamed, "the same, streamed before"),
    (Case::HalfStreamed, "the same, half of them streamed before"),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut wrong = Vec::new();
    let mut floor = Vec::new();
    println!("| notifications {} |", SIZES.map(|size| format!("| {size} | waited")).join(" "));
    for (case, name) in CASES {
        let mut row = Vec::new();
        for size in SIZES {
            row.push(measure(case, size).await?);
        }
        let cells =
            row.iter().map(|Took { whole, waited, .. }| format!("| {whole:.1?} | {waited:.1?}"));
        println!("| {name} {} |", cells.collect::<Vec<_>>().join(" "));
        let times: Vec<f64> = row.iter().map(|took| took.whole.as_secs_f64()).collect();
        for Took { waited, alone, .. } in &row {
            if waited.saturating_sub(*alone) > WAIT {
                wrong.push(format!("{name}: an alert waited {waited:.1?}, alone {alone:.1?}"));
            }
        }
        if case == Case::Nothing {
            floor.clone_from(&times);
        }
        if times.windows(2).any(|pair| pair[1] > GROWTH * pair[0]) {
            wrong.push(format!("{name}: grows faster than what is taken in"));
        }
        if times.iter().zip(&floor).any(|(time, floor)| *time > ABOVE * floor) {
            wrong.push(format!("{name}: far above the floor"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

struct Took {
    whole: Duration,
    /// The longest that an alert waited that arrived meanwhile, and that one did before.
    waited: Duration,
    alone: Duration,
}

async fn measure(case: Case, size: i64) -> Result<Took> {
    let folder = tempfile::tempdir()?;
    let inbox = Inbox::open(&folder.path().join("inbox.sqlite"), Access::Write)?;
    inbox.hear_clock(MAILBOX.into(), 0).await?;
    let streamed = match case {
        Case::Streamed => size,
        Case::HalfStreamed => size / 2,
        _ => 0,
    };
    for part in 0..streamed / 250 {
        let alerts = (0..250).map(|n| alert(NOW + part, n, Notice::Unnamed(7))).collect();
        inbox.commit(batch(alerts)).await?;
    }
    let notice = |n: i64| {
        let (at_ms, words) = match case {
            Case::Nothing => (NOW - n * 1_000, n),
            Case::OneSecond => (NOW, n),
            _ => (NOW, 7),
        };
        StoredNotice {
            stored_id: n,
            unread: true,
            written: Some(Written { local_ms: at_ms, zone_ms: None }),
            body: alert(NOW, n, Notice::Unnamed(words)),
        }
    };
    let found = Listing {
        mailbox: MAILBOX.into(),
        at_ms: NOW + 60_000,
        synced_ms: NOW + 60_000,
        notices: (0..size).map(notice).collect(),
        from_ms: i64::MIN,
        were_unread: Vec::new(),
        unread_there: Some((0..size).collect()),
        streams_from_ms: NOW - 5_000,
        here_ahead_ms: 0,
    };
    let mut n = 0;
    let mut live = async || -> Result<Duration> {
        let arrived = Instant::now();
        n += 1;
        inbox.commit(batch(vec![alert(NOW + 90_000 + n, -n, Notice::None)])).await?;
        Ok(arrived.elapsed())
    };
    let mut alone = Duration::ZERO;
    for _ in 0..50 {
        alone = alone.max(live().await?);
    }
    let merging = inbox.clone();
    let begun = Instant::now();
    let merge = tokio::spawn(async move { merging.merge(found).await });
    let mut waited = Duration::ZERO;
    while !merge.is_finished() {
        waited = waited.max(live().await?);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let whole = begun.elapsed();
    let new = i64::try_from(merge.await??.new.len())?;
    assert_eq!(new, size - streamed, "each is there once");
    inbox.close().await;
    Ok(Took { whole, waited, alone })
}

fn alert(at_ms: i64, n: i64, notice: Notice) -> NewAlert {
    NewAlert {
        at_ms,
        event: "ORDER_SHIPPED".into(),
        kind: "ORDER_SHIPPED".into(),
        category: Category::Orders,
        title: Words::by_tag(
            format!("Order #{n} shipped"),
            [("zh-TW", format!("訂單 #{n} 已出貨"))],
        ),
        content: Words::same("手工茶壺"),
        fields: format!("#{n}"),
        link: Some(format!("/orders/{n}")),
        urgent: false,
        raw: format!(r#"{{"type":"ORDER_SHIPPED","orderNumber":{n}}}"#),
        event_id: None,
        notice,
        toast: None,
    }
}

fn batch(alerts: Vec<NewAlert>) -> Batch {
    let cursor = Cursor { source: "stream".into(), last_event_id: None };
    Batch { alerts, cursor, mailbox: MAILBOX.into() }
}
