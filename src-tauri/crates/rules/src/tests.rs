use super::*;
use agora_alert::read;
use jiff::tz::TimeZone;
use serde_json::json;

fn noon() -> ZonedDateTime {
    "2026-11-24T12:00[Asia/Taipei]".parse().unwrap()
}

fn facts(category: Category) -> Facts {
    Facts {
        category,
        urgent: false,
        vouched: true,
        presentation: Presentation::Toast,
        read: false,
        from_sync: false,
    }
}

fn quiet_until_ten_past() -> Rules {
    let quiet = QuietHours { on: true, days: [true; 7], from: 22 * 60, to: 12 * 60 + 10 };
    Rules { quiet, ..Rules::default() }
}

fn ms(time: &str) -> i64 {
    time.parse::<ZonedDateTime>().unwrap().timestamp().as_millisecond()
}

fn judged(rules: &Rules, alert: Facts) -> Verdict {
    judge(rules, Snooze::default(), &alert, &noon())
}

#[test]
fn a_new_person_sees_everything_and_hears_what_is_theirs() {
    for category in Category::ALL {
        let sound = !matches!(category, Category::Products | Category::Store | Category::System);
        assert_eq!(judged(&Rules::default(), facts(category)), Verdict::Show { sound });
    }
}

#[test]
fn each_rule_mutes_and_says_so() {
    let chat = facts(Category::Chat);
    let mut rules = Rules::default();
    rules.categories.store.toast = false;
    rules.categories.money.only_urgent = true;
    let quiet = Mute::QuietHours { until_ms: Some(ms("2026-11-24T12:10[Asia/Taipei]")) };
    for (rules, alert, mute) in [
        (&rules, Facts { presentation: Presentation::Quiet, ..chat }, Mute::Confirmation),
        (&rules, Facts { read: true, ..chat }, Mute::Read),
        (&rules, facts(Category::Store), Mute::CategoryOff(Category::Store)),
        (&rules, facts(Category::Money), Mute::OnlyUrgent(Category::Money)),
        (&quiet_until_ten_past(), chat, quiet),
    ] {
        assert_eq!(judged(rules, alert), Verdict::Mute(mute));
    }
}

#[test]
fn urgent_ones_pass_quiet_hours_and_snooze_as_set_and_no_category_that_is_off() {
    let urgent = |category| Facts { urgent: true, ..facts(category) };
    let mut rules = quiet_until_ten_past();
    rules.categories.store.toast = false;
    rules.categories.money.only_urgent = true;
    let snooze = Snooze::starting(SnoozeFor::TwoHours, &noon());
    let judged = |rules: &Rules, category| judge(rules, snooze, &urgent(category), &noon());
    assert_eq!(judged(&rules, Category::Money), Verdict::Show { sound: true });
    assert_eq!(judged(&rules, Category::System), Verdict::Show { sound: false });
    let off = Mute::CategoryOff(Category::Store);
    assert_eq!(judged(&rules, Category::Store), Verdict::Mute(off));
    rules.urgent_passes = false;
    let snoozed = Mute::Snoozed { until_ms: ms("2026-11-24T14:00[Asia/Taipei]") };
    assert_eq!(judged(&rules, Category::Money), Verdict::Mute(snoozed));
}

#[test]
fn of_quiet_hours_and_snooze_the_one_that_lasts_longer_is_named() {
    let mute = |rules: &Rules, minutes: i64| {
        let snooze =
            Snooze { until_ms: Some(ms("2026-11-24T12:00[Asia/Taipei]") + minutes * 60_000) };
        match judge(rules, snooze, &facts(Category::Chat), &noon()) {
            Verdict::Mute(Mute::Snoozed { .. }) => "snoozed",
            Verdict::Mute(Mute::QuietHours { until_ms: Some(_) }) => "quiet",
            Verdict::Mute(Mute::QuietHours { until_ms: None }) => "always quiet",
            _ => "shown",
        }
    };
    let quiet = quiet_until_ten_past();
    assert_eq!([0, 9, 10, 11].map(|at| mute(&quiet, at)), ["quiet", "quiet", "quiet", "snoozed"]);
    assert_eq!([0, 1].map(|at| mute(&Rules::default(), at)), ["shown", "snoozed"]);
    let mut always = quiet;
    always.quiet.to = always.quiet.from;
    assert_eq!(mute(&always, 99), "always quiet");
}

#[test]
fn what_was_caught_up_is_heard_only_if_it_is_urgent() {
    let late = Facts { from_sync: true, ..facts(Category::Security) };
    assert_eq!(judged(&Rules::default(), late), Verdict::Show { sound: false });
    let urgent = Facts { urgent: true, ..late };
    assert_eq!(judged(&Rules::default(), urgent), Verdict::Show { sound: true });
}

#[test]
fn what_only_a_message_says_is_urgent_passes_where_the_person_lets_it() {
    let until_ms = noon().timestamp().as_millisecond() + 60_000;
    let snooze = Snooze { until_ms: Some(until_ms) };
    let claimed = Facts { urgent: true, vouched: false, ..facts(Category::Security) };
    let judged = |rules: &Rules| judge(rules, snooze, &claimed, &noon());
    let mut rules = Rules::default();
    assert_eq!(judged(&rules), Verdict::Mute(Mute::Snoozed { until_ms }));
    rules.urgent_messages_pass = true;
    assert_eq!(judged(&rules), Verdict::Show { sound: true });
    rules.urgent_passes = false;
    assert_eq!(judged(&rules), Verdict::Mute(Mute::Snoozed { until_ms }));
    // When nothing is held back it is as loud as any.
    assert_eq!(judge(&rules, Snooze::default(), &claimed, &noon()), Verdict::Show { sound: true });
}

#[test]
fn the_facts_are_those_of_the_kind() {
    let facts = |data: &str| Facts::of(&read("message", data, None, 0).unwrap(), false, false);
    assert_eq!(facts(r#"{"type":"MESSAGE_SENT"}"#).presentation, Presentation::Quiet);
    assert_eq!(facts(r#"{"type":"NOBODY_KNOWS"}"#).presentation, Presentation::Toast);
    let locked = facts(r#"{"type":"ACCOUNT_LOCKED"}"#);
    assert!(locked.urgent && locked.category == Category::Security);
}

#[test]
fn they_are_written_and_read_as_they_are() {
    let mut rules = quiet_until_ten_past();
    rules.categories.chat.only_urgent = true;
    rules.hide_content = true;
    let text = serde_json::to_string(&rules).unwrap();
    assert!(text.contains(r#""onlyUrgent":true"#) && text.contains(r#""urgentPasses":true"#));
    assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules);
}

#[test]
fn a_value_that_makes_no_sense_costs_no_other() {
    let read = |value| serde_json::from_value::<Rules>(value).unwrap();
    for nothing in [json!(null), json!({}), json!([1]), json!("x"), json!({"categories": 7})] {
        assert_eq!(read(nothing), Rules::default());
    }
    let rules = read(json!({
        "categories": {
            "chat": {"toast": false, "sound": "loud"}, "store": 1, "money": {"sound": false}, "x": {},
        },
        "quiet": {"on": true, "days": [true, false], "from": -5, "to": 60, "until": 9},
        "urgentPasses": "no",
        "hideContent": true,
        "future": {"x": 1},
    }));
    let mut expected = Rules { hide_content: true, ..Rules::default() };
    expected.categories.chat.toast = false;
    expected.categories.money.sound = false;
    expected.quiet.on = true;
    expected.quiet.to = 60;
    assert_eq!(rules, expected);
}

#[test]
fn a_reason_is_written_so_that_it_can_be_read_again() {
    for mute in [
        Mute::Confirmation,
        Mute::CategoryOff(Category::Chat),
        Mute::QuietHours { until_ms: None },
        Mute::Snoozed { until_ms: 7 },
    ] {
        let text = serde_json::to_string(&mute).unwrap();
        assert_eq!(serde_json::from_str::<Mute>(&text).unwrap(), mute, "{text}");
    }
}

#[test]
fn a_preview_judges_each_at_its_own_time() {
    let mut rules = Rules::default();
    rules.quiet.on = true;
    rules.categories.store.toast = false;
    rules.categories.money.only_urgent = true;
    let zone = TimeZone::get("Asia/Taipei").unwrap();
    let (day, night) = (ms("2026-11-24T12:00[Asia/Taipei]"), ms("2026-11-24T23:00[Asia/Taipei]"));
    let chat = facts(Category::Chat);
    let preview = preview(
        &rules,
        &zone,
        [
            (Facts { read: true, ..chat }, day),
            (facts(Category::Products), day),
            (chat, night),
            (Facts { urgent: true, ..chat }, night),
            (facts(Category::Store), night),
            (facts(Category::Money), day),
            (Facts { presentation: Presentation::Quiet, ..chat }, day),
            (chat, i64::MAX),
        ],
    );
    let expected = Preview {
        shown: 4,
        with_sound: 3,
        confirmation: 1,
        category_off: 1,
        only_urgent: 1,
        quiet_hours: 1,
    };
    assert_eq!(preview, expected);
}

#[test]
fn an_alert_is_judged_as_it_is_kept_by_all_that_is_known_of_it() {
    let alert = |kind: &str| {
        let data = json!({"type": kind, "title": "t"}).to_string();
        read("message", &data, None, 0).unwrap()
    };
    let judged =
        |rules: &Rules, kind| super::judged(rules, Snooze::default(), &alert(kind), false, &noon());
    assert_eq!(judged(&Rules::default(), "NEW_MESSAGE"), Ok(true));
    assert_eq!(judged(&Rules::default(), "PRODUCT_LISTED"), Ok(false));
    let mut rules = Rules::default();
    rules.categories.chat.toast = false;
    assert_eq!(judged(&rules, "NEW_MESSAGE"), Err(Mute::CategoryOff(Category::Chat)));
}
