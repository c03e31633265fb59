//! The languages that people are spoken to in: those of the files in `ui/messages`, of which the build
//! makes tables. Which a person speaks, and which plural form a count takes in it, is here too.

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use serde::{Serialize, Serializer};

/// A language that has a catalogue. The default is English, which stands in for a text that another
/// hasn't.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(u8);

/// What the build makes of a file.
struct Catalogue {
    /// Its language, by BCP 47.
    tag: &'static str,
    /// Whose plural forms it has.
    locale: &'static str,
    /// The beginnings of the locales that it is spoken for.
    answers: &'static [&'static str],
    /// The variants at each path, in the order of the paths.
    texts: &'static [(&'static str, &'static [&'static str])],
}

include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));

impl Language {
    /// Its name by BCP 47, such as `zh-TW`.
    pub fn tag(self) -> &'static str {
        self.catalogue().tag
    }

    /// The language of a tag, where it has a catalogue.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The first language that there is a catalogue for, of locales such as `zh_TW.UTF-8` or `en-GB` in
    /// the order of a person's liking; English, where there is none.
    pub fn of_locales(locales: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        locales.into_iter().find_map(|locale| Self::of_locale(locale.as_ref())).unwrap_or_default()
    }

    /// The one that answers to most of a locale's parts.
    fn of_locale(locale: &str) -> Option<Self> {
        let locale = locale.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
        let mut parts = &*locale;
        loop {
            let is_it = |answer: &&str| answer.eq_ignore_ascii_case(parts);
            let answers = |language: &Self| language.catalogue().answers.iter().any(is_it);
            if let Some(language) = Self::ALL.into_iter().find(answers) {
                return Some(language);
            }
            (parts, _) = parts.rsplit_once('-')?;
        }
    }

    /// The variants at a path: one text, or each of a list; none where it has no such path.
    pub(super) fn variants(self, path: &str) -> &'static [&'static str] {
        let texts = self.catalogue().texts;
        texts.binary_search_by_key(&path, |(known, _)| known).map_or(&[], |at| texts[at].1)
    }

    /// The plural form that a count takes, by its name in CLDR; that of most numbers for what is no whole
    /// number.
    pub(super) fn plural(self, count: &str) -> &'static str {
        let rules = Locale::try_from_str(self.catalogue().locale)
            .ok()
            .and_then(|locale| PluralRules::try_new_cardinal(locale.into()).ok());
        let (Some(rules), Ok(count)) = (rules, count.parse::<u64>()) else {
            return "other";
        };
        match rules.category_for(count) {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }

    fn catalogue(self) -> &'static Catalogue {
        &CATALOGUES[usize::from(self.0)]
    }
}

/// As its tag.
impl Serialize for Language {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_is_known_by_its_tag_and_english_is_the_first() {
        for language in Language::ALL {
            assert_eq!(Language::of_tag(language.tag()), Some(language));
            assert!(language.catalogue().texts.is_sorted_by_key(|(path, _)| path));
        }
        assert_eq!((Language::ALL[0], Language::default()), (Language::EN, Language::EN));
        assert_eq!(Language::of_tag("tlh"), None);
        assert_eq!(serde_json::to_value(Language::ZH_TW).unwrap(), "zh-TW");
    }

    #[test]
    fn each_locale_of_a_catalogue_has_plural_forms() {
        for language in Language::ALL {
            let locale = Locale::try_from_str(language.catalogue().locale).unwrap();
            assert!(PluralRules::try_new_cardinal(locale.into()).is_ok(), "{}", language.tag());
        }
        for (count, en, zh_tw) in
            [("0", "other", "other"), ("1", "one", "other"), ("1.5", "other", "other")]
        {
            assert_eq!((Language::EN.plural(count), Language::ZH_TW.plural(count)), (en, zh_tw));
        }
        assert_eq!(Language::EN.plural("many"), "other");
    }

    #[test]
    fn the_first_locale_with_a_catalogue_is_spoken() {
        for (locales, language) in [
            (&["zh_TW.UTF-8"][..], Language::ZH_TW),
            (&["zh-Hant-HK"], Language::ZH_TW),
            (&["ZH_tw"], Language::ZH_TW),
            (&["cmn_TW"], Language::ZH_TW),
            (&["nan_TW@latin"], Language::ZH_TW),
            (&["yue"], Language::ZH_TW),
            (&["de", "zh_TW"], Language::ZH_TW),
            (&["de", "en_GB", "zh_TW"], Language::EN),
            (&["C", "zh_TW"], Language::EN),
            (&["C.UTF-8"], Language::EN),
            (&["zha_CN", "za"], Language::EN),
            (&["de_DE"], Language::EN),
            (&["", "zh"], Language::ZH_TW),
            (&[], Language::EN),
        ] {
            assert_eq!(Language::of_locales(locales), language, "{locales:?}");
        }
    }
}
