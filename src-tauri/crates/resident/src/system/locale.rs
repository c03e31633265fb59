//! The language that this person's system speaks.

use agora_alert::catalogue::Language;

/// The first of the person's languages that there are texts in.
pub(crate) fn language() -> Language {
    #[cfg(target_os = "linux")]
    let locales = locales(|name| std::env::var(name).ok());
    #[cfg(not(target_os = "linux"))]
    let locales = sys_locale::get_locales();
    Language::of_locales(locales)
}

/// The locales of the environment, in the order of GNU gettext: `LANGUAGE` is a list that goes before the
/// locale for messages, unless that is the one without a language.
#[cfg(any(test, target_os = "linux"))]
fn locales(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    let is_plain = matches!(locale.as_deref(), Some("C" | "POSIX"));
    let list = set("LANGUAGE").filter(|_| !is_plain).unwrap_or_default();
    list.split(':').map(str::to_owned).chain(locale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_languages_goes_before_the_locale() {
        for (variables, language) in [
            (&[("LANGUAGE", "de:zh_TW"), ("LANG", "de_DE.UTF-8")][..], Language::ZH_TW),
            (&[("LANGUAGE", "de:zh_TW")], Language::ZH_TW),
            (&[("LANGUAGE", "de:zh_TW"), ("LANG", "C.UTF-8")], Language::ZH_TW),
            (&[("LANGUAGE", "en_GB:zh_TW"), ("LANG", "zh_TW.UTF-8")], Language::EN),
            (&[("LANGUAGE", "zh_TW"), ("LC_ALL", "C")], Language::EN),
            (&[("LANGUAGE", ""), ("LANG", "cmn_TW.UTF-8")], Language::ZH_TW),
            (&[("LANGUAGE", "de"), ("LANG", "zh_TW.UTF-8")], Language::ZH_TW),
            (&[("LC_ALL", "de_DE.UTF-8"), ("LANG", "zh_TW.UTF-8")], Language::EN),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW"), ("LANG", "en_US")], Language::ZH_TW),
            (&[], Language::EN),
        ] {
            let variable = |name: &str| {
                let found = variables.iter().find(|(variable, _)| *variable == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Language::of_locales(locales(variable)), language, "{variables:?}");
        }
    }
}
