//! From an event to an alert.

use crate::catalogue::Language;
use crate::fields::{Fields, Known, LINK, said};
use crate::{
    Category, Kind, NewAlert, Notice, Origin, Presentation, Words, kind, notice, raw, translated,
    wording,
};
use agora_wire::{Json, text};
use std::borrow::Cow;

/// The longest kind that is kept; more is nobody's name for anything.
const KIND: usize = 64;
/// The longest `id:` that is kept, in bytes; none that is longer is ever sent back.
const EVENT_ID: usize = 1 << 10;
/// How many fields of an unknown object are shown.
const UNKNOWN_FIELDS: usize = 12;

const TITLE: [&str; 2] = ["title", "subject"];
const URGENT: [&str; 2] = ["isUrgent", "urgent"];
const CONTENT: [&str; 4] = ["content", "message", "body", "text"];

/// The event name under which a notification is read that the market had stored.
const STORED: &str = "NOTIFICATION_RECEIVED";

/// An event of the stream, or a notification that the market had stored, read once: what kind it is,
/// which way it came, and what it says.
#[derive(Debug)]
pub struct Event<'a> {
    name: String,
    kind: String,
    origin: Origin,
    data: &'a str,
    json: Option<Json<'a>>,
    /// Of data that is an object.
    fields: Option<Fields<'a>>,
}

impl<'a> Event<'a> {
    /// Reads an event of the stream: its `event:` name, and its `data:` as it came.
    pub fn read(event: &str, data: &'a str) -> Self {
        let json = Json::read(data);
        let fields = json.and_then(Fields::of);
        let origin = Origin::of_event(event, fields.as_ref());
        let name = text::line(event).unwrap_or_else(|| "message".to_owned());
        Self { kind: kind_of(&name, fields.as_ref()), name, origin, data, json, fields }
    }

    /// Reads a notification that the market had stored, as it lists it.
    pub fn stored(data: &'a str) -> Self {
        Self { origin: Origin::Stored, ..Self::read(STORED, data) }
    }

    /// `data.type` when the data is an object that has one, otherwise the `event:` name.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// A field of its data, where that is an object.
    pub fn get(&self, field: &str) -> Option<Json<'a>> {
        self.fields.as_ref()?.own().get(field)
    }

    /// Whether a person has something to see of it.
    pub fn is_shown(&self) -> bool {
        kind(&self.kind).is_none_or(|kind| kind.presentation != Presentation::Nothing)
    }

    /// The alert that it is; `None` where a person has nothing to see of it. `event_id` is the `id:` that
    /// this very event carried, `at_ms` milliseconds since the Unix epoch (UTC).
    pub fn into_alert(self, event_id: Option<String>, at_ms: i64) -> Option<NewAlert> {
        if !self.is_shown() {
            return None;
        }
        let Self { name, kind: kind_name, origin, data, json, fields } = self;
        let fields = fields.as_ref();
        let known = kind(&kind_name);
        // What makes people act in haste is not said in this app's name on anybody's word.
        let is_hearsay =
            known.is_some_and(|kind| kind.category == Category::Security) && !origin.is_vouched();
        let own_title = fields.and_then(|fields| fields.heading(&TITLE));
        let content = if let Some(fields) = fields {
            fields
                .paragraph(&CONTENT)
                .map_or_else(|| content(known, fields, is_hearsay), Words::same)
        } else {
            // Plain text, an array, a number, null: what there is to say of it is itself.
            let text = json.and_then(Json::text);
            Words::same(text::paragraph(text.as_deref().unwrap_or(data)).unwrap_or_default())
        };
        let title =
            own_title.map_or_else(|| title(&kind_name, known, fields, is_hearsay), Words::same);
        Some(NewAlert {
            at_ms,
            event: name,
            category: known.map_or(Category::System, |kind| kind.category),
            title: translated::said(fields, "title", text::line, title),
            content: translated::said(fields, "content", text::paragraph, content),
            fields: fields.map(searched).unwrap_or_default(),
            link: fields.and_then(Fields::link),
            urgent: known.is_some_and(|kind| kind.urgent)
                || fields.is_some_and(|fields| fields.is_true(&URGENT)),
            raw: raw::kept(data),
            kind: kind_name,
            event_id: event_id.filter(|id| id.len() <= EVENT_ID),
            notice: fields.map_or(Notice::None, |fields| notice::of(fields, &TITLE, &CONTENT)),
            toast: None,
        })
    }
}

/// Turns an event of the stream into an alert, see [`Event`].
pub fn read(event: &str, data: &str, event_id: Option<String>, at_ms: i64) -> Option<NewAlert> {
    Event::read(event, data).into_alert(event_id, at_ms)
}

/// The same of a notification that the market had stored, as it lists it.
pub fn read_stored(data: &str, at_ms: i64) -> Option<NewAlert> {
    Event::stored(data).into_alert(None, at_ms)
}

/// What can be searched for of an event's fields: their values in every language, one a line.
fn searched(fields: &Fields<'_>) -> String {
    let mut values: Vec<String> = Vec::new();
    for language in [Language::EN, Language::ZH_TW] {
        for Known { value, .. } in fields.known(language) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    values.join("\n")
}

/// The known fields of an event's data as people who speak the language read them, in the order to
/// be shown. Of data that was cut off they are those that came before.
pub fn fields_of(data: &str, language: Language) -> Vec<Known> {
    let fields = Json::read(data).and_then(Fields::of);
    fields.map(|fields| fields.known(language)).unwrap_or_default()
}

fn kind_of(event: &str, fields: Option<&Fields<'_>>) -> String {
    fields
        .and_then(|fields| text::line(&fields.own().get("type")?.text()?))
        .unwrap_or_else(|| event.to_owned())
        .chars()
        .take(KIND)
        .collect()
}

fn title(name: &str, known: Option<&Kind>, fields: Option<&Fields<'_>>, is_hearsay: bool) -> Words {
    if let Some(kind) = known
        && let Some(words) = wording::title(kind, fields)
    {
        return if is_hearsay { wording::hearsay(&words) } else { words };
    }
    if name == "message" {
        return Words::at("text.message");
    }
    Words::same(name)
}

fn content(known: Option<&Kind>, fields: &Fields<'_>, is_hearsay: bool) -> Words {
    match known {
        Some(kind) if is_hearsay => wording::hearsay_content(kind, fields),
        Some(kind) => wording::content(kind, fields),
        None => Words::same(listed(fields)),
    }
}

/// An unknown object, as lines of `name: value`; what is shown elsewhere is not repeated, and what
/// is null says nothing.
fn listed(fields: &Fields<'_>) -> String {
    let is_shown = |name: &str, value: Json<'_>| {
        let shown = [&TITLE[..], &CONTENT, &LINK, &URGENT, &["type"]];
        value.scalar().is_some() && shown.iter().any(|names| names.contains(&name))
    };
    fields
        .own()
        .iter()
        .filter(|(name, value)| !value.is_null() && !is_shown(name, *value))
        .filter_map(|(name, value)| {
            let value = said(value).unwrap_or(Cow::Borrowed(value.written()));
            Some(format!("{}: {}", text::line(name)?, text::line(&value)?))
        })
        .take(UNKNOWN_FIELDS)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_link::{Link, WebSite, Why};
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use rand::seq::IndexedRandom;

    #[test]
    fn a_message_in_several_languages_is_read_in_each() {
        let data = r#"{"title":"Tea","content":"Green","i18n":{
            "zh-TW":{"title":"茶\u0007","content":" "},"en":{"content":"Black"},"tlh":{"title":"Dargh"}}}"#;
        let said = alert("message", data);
        let of = |language: Language| (language.of(&said.title), language.of(&said.content));
        assert_eq!(of(Language::EN), ("Tea", "Black"));
        assert_eq!(of(Language::ZH_TW), ("茶", "Green"));
        for other in ["7", "null", r#"{"en":7}"#, r#"{"en":{"title":{}}}"#] {
            let said = alert("message", &format!(r#"{{"title":"Tea","i18n":{other}}}"#));
            assert_eq!(said.title, Words::same("Tea"), "{other}");
        }
    }

    fn alert(event: &str, data: &str) -> NewAlert {
        read(event, data, None, 0).unwrap()
    }

    #[test]
    fn a_known_kind_is_worded_with_its_fields() {
        let alert = alert(
            "ORDER_SHIPPED",
            r#"{"type":"ORDER_SHIPPED","orderNumber":20418,"productName":"手工茶壺","link":"/orders/20418"}"#,
        );
        assert_eq!(alert.title.english(), "Shipped: order #20418");
        assert_eq!(Language::ZH_TW.of(&alert.title), "已出貨：訂單 #20418");
        assert_eq!(alert.content.english(), "手工茶壺");
        assert_eq!(alert.category, Category::Orders);
        assert_eq!(alert.link.as_deref(), Some("/orders/20418"));
        assert!(!alert.urgent);
    }

    #[test]
    fn missing_or_mistyped_fields_fall_back_to_a_bare_wording() {
        for data in [
            r#"{"type":"ORDER_SHIPPED"}"#,
            r#"{"type":"ORDER_SHIPPED","orderId":{"a":1},"link":7}"#,
        ] {
            let alert = alert("ORDER_SHIPPED", data);
            assert_eq!(alert.title.english(), "An order shipped");
            assert_eq!(alert.content, Words::default());
        }
    }

    #[test]
    fn the_markets_own_words_come_first() {
        let alert = alert(
            "message",
            r#"{"type":"SYSTEM_MAINTENANCE_START","title":"今晚維護","content":"02:00\n03:00","isUrgent":true}"#,
        );
        assert_eq!(alert.title, Words::same("今晚維護"));
        assert_eq!(alert.content, Words::same("02:00\n03:00"));
        assert!(alert.urgent);
        assert_eq!(alert.kind, "SYSTEM_MAINTENANCE_START");
    }

    #[test]
    fn fields_are_found_one_level_down() {
        let alert = alert(
            "message",
            r#"{"type":"NOTIFICATION_RECEIVED","notification":{"title":"標題","content":"內容","isUrgent":true}}"#,
        );
        assert_eq!(alert.title, Words::same("標題"));
        assert_eq!(alert.content, Words::same("內容"));
        assert!(alert.urgent);
    }

    #[test]
    fn the_kind_is_the_datas_type_or_else_the_event_name() {
        assert_eq!(alert("message", r#"{"type":"ORDER_SHIPPED"}"#).kind, "ORDER_SHIPPED");
        assert_eq!(alert("ORDER_SHIPPED", r#"{"type":7}"#).kind, "ORDER_SHIPPED");
        assert_eq!(alert("ORDER_SHIPPED", "plain").kind, "ORDER_SHIPPED");
        assert_eq!(read("message", r#"{"type":"SYSTEM_TIME","time":"x"}"#, None, 0), None);
        assert_eq!(read("HEARTBEAT", "", None, 0), None);
        assert_eq!(read("USER_TYPING_START", "{}", None, 0), None);
    }

    #[test]
    fn anything_else_is_shown_as_it_came() {
        let plain = alert("message", "今晚停機，請留意。\n謝謝");
        assert_eq!(plain.title.english(), "Message from the market");
        assert_eq!(Language::ZH_TW.of(&plain.title), "來自市集的訊息");
        assert_eq!(plain.content.english(), "今晚停機，請留意。\n謝謝");
        assert_eq!(alert("message", r#""quoted""#).content.english(), "quoted");
        assert_eq!(alert("message", "[1,2]").content.english(), "[1,2]");
        assert_eq!(alert("message", "42").content.english(), "42");
        assert_eq!(alert("message", "null").content.english(), "null");
        let unknown = alert("BRAND_NEW", r#"{"a":1,"b":{"c":[true]},"d":"x\u0000y"}"#);
        assert_eq!(unknown.title.english(), "BRAND_NEW");
        assert_eq!(unknown.content.english(), "a: 1\nb: {\"c\":[true]}\nd: xy");
        let odd = alert("message", r#"{"title":["a"],"content":{"x":[1]},"body":null,"n":null}"#);
        assert_eq!(odd.title.english(), "Message from the market");
        let mut lines: Vec<_> = odd.content.english().lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, [r#"content: {"x":[1]}"#, r#"title: ["a"]"#]);
    }

    #[test]
    fn a_link_is_kept_as_it_came_so_that_a_hostile_one_says_why_it_does_not_open() {
        let long = format!("/orders/{}", "1".repeat(1_000));
        let with = |link: &str| alert("message", &format!(r#"{{"title":"t","link":{link}}}"#)).link;
        assert_eq!(with(&format!(r#""{long}""#)), Some(long));
        for none in ["7", "true", "null", r#""""#, r#"" \n""#] {
            assert_eq!(with(none), None, "{none}");
        }
        let site = WebSite::parse("https://market.example").unwrap();
        let endless = ["x", "茶", "🍵"].map(|c| format!(r#""/{}""#, c.repeat(90_000)));
        let hostile = [r#""/a b""#, r#""/a\u0000""#, r#""java\nscript:x""#].map(str::to_owned);
        for hostile in hostile.iter().chain(&endless) {
            let link = with(hostile).unwrap();
            assert!(link.len() < 2_100);
            let closed = Link::of(&link, &site, None);
            assert!(matches!(closed, Link::Closed { why: Why::Malformed, .. }), "{closed:?}");
        }
    }

    #[test]
    fn the_event_name_is_as_little_trusted_as_the_data() {
        let alert = alert("\u{202E}EVIL\u{0}\u{1b}", "plain");
        assert_eq!((&*alert.event, &*alert.kind, alert.title.english()), ("EVIL", "EVIL", "EVIL"));
        assert_eq!(read("\u{0}", "plain", None, 0).unwrap().kind, "message");
    }

    #[test]
    fn money_is_not_signed_twice() {
        let data = r#"{"amount":"-1250.0","currency":"USDT","newBalance":3480.5}"#;
        let alert = alert("BALANCE_DECREASED", data);
        assert_eq!(alert.title.english(), "Balance −1,250 USDT");
        assert_eq!(Language::ZH_TW.of(&alert.content), "目前餘額 3,480.5 USDT");
        let amount = &fields_of(data, Language::EN)[0];
        assert_eq!((amount.field.name, &*amount.value), ("amount", "−1,250 USDT"));
    }

    #[test]
    fn money_never_goes_the_other_way_than_the_event_says() {
        let title = |kind: &str, amount: &str| {
            alert(kind, &format!(r#"{{"amount":{amount},"currency":"TWD"}}"#)).title
        };
        assert_eq!(title("BALANCE_INCREASED", "500").english(), "Balance +NT$500");
        assert_eq!(title("BALANCE_INCREASED", "-500").english(), "Your balance increased");
        assert_eq!(title("BALANCE_DECREASED", "500").english(), "Balance −NT$500");
        assert_eq!(title("BALANCE_DECREASED", "-500").english(), "Balance −NT$500");
        assert_eq!(title("RECHARGE_SUCCESS", "-500").english(), "Your top-up is done");
        assert_eq!(title("REFUND_COMPLETED", "-500").english(), "A refund is done");
        assert_eq!(title("WITHDRAW_SUCCESS", "-500").english(), "Withdrawal done: NT$500");
        assert_eq!(title("TRANSACTION_FAILED", "-500").english(), "Transaction failed: −NT$500");
        assert_eq!(title("BALANCE_INCREASED", r#""many""#).english(), "Your balance increased");
    }

    #[test]
    fn a_message_with_a_title_only_says_nothing_else() {
        let alert = alert("message", r#"{"title":"only","content":"","isUrgent":false}"#);
        assert_eq!((alert.title, alert.content), (Words::same("only"), Words::default()));
    }

    #[test]
    fn a_stored_notifications_own_status_is_not_the_orders() {
        let data = r#"{"type":"ORDER","status":"UNREAD","orderId":"7"}"#;
        let fields = fields_of(data, Language::EN);
        let shown: Vec<_> = fields.iter().map(|known| (known.field.name, &*known.value)).collect();
        assert_eq!(shown, [("order", "#7")]);
    }

    #[test]
    fn a_number_that_people_ask_by_stands_by_itself_and_as_it_came() {
        for (data, number) in [
            (r#"{"orderNumber":"AG-1"}"#, Some("AG-1")),
            (r##"{"orderNumber":"#20418"}"##, Some("20418")),
            (r#"{"orderId":7}"#, Some("7")),
            (r#"{"transactionId":"T 1"}"#, Some("T 1")),
            (r#"{"carrier":"T-Cat","trackingNumber":"9087 2231"}"#, Some("9087 2231")),
            (r#"{"carrier":"T-Cat"}"#, None),
            (r#"{"amount":5}"#, None),
            (r#"{"estimatedArrival":"2026-11-24T18:30:00"}"#, None),
        ] {
            let [known] = &fields_of(data, Language::EN)[..] else { panic!("{data}") };
            assert_eq!(known.number.as_deref(), number, "{data}");
        }
    }

    #[test]
    fn an_alert_is_the_same_in_whatever_forms_its_values_come() {
        let mut random = StdRng::seed_from_u64(11);
        for _ in 0..2_000 {
            let mut any = |forms: &[&'static str]| *forms.choose(&mut random).unwrap();
            let id = any(&["505", "505.0", "\"505\"", "\" 505 \""]);
            let urgent = any(&["true", "\"true\"", "\"True\"", "1", "\"1\""]);
            let order = any(&["12345678901234567890", "\"12345678901234567890\""]);
            let amount = any(&["1250.50", "\"1250.50\"", "\"1,250.50\"", "125050e-2", "125050E-2"]);
            let time = any(&[
                r#""2026-11-24T18:30:00""#,
                r#""2026-11-24 18:30""#,
                "[2026,11,24,18,30]",
                "[2026,11,24,18,30,0,0]",
            ]);
            let bad =
                any(&["null", "1e400", r#""\ud83d""#, "\"\u{0}\"", "{}", "NaN", r#"1,"x":2"#]);
            let data = format!(
                r#"{{"x":{bad},"type":"ORDER_SHIPPED","notificationId":{id},"isUrgent":{urgent},"orderNumber":{order},
                "amount":{amount},"currency":"TWD","estimatedArrival":{time},"link":"/a"}}"#
            );
            let alert = alert("message", &data);
            assert_eq!(alert.notice, Notice::None, "an id is nobody's: {data}");
            assert!(alert.urgent, "{data}");
            assert_eq!(alert.title.english(), "Shipped: order #12345678901234567890", "{data}");
            assert_eq!(alert.content.english(), "Expected 24 Nov 18:30", "{data}");
            let fields = fields_of(&data, Language::EN);
            let amount = fields.iter().find(|known| known.field.name == "amount");
            assert_eq!(amount.unwrap().value, "NT$1,250.50", "{data}");
        }
    }

    #[test]
    fn an_event_says_its_kind_its_fields_and_its_id_if_that_is_no_book() {
        let event = Event::read("CHAT_MESSAGE", r#"{"type":"NEW_MESSAGE","orderId":7}"#);
        assert_eq!(event.kind(), "NEW_MESSAGE");
        assert_eq!(event.get("orderId").and_then(Json::id), Some(7));
        assert!(event.get("title").is_none());
        assert_eq!(Event::read("CHAT_MESSAGE", "plain").kind(), "CHAT_MESSAGE");
        for (length, is_kept) in [(1, true), (EVENT_ID, true), (EVENT_ID + 1, false)] {
            let id = Some("x".repeat(length));
            let alert = read("message", "hello", id.clone(), 0).unwrap();
            assert_eq!(alert.event_id, id.filter(|_| is_kept), "{length}");
        }
    }

    #[test]
    fn an_orders_number_has_one_sign_before_it_however_it_is_written() {
        for number in ["20418", "#20418"] {
            let data = format!(r#"{{"type":"ORDER_SHIPPED","orderId":"{number}"}}"#);
            let title = read("message", &data, None, 0).unwrap().title;
            let title = title.english();
            assert!(title.contains("#20418") && !title.contains("##"), "{title}");
        }
    }
}
