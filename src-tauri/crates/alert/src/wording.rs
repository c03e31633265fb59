//! What is said of an event that doesn't say it itself: the catalogues' variants, filled with the
//! event's fields.
//!
//! `kind.<NAME>.title` is a list of which the first is taken whose placeholders all have a value.
//! `kind.<NAME>.content` is one too, but each of its parts (between line breaks, and between
//! `value.separator`) stands for itself: those without a value are left out. What a field holds was
//! cleaned and cut when it was read.

use super::Kind;
use super::fields::{FIELDS, Fields};
use super::money::Money;
use crate::Words;
use crate::catalogue::{self, Language};
use agora_wire::text;

/// The most characters of one field in a title, so that the title still says what happened.
const IN_TITLE: usize = 40;

/// The title of a kind, where it has one.
pub(super) fn title(kind: &Kind, fields: Option<&Fields<'_>>) -> Option<Words> {
    let say = |language| {
        let value =
            |name: &str| Some(text::shortened(value(kind, fields?, name, language)?, IN_TITLE));
        let titles = catalogue::variants(language, &format!("kind.{}.title", kind.name));
        titles.iter().find_map(|title| catalogue::filled(title, value))
    };
    let english = say(Language::EN)?;
    Some(Words::each(|language| say(language).unwrap_or_else(|| english.clone())))
}

/// What a mere message says, as that.
pub(super) fn hearsay(words: &Words) -> Words {
    Words::each(|language| {
        catalogue::text_with(language, "text.hearsay", &[("title", language.of(words))])
    })
}

/// The content of a kind; empty where there is nothing more to say.
pub(super) fn content(kind: &Kind, fields: &Fields<'_>) -> Words {
    content_with(kind, fields, |_| true)
}

/// The same of a mere message: what it says itself, and nothing that the app would add.
pub(super) fn hearsay_content(kind: &Kind, fields: &Fields<'_>) -> Words {
    content_with(kind, fields, |part| part.contains('{'))
}

fn content_with(kind: &Kind, fields: &Fields<'_>, is_said: impl Fn(&str) -> bool) -> Words {
    Words::each(|language| {
        let value = |name: &str| value(kind, fields, name, language);
        let separator = catalogue::text(language, "value.separator");
        let joined = |parts: Vec<String>, separator: &str| {
            (!parts.is_empty()).then(|| parts.join(separator))
        };
        let line = |line: &str| {
            let parts = line.split(separator).filter(|part| is_said(part));
            let parts = parts.filter_map(|part| catalogue::filled(part, value));
            joined(parts.collect(), separator)
        };
        let contents = catalogue::variants(language, &format!("kind.{}.content", kind.name));
        let mut contents = contents
            .iter()
            .filter_map(|content| joined(content.lines().filter_map(line).collect(), "\n"));
        contents.next().unwrap_or_default()
    })
}

/// What stands for a placeholder. An amount has to be one there.
fn value(kind: &Kind, fields: &Fields<'_>, name: &str, language: Language) -> Option<String> {
    let field = FIELDS.iter().find(|field| field.name == name)?;
    if !field.is_money() {
        return fields.get(field, language);
    }
    let money = fields.money(field)?;
    let money = if name == "amount" { one_way(kind, money)? } else { money };
    Some(money.written(language))
}

/// A wording that says by itself which way the money went takes no amount that says the opposite,
/// and says no direction twice.
fn one_way(kind: &Kind, money: Money) -> Option<Money> {
    match kind.name {
        "BALANCE_INCREASED" | "RECHARGE_SUCCESS" | "REFUND_REQUESTED" | "REFUND_COMPLETED"
            if money.is_negative() =>
        {
            None
        }
        "BALANCE_DECREASED" | "WITHDRAW_SUCCESS" => Some(money.unsigned()),
        _ => Some(money),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KINDS, kind};
    use agora_wire::Json;
    use serde_json::{Value, json};

    fn said(name: &str, data: &Value) -> (Words, Words) {
        let data = data.to_string();
        let fields = Fields::of(Json::read(&data).unwrap()).unwrap();
        let kind = kind(name).unwrap();
        (title(kind, Some(&fields)).unwrap(), content(kind, &fields))
    }

    #[test]
    fn parts_of_a_content_without_a_value_are_left_out() {
        for (data, en, zh_tw) in [
            (
                json!({ "productName": "茶壺", "carrier": "黑貓", "estimatedArrival": "2026-11-26" }),
                "茶壺 · 黑貓 · Expected 26 Nov",
                "茶壺・黑貓・預計 11月26日 送達",
            ),
            (
                json!({ "productName": "a · b・c", "estimatedArrival": "明天" }),
                "a · b・c · Expected 明天",
                "a · b・c・預計 明天 送達",
            ),
            (json!({ "carrier": "黑貓", "trackingNo": 77 }), "黑貓 77", "黑貓 77"),
            (json!({}), "", ""),
        ] {
            let (_, content) = said("ORDER_SHIPPED", &data);
            assert_eq!((Language::EN.of(&content), Language::ZH_TW.of(&content)), (en, zh_tw));
        }
        let (_, locked) = said("ACCOUNT_LOCKED", &json!({ "reason": "TOO_MANY_ATTEMPTS" }));
        assert_eq!(locked.english(), "Too many attempts\nContact the market to unlock it.");
        let (_, locked) = said("ACCOUNT_LOCKED", &json!({}));
        assert_eq!(Language::ZH_TW.of(&locked), "請聯絡市集解除鎖定。");
    }

    #[test]
    fn a_title_takes_the_most_telling_variant_that_it_can_fill() {
        for (data, en) in [
            (
                json!({ "orderId": 7, "totalAmount": "1,280", "currency": "TWD" }),
                "New order for NT$1,280: #7",
            ),
            (json!({ "orderId": 7, "totalAmount": "many" }), "New order: #7"),
            (json!({ "totalAmount": 12.5, "currency": "USD" }), "New order for $12.50"),
            (json!({ "orderId": null }), "A new order was placed"),
        ] {
            assert_eq!(said("ORDER_CREATED", &data).0.english(), en);
        }
    }

    #[test]
    fn a_long_name_leaves_room_for_what_happened() {
        let (title, _) = said("DELIVERY_PICKED_UP", &json!({ "courierName": "a".repeat(90_000) }));
        assert_eq!(title.english(), format!("{}… picked up a delivery", "a".repeat(IN_TITLE)));
    }

    #[test]
    fn a_name_from_right_to_left_keeps_to_its_place_in_the_sentence() {
        let data = json!({ "orderNumber": 7, "senderName": "متجر الشاي", "storeName": "tea" });
        let (title, _) = said("CHAT_MESSAGE", &data);
        assert_eq!(title.english(), "Message from \u{2068}متجر الشاي\u{2069}");
        let (title, _) = said("CHAT_MESSAGE", &json!({ "senderName": "林美華" }));
        assert_eq!(title.english(), "Message from 林美華");
    }

    #[test]
    fn every_placeholder_is_a_field() {
        for kind in KINDS {
            for part in ["title", "content"] {
                for language in Language::ALL {
                    for text in catalogue::variants(language, &format!("kind.{}.{part}", kind.name))
                    {
                        let is_field = |name: &str| {
                            FIELDS.iter().any(|field| field.name == name).then(String::new)
                        };
                        assert!(
                            catalogue::filled(text, is_field).is_some(),
                            "{}: {text}",
                            kind.name
                        );
                    }
                }
            }
        }
    }
}
