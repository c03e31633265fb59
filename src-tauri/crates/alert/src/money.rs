//! Amounts of money as people read them.
//!
//! Works on decimal text and never rounds: every digit of it is shown as it was written, or it is no
//! amount. Finding the amount and its currency in an event is not here.

use crate::catalogue::{self, Language};

/// The most digits before and after the point; what has more is no amount of money.
const INTEGER: usize = 15;
const FRACTION: usize = 18;
/// Stands before amounts that went out (U+2212); a hyphen could break a line.
const MINUS: char = '−';
/// Signs that several currencies share: alone they don't say which.
const SHARED: [&str; 4] = ["$", "＄", "¥", "￥"];

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Money {
    is_negative: bool,
    /// Without leading zeros, but for a single one.
    integer: String,
    /// As it was written; empty where there are nothing but zeros.
    fraction: String,
    unit: Option<Unit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Unit {
    Known(&'static Currency),
    /// As it came, before the number.
    Sign(&'static str),
    /// As it came, after the number.
    Code(String),
}

#[derive(Debug, PartialEq, Eq)]
struct Currency {
    /// By ISO 4217.
    code: &'static str,
    /// Its sign. `value.sign` in the catalogues has those that are others by the language.
    sign: &'static str,
    /// Digits after the point that are written even when they are zero.
    digits: usize,
    /// Other names that are met in texts.
    aliases: &'static [&'static str],
}

const fn currency(
    code: &'static str,
    sign: &'static str,
    digits: usize,
    aliases: &'static [&'static str],
) -> Currency {
    Currency { code, sign, digits, aliases }
}

/// The currencies with a sign of their own. The others are written with their code.
static CURRENCIES: [Currency; 15] = [
    currency("TWD", "NT$", 0, &["NTD", "NT", "元", "新台幣", "新臺幣"]),
    currency("USD", "US$", 2, &[]),
    currency("JPY", "JP¥", 0, &["日圓"]),
    currency("CNY", "CN¥", 2, &["RMB", "人民幣"]),
    currency("HKD", "HK$", 2, &["港幣"]),
    currency("KRW", "₩", 0, &[]),
    currency("EUR", "€", 2, &[]),
    currency("GBP", "£", 2, &[]),
    currency("SGD", "S$", 2, &[]),
    currency("AUD", "A$", 2, &["AU$"]),
    currency("CAD", "CA$", 2, &[]),
    currency("MYR", "RM", 2, &[]),
    currency("THB", "฿", 2, &[]),
    currency("PHP", "₱", 2, &[]),
    currency("VND", "₫", 0, &[]),
];

impl Money {
    /// Reads `1250`, `1,250.00`, `-1250.0`, `NT$1,250`, `1250 TWD` or `1e-7`. `currency` is what the
    /// event says beside it; a currency in the amount itself goes before. `None` for anything else.
    pub(super) fn read(amount: &str, currency: Option<&str>) -> Option<Self> {
        let (sign, rest) = signed(amount.trim());
        let before = rest.find(|c: char| c.is_ascii_digit() || "+-−.".contains(c))?;
        let (unit_before, rest) = rest.split_at(before);
        let (inner_sign, rest) = signed(rest);
        let (number, unit_after) = rest.split_at(number_end(rest));
        if sign.is_some() && inner_sign.is_some() {
            return None;
        }
        let (integer, fraction) = decimal(number)?;
        let own = match (unit_before.trim(), unit_after.trim()) {
            ("", "") => None,
            (unit, "") => Some(Unit::of(unit)?),
            ("", unit) if unit.chars().any(|c| c.is_ascii_lowercase()) => return None,
            ("", unit) => Some(Unit::of(unit)?),
            _ => return None,
        };
        let beside = currency.and_then(Unit::of);
        let is_zero = integer == "0" && fraction.is_empty();
        Some(Self {
            is_negative: !is_zero && sign.or(inner_sign) == Some(Sign::Minus),
            integer,
            fraction,
            unit: match own {
                Some(Unit::Sign(_)) => beside.or(own),
                _ => own.or(beside),
            },
        })
    }

    /// The sum of two amounts of one currency, neither of which is less than nothing; `None` for others, or
    /// where it is too much to be an amount.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        if self.unit != other.unit || self.is_negative || other.is_negative {
            return None;
        }
        let sum = self.smallest()?.checked_add(other.smallest()?)?;
        let digits = format!("{sum:0>width$}", width = FRACTION + 1);
        let (integer, fraction) = digits.split_at(digits.len() - FRACTION);
        let wanted = self.fraction.len().max(other.fraction.len());
        let fraction = fraction.get(..wanted)?;
        let is_whole = fraction.bytes().all(|digit| digit == b'0');
        (integer.len() <= INTEGER).then(|| Self {
            integer: integer.to_owned(),
            fraction: if is_whole { String::new() } else { fraction.to_owned() },
            ..self.clone()
        })
    }

    /// The amount in the smallest part that is written of any.
    fn smallest(&self) -> Option<u128> {
        format!("{}{:0<FRACTION$}", self.integer, self.fraction).parse().ok()
    }

    /// Whether it is less than nothing.
    pub(super) fn is_negative(&self) -> bool {
        self.is_negative
    }

    /// The amount without its sign.
    pub(super) fn unsigned(self) -> Self {
        Self { is_negative: false, ..self }
    }

    /// The amount for people: `NT$1,250`, `−$12.50`, `1,250.5 USDT`.
    pub(super) fn written(&self, language: Language) -> String {
        let digits = match &self.unit {
            Some(Unit::Known(currency)) => currency.digits,
            _ => 0,
        };
        let mut number = grouped(&self.integer, catalogue::text(language, "value.group"));
        let fraction = format!("{:0<digits$}", self.fraction);
        if !fraction.is_empty() {
            number.push_str(catalogue::text(language, "value.point"));
            number.push_str(&fraction);
        }
        let minus = if self.is_negative { MINUS.to_string() } else { String::new() };
        match &self.unit {
            None => format!("{minus}{number}"),
            Some(Unit::Code(code)) => format!("{minus}{number} {code}"),
            Some(Unit::Sign(sign)) => format!("{minus}{sign}{number}"),
            Some(Unit::Known(currency)) => {
                let path = format!("value.sign.{}", currency.code);
                let sign = catalogue::known(language, &path).unwrap_or(currency.sign);
                format!("{minus}{sign}{number}")
            }
        }
    }
}

impl Unit {
    /// A currency's code, sign or other name; `None` for what can't be one.
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(sign) = SHARED.into_iter().find(|sign| *sign == text) {
            return Some(Self::Sign(sign));
        }
        let code = text.to_ascii_uppercase();
        let is_it = |currency: &&Currency| {
            [currency.code, currency.sign].contains(&&*code) || currency.aliases.contains(&&*code)
        };
        if let Some(currency) = CURRENCIES.iter().find(is_it) {
            return Some(Self::Known(currency));
        }
        let fits = (3..=6).contains(&code.len())
            && code.starts_with(|c: char| c.is_ascii_uppercase())
            && code.chars().all(|c| c.is_ascii_alphanumeric());
        fits.then_some(Self::Code(code))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

fn signed(text: &str) -> (Option<Sign>, &str) {
    let mut chars = text.chars();
    match chars.next() {
        Some('-' | MINUS) => (Some(Sign::Minus), chars.as_str().trim_start()),
        Some('+') => (Some(Sign::Plus), chars.as_str().trim_start()),
        _ => (None, text),
    }
}

/// Where the number ends that the text begins with; an exponent belongs to it where it has digits.
fn number_end(text: &str) -> usize {
    let end =
        text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(text.len());
    let exponent = text[end..].strip_prefix(['e', 'E']).unwrap_or_default();
    let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let behind = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() == behind.len() { end } else { text.len() - behind.len() }
}

/// The digits before and after the point, with an exponent carried out.
fn decimal(number: &str) -> Option<(String, String)> {
    let (number, exponent) = match number.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i16>().ok()?),
        None => (number, 0),
    };
    let (integer, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some((integer, fraction)) => (integer, fraction),
        None => (number, ""),
    };
    let integer = ungrouped(integer)?;
    let is_number = integer.len() + fraction.len() > 0
        && fraction.bytes().all(|digit| digit.is_ascii_digit())
        && integer.len() + fraction.len() <= INTEGER + FRACTION;
    if !is_number || usize::from(exponent.unsigned_abs()) > INTEGER + FRACTION {
        return None;
    }
    let zeros = "0".repeat(exponent.unsigned_abs().into());
    let (integer, fraction) = if exponent < 0 {
        let all = zeros + &integer;
        let (kept, moved) = all.split_at(integer.len());
        (kept.to_owned(), format!("{moved}{fraction}"))
    } else {
        let all = fraction.to_owned() + &zeros;
        let (moved, kept) = all.split_at(exponent.unsigned_abs().into());
        (format!("{integer}{moved}"), kept.to_owned())
    };
    let integer = integer.trim_start_matches('0');
    let integer = if integer.is_empty() { "0" } else { integer };
    // 1250.0 is how some serializers write 1250, and 1250.00 how most databases do.
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    let fraction = if is_whole { "" } else { &*fraction };
    (integer.len() <= INTEGER && fraction.len() <= FRACTION)
        .then(|| (integer.to_owned(), fraction.to_owned()))
}

/// Digits without their commas; `None` where those don't stand at every third.
fn ungrouped(integer: &str) -> Option<String> {
    let mut groups = integer.split(',');
    let first = groups.next()?;
    let is_plain = first.bytes().all(|digit| digit.is_ascii_digit());
    let mut digits = first.to_owned();
    for group in groups {
        let fits = group.len() == 3 && (1..=3).contains(&first.len());
        if !fits || !group.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        digits.push_str(group);
    }
    is_plain.then_some(digits)
}

/// What parts the groups, before every third digit.
fn grouped(digits: &str, group: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(group);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_one_currency_are_added_up_without_rounding() {
        for (one, other, sum) in [
            ("NT$1,250", "5050", Some("NT$6,300")),
            ("NT$0.25", "NT$0.75", Some("NT$1")),
            ("US$1.5", "US$2.25", Some("$3.75")),
            ("0.000000000000000001 ETH", "1 ETH", Some("1.000000000000000001 ETH")),
            ("US$1", "NT$1", None),
            ("-5", "6", None),
            ("999999999999999", "1", None),
        ] {
            let read = |text| Money::read(text, Some("TWD")).unwrap();
            let added = read(one).plus(&read(other));
            let written = added.map(|sum| sum.written(Language::EN));
            assert_eq!(written.as_deref(), sum, "{one} + {other}");
        }
    }

    fn written(amount: &str, currency: Option<&str>) -> Option<(String, String)> {
        let money = Money::read(amount, currency)?;
        Some((money.written(Language::EN), money.written(Language::ZH_TW)))
    }

    #[test]
    fn amounts_are_written_as_each_language_does() {
        for (amount, currency, en, zh_tw) in [
            ("1250", Some("TWD"), "NT$1,250", "NT$1,250"),
            ("1250.0", Some("TWD"), "NT$1,250", "NT$1,250"),
            ("1250.5", Some("twd"), "NT$1,250.5", "NT$1,250.5"),
            ("1250.05", Some("元"), "NT$1,250.05", "NT$1,250.05"),
            ("12.5", Some("USD"), "$12.50", "US$12.50"),
            ("12", Some("USD"), "$12.00", "US$12.00"),
            ("12.505", Some("USD"), "$12.505", "US$12.505"),
            ("980", Some("JPY"), "¥980", "JP¥980"),
            ("1000000", Some("KRW"), "₩1,000,000", "₩1,000,000"),
            ("0.30", Some("TWD"), "NT$0.30", "NT$0.30"),
            ("1250.50", Some("USDT"), "1,250.50 USDT", "1,250.50 USDT"),
            ("0.00012300", Some("BTC"), "0.00012300 BTC", "0.00012300 BTC"),
            ("999", None, "999", "999"),
            ("1,250.00", None, "1,250", "1,250"),
            ("1,234,567.80", Some("EUR"), "€1,234,567.80", "€1,234,567.80"),
            ("-1250.0", Some("USDT"), "−1,250 USDT", "−1,250 USDT"),
            ("-500", Some("TWD"), "−NT$500", "−NT$500"),
            ("−500", Some("TWD"), "−NT$500", "−NT$500"),
            ("+500", Some("TWD"), "NT$500", "NT$500"),
            ("-0.00", Some("TWD"), "NT$0", "NT$0"),
            ("0", Some("USD"), "$0.00", "US$0.00"),
            ("007", None, "7", "7"),
            (".5", Some("USD"), "$0.50", "US$0.50"),
            ("1250 TWD", None, "NT$1,250", "NT$1,250"),
            ("1250TWD", Some("USD"), "NT$1,250", "NT$1,250"),
            ("NT$1,250", None, "NT$1,250", "NT$1,250"),
            ("-NT$1,250", Some("TWD"), "−NT$1,250", "−NT$1,250"),
            ("NT$ -1,250", None, "−NT$1,250", "−NT$1,250"),
            ("US$12.5", None, "$12.50", "US$12.50"),
            ("1,250 元", None, "NT$1,250", "NT$1,250"),
            // Which dollar it is, only what stands beside it can say.
            ("$1,250", None, "$1,250", "$1,250"),
            ("$1,250", Some("TWD"), "NT$1,250", "NT$1,250"),
            // How JSON numbers are written when they are very large or very small.
            ("1e-7", Some("BTC"), "0.0000001 BTC", "0.0000001 BTC"),
            ("1.5e3", Some("TWD"), "NT$1,500", "NT$1,500"),
            ("1.0E10", Some("TWD"), "NT$10,000,000,000", "NT$10,000,000,000"),
            ("1.25E+2 EUR", None, "€125.00", "€125.00"),
            ("5EUR", None, "€5.00", "€5.00"),
            ("12.50e-2", None, "0.1250", "0.1250"),
            ("12.5e-2", None, "0.125", "0.125"),
            ("123456789012345", Some("TWD"), "NT$123,456,789,012,345", "NT$123,456,789,012,345"),
            // A currency that can't be one is left out.
            ("5", Some("<b>"), "5", "5"),
            ("5", Some(""), "5", "5"),
        ] {
            let expected = Some((en.to_owned(), zh_tw.to_owned()));
            assert_eq!(written(amount, currency), expected, "{amount} {currency:?}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        let long = "1".repeat(40);
        for amount in [
            "",
            "-",
            "+",
            ".",
            "1.",
            "many",
            "NaN",
            "inf",
            "-Infinity",
            "1e300",
            "1e-300",
            "1e",
            "1E",
            "1e400",
            "1E-400",
            "1e99999",
            "1234567890123456",
            "1e16",
            "0.1234567890123456789",
            "1,25",
            "1,2500",
            ",250",
            "12,34,567",
            "1.2.3",
            "1 250",
            "0x10",
            "１２",
            "5 kg",
            "5kg",
            "1250 TWD USD",
            "NT$5 TWD",
            "5-",
            "1--2",
            "--5",
            "<b>5</b>",
            &long,
            "true",
            "USD",
        ] {
            assert_eq!(written(amount, Some("TWD")), None, "{amount}");
        }
    }

    #[test]
    fn every_digit_that_came_is_shown() {
        let exact = "90071992547409.123456789012345678";
        assert_eq!(
            written(exact, Some("ETH")).unwrap().0,
            "90,071,992,547,409.123456789012345678 ETH"
        );
    }
}
