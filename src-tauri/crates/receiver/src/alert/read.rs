//! From an event to an alert.

use super::fields::{Field, Fields, LINK, scalar};
use super::{Kind, Presentation, kind, text};
use crate::catalogue::{self, Language};
use agora_inbox::{Category, NewAlert, Words};
use serde_json::{Map, Value};

/// The longest kind that is kept; more is nobody's name for anything.
const KIND: usize = 64;
/// How many fields of an unknown object are shown.
const UNKNOWN_FIELDS: usize = 12;

const TITLE: [&str; 2] = ["title", "subject"];
const URGENT: [&str; 2] = ["isUrgent", "urgent"];
const CONTENT: [&str; 4] = ["content", "message", "body", "text"];

/// Turns an event into an alert, or into nothing where a person has nothing to see of it.
///
/// `event` is the `event:` name, `data` the `data:` as it came, `event_id` the `id:` that this very
/// event carried, `received_ms` milliseconds since the Unix epoch (UTC).
pub fn read(
    event: &str,
    data: &str,
    event_id: Option<String>,
    received_ms: i64,
) -> Option<NewAlert> {
    let value = serde_json::from_str::<Value>(data).ok();
    let object = value.as_ref().and_then(Value::as_object);
    let event_name = text::line(event).unwrap_or_else(|| "message".to_owned());
    let name = kind_of(&event_name, object);
    let known = kind(&name);
    if known.is_some_and(|kind| kind.presentation == Presentation::Nothing) {
        return None;
    }
    let fields = object.map(Fields::of);
    let own = |keys: &[&str]| fields.and_then(|fields| fields.first(keys));
    let title = own(&TITLE).map_or_else(|| title(&name, known, fields), Words::same);
    let content = match fields {
        Some(fields) => {
            fields.paragraph(&CONTENT).map_or_else(|| content(known, fields, object), Words::same)
        }
        // Plain text, an array, a number, null: what there is to say of it is itself.
        None => Words::same(text::paragraph(&plain(value.as_ref(), data)).unwrap_or_default()),
    };
    Some(NewAlert {
        received_ms,
        event: event_name,
        category: known.map_or(Category::System, |kind| kind.category),
        title,
        content,
        link: fields.and_then(Fields::link),
        urgent: known.is_some_and(|kind| kind.urgent)
            || fields.is_some_and(|fields| fields.is_true(&URGENT)),
        raw: data.to_owned(),
        kind: name,
        event_id,
    })
}

/// The known fields of an event's data, in the order to be shown.
pub fn fields_of(data: &str) -> Vec<(Field, String)> {
    let Ok(Value::Object(object)) = serde_json::from_str(data) else {
        return Vec::new();
    };
    let fields = Fields::of(&object);
    Field::ALL.into_iter().filter_map(|field| Some((field, fields.get(field)?))).collect()
}

/// `data.type` when the data is an object that has one, otherwise the `event:` name.
fn kind_of(event: &str, object: Option<&Map<String, Value>>) -> String {
    object
        .and_then(|object| object.get("type")?.as_str())
        .and_then(text::line)
        .unwrap_or_else(|| event.to_owned())
        .chars()
        .take(KIND)
        .collect()
}

fn title(name: &str, known: Option<&Kind>, fields: Option<Fields<'_>>) -> Words {
    if let Some(kind) = known
        && let Some(words) = worded(kind, "title", fields)
    {
        return words;
    }
    if name == "message" {
        return catalogue::both("text.message");
    }
    Words::same(name)
}

fn content(known: Option<&Kind>, fields: Fields<'_>, object: Option<&Map<String, Value>>) -> Words {
    match known {
        Some(kind) => worded(kind, "content", Some(fields)).unwrap_or_default(),
        None => Words::same(listed(object)),
    }
}

/// The catalogues' wording of a kind: the first variant all of whose placeholders have a value.
fn worded(kind: &Kind, part: &str, fields: Option<Fields<'_>>) -> Option<Words> {
    let value = |name: &str| {
        let field = Field::ALL.into_iter().find(|field| field.name() == name)?;
        match field {
            Field::Amount => amount(kind, &fields?.get(field)?),
            _ => fields?.get(field),
        }
    };
    let path = format!("kind.{}.{part}", kind.name);
    let word = |language| {
        catalogue::variants(language, &path).find_map(|variant| catalogue::filled(variant, value))
    };
    Some(Words { en: word(Language::En)?, zh_tw: word(Language::ZhTw)? })
}

/// An amount as the wording takes it. A wording that says by itself which way the money went takes
/// no amount that says the opposite.
fn amount(kind: &Kind, amount: &str) -> Option<String> {
    let number = amount.split(' ').next()?.replace(',', "");
    let is_negative = number.parse::<f64>().ok()? < 0.0;
    match kind.name {
        "BALANCE_INCREASED" if is_negative => None,
        "BALANCE_INCREASED" | "BALANCE_DECREASED" => {
            Some(amount.trim_start_matches(['-', '+']).to_owned())
        }
        _ => Some(amount.to_owned()),
    }
}

/// An unknown object, as lines of `name: value`; what is shown elsewhere is not repeated.
fn listed(object: Option<&Map<String, Value>>) -> String {
    let is_shown = |key: &str| {
        let shown = [&TITLE[..], &CONTENT, &LINK, &URGENT, &["type"]];
        shown.iter().any(|keys| keys.contains(&key))
    };
    object
        .into_iter()
        .flatten()
        .filter(|(key, _)| !is_shown(key))
        .filter_map(|(key, value)| {
            let value = scalar(value).unwrap_or_else(|| value.to_string());
            Some(format!("{}: {}", text::line(key)?, text::line(&value)?))
        })
        .take(UNKNOWN_FIELDS)
        .collect::<Vec<_>>()
        .join("\n")
}

/// JSON text without its quotes; anything else as it came.
fn plain(value: Option<&Value>, data: &str) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        _ => data.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::KINDS;

    fn alert(event: &str, data: &str) -> NewAlert {
        read(event, data, None, 0).unwrap()
    }

    #[test]
    fn a_known_kind_is_worded_with_its_fields() {
        let alert = alert(
            "ORDER_SHIPPED",
            r#"{"type":"ORDER_SHIPPED","orderNumber":20418,"productName":"手工茶壺","link":"/orders/20418"}"#,
        );
        assert_eq!(alert.title.en, "Order #20418 shipped");
        assert_eq!(alert.title.zh_tw, "訂單 #20418 已出貨");
        assert_eq!(alert.content.en, "手工茶壺");
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
            assert_eq!(alert.title.en, "An order shipped");
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
        assert_eq!(plain.title.en, "Message from the market");
        assert_eq!(plain.title.zh_tw, "來自市集的訊息");
        assert_eq!(plain.content.en, "今晚停機，請留意。\n謝謝");
        assert_eq!(alert("message", r#""quoted""#).content.en, "quoted");
        assert_eq!(alert("message", "[1,2]").content.en, "[1,2]");
        assert_eq!(alert("message", "42").content.en, "42");
        assert_eq!(alert("message", "null").content.en, "null");
        let unknown = alert("BRAND_NEW", r#"{"a":1,"b":{"c":[true]},"d":"x\u0000y"}"#);
        assert_eq!(unknown.title.en, "BRAND_NEW");
        assert_eq!(unknown.content.en, "a: 1\nb: {\"c\":[true]}\nd: xy");
    }

    #[test]
    fn a_link_is_taken_whole_or_not_at_all() {
        let long = format!("/orders/{}", "1".repeat(1_000));
        let with = |link: &str| alert("message", &format!(r#"{{"title":"t","link":{link}}}"#)).link;
        assert_eq!(with(&format!(r#""{long}""#)), Some(long));
        for wrong in ["7", "true", "null", r#""""#, r#""/a b""#, r#""/a\u0000""#] {
            assert_eq!(with(wrong), None, "{wrong}");
        }
        assert_eq!(with(&format!(r#""/{}""#, "x".repeat(3_000))), None);
    }

    #[test]
    fn the_event_name_is_as_little_trusted_as_the_data() {
        let alert = alert("\u{202E}EVIL\u{0}\u{1b}", "plain");
        assert_eq!((&*alert.event, &*alert.kind, &*alert.title.en), ("EVIL", "EVIL", "EVIL"));
        assert_eq!(read("\u{0}", "plain", None, 0).unwrap().kind, "message");
    }

    #[test]
    fn money_is_not_signed_twice() {
        let data = r#"{"amount":"-1250.0","currency":"USDT","newBalance":3480.5}"#;
        let alert = alert("BALANCE_DECREASED", data);
        assert_eq!(alert.title.en, "Balance −1250.0 USDT");
        assert_eq!(alert.content.zh_tw, "目前餘額 3480.5 USDT");
        assert_eq!(fields_of(data)[0], (Field::Amount, "-1250.0 USDT".to_owned()));
    }

    #[test]
    fn money_never_goes_the_other_way_than_the_event_says() {
        let title = |kind: &str, amount: &str| {
            alert(kind, &format!(r#"{{"amount":{amount},"currency":"TWD"}}"#)).title.en
        };
        assert_eq!(title("BALANCE_INCREASED", "500"), "Balance +500 TWD");
        assert_eq!(title("BALANCE_INCREASED", "-500"), "Your balance increased");
        assert_eq!(title("BALANCE_DECREASED", "500"), "Balance −500 TWD");
        assert_eq!(title("BALANCE_DECREASED", "-500"), "Balance −500 TWD");
        assert_eq!(title("TRANSACTION_FAILED", "-500"), "Transaction of -500 TWD failed");
        assert_eq!(title("BALANCE_INCREASED", r#""many""#), "Your balance increased");
    }

    #[test]
    fn a_message_with_a_title_only_says_nothing_else() {
        let alert = alert("message", r#"{"title":"only","content":"","isUrgent":false}"#);
        assert_eq!((alert.title, alert.content), (Words::same("only"), Words::default()));
    }

    #[test]
    fn a_stored_notifications_own_status_is_not_the_orders() {
        let data = r#"{"type":"ORDER","status":"UNREAD","orderId":"7"}"#;
        assert_eq!(fields_of(data), [(Field::Order, "#7".to_owned())]);
    }

    #[test]
    fn every_kind_has_a_bare_wording_in_both_languages() {
        for kind in KINDS.iter().filter(|kind| kind.presentation != Presentation::Nothing) {
            let words = worded(kind, "title", None);
            assert!(words.is_some_and(|words| !words.en.is_empty()), "{} has none", kind.name);
        }
    }
}
