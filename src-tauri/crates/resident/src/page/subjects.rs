//! The orders and the people that a text names: what the page can jump to, beside its own places.

use super::view;
use crate::ipc::{Subject, SubjectKind};
use agora_alert::catalogue::Language;
use agora_inbox::search::{Query, Search};
use agora_inbox::{Alert, Filter, Inbox, StoreError};

/// How many of the newest alerts that say the text are looked at.
const LOOKED_AT: usize = 100;
/// The most subjects that are told, each kind by itself.
const MOST: usize = 4;

/// Those of the newest alerts that say the text, newest first.
pub(crate) async fn of(
    inbox: &Inbox,
    text: String,
    language: Language,
) -> Result<Vec<Subject>, StoreError> {
    let query = Query::parse(&text);
    let search = Search { text, filter: Filter::ALL, before: None, limit: LOOKED_AT };
    let found = inbox.search(search).await?;
    Ok(among(found.hits.iter().map(|hit| &hit.alert), &query, language))
}

/// Those of these alerts that the query names, each once, with the first alert that is of it.
fn among<'a>(
    alerts: impl Iterator<Item = &'a Alert>,
    query: &Query,
    language: Language,
) -> Vec<Subject> {
    let mut found: Vec<Subject> = Vec::new();
    for alert in alerts {
        for known in agora_alert::fields_of(&alert.body.raw, language) {
            let Some(what) = kind(known.field.name) else { continue };
            let same = || found.iter().filter(|subject| subject.what == what);
            let is_new = same().all(|subject| subject.name != known.value);
            if is_new && same().count() < MOST && query.matches(&[&known.value]) {
                let newest = view::row(alert, language, None);
                found.push(Subject { what, name: known.value, newest });
            }
        }
    }
    found
}

/// What a field's values name.
fn kind(field: &str) -> Option<SubjectKind> {
    match field {
        "order" => Some(SubjectKind::Order),
        "user" | "recipient" | "reader" | "courier" | "store" => Some(SubjectKind::Person),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(alerts: &[&str], text: &str) -> Vec<(SubjectKind, String, i64)> {
        let alerts: Vec<_> = (1..)
            .zip(alerts)
            .map(|(id, data)| {
                let body = agora_alert::read_stored(data, 0).unwrap();
                Alert::new(id, body)
            })
            .collect();
        among(alerts.iter().rev(), &Query::parse(text), Language::EN)
            .into_iter()
            .map(|Subject { what, name, newest }| (what, name, newest.id))
            .collect()
    }

    #[test]
    fn an_order_or_a_person_is_told_once_with_its_newest_alert() {
        use SubjectKind::{Order, Person};
        let alerts = [
            r#"{"type": "ORDER_CREATED", "orderNumber": "20418", "buyerName": "陳怡君"}"#,
            r#"{"type": "CHAT_MESSAGE", "senderName": "陳怡君"}"#,
            r#"{"type": "ORDER_SHIPPED", "orderNumber": "20418", "productName": "陳年茶"}"#,
            r#"{"type": "DELIVERY_PICKED_UP", "orderNumber": "20419", "delivererName": "陳偉"}"#,
        ];
        let named = |what, name: &str, id| (what, name.to_owned(), id);
        assert_eq!(told(&alerts, "陳"), [named(Person, "陳偉", 4), named(Person, "陳怡君", 2)]);
        assert_eq!(told(&alerts, "2041"), [named(Order, "#20419", 4), named(Order, "#20418", 3)]);
        assert_eq!(told(&alerts, "陳年茶"), []);
    }

    #[test]
    fn of_each_kind_a_few_are_told() {
        let orders: Vec<_> = (100..110)
            .map(|number| {
                format!(
                    r#"{{"type": "ORDER_CREATED", "orderNumber": "{number}", "buyerName": "1"}}"#
                )
            })
            .collect();
        let orders: Vec<_> = orders.iter().map(String::as_str).collect();
        let told = told(&orders, "1");
        let of = |wanted| told.iter().filter(|(what, ..)| *what == wanted).count();
        assert_eq!((of(SubjectKind::Order), of(SubjectKind::Person)), (MOST, 1));
    }
}
