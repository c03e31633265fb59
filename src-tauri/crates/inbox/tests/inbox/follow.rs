//! Stars and reminders: kept, due once, and in step with whatever else is done to their alerts.

use crate::sample::{Place, alert, batch};
use agora_inbox::{
    Access, AlertId, Category, Filter, Inbox, Limits, NewAlert, Reminder, Seek, Which,
};
use rand::SeedableRng;
use rand::prelude::*;
use rand::rngs::StdRng;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

const STARRED: Filter = Filter { starred: true, ..Filter::ALL };
const REMINDERS: Filter = Filter { reminders: true, ..Filter::ALL };
const DAY: i64 = 24 * 60 * 60 * 1_000;

async fn keep(inbox: &Inbox, alerts: Vec<NewAlert>) -> Vec<AlertId> {
    inbox.commit(batch(alerts, None)).await.unwrap().new.iter().map(|alert| alert.id).collect()
}

async fn ids(inbox: &Inbox, filter: Filter) -> BTreeSet<AlertId> {
    let page = inbox.page(filter, Seek::Newest, 10_000).await.unwrap();
    page.alerts.iter().map(|alert| alert.id).collect()
}

async fn reminder(inbox: &Inbox, id: AlertId) -> Option<Reminder> {
    inbox.get(id).await.unwrap().unwrap().reminder
}

async fn due(inbox: &Inbox, now_ms: i64) -> Vec<AlertId> {
    inbox.remind_due(now_ms).await.unwrap().alerts.iter().map(|alert| alert.id).collect()
}

#[tokio::test]
async fn a_reminder_is_due_once_makes_its_alert_unread_and_goes_when_that_is_read() {
    let place = Place::new();
    let inbox = place.open();
    let all = keep(&inbox, (0..4).map(|_| alert("one")).collect()).await;
    inbox.mark(Which::Ids(all.clone()), true).await.unwrap();
    for (id, due_ms) in [(all[0], 30), (all[1], 10), (all[2], 40)] {
        let set = inbox.remind(id, Some(due_ms)).await.unwrap();
        assert_eq!(set.ids, [id]);
    }
    assert_eq!(inbox.counts().await.unwrap().reminders, 3);
    assert_eq!(inbox.next_reminder_ms().await.unwrap(), Some(10));
    assert!(due(&inbox, 9).await.is_empty());

    let came = inbox.remind_due(30).await.unwrap();
    let told: Vec<_> = came.alerts.iter().map(|alert| (alert.id, alert.read)).collect();
    assert_eq!(told, [(all[1], false), (all[0], false)], "the longest due first");
    assert_eq!((came.counts.unread(), came.next_ms), (2, Some(40)));
    // Whatever ends the program, it isn't due again.
    inbox.close().await;
    let inbox = place.open();
    assert!(due(&inbox, 39).await.is_empty());
    assert_eq!(reminder(&inbox, all[0]).await, Some(Reminder { due_ms: 30, reminded: true }));
    assert_eq!(ids(&inbox, REMINDERS).await.len(), 3);

    // It may be moved, or its alert read.
    inbox.remind(all[0], Some(50)).await.unwrap();
    inbox.mark(Which::Ids(all.clone()), true).await.unwrap();
    assert_eq!(reminder(&inbox, all[0]).await, Some(Reminder { due_ms: 50, reminded: false }));
    assert_eq!(reminder(&inbox, all[1]).await, None);
    assert_eq!(due(&inbox, 50).await, [all[2], all[0]]);
    let every = Which::Matching { filter: Filter::ALL, text: None, up_to: AlertId::MAX };
    inbox.mark(every, true).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().reminders, 0);
    // And of what is gone there is none.
    assert!(inbox.remind(1, Some(1)).await.unwrap().ids.is_empty());
    assert!(inbox.star(vec![1], true).await.unwrap().ids.is_empty());
}

#[tokio::test]
async fn what_is_followed_up_stays_whatever_is_too_old_or_too_much() {
    let inbox = Place::new().open();
    let old = |_| NewAlert { at_ms: 1_000, ..alert("old") };
    let all = keep(&inbox, (0..5).map(old).collect()).await;
    for day in 0..10 {
        inbox.look((300 + day) * DAY).await.unwrap();
    }
    inbox.star(vec![all[0]], true).await.unwrap();
    inbox.remind(all[1], Some(900 * DAY)).await.unwrap();
    inbox.remind(all[2], Some(1)).await.unwrap();
    assert_eq!(due(&inbox, 1).await, [all[2]]);
    let limits = Limits { before_ms: 400 * DAY, in_any_case_ms: 400 * DAY };
    inbox.expire(limits).await.unwrap();
    assert_eq!(ids(&inbox, Filter::ALL).await, [all[0], all[1]].into());
    assert_eq!(inbox.make_room(1).await.unwrap().alerts, 0);
    inbox.star(vec![all[0]], false).await.unwrap();
    inbox.expire(limits).await.unwrap();
    assert_eq!(ids(&inbox, Filter::ALL).await, [all[1]].into());
}

/// What a list would be with nothing but sets.
#[derive(Debug, Default)]
struct Model {
    there: BTreeSet<AlertId>,
    starred: BTreeSet<AlertId>,
    reminders: BTreeMap<AlertId, (i64, bool)>,
    unread: BTreeSet<AlertId>,
    trash: BTreeMap<i64, Vec<AlertId>>,
}

#[tokio::test]
async fn stars_and_reminders_are_in_step_with_whatever_is_done_to_alerts() {
    for seed in 0..6 {
        let random = &mut StdRng::seed_from_u64(seed);
        let inbox = Place::new().open();
        let mut model = Model::default();
        for step in 0..120 {
            let one = model.there.iter().copied().choose(random);
            match (random.random_range(0..8), one) {
                (0, _) | (_, None) => {
                    let category = *[Category::Orders, Category::Chat].choose(random).unwrap();
                    let new = keep(&inbox, vec![NewAlert { category, ..alert("one") }]).await;
                    model.there.extend(&new);
                    model.unread.extend(&new);
                }
                (1, Some(id)) => {
                    let on = random.random_bool(0.7);
                    inbox.star(vec![id], on).await.unwrap();
                    if on {
                        model.starred.insert(id)
                    } else {
                        model.starred.remove(&id)
                    };
                }
                (2, Some(id)) => {
                    let due_ms = random.random_bool(0.8).then(|| random.random_range(0..1_000));
                    inbox.remind(id, due_ms).await.unwrap();
                    match due_ms {
                        Some(due_ms) => drop(model.reminders.insert(id, (due_ms, false))),
                        None => drop(model.reminders.remove(&id)),
                    }
                }
                (3, _) => {
                    let now_ms = random.random_range(0..1_000);
                    inbox.remind_due(now_ms).await.unwrap();
                    for (id, (due_ms, reminded)) in &mut model.reminders {
                        if model.there.contains(id) && !*reminded && *due_ms <= now_ms {
                            *reminded = true;
                            model.unread.insert(*id);
                        }
                    }
                }
                (4, Some(id)) => {
                    let read = random.random_bool(0.5);
                    inbox.mark(Which::Ids(vec![id]), read).await.unwrap();
                    if !read {
                        model.unread.insert(id);
                    } else if model.unread.remove(&id) {
                        model.reminders.retain(|of, (_, reminded)| *of != id || !*reminded);
                    }
                }
                (5, Some(id)) => {
                    inbox.delete(Which::Ids(vec![id]), step).await.unwrap();
                    model.there.remove(&id);
                    model.trash.entry(step).or_default().push(id);
                }
                (6, _) => {
                    let Some(deletion) = model.trash.keys().copied().choose(random) else {
                        continue;
                    };
                    inbox.undo(deletion).await.unwrap();
                    model.there.extend(model.trash.remove(&deletion).unwrap());
                }
                (_, _) => {
                    let Some(deletion) = model.trash.keys().copied().choose(random) else {
                        continue;
                    };
                    inbox.empty_trash(deletion).await.unwrap();
                    for id in model.trash.remove(&deletion).unwrap() {
                        model.starred.remove(&id);
                        model.reminders.remove(&id);
                        model.unread.remove(&id);
                    }
                }
            }
            let there = |id: &&AlertId| model.there.contains(id);
            let starred: BTreeSet<_> = model.starred.iter().filter(there).copied().collect();
            let reminders: BTreeMap<_, _> =
                model.reminders.iter().filter(|(id, _)| there(id)).collect();
            let unread: BTreeSet<_> = model.unread.iter().filter(there).copied().collect();
            assert_eq!(ids(&inbox, STARRED).await, starred, "{seed} {step}");
            let both = Filter { reminders: true, ..STARRED };
            let either = starred.iter().filter(|id| reminders.contains_key(id)).copied().collect();
            assert_eq!(ids(&inbox, both).await, either, "{seed} {step}");
            let unread_ones = Filter { unread: true, ..STARRED };
            let wanted = starred.intersection(&unread).copied().collect();
            assert_eq!(ids(&inbox, unread_ones).await, wanted, "{seed} {step}");
            let page = inbox.page(REMINDERS, Seek::Newest, 1_000).await.unwrap();
            let found = page.alerts.iter().map(|alert| (alert.id, alert.reminder.unwrap()));
            let found: BTreeMap<_, _> =
                found.map(|(id, reminder)| (id, (reminder.due_ms, reminder.reminded))).collect();
            assert_eq!(found.iter().collect::<BTreeMap<_, _>>(), reminders, "{seed} {step}");
            let counts = inbox.counts().await.unwrap();
            let counted = (counts.starred as usize, counts.reminders as usize);
            assert_eq!(counted, (starred.len(), reminders.len()), "{seed} {step}");
            assert_eq!(counts.unread() as usize, unread.len(), "{seed} {step}");
        }
    }
}

#[tokio::test]
async fn a_file_of_the_first_version_is_read_as_it_is_and_brought_up_by_whoever_writes() {
    let place = Place::new();
    let inbox = place.open();
    let all = keep(&inbox, vec![alert("one")]).await;
    inbox.close().await;
    // As the first version left it.
    let db = Connection::open(place.file()).unwrap();
    db.execute_batch(
        "DROP TABLE starred; DROP TABLE reminder; ALTER TABLE trash DROP COLUMN starred;
         ALTER TABLE trash DROP COLUMN due_ms; ALTER TABLE trash DROP COLUMN reminded;
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(db);
    let reader = Inbox::open(&place.file(), Access::ReadOnly).unwrap();
    assert_eq!(ids(&reader, Filter::ALL).await.len(), 1);
    assert!(ids(&reader, STARRED).await.is_empty());
    reader.close().await;
    let inbox = place.open();
    inbox.star(all.clone(), true).await.unwrap();
    assert_eq!(ids(&inbox, STARRED).await, all.into_iter().collect());
}
