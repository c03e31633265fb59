use super::*;
use std::collections::HashSet;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn chat(id: AlertId) -> Passed {
    Passed { id, category: Category::Chat, urgent: false, sound: true }
}

fn urgent(id: AlertId) -> Passed {
    Passed { id, category: Category::Security, urgent: true, sound: true }
}

fn order(id: AlertId) -> Passed {
    Passed { id, category: Category::Orders, urgent: false, sound: false }
}

/// A storm with a clock, and what it did.
struct Run {
    storm: Storm,
    began: Instant,
    now: Instant,
}

impl Run {
    fn new() -> Self {
        let now = Instant::now();
        Self { storm: Storm::default(), began: now, now }
    }

    fn arrived(&mut self, alerts: impl IntoIterator<Item = Passed>) -> Vec<Plan> {
        self.storm.arrived(self.now, alerts);
        self.plans()
    }

    fn plans(&mut self) -> Vec<Plan> {
        std::iter::from_fn(|| self.storm.next(self.now)).collect()
    }

    /// Lets time pass as somebody does who wakes only at the ticks.
    fn pass(&mut self, time: Duration) -> Vec<(Duration, Plan)> {
        let end = self.now + time;
        let mut plans = Vec::new();
        while let Some(tick) = self.storm.next_tick(self.now).filter(|tick| *tick <= end) {
            self.now = tick;
            let at = self.now - self.began;
            let due = self.plans();
            assert!(!due.is_empty(), "nothing to do at the tick of {at:?}");
            plans.extend(due.into_iter().map(|plan| (at, plan)));
        }
        self.now = end;
        plans
    }
}

/// `a7` for an alert alone, `+4` for a new sum of four, `=9` for an update to nine, `#9` for what has
/// grown to nine, `x`; with `!` where it sounds and `^` where a sum is urgent.
fn short(plans: impl IntoIterator<Item = Plan>) -> Vec<String> {
    let mark = |is: bool, mark: &'static str| if is { mark } else { "" };
    let one = |plan| match plan {
        Plan::Alone(alert) => format!("a{}{}", alert.id, mark(alert.sound, "!")),
        Plan::Sum(sum) => {
            let sign = if sum.replaces { '=' } else { '+' };
            format!("{sign}{}{}{}", sum.count, mark(sum.urgent, "^"), mark(sum.sound, "!"))
        }
        Plan::Withdraw(_) => "x".to_owned(),
        Plan::Grown(sum) => format!("#{}", sum.count),
    };
    plans.into_iter().map(one).collect()
}

fn timed(plans: Vec<(Duration, Plan)>) -> Vec<String> {
    let one = |(at, plan): (Duration, Plan)| format!("{}:{}", at.as_millis(), short([plan])[0]);
    plans.into_iter().map(one).collect()
}

fn sums(plans: &[Plan]) -> Vec<&Sum> {
    plans
        .iter()
        .filter_map(|plan| if let Plan::Sum(sum) = plan { Some(sum) } else { None })
        .collect()
}

#[test]
fn three_within_five_seconds_are_shown_alone_and_the_rest_is_counted() {
    let mut run = Run::new();
    assert_eq!(short(run.arrived([chat(1), order(2), chat(3)])), ["a1!", "a2", "a3!"]);
    run.pass(ms(4_999));
    let plans = run.arrived([chat(4), order(5), chat(6)]);
    assert_eq!(short(plans.clone()), ["+3!"]);
    let sum = sums(&plans)[0];
    assert_eq!(sum.categories, [(Category::Chat, 2), (Category::Orders, 1)]);
    assert_eq!((sum.since, sum.only, &*sum.added), (Some(4), None, &[4, 5, 6][..]));
}

#[test]
fn the_five_seconds_slide() {
    let mut run = Run::new();
    run.arrived([chat(1)]);
    run.pass(ms(2_000));
    run.arrived([chat(2), chat(3)]);
    run.pass(ms(3_000));
    assert_eq!(short(run.arrived([chat(4)])), ["a4!"], "the first is five seconds old");
    assert_eq!(short(run.arrived([chat(5)])), ["+1!"]);
}

#[test]
fn one_that_is_summed_up_alone_is_known() {
    let mut run = Run::new();
    let plans = run.arrived((1..=4).map(chat));
    assert_eq!(sums(&plans)[0].only, Some(4));
}

#[test]
fn a_sum_is_updated_in_place_ever_more_seldom_and_right_at_the_end() {
    let mut run = Run::new();
    let mut plans = Vec::new();
    for id in 0..100 {
        plans.extend(run.arrived([chat(id)]).into_iter().map(|plan| (run.now - run.began, plan)));
        plans.extend(run.pass(ms(100)));
    }
    plans.extend(run.pass(ms(60_000)));
    let expected = ["0:a0!", "100:a1!", "200:a2!", "300:+1!"];
    let updates = ["1300:=10", "3300:=30", "7300:=70", "14900:=97", "14900:#97"];
    assert_eq!(timed(plans), [&expected[..], &updates[..]].concat());
}

#[test]
fn all_that_a_sum_counts_are_told_of_its_last_count_once() {
    let mut run = Run::new();
    assert_eq!(short(run.arrived((0..4).map(chat))), ["a0!", "a1!", "a2!", "+1!"]);
    run.pass(ms(1_000));
    let plans = run.arrived((4..10).map(chat));
    assert_eq!(sums(&plans)[0].added, [4, 5, 6, 7, 8, 9]);
    run.storm.read(&[5]);
    let plans = run.pass(ms(60_000));
    assert_eq!(timed(plans.clone()), ["3000:=6", "6000:#6"]);
    let Plan::Grown(sum) = &plans[1].1 else { panic!() };
    assert_eq!(sum.added, [3, 4, 6, 7, 8, 9]);
    // Whoever closes it earlier has seen as many.
    run.arrived((10..13).map(chat));
    run.arrived((13..20).map(chat));
    assert_eq!(run.storm.closed(SumKind::Storm).map(|sum| sum.added.len()), Some(13));
    assert_eq!(run.storm.closed(SumKind::Storm), None);
    assert!(run.pass(ms(60_000)).is_empty());
}

#[test]
fn it_is_over_when_none_came_for_five_seconds() {
    let mut run = Run::new();
    run.arrived((0..10).map(chat));
    run.pass(ms(4_999));
    assert_eq!(short(run.arrived([chat(10)])), ["=8"]);
    run.pass(ms(5_000));
    assert_eq!(short(run.arrived([chat(11)])), ["a11!"]);
    assert_eq!(run.storm.next_tick(run.now), None, "nothing wakes anyone");
}

#[test]
fn the_next_storm_goes_on_with_the_toast_that_is_still_there() {
    let mut run = Run::new();
    run.arrived((0..10).map(chat));
    run.pass(ms(60_000));
    assert_eq!(short(run.arrived((10..20).map(chat))), ["a10!", "a11!", "a12!", "=14!"]);
    run.storm.closed(SumKind::Storm);
    run.pass(ms(60_000));
    assert_eq!(short(run.arrived((20..30).map(chat))), ["a20!", "a21!", "a22!", "+7!"]);
}

#[test]
fn ten_thousand_make_a_handful_and_none_is_lost() {
    for (batch, gap) in [(1, 1), (100, 100), (10_000, 0), (50, 20)] {
        let mut run = Run::new();
        let mut plans = Vec::new();
        let ids: Vec<AlertId> = (0..10_000).collect();
        for ids in ids.chunks(batch) {
            plans.extend(run.arrived(ids.iter().copied().map(chat)));
            plans.extend(run.pass(ms(gap)).into_iter().map(|(_, plan)| plan));
        }
        plans.extend(run.pass(ms(60_000)).into_iter().map(|(_, plan)| plan));
        let (grown, toasts): (Vec<_>, Vec<_>) =
            plans.iter().cloned().partition(|plan| matches!(plan, Plan::Grown(_)));
        assert!(toasts.len() <= 9, "{batch}, {gap}: {} toasts", toasts.len());
        let mut told = HashSet::new();
        for plan in &toasts {
            match plan {
                Plan::Alone(alert) => assert!(told.insert(alert.id)),
                Plan::Sum(sum) => sum.added.iter().for_each(|id| assert!(told.insert(*id))),
                Plan::Withdraw(_) | Plan::Grown(_) => panic!("nothing was read"),
            }
        }
        assert_eq!(told.len(), 10_000);
        // Where they came in more than one piece, all are told of the last count.
        for plan in grown {
            let Plan::Grown(sum) = plan else { panic!() };
            assert_eq!((sum.count, sum.added.len()), (9_997, 9_997));
        }
        assert_eq!(sums(&plans).last().unwrap().count, 9_997);
    }
}

#[test]
fn urgent_ones_come_alone_out_of_ten_thousand() {
    let mut run = Run::new();
    let mut plans = Vec::new();
    for id in 0..10_000 {
        let alert = if id % 2_500 == 1_250 { urgent(id) } else { chat(id) };
        plans.extend(run.arrived([alert]));
        plans.extend(run.pass(ms(1)).into_iter().map(|(_, plan)| plan));
    }
    for id in [1_250, 3_750, 6_250, 8_750] {
        assert!(plans.contains(&Plan::Alone(urgent(id))), "{id}");
    }
    assert!(sums(&plans).iter().all(|sum| !sum.urgent));
    assert!(plans.len() <= 12, "{}", plans.len());
}

#[test]
fn too_many_urgent_ones_join_the_sum_which_is_urgent_then() {
    let mut run = Run::new();
    let plans = run.arrived((0..10).map(chat).chain((10..16).map(urgent)));
    let expected = ["a10!", "a11!", "a12!", "a13!", "a14!", "a0!", "a1!", "a2!", "+8^!"];
    assert_eq!(short(plans), expected);
    // Everything is urgent for ten seconds: one a second and the sum.
    let mut plans = Vec::new();
    for id in 100..10_100 {
        plans.extend(run.arrived([urgent(id)]));
        plans.extend(run.pass(ms(1)).into_iter().map(|(_, plan)| plan));
    }
    assert!(plans.len() <= 25, "{}", plans.len());
}

#[test]
fn what_is_urgent_is_told_within_a_second_and_heard() {
    let mut run = Run::new();
    let mut last_told = run.now;
    for id in 0..160 {
        run.arrived([chat(id)]);
        if let Some((at, _)) = run.pass(ms(100)).last() {
            last_told = run.began + *at;
        }
    }
    assert_eq!(run.now - last_told, ms(700), "the next one would be in seconds");
    assert_eq!(run.arrived((1_000..1_006).map(urgent)).len(), 5);
    assert_eq!(timed(run.pass(ms(1_000))), ["16300:=158^!"]);
}

#[test]
fn what_was_read_is_neither_shown_nor_counted() {
    let mut run = Run::new();
    run.storm.arrived(run.now, (0..10).map(chat));
    run.storm.read(&[1, 4, 77]);
    assert_eq!(short(run.plans()), ["a0!", "a2!", "+6!"]);
    assert!(run.storm.read(&[5, 6]).is_empty(), "they were told");
    assert_eq!(timed(run.pass(ms(60_000))), ["1000:=4"]);
    run.storm.read(&[3, 7, 8, 9]);
    assert_eq!(short(run.plans()), ["x"]);
    assert_eq!(run.storm.next_tick(run.now), None);
    assert_eq!(short(run.arrived([chat(50)])), ["a50!"]);
}

#[test]
fn what_is_read_one_by_one_is_told_once_a_second() {
    let mut run = Run::new();
    run.arrived((0..30).map(chat));
    run.pass(ms(60_000));
    let mut plans = Vec::new();
    for id in 3..23 {
        run.storm.read(&[id]);
        plans.extend(run.pass(ms(100)));
    }
    plans.extend(run.pass(ms(60_000)));
    assert_eq!(timed(plans), ["60000:=26", "61000:=17", "62000:=7"]);
}

#[test]
fn what_was_read_before_it_was_told_makes_no_toast() {
    let mut run = Run::new();
    run.storm.arrived(run.now, (0..5).map(chat));
    run.storm.away(run.now, [chat(7)]);
    assert_eq!(run.storm.read(&[0, 3, 9]), [0, 3]);
    assert_eq!(run.storm.read(&[0, 1, 2, 3, 4, 7]), [1, 2, 4, 7]);
    assert_eq!(run.storm.next_tick(run.now), None);
    assert!(run.plans().is_empty());
}

#[test]
fn a_sum_that_was_closed_is_followed_by_a_new_one() {
    let mut run = Run::new();
    run.arrived((0..10).map(chat));
    run.arrived([chat(10), chat(11)]);
    run.storm.closed(SumKind::Storm);
    assert!(run.plans().is_empty(), "not at once");
    let plans = run.pass(ms(2_000));
    assert_eq!(timed(plans.clone()), ["1000:+2"]);
    let Plan::Sum(sum) = &plans[0].1 else { panic!() };
    assert_eq!(sum.since, Some(10));
    run.storm.closed(SumKind::Storm);
    assert!(run.pass(ms(60_000)).is_empty());
}

#[test]
fn a_sum_of_a_daemon_that_is_gone_is_shown_anew() {
    let mut run = Run::new();
    run.arrived((0..10).map(chat));
    run.storm.daemon_lost();
    run.arrived([chat(10)]);
    assert_eq!(timed(run.pass(ms(2_000))), ["1000:+8"]);
}

#[test]
fn what_was_caught_up_is_one_sum() {
    let mut run = Run::new();
    run.storm.away(run.now, (0..50).map(order).chain((50..60).map(urgent)));
    run.storm.away(run.now, (60..65).map(order));
    let plans = run.plans();
    assert_eq!(short(plans.clone()), ["+65^!"]);
    assert_eq!(sums(&plans)[0].kind, SumKind::Away);
    assert_eq!(short(run.arrived([chat(100)])), ["a100!"], "what comes now is no part of it");
    run.storm.read(&(0..65).collect::<Vec<_>>());
    assert_eq!(short(run.plans()), ["x"]);
}

#[test]
fn a_slow_daemon_gets_one_toast_for_everything() {
    let mut run = Run::new();
    run.storm.arrived(run.now, [chat(0), chat(1), urgent(2)]);
    assert_eq!(run.storm.next(run.now), Some(Plan::Alone(urgent(2))));
    run.storm.daemon_slow(run.now, true);
    assert_eq!(short(run.arrived([chat(3), urgent(4)])), ["+4^!"]);
    run.pass(ms(60_000));
    assert_eq!(short(run.arrived([chat(5)])), ["=5^!"]);
    run.pass(ms(60_000));
    run.storm.daemon_slow(run.now, false);
    assert_eq!(short(run.arrived([chat(6)])), ["a6!"]);
}

#[test]
fn what_nobody_counted_is_not_counted() {
    let mut run = Run::new();
    run.storm.missed(run.now);
    let plans = run.plans();
    let sum = sums(&plans)[0];
    assert!((sum.uncounted, sum.count, sum.since) == (true, 0, None), "{sum:?}");
    run.pass(ms(60_000));
    run.storm.missed(run.now);
    let plans = run.arrived([chat(1)]);
    let sum = sums(&plans)[0];
    assert!(sum.uncounted && sum.replaces && sum.only.is_none(), "{sum:?}");
}

#[test]
fn it_holds_no_more_than_it_may_whatever_comes() {
    let mut run = Run::new();
    run.storm.arrived(run.now, (0..300_000).map(urgent));
    run.storm.arrived(run.now, (300_000..600_000).map(chat));
    let plans = run.plans();
    assert_eq!(plans.len(), 6);
    let sum = sums(&plans)[0];
    assert_eq!(sum.count, 600_000 - 5);
    assert!(sum.added.len() <= 20_000, "{}", sum.added.len());
    run.storm.read(&(0..600_000).collect::<Vec<_>>());
    assert_eq!(short(run.plans()), ["x"], "all was read");
}

#[test]
fn no_more_wait_than_fit_whoever_keeps_them_waiting() {
    let mut run = Run::new();
    for id in 0..100 {
        run.storm.arrived(run.now, [chat(id)]);
        run.now += ms(5_000);
    }
    let plans = run.plans();
    assert_eq!(plans.len(), ALONE + URGENT_ALONE + 1);
    assert_eq!(sums(&plans)[0].count, 92);
}

#[test]
fn all_that_is_still_to_be_shown_or_is_counted_is_known() {
    let mut run = Run::new();
    run.storm.arrived(run.now, (0..5).map(chat));
    let known = |run: &Run| run.storm.known().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(known(&run), (0..5).collect());
    run.plans();
    // Those that were shown alone are over; those of the sum are counted on.
    assert_eq!(known(&run), [3, 4].into());
    run.arrived([chat(5)]);
    run.storm.away(run.now, [order(6)]);
    assert_eq!(known(&run), [3, 4, 5, 6].into());
}

#[test]
fn what_it_knows_nothing_of_changes_no_toast_when_it_is_read() {
    let mut run = Run::new();
    run.arrived((0..10).map(chat));
    assert!(run.pass(ms(60_000)).is_empty());
    assert!(run.storm.read(&[77]).is_empty());
    assert!(run.pass(ms(60_000)).is_empty());
}

#[test]
fn a_sum_that_has_not_grown_tells_nothing_when_it_is_closed() {
    let mut run = Run::new();
    run.arrived((0..10).map(chat));
    assert_eq!(run.storm.closed(SumKind::Storm), None);
}

#[test]
fn what_is_read_leaves_the_count_of_its_category_and_what_nobody_counted_stays() {
    let mut run = Run::new();
    run.arrived((0..3).map(chat).chain((3..6).map(order)).chain((6..9).map(chat)));
    run.storm.read(&[3, 6]);
    let plans = run.pass(ms(60_000));
    let Plan::Sum(sum) = &plans[0].1 else { panic!() };
    assert_eq!(sum.categories, [(Category::Orders, 2), (Category::Chat, 2)]);
    assert_eq!(sum.count, 4);
    run.storm.missed(run.now);
    let plans = run.pass(ms(60_000));
    assert!(matches!(&plans[0].1, Plan::Sum(sum) if sum.uncounted));
    run.storm.read(&[4, 5, 7, 8]);
    let plans = run.pass(ms(60_000));
    let Plan::Sum(sum) = &plans[0].1 else { panic!("{plans:?}") };
    assert!((sum.uncounted, sum.count) == (true, 0), "{sum:?}");
}
