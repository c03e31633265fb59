//! The texts that Rust says to people, in every language: those of `ui/messages`, which the page
//! uses too.

use crate::Words;
use serde_json::Value;
use std::sync::LazyLock;

/// Chinese, by ISO 639-1 and 639-2, and the languages that ISO 639-3 counts to it: glibc has some of
/// them, such as `cmn_TW` and `hak_TW`.
const CHINESE: [&str; 19] = [
    "zh", "zho", "chi", "cmn", "yue", "nan", "hak", "lzh", "wuu", "gan", "hsn", "cdo", "cjy",
    "cnp", "cpx", "csp", "czh", "czo", "mnp",
];

/// A language that has a catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Traditional Chinese as written in Taiwan.
    ZhTw,
}

impl Language {
    /// The first language that there is a catalogue for, of locales such as `zh_TW.UTF-8` or `en-GB` in
    /// the order of a person's liking; English, where there is none.
    pub fn of_locales(locales: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        locales.into_iter().find_map(|locale| Self::of_locale(locale.as_ref())).unwrap_or_default()
    }

    /// Every Chinese language is Traditional Chinese here: the closest that there is.
    fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "en" | "eng" | "c" | "posix" => Some(Self::En),
            language => CHINESE.contains(&language).then_some(Self::ZhTw),
        }
    }

    /// The language that isn't this one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::ZhTw,
            Self::ZhTw => Self::En,
        }
    }

    /// This language's text.
    pub fn of(self, words: &Words) -> &str {
        match self {
            Self::En => &words.en,
            Self::ZhTw => &words.zh_tw,
        }
    }
}

static EN: LazyLock<Value> =
    LazyLock::new(|| parsed(include_str!("../../../../ui/messages/en.json")));
static ZH_TW: LazyLock<Value> =
    LazyLock::new(|| parsed(include_str!("../../../../ui/messages/zh-TW.json")));

fn parsed(catalogue: &str) -> Value {
    serde_json::from_str(catalogue).expect("the catalogues are part of the program and valid JSON")
}

/// The text at a path such as `tray.open`; the path itself where there is none, so that a gap shows.
pub fn text(language: Language, path: &str) -> &str {
    variants(language, path).next().unwrap_or(path)
}

/// The text at a path, where there is one.
pub fn known(language: Language, path: &str) -> Option<&str> {
    variants(language, path).next()
}

/// The text at a path with its placeholders filled.
pub fn text_with(language: Language, path: &str, values: &[(&str, &str)]) -> String {
    let value = |name: &str| {
        values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    let text = text(language, path);
    filled(text, value).unwrap_or_else(|| text.to_owned())
}

/// The text at a path in every language.
pub fn both(path: &str) -> Words {
    Words { en: text(Language::En, path).to_owned(), zh_tw: text(Language::ZhTw, path).to_owned() }
}

/// The variants at a path: one text, or each of a list.
pub(crate) fn variants<'a>(
    language: Language,
    path: &str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let catalogue: &'static Value = match language {
        Language::En => &EN,
        Language::ZhTw => &ZH_TW,
    };
    let found = path.split('.').try_fold(catalogue, |value, key| value.get(key));
    let list: Vec<&'static str> = match found {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    list.into_iter()
}

/// Fills `{name}` placeholders; `None` when one has no value.
pub(crate) fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        text.push_str(before);
        text.push_str(&value(name)?);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once_and_values_are_not_templates() {
        let filled =
            filled("{a}-{b}", |name| Some(if name == "a" { "{b}" } else { "2" }.to_owned()));
        assert_eq!(filled.as_deref(), Some("{b}-2"));
        assert_eq!(super::filled("{gone}", |_| None), None);
    }

    #[test]
    fn the_first_locale_with_a_catalogue_is_spoken() {
        for (locales, language) in [
            (&["zh_TW.UTF-8"][..], Language::ZhTw),
            (&["zh-Hant-HK"], Language::ZhTw),
            (&["ZH_tw"], Language::ZhTw),
            (&["cmn_TW"], Language::ZhTw),
            (&["nan_TW@latin"], Language::ZhTw),
            (&["yue"], Language::ZhTw),
            (&["de", "zh_TW"], Language::ZhTw),
            (&["de", "en_GB", "zh_TW"], Language::En),
            (&["C", "zh_TW"], Language::En),
            (&["C.UTF-8"], Language::En),
            (&["zha_CN", "za"], Language::En),
            (&["de_DE"], Language::En),
            (&["", "zh"], Language::ZhTw),
            (&[], Language::En),
        ] {
            assert_eq!(Language::of_locales(locales), language, "{locales:?}");
        }
    }

    #[test]
    fn a_gap_shows_its_path() {
        assert_eq!(text(Language::En, "tray.nowhere"), "tray.nowhere");
        assert_eq!(
            text_with(Language::En, "tray.unread_other", &[("count", "3")]),
            "3 unread alerts"
        );
    }

    #[test]
    fn each_language_has_its_own_words_and_one_other() {
        let words = Words { en: "tea".to_owned(), zh_tw: "茶".to_owned() };
        assert_eq!((Language::En.of(&words), Language::ZhTw.of(&words)), ("tea", "茶"));
        assert_eq!(Language::En.other(), Language::ZhTw);
        assert_eq!(Language::ZhTw.other(), Language::En);
    }
}
