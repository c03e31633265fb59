//! A text in every language that the app speaks.

use crate::catalogue::{self, Language};
use serde::{Serialize, Serializer};

/// A text for people: in English, and in each other language that says it otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    english: String,
    /// In the order of the languages, and none of them as it is in English.
    others: Vec<(Language, String)>,
}

impl Words {
    /// A text that is the same in every language, because the market wrote it.
    pub fn same(text: impl Into<String>) -> Self {
        Self { english: text.into(), others: Vec::new() }
    }

    /// What is said in each language.
    pub fn each(mut say: impl FnMut(Language) -> String) -> Self {
        let english = say(Language::EN);
        let others = Language::ALL.into_iter().filter(|language| *language != Language::EN);
        let others = others.map(|language| (language, say(language)));
        let others = others.filter(|(_, text)| *text != english).collect();
        Self { english, others }
    }

    /// The text at a path of the catalogues.
    pub fn at(path: &str) -> Self {
        Self::each(|language| catalogue::text(language, path).to_owned())
    }

    /// In English, and by the tags of other languages; those of languages that have no catalogue are left
    /// out.
    pub fn by_tag<'a>(
        english: impl Into<String>,
        others: impl IntoIterator<Item = (&'a str, impl Into<String>)>,
    ) -> Self {
        let english = english.into();
        let of_tag = |(tag, text): (&str, _)| Some((Language::of_tag(tag)?, text));
        let others = others.into_iter().map(|(tag, text)| (tag, text.into())).filter_map(of_tag);
        let mut others: Vec<(_, String)> = others.filter(|(_, text)| *text != english).collect();
        others.sort_unstable();
        others.dedup_by_key(|(language, _)| *language);
        Self { english, others }
    }

    /// The text in English.
    pub fn english(&self) -> &str {
        &self.english
    }

    /// The others, where they are.
    pub fn others(&self) -> impl Iterator<Item = (Language, &str)> {
        self.others.iter().map(|(language, text)| (*language, &**text))
    }

    /// Each text once.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.english()).chain(self.others().map(|(_, text)| text))
    }

    /// The same with each of its texts changed.
    #[must_use]
    pub fn map(self, mut change: impl FnMut(String) -> String) -> Self {
        let english = change(self.english);
        let others = self.others.into_iter().map(|(language, text)| (language, change(text)));
        let others = others.filter(|(_, text)| *text != english).collect();
        Self { english, others }
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.texts().all(str::is_empty)
    }
}

impl Language {
    /// This language's text; in English where it says nothing else.
    pub fn of(self, words: &Words) -> &str {
        let own = words.others.iter().find(|(language, _)| *language == self);
        own.map_or(&words.english, |(_, text)| text)
    }
}

/// As an object of every language's text by its tag, as programs get it.
impl Serialize for Words {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let plain = |language: Language| catalogue::plain(language.of(self));
        to.collect_map(Language::ALL.into_iter().map(|language| (language.tag(), plain(language))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_words_or_those_in_english() {
        let words = Words::by_tag("tea", [("tlh", "Dargh"), ("zh-TW", "茶")]);
        assert_eq!((Language::EN.of(&words), Language::ZH_TW.of(&words)), ("tea", "茶"));
        assert_eq!(words.texts().collect::<Vec<_>>(), ["tea", "茶"]);
        let same = Words::same("tea");
        assert_eq!((Language::ZH_TW.of(&same), same.texts().count()), ("tea", 1));
        assert_eq!(Words::by_tag("tea", [("zh-TW", "tea")]), same);
        assert_eq!(Words::each(|_| "tea".to_owned()), same);
        assert_eq!(words.map(|text| text.replace('茶', "tea")), same);
    }

    #[test]
    fn programs_get_a_text_for_every_language_without_the_signs_that_keep_names_apart() {
        let words = Words::same("\u{2068}متجر\u{2069} wrote");
        let json = serde_json::to_value(words).unwrap();
        assert_eq!(json["en"], "متجر wrote");
        assert_eq!(json.as_object().unwrap().len(), Language::ALL.len());
        assert_eq!(json["zh-TW"], json["en"]);
    }
}
