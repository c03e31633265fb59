//! The texts that Rust says to people, in every language: those of `ui/messages`, which the page
//! uses too.

mod isolated;
mod language;
mod spaced;

pub use isolated::plain;
pub use language::Language;

use isolated::isolated;
use spaced::gap;

/// The text at a path such as `tray.open`; the path itself where there is none, so that a gap shows.
pub fn text(language: Language, path: &str) -> &str {
    known(language, path).unwrap_or(path)
}

/// The text at a path, where there is one. English stands in where the language has none.
pub fn known(language: Language, path: &str) -> Option<&'static str> {
    variants(language, path).first().copied()
}

/// The text at a path with its placeholders filled. A value that is called `count` chooses the plural
/// form.
pub fn text_with(language: Language, path: &str, values: &[(&str, &str)]) -> String {
    let of = |name: &str| values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let counted = of("count").and_then(|count| plural(language, path, count));
    let text = counted.unwrap_or_else(|| text(language, path));
    filled(text, |name| of(name).map(str::to_owned)).unwrap_or_else(|| text.to_owned())
}

/// The plural form that a count takes of a text that has such forms.
fn plural(language: Language, path: &str, count: &str) -> Option<&'static str> {
    let form = |language: Language, form| language.variants(&format!("{path}_{form}")).first();
    let own = form(language, language.plural(count)).or_else(|| form(language, "other"));
    // English stands in for a text that is not there at all, and in its own forms.
    let own = own.or_else(|| language.variants(path).first());
    own.or_else(|| form(Language::EN, Language::EN.plural(count))).copied()
}

/// The variants at a path: one text, or each of a list; English where the language has none.
pub(crate) fn variants(language: Language, path: &str) -> &'static [&'static str] {
    match language.variants(path) {
        [] => Language::EN.variants(path),
        own => own,
    }
}

/// Fills `{name}` placeholders; `None` when one has no value.
pub(crate) fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let value = isolated(value(name)?);
        text.push_str(before);
        text.push_str(gap(&value, value.chars().next(), before.chars().next_back()));
        text.push_str(&value);
        text.push_str(gap(&value, value.chars().next_back(), after.chars().next()));
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
    fn a_gap_shows_its_path() {
        assert_eq!(text(Language::EN, "tray.nowhere"), "tray.nowhere");
        assert_eq!(text(Language::EN, "tray"), "tray");
    }

    #[test]
    fn a_count_chooses_the_plural_form() {
        for (language, count, said) in [
            (Language::EN, "1", "1 unread alert"),
            (Language::EN, "3", "3 unread alerts"),
            (Language::ZH_TW, "1", "1 則未讀通知"),
        ] {
            assert_eq!(text_with(language, "tray.unread", &[("count", count)]), said);
        }
    }
}
