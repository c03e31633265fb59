//! What the compose form holds, checked and previewed by the same code that sends and receives.

use super::view;
use crate::desk::Links;
use crate::ipc::{
    Draft, DraftBody, DraftCheck, FieldError, FormField, FormRule, Preview, Recipient as To,
};
use agora_client::{Message, MessageForm, UserId};
use agora_receiver::Recipient;

use agora_alert::catalogue::Language;

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

/// What the page shows while the draft is being written.
pub(crate) fn check(draft: &Draft, language: Language, links: &Links) -> DraftCheck {
    let message = message(&draft.body);
    let json = message.as_ref().ok().map(Message::to_pretty_json);
    let preview = json.as_deref().and_then(|json| preview(json, language, links));
    let errors = [recipient(&draft.to).err(), message.err()].into_iter().flatten().flatten();
    DraftCheck { errors: errors.collect(), json, preview }
}

fn recipient(to: &To) -> Result<Recipient, Vec<FieldError>> {
    match to {
        To::Everyone => Ok(Recipient::Everyone),
        To::User { user_id } => UserId::parse(user_id.trim())
            .map(Recipient::User)
            .map_err(|error| vec![view::field_error(&error)]),
    }
}

fn message(body: &DraftBody) -> Result<Message, Vec<FieldError>> {
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
            Message::from_json(text).map_err(|error| vec![view::json_error(&error)])
        }
        DraftBody::Form { kind, title, content, link, urgent } => {
            let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            let form = MessageForm {
                kind: given(kind),
                title: title.trim().to_owned(),
                content: content.clone(),
                link: given(link),
                urgent: *urgent,
            };
            Message::from_form(&form)
                .map_err(|errors| errors.iter().map(view::field_error).collect())
        }
    }
}

/// The alert that the message becomes at whoever receives it.
fn preview(json: &str, language: Language, links: &Links) -> Option<Preview> {
    let alert = agora_alert::read("message", json, None, 0)?;
    Some(Preview {
        category: alert.category.into(),
        title: language.of(&alert.title).to_owned(),
        content: language.of(&alert.content).to_owned(),
        urgent: alert.urgent,
        link_host: alert.link.map(|link| view::link(&links.look_at(&link)).host),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_json(text: String) -> Draft {
        Draft { to: To::Everyone, body: DraftBody::Json { text } }
    }

    #[test]
    fn json_beyond_the_limit_is_refused_unread() {
        let fits = format!("{{\"title\":\"{}\"}}", "x".repeat(MAX_JSON - 12));
        assert!(checked(&of_json(fits.clone())).is_ok());
        let draft = of_json(fits + " ");
        let errors = checked(&draft).unwrap_err();
        assert_eq!((errors[0].field, errors[0].rule), (FormField::Json, FormRule::TooLong));
        let links = Links::of(None, None);
        let check = check(&draft, Language::EN, &links);
        assert_eq!((check.errors, check.json), (errors, None));
    }
}
