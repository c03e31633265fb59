//! What the compose form holds, checked and previewed by the same code that sends and receives.

use super::view;
use crate::desk::Links;
use crate::ipc::{
    self, Draft, DraftBody, DraftCheck, FieldError, FormField, FormRule, LinkOpens, Look,
    Recipient as To, ToastLook,
};
use crate::toasts::Toast;
use agora_alert::catalogue::Language;
use agora_client::{Member, Message, MessageForm, Translation, UserId};
use agora_inbox::Alert;
use agora_sending::To as Recipient;
use jiff::tz::TimeZone;

/// The most bytes of JSON that are read at all: 1 MiB, far beyond any message.
const MAX_JSON: usize = 1 << 20;

/// What may be sent, to whom; or everything that is wrong with it.
pub(crate) fn checked(draft: &Draft) -> Result<(Recipient, Message), Vec<FieldError>> {
    let to = recipient(&draft.to);
    let message = message(&draft.body);
    match (to, message) {
        (Ok(to), Ok(message)) => Ok((to, message)),
        (to, message) => Err([to.err(), message.err()].into_iter().flatten().flatten().collect()),
    }
}

/// What the page shows while the draft is being written, at a time in ms since the Unix epoch.
pub(crate) fn check(draft: &Draft, links: &Links, now_ms: i64) -> DraftCheck {
    let message = message(&draft.body);
    let json = message.as_ref().ok().map(Message::to_pretty_json);
    let looks = json.as_deref().map_or_else(Vec::new, |json| looks(json, links, now_ms));
    let errors = [recipient(&draft.to).err(), message.err()].into_iter().flatten().flatten();
    DraftCheck { errors: errors.collect(), json, looks }
}

fn recipient(to: &To) -> Result<Recipient, Vec<FieldError>> {
    match to {
        To::Everyone => Ok(Recipient::Everyone),
        To::User { user_id } => UserId::parse(user_id.trim())
            .map(Recipient::User)
            .map_err(|error| vec![view::field_error(&error)]),
    }
}

/// The message of a body, or everything that is wrong with it.
pub(crate) fn message(body: &DraftBody) -> Result<Message, Vec<FieldError>> {
    match body {
        DraftBody::Json { text } if text.trim().is_empty() => {
            let message = "The JSON must not be empty.";
            Err(vec![FieldError::of(FormField::Json, FormRule::Required, message)])
        }
        DraftBody::Json { text } if text.len() > MAX_JSON => {
            let message = "A message may have at most 1 MiB of JSON.";
            Err(vec![FieldError::of(FormField::Json, FormRule::TooLong, message)])
        }
        DraftBody::Json { text } => {
            Message::checked(text).map_err(|faults| faults.iter().map(view::json_fault).collect())
        }
        DraftBody::Form { kind, title, content, link, urgent, translations, more } => {
            let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            let form = MessageForm {
                kind: given(kind),
                title: title.trim().to_owned(),
                content: content.clone(),
                link: given(link),
                urgent: *urgent,
                translations: translations.iter().map(translation).collect(),
                more: more.iter().map(member).collect(),
            };
            Message::from_form(&form)
                .map_err(|errors| errors.iter().map(view::field_error).collect())
        }
    }
}

fn translation(words: &ipc::Translation) -> Translation {
    Translation {
        language: words.language.clone(),
        title: words.title.trim().to_owned(),
        content: words.content.clone(),
    }
}

fn member(ipc::Member { name, value }: &ipc::Member) -> Member {
    Member { name: name.clone(), value: value.clone() }
}

/// The alert that the message becomes at whoever receives it, in each language; none where it becomes none.
fn looks(json: &str, links: &Links, now_ms: i64) -> Vec<Look> {
    let Some(body) = agora_alert::read("message", json, None, now_ms) else { return Vec::new() };
    let alert = Alert::new(0, body);
    let look = |language: Language| {
        let detail = view::detail(&alert, language, links, &TimeZone::system());
        let trusted = detail.link.as_ref().is_some_and(|link| link.opens == LinkOpens::AtOnce);
        let toast = |hidden| {
            let toast = Toast::of_alert(&alert, false, trusted, hidden, language);
            let buttons = toast.buttons(language).map(str::to_owned).collect();
            ToastLook { title: toast.title, body: toast.body, buttons }
        };
        Look { language: language.into(), toast: toast(false), hidden: toast(true), alert: detail }
    };
    Language::ALL.map(look).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_json(text: String) -> Draft {
        Draft { to: To::Everyone, body: DraftBody::Json { text } }
    }

    #[test]
    fn json_beyond_the_limit_is_refused_unread() {
        let fits = format!("{{\"title\":\"Tea\"{}}}", " ".repeat(MAX_JSON - 15));
        assert!(checked(&of_json(fits.clone())).is_ok());
        let draft = of_json(fits + " ");
        let errors = checked(&draft).unwrap_err();
        assert_eq!((errors[0].field, errors[0].rule), (FormField::Json, FormRule::TooLong));
        let links = Links::of(None, None);
        let check = check(&draft, &links, 0);
        assert_eq!((check.errors, check.json), (errors, None));
    }

    #[test]
    fn a_message_looks_as_each_receiver_will_see_it() {
        let text = r#"{"type":"ORDER_SHIPPED","orderId":7,"link":"/orders/7"}"#;
        let looks = check(&of_json(text.to_owned()), &Links::of(None, None), 0).looks;
        let titles: Vec<_> = looks.iter().map(|look| &*look.toast.title).collect();
        assert_eq!(titles, ["Shipped: order #7", "已出貨：訂單 #7"]);
        assert_eq!(looks[1].hidden.title, "新通知：訂單");
        assert_eq!(looks[0].toast.buttons[0], "Open in the market");
        assert!(looks.iter().all(|look| look.alert.link.is_some()));
    }
}
