//! What a message says in several languages: its own title and content for all, and under `i18n` the same
//! by the tag of a language, such as `{"zh-TW": {"title": "…", "content": "…"}}`. A text that is missing
//! there is the one for all.

use crate::Words;
use crate::catalogue::Language;
use crate::fields::Fields;
use agora_wire::Json;

/// What people read: in each language that the message speaks its own words, cleaned by `clean`, otherwise
/// those for all.
pub(super) fn said(
    fields: Option<&Fields<'_>>,
    name: &str,
    clean: impl Fn(&str) -> Option<String>,
    for_all: Words,
) -> Words {
    let languages = fields.and_then(|fields| fields.own().get("i18n")?.object());
    let Some(languages) = languages else { return for_all };
    Words::each(|language: Language| {
        let words = languages.get(language.tag()).and_then(Json::object);
        let own = words.and_then(|words| clean(&words.get(name)?.text()?));
        own.unwrap_or_else(|| language.of(&for_all).to_owned())
    })
}
