//! Values as people read them: words for the market's names in capitals, times, and units.
//!
//! What isn't understood stays as it came. Amounts are in [`money`](super::money).

use crate::catalogue::{self, Language};
use crate::dates::{day, moment};
use agora_wire::{Json, text};
use jiff::tz::Offset;

/// The longest that is looked at; more is no name.
const LONGEST: usize = 48;

/// The catalogues' word for a name such as `IN_TRANSIT`, from `value.<set>`. A name without one is
/// made readable in English, whose words it has, and stays as it is elsewhere; what is no name stays
/// everywhere.
pub(super) fn name(language: Language, set: &str, value: String) -> String {
    if let Some(word) = known_name(language, set, &value) {
        return word;
    }
    if language == Language::EN && is_in_capitals(&value) { sentence(&value) } else { value }
}

/// The catalogues' word for a name in any case.
pub(super) fn known_name(language: Language, set: &str, value: &str) -> Option<String> {
    let is_name = value.len() <= LONGEST
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let path = format!("value.{set}.{}", value.to_ascii_uppercase().replace('-', "_"));
    is_name.then(|| catalogue::known(language, &path).map(ToOwned::to_owned))?
}

/// Three letters may as well be an abbreviation, and those are read as they are.
fn is_in_capitals(value: &str) -> bool {
    let is_upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (4..=LONGEST).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_uppercase())
        && value.bytes().all(is_upper)
}

fn sentence(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut text = words.to_ascii_lowercase();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// A time such as `2026-11-24T18:30:00`, as it is written there: the market's times have no zone, so
/// nothing is converted, and a zone that is given is named.
pub(super) fn time(language: Language, value: Json<'_>) -> Option<String> {
    let Some(written) = value.time() else { return text::line(&value.scalar()?) };
    let day = day(language, written.date);
    let zone = match written.zone {
        Some(Offset::UTC) => " UTC".to_owned(),
        Some(offset) => format!(" UTC{offset}"),
        None => String::new(),
    };
    Some(match written.time {
        Some(time) => moment(language, &day, &format!("{}{zone}", time.strftime("%H:%M"))),
        None => day,
    })
}

/// A number with its unit, from `value.<unit>`.
pub(super) fn measure(language: Language, unit: &str, value: String) -> String {
    let is_number = value.parse::<f64>().is_ok_and(f64::is_finite)
        && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number {
        return value;
    }
    catalogue::text_with(language, &format!("value.{unit}"), &[("count", &value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::EN;
    const ZH_TW: Language = Language::ZH_TW;

    #[test]
    fn names_become_words() {
        for (set, value, en, zh_tw) in [
            ("status", "PENDING", "Pending", "待處理"),
            ("status", "SHIPPED", "Shipped", "已出貨"),
            ("status", "shipped", "Shipped", "已出貨"),
            ("status", "IN_TRANSIT", "In transit", "運送中"),
            ("status", "in-transit", "In transit", "運送中"),
            ("status", "PAID", "Paid", "已付款"),
            ("status", "CANCELLED", "Cancelled", "已取消"),
            ("status", "CANCELED", "Cancelled", "已取消"),
            ("status", "REFUNDED", "Refunded", "已退款"),
            ("status", "OPEN", "Open", "營業中"),
            ("status", "CLOSED", "Closed", "已關閉"),
            ("status", "SUSPENDED", "Suspended", "已停權"),
            ("status", "ACTIVE", "Active", "啟用中"),
            ("status", "WAITING_FOR_PICKUP", "Waiting for pick-up", "等待取貨"),
            ("reason", "ORDER_PAYMENT", "Order payment", "訂單付款"),
            ("method", "CREDIT_CARD", "Credit card", "信用卡"),
            ("method", "LINE_PAY", "LINE Pay", "LINE Pay"),
            // Unknown names.
            ("status", "SOME_NEW_STATE", "Some new state", "SOME_NEW_STATE"),
            ("status", "_A__B_", "_A__B_", "_A__B_"),
            ("status", "A__B_2", "A b 2", "A__B_2"),
            ("method", "ATM2", "Atm2", "ATM2"),
            // What is no name.
            ("status", "運送中", "運送中", "運送中"),
            ("status", "On the way", "On the way", "On the way"),
            ("status", "VIP", "VIP", "VIP"),
            ("status", "Half.way", "Half.way", "Half.way"),
            ("status", "7", "7", "7"),
        ] {
            assert_eq!(name(EN, set, value.to_owned()), en, "{value}");
            assert_eq!(name(ZH_TW, set, value.to_owned()), zh_tw, "{value}");
        }
        let long = "A".repeat(200);
        assert_eq!(name(EN, "status", long.clone()), long);
        assert_eq!(known_name(EN, "attachment", "IMAGE").as_deref(), Some("Picture"));
        assert_eq!(known_name(EN, "attachment", "TEXT"), None);
    }

    #[test]
    fn times_are_shown_as_they_are_written() {
        let time = |language, json: &str| time(language, Json::read(json)?);
        for (json, en, zh_tw) in [
            (r#""2026-11-24T18:30:00""#, "24 Nov 18:30", "11月24日 18:30"),
            (r#""2026-11-24T18:30""#, "24 Nov 18:30", "11月24日 18:30"),
            (r#""2026-11-24 08:05:59.123456""#, "24 Nov 08:05", "11月24日 08:05"),
            (r#""2026-11-04""#, "4 Nov", "11月4日"),
            (r#""2026-11-24T18:30:00Z""#, "24 Nov 18:30 UTC", "11月24日 18:30 UTC"),
            (r#""2026-11-24T18:30:00+08:00""#, "24 Nov 18:30 UTC+08", "11月24日 18:30 UTC+08"),
            (
                r#""2026-11-24T18:30:00+05:30""#,
                "24 Nov 18:30 UTC+05:30",
                "11月24日 18:30 UTC+05:30",
            ),
            (
                r#""2026-11-24T18:30:00+08:00[Asia/Taipei]""#,
                "24 Nov 18:30 UTC+08",
                "11月24日 18:30 UTC+08",
            ),
            ("[2026,11,24,18,30]", "24 Nov 18:30", "11月24日 18:30"),
            ("[2026,11,4]", "4 Nov", "11月4日"),
            ("1795545000", "24 Nov 18:30 UTC", "11月24日 18:30 UTC"),
            ("1795545000000", "24 Nov 18:30 UTC", "11月24日 18:30 UTC"),
        ] {
            assert_eq!(time(EN, json).as_deref(), Some(en));
            assert_eq!(time(ZH_TW, json).as_deref(), Some(zh_tw));
        }
        for other in
            ["18:30", "明天下午", "2026-13-01", "2026-02-30T10:00:00", "2026-11-24T25:00:00", "25"]
        {
            assert_eq!(time(EN, &format!("\"{other}\"")).as_deref(), Some(other));
        }
        assert_eq!(time(EN, "25").as_deref(), Some("25"));
        for nothing in ["null", "\"\"", "[1,2]", "{}"] {
            assert_eq!(time(EN, nothing), None);
        }
    }

    #[test]
    fn numbers_have_their_unit() {
        for (value, en, zh_tw) in [
            ("25", "25 min", "25 分鐘"),
            ("soon", "soon", "soon"),
            ("-5", "-5", "-5"),
            (".", ".", "."),
        ] {
            assert_eq!(measure(EN, "minutes", value.to_owned()), en);
            assert_eq!(measure(ZH_TW, "minutes", value.to_owned()), zh_tw);
        }
        assert_eq!(measure(ZH_TW, "kilometres", "2.4".to_owned()), "2.4 公里");
    }
}
