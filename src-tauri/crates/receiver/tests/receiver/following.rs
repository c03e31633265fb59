//! What people follow up: a reminder is due once, at its time, also where the program was away then.

use crate::bench::{Bench, calm_market, now_ms, send};
use agora_demo_market::people;
use agora_inbox::{Access, AlertId, Inbox, Reminder};
use agora_receiver::Change;
use agora_rules::Fate;

async fn followed(bench: &mut Bench) -> Vec<AlertId> {
    loop {
        if let Change::Followed { ids, .. } = bench.next_change().await {
            return ids.to_vec();
        }
    }
}

async fn reminder(bench: &Bench, id: AlertId) -> (bool, Option<Reminder>) {
    let alert = bench.inbox().get(id).await.unwrap().unwrap();
    (alert.read, alert.reminder)
}

#[tokio::test]
async fn a_reminder_is_due_at_its_time_and_its_alert_is_unread_again() {
    let market = calm_market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    send(&market, "one", "").await;
    let id = bench.arrivals(1).await[0].id;
    bench.receiver.mark(agora_inbox::Which::Ids(vec![id]), true).await.unwrap();
    let later_ms = now_ms() + 3_600_000;
    assert!(bench.receiver.remind(id, Some(later_ms)).await.unwrap());
    assert_eq!(followed(&mut bench).await, [id]);

    // It is moved to a moment from now, and nothing but the time makes it due.
    let due_ms = now_ms() + 300;
    assert!(bench.receiver.remind(id, Some(due_ms)).await.unwrap());
    assert_eq!(followed(&mut bench).await, [id]);
    assert!(!bench.told.reminded.has_changed().unwrap());
    assert_eq!(followed(&mut bench).await, [id]);
    assert!(now_ms() >= due_ms);
    bench.told.reminded.changed().await.unwrap();
    let reminded = Some(Reminder { due_ms, reminded: true });
    assert_eq!(reminder(&bench, id).await, (false, reminded));
    assert_eq!(bench.inbox().untold_reminders().await.unwrap(), [(id, due_ms)]);
    // Who shows toasts says so.
    bench.receiver.toasted(vec![(id, Fate::Shown)]).await;
    bench.receiver.star(vec![id], true).await.unwrap();
    assert!(bench.inbox().untold_reminders().await.unwrap().is_empty());
    assert!(!bench.receiver.remind(id + 1, Some(due_ms)).await.unwrap());
}

#[tokio::test]
async fn what_was_due_while_nothing_ran_is_due_at_the_start_and_told_until_it_was() {
    let market = calm_market().await;
    let mut bench = Bench::start(&market, people::SELLER.token);
    bench.connected().await;
    for title in ["due", "told", "later"] {
        send(&market, title, "").await;
    }
    let all: Vec<_> = bench.arrivals(3).await.iter().map(|alert| alert.id).collect();
    let inbox = bench.files.inbox.clone();
    let (home, _) = bench.quit().await;

    // As a program leaves it that was killed between what was due and its toast.
    let kept = Inbox::open(&inbox, Access::Write).unwrap();
    kept.remind(all[1], Some(1)).await.unwrap();
    kept.remind_due(2).await.unwrap();
    kept.remind(all[0], Some(3)).await.unwrap();
    kept.remind(all[2], Some(i64::MAX)).await.unwrap();
    kept.close().await;

    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.told.reminded.changed().await.unwrap();
    bench.connected().await;
    assert_eq!(bench.inbox().untold_reminders().await.unwrap(), [(all[1], 1), (all[0], 3)]);
    assert_eq!(bench.inbox().next_reminder_ms().await.unwrap(), Some(i64::MAX));
    bench.receiver.toasted(all[..2].iter().map(|id| (*id, Fate::Shown)).collect()).await;
    // After that.
    bench.receiver.star(all, true).await.unwrap();
    let (home, _) = bench.quit().await;
    let mut bench = Bench::in_home(home, &market.base_url(), people::SELLER.token);
    bench.connected().await;
    assert_eq!(*bench.told.reminded.borrow(), 0);
}
