//! What the page's in-memory twin answers, for it to repeat no rule. What it is asked stands here; the
//! answers are those of this program, written beside the page's types and checked with them.

use super::{account_form, compose, lists, reminders, sign_in_form, subjects, view};
use crate::desk::{self, Links};
use crate::ipc::{
    self, AccountView, AlertDetail, DraftCheck, FieldError, Found, PageRequest, Preferences,
    RulesPreview, SnoozeChoice, Subject, write_json_binding,
};
use agora_account::{Accounts, Environment};
use agora_alert::catalogue::Language;
use agora_client::{MAX_CONTENT, MAX_TITLE};
use agora_home::Files;
use agora_inbox::{Access, Alert, Batch, Cursor, Inbox, NewAlert, Notice};
use agora_receiver::{AccountState, Choices, TokenState, UNDO};
use agora_rules::{Fate, Mute, Rules};
use jiff::tz::TimeZone;
use jiff::{ToSpan, ZonedDateTime};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The same in the languages that the page's tests read it in. Others are told it in English.
#[derive(Serialize)]
struct Told<T> {
    en: T,
    #[serde(rename = "zh-TW")]
    zh_tw: T,
}

fn told<T>(tell: impl Fn(Language) -> T) -> Told<T> {
    Told { en: tell(Language::EN), zh_tw: tell(Language::ZH_TW) }
}

fn links() -> Links {
    Links::of(None, None)
}

/// Some life of the market, newest first: a notification that it stores, or a broadcast.
fn alerts() -> Vec<NewAlert> {
    let stored = |data: &Value| {
        let alert = agora_alert::read_stored(&data.to_string(), 0)?;
        Some(NewAlert { notice: Notice::Stored(0), ..alert })
    };
    let toast = |alert: Option<NewAlert>, fate: Fate| {
        alert.map(|alert| NewAlert { toast: Some(fate.to_text()), ..alert })
    };
    let quiet = Fate::Muted(Mute::QuietHours { until_ms: Some(8 * 60 * 60 * 1_000) });
    let alerts = [
        toast(
            stored(&json!({
                "type": "SUSPICIOUS_LOGIN_ATTEMPT", "location": "台北 Taipei",
                "device": "Chrome on Windows", "ipAddress": "203.0.113.42", "link": "/security",
            })),
            Fate::Clicked,
        ),
        toast(
            stored(&json!({
                "type": "ORDER_SHIPPED", "orderNumber": "20418",
                "productName": "手工茶壺 Handmade teapot", "status": "SHIPPED",
                "amount": "86.00", "currency": "USDT", "carrier": "黑貓宅急便 T-Cat",
                "trackingNumber": "908722314410", "estimatedArrival": "2026-11-26",
                "link": "/orders/20418",
            })),
            quiet,
        ),
        stored(&json!({
            "type": "BALANCE_INCREASED", "amount": "1250.00", "currency": "USDT",
            "balance": "3480.50", "reason": "ORDER_INCOME", "orderNumber": "20397",
            "link": "/wallet",
        })),
        stored(&json!({
            "type": "CHAT_MESSAGE", "senderName": "林美華 Lin Mei-hua",
            "content": "藍色的那一個還有嗎？Is the blue one still available? \
                        I can pick it up on Friday after six if so.",
            "link": "/chat/731",
        })),
        stored(&json!({
            "type": "DELIVERY_PICKED_UP", "orderNumber": "20411", "delivererName": "陳偉 Chen Wei",
            "status": "PICKED_UP", "estimatedMinutes": 25,
        })),
        stored(&json!({
            "type": "PRODUCT_LOW_STOCK", "productName": "烏龍茶 Oolong, 150 g", "stock": 2,
            "link": "https://tea-wholesale.example/oolong",
        })),
        agora_alert::read(
            "message",
            &json!({
                "type": "SYSTEM_MAINTENANCE_START",
                "title": "今晚 02:00–03:00 系統維護 Maintenance tonight",
                "content": "期間暫停付款服務一小時。\nPayments are paused for an hour.",
            })
            .to_string(),
            None,
            0,
        ),
        stored(&json!({
            "type": "COUPON_DROPPED", "title": "老顧客優惠券 A coupon for returning customers",
            "content": "茶具九折，至星期日止。Ten percent off tea ware until Sunday.",
            "link": "ftp://coupons.example/today",
        })),
    ];
    alerts.into_iter().map(|alert| alert.expect("every one of them is shown")).collect()
}

/// As they are shown whole. Key, time and whether they are read are the twin's own.
#[test]
fn export_bindings_fixture_alerts() {
    let alerts: Vec<Told<AlertDetail>> = alerts()
        .into_iter()
        .map(|body| Alert::new(0, body))
        .map(|alert| told(|language| view::detail(&alert, language, &links(), &TimeZone::UTC)))
        .collect();
    assert!(alerts.iter().any(|Told { en, .. }| {
        en.link
            .as_ref()
            .is_some_and(|link| link.opens == ipc::LinkOpens::Never && link.why.is_some())
    }));
    write_json_binding("fixtures/alerts.json", &alerts);
}

/// What every kind that is shown says in a row of the list, of an event with its usual fields; and the words
/// that may stand beyond the end of the line: an order's number, a product's name.
#[test]
fn export_bindings_fixture_kinds() {
    #[derive(Serialize)]
    struct Row {
        kind: String,
        title: Told<String>,
        excerpt: Told<String>,
        lesser: Vec<String>,
    }
    const SAMPLES: &str = include_str!("../../../alert/tests/alert/samples.jsonl");
    let rows = SAMPLES.lines().map(|line| {
        let body = agora_alert::read("message", line, None, 0).unwrap();
        let alert = Alert::new(0, body);
        let row = |language| view::row(&alert, language, None);
        let fields = agora_alert::fields_of(line, Language::EN).into_iter();
        let lesser = fields.filter(|known| matches!(known.field.name, "order" | "product"));
        Row {
            kind: alert.body.kind.clone(),
            title: told(|language| row(language).title),
            excerpt: told(|language| row(language).excerpt),
            lesser: lesser.map(|known| known.value).collect(),
        }
    });
    write_json_binding("fixtures/kinds.json", &rows.collect::<Vec<_>>());
}

/// What rules would have done with forty of them: as many as the twin has unless it is told
/// otherwise. None of these rules asks for the time.
#[test]
fn export_bindings_fixture_previews() {
    #[derive(Serialize)]
    struct Previewed {
        rules: ipc::Rules,
        preview: RulesPreview,
    }
    let mut without_chat = Rules::default();
    without_chat.categories.chat.toast = false;
    let mut only_urgent = without_chat.clone();
    only_urgent.categories.orders.only_urgent = true;
    let forty: Vec<_> = alerts().iter().cycle().take(40).map(lists::judged).collect();
    let previews = [Rules::default(), without_chat, only_urgent].map(|rules| Previewed {
        preview: lists::previewed(&rules, &TimeZone::UTC, forty.clone()),
        rules: (&rules).into(),
    });
    write_json_binding("fixtures/previews.json", &previews);
}

/// Texts as tests and pictures search for them, and what is found in each of the alerts, as the inbox
/// finds it; `null` where an alert isn't found. Of the orders and people that it names, the newest alert's
/// key is its place among them.
#[tokio::test]
async fn export_bindings_fixture_searches() {
    #[derive(Serialize)]
    struct Searched {
        search: &'static str,
        found: Vec<Option<Told<Found>>>,
        subjects: Told<Vec<Subject>>,
    }
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(&home.path().join("inbox.db"), Access::Write).unwrap();
    let alerts = alerts().into_iter().rev();
    let batch = Batch {
        alerts: alerts.map(|alert| NewAlert { notice: Notice::None, ..alert }).collect(),
        cursor: Cursor { source: "fixtures".to_owned(), last_event_id: None },
        mailbox: "fixtures".to_owned(),
    };
    let newest_first: Vec<_> =
        inbox.commit(batch).await.unwrap().new.into_iter().rev().map(|alert| alert.id).collect();
    let texts = [
        "TEAPOT",
        "teapot",
        "tea",
        "order",
        "SUSPICIOUS",
        "coupon lantern",
        "lantern",
        "壺",
        "茶",
        "訂單",
        "燈籠",
        "204",
        "Chen",
        "陳",
        "not to be found",
        "no alert says this",
    ];
    let mut searches = Vec::new();
    for search in texts {
        let list = ipc::List { search: search.to_owned(), ..ipc::List::default() };
        let asked = PageRequest { list, seek: ipc::Seek::Newest, limit: 100 };
        let [en, zh_tw] =
            [Language::EN, Language::ZH_TW].map(|language| lists::page(&inbox, &asked, language));
        let (en, zh_tw) = (en.await.unwrap().alerts, zh_tw.await.unwrap().alerts);
        assert_eq!(en.len(), zh_tw.len(), "both languages are searched in both");
        let mut hits: HashMap<_, _> = en
            .into_iter()
            .zip(zh_tw)
            .map(|(en, zh_tw)| (en.id, Told { en: en.found.unwrap(), zh_tw: zh_tw.found.unwrap() }))
            .collect();
        let found = newest_first.iter().map(|id| hits.remove(id)).collect();
        let places: HashMap<_, _> = newest_first.iter().copied().zip(0..).collect();
        let [mut en, mut zh_tw] = [Vec::new(), Vec::new()];
        for (language, subjects) in [(Language::EN, &mut en), (Language::ZH_TW, &mut zh_tw)] {
            *subjects = subjects::of(&inbox, search.to_owned(), language).await.unwrap();
            for subject in subjects {
                subject.newest.id = places[&subject.newest.id];
            }
        }
        let subjects = Told { en, zh_tw };
        searches.push(Searched { search, found, subjects });
    }
    write_json_binding("fixtures/searches.json", &searches);
}

/// How long each snooze lasts that begins at the full hours of a day, in milliseconds.
#[test]
fn export_bindings_fixture_snoozes() {
    let midnight: ZonedDateTime = "2026-11-25T00:00[UTC]".parse().unwrap();
    let lasting = |choice| -> Vec<_> {
        let hours = (0..24).map(|hour| midnight.saturating_add(hour.hours()));
        let until = |now: &ZonedDateTime| desk::snooze_until(choice, now).unwrap();
        hours.map(|now| until(&now) - now.timestamp().as_millisecond()).collect()
    };
    let snoozes = json!({
        "half_hour": lasting(SnoozeChoice::HalfHour),
        "two_hours": lasting(SnoozeChoice::TwoHours),
        "until_tomorrow": lasting(SnoozeChoice::UntilTomorrow),
    });
    write_json_binding("fixtures/snoozes.json", &snoozes);
}

/// A message in two languages with a field that the form doesn't know.
fn both_ways() -> Value {
    let chinese = json!({
        "language": "zh-TW", "title": "今晚 02:00 到 03:00 維護",
        "content": "付款暫停一小時，訂單與訊息照常。",
    });
    json!({
        "type": "form", "kind": "SYSTEM_MAINTENANCE_START",
        "title": "Maintenance tonight from 02:00 to 03:00",
        "content": "Payments are paused for an hour. Orders and messages go on as usual.",
        "link": "/notice/88", "urgent": false, "translations": [chinese],
        "more": [{"name": "windowId", "value": "12345678901234567890"}],
    })
}

/// When drafts are looked at: 2 October 2026, 09:41 in Taipei.
const DRAFTED_AT: i64 = 1_790_905_260_000;

/// The times that are offered to be reminded at, at the full hours of a week that begins on Monday, and how
/// far each is from there, in milliseconds.
#[test]
fn export_bindings_fixture_reminders() {
    let monday: ZonedDateTime = "2026-11-23T00:00[UTC]".parse().unwrap();
    let hours = (0..7 * 24).map(|hour| monday.saturating_add(hour.hours()));
    let offers = hours.map(|now| {
        let offers = reminders::offers(&Choices::default(), &now).into_iter();
        let after = |at_ms| at_ms - now.timestamp().as_millisecond();
        offers.map(|offer| (offer.offer, after(offer.at_ms))).collect::<Vec<_>>()
    });
    write_json_binding("fixtures/reminders.json", &offers.collect::<Vec<_>>());
}

/// Drafts as tests and pictures write them, each from its beginning on.
fn drafts() -> Vec<Value> {
    let everyone = || json!({"type": "everyone"});
    let user = |id: &str| json!({"type": "user", "userId": id});
    let form = |kind: &str, title: &str, content: &str, link: &str, urgent: bool| {
        json!({
            "type": "form", "kind": kind, "title": title, "content": content, "link": link,
            "urgent": urgent, "translations": [], "more": [],
        })
    };
    let plain = |title: &str, content: &str| form("", title, content, "", false);
    let text = |text: &str| json!({"type": "json", "text": text});
    let maintenance = "SYSTEM_MAINTENANCE_START";
    let paused = "Payments are paused for an hour. Orders and messages go on as usual.";
    let tonight = "Maintenance tonight from 02:00 to 03:00";
    [
        (everyone(), plain("", "")),
        (everyone(), plain("", "Payments pause.")),
        (everyone(), plain("Tea", "")),
        (everyone(), plain("Maintenance tonight", "")),
        (everyone(), plain("Maintenance tonight", "Payments pause.")),
        (everyone(), form("", "", "", "htp://wrong", false)),
        (everyone(), form("", "Tea", "", "htp://wrong", false)),
        (everyone(), form("TEA_READY", "Tea", "", "", false)),
        (everyone(), form("tea ready", "Tea", "", "", false)),
        (everyone(), plain(&"x".repeat(MAX_TITLE + 1), &"x".repeat(MAX_CONTENT + 1))),
        (everyone(), form(maintenance, tonight, paused, "", false)),
        (everyone(), form(maintenance, "", "", "", false)),
        (
            user(""),
            form(maintenance, tonight, paused, "htp://agoramarket.example/notice/88", false),
        ),
        (user(""), plain("", "")),
        (user(""), plain("Tea", "")),
        (user("7"), form(maintenance, "Tonight", "One\ntwo", "/notice/88", true)),
        (user("7"), form(maintenance, "", "One\ntwo", "ftp:", true)),
        (everyone(), form(maintenance, "Tonight", "One\ntwo", "/notice/88", true)),
        (user("4021"), plain("Hello", "")),
        (user("kiosk\n7"), plain("Hello", "")),
        (everyone(), text("")),
        (everyone(), text("[]")),
        (everyone(), text("{\n  \"title\": \n}")),
        (everyone(), text("{\n  \"title\": \"Tea\"\n  \"content\": \"\"\n}")),
        (everyone(), text("{\"title\": \"Tea\", \"orderId\": 7}")),
        (everyone(), text("{\"title\": \"Green tea\", \"isUrgent\": true}")),
        (everyone(), text("{\"type\": \"ORDER_SHIPPED\", \"orderId\": 7}")),
        (
            everyone(),
            text("{\n  \"title\": \"Tea\",\n  \"link\": \"htp://wrong\",\n  \"isUrgent\": \"yes\"\n}"),
        ),
        (everyone(), text("{\n  \"orderId\": 7\n}")),
        (everyone(), both_ways()),
    ]
    .into_iter()
    .map(|(to, body)| json!({"to": to, "body": body}))
    .collect()
}

#[test]
fn export_bindings_fixture_drafts() {
    #[derive(Serialize)]
    struct Checked {
        draft: Value,
        check: DraftCheck,
    }
    let drafts = drafts().into_iter().map(|draft| {
        let read = serde_json::from_value(draft.clone()).unwrap();
        Checked { draft, check: compose::check(&read, &links(), DRAFTED_AT) }
    });
    write_json_binding("fixtures/drafts.json", &drafts.collect::<Vec<_>>());
}

/// Account forms as tests fill them in, of the fields that say whose account it is.
#[test]
fn export_bindings_fixture_accounts() {
    #[derive(Serialize)]
    struct Filled {
        form: Value,
        /// `null` where something is wrong.
        account: Option<AccountView>,
        fields: Vec<FieldError>,
    }
    let home = tempfile::tempdir().unwrap();
    let files = Files::find(Some(home.path())).unwrap();
    std::fs::create_dir_all(files.device_id.parent().unwrap()).unwrap();
    std::fs::write(&files.device_id, "tea-desk-7f3a").unwrap();
    let accounts = Accounts::new(files, Environment::default());
    assert_eq!(accounts.device_id().unwrap().to_string(), "tea-desk-7f3a");
    let market = Accounts::default_base_url().to_string();
    let market = &*market;
    let forms = [
        (market, Some("4021"), None),
        (market, Some("7"), None),
        (market, Some(""), None),
        (market, Some("tea"), None),
        (market, None, Some("kiosk 7")),
        (market, None, Some("user_4021_tea-desk-7f3a")),
        (market, None, Some("..")),
        ("", Some("4021"), None),
        ("tea", Some("4021"), None),
        ("http://market.example/api", Some("4021"), None),
        ("http://market.example/api", Some(""), None),
        ("http://market.example/api", Some("tea"), None),
        ("https://market.example/api?tea", Some("4021"), None),
        ("http://127.0.0.1:8080/api", Some("4021"), None),
        ("http://127.0.0.1:8080/api", Some("tea"), None),
    ];
    let filled = forms.map(|(base_url, user_id, client_id)| {
        let form = json!({"baseUrl": base_url, "userId": user_id, "clientId": client_id});
        let mut whole = form.clone();
        whole["token"] = Value::Null;
        whole["keepIn"] = "keyring".into();
        match account_form::checked(&serde_json::from_value(whole).unwrap(), &accounts) {
            Ok((account, _)) => {
                let state = AccountState { account, token: TokenState::None, administers: false };
                Filled { form, account: Some(view::account(&state)), fields: Vec::new() }
            }
            Err(account_form::FormError::Fields(fields)) => Filled { form, account: None, fields },
            Err(error) => panic!("{error:?}"),
        }
    });
    write_json_binding("fixtures/accounts.json", &filled);
}

/// Sign-in forms as tests fill them in, and what is wrong with each before the market is asked.
#[test]
fn export_bindings_fixture_sign_ins() {
    #[derive(Serialize)]
    struct Filled {
        form: Value,
        fields: Vec<FieldError>,
    }
    let market = Accounts::default_base_url().to_string();
    let market = &*market;
    let forms = [
        (market, "password", "", "", None),
        (market, "password", "lin-tea", "", None),
        (market, "password", "lin-tea", "dongding-4021", None),
        (market, "password", "lin-tea", "dongding-4021", Some("")),
        (market, "password", "lin-tea", "dongding-4021", Some("246810")),
        (market, "email", "", "", None),
        (market, "email", "tea@agora.example", "", None),
        (market, "email", "tea@agora.example", "135790", None),
        ("http://market.example/api", "password", "", "", None),
        ("http://127.0.0.1:8080/api", "password", "lin-tea", "dongding-4021", None),
    ];
    let filled = forms.map(|(base_url, by, name, secret, code)| {
        let form = json!({
            "baseUrl": base_url, "by": by, "name": name, "secret": secret, "twoFactorCode": code
        });
        let mut whole = form.clone();
        whole["keepIn"] = "keyring".into();
        let checked = sign_in_form::checked(serde_json::from_value(whole).unwrap());
        Filled { form, fields: checked.err().unwrap_or_default() }
    });
    write_json_binding("fixtures/sign-ins.json", &filled);
}

/// Web sites as people choose them.
#[test]
fn export_bindings_fixture_web_sites() {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Chosen {
        web_site: Option<String>,
        /// As it is said to be in use.
        in_use: String,
        fields: Vec<FieldError>,
    }
    let sites = [
        None,
        Some("https://tea.example"),
        Some("http://tea.example"),
        Some("http://market.example"),
        Some("http://127.0.0.1:5173"),
        Some("tea"),
    ];
    let chosen = sites.map(|site| {
        let preferences = Preferences {
            web_site: site.map(str::to_owned),
            ..Preferences::from(&desk::Preferences::default())
        };
        let error = preferences.check().err();
        let in_use = if error.is_none() { site } else { None };
        Chosen {
            web_site: preferences.web_site,
            in_use: Links::of(in_use, None).web_site(),
            fields: error.into_iter().collect(),
        }
    });
    write_json_binding("fixtures/web-sites.json", &chosen);
}

/// What may be asked at once and written at most, which the page itself keeps to.
#[test]
fn export_bindings_limits() {
    let undo_ms = u64::try_from(UNDO.as_millis()).unwrap();
    let limits = json!({
        "page": ipc::PAGE_LIMIT, "title": MAX_TITLE, "content": MAX_CONTENT, "undoMs": undo_ms,
    });
    write_json_binding("limits.json", &limits);
}
