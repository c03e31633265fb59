//! What waits to be shown, and what of it gets a toast of its own. Knows no daemon.

use super::Toast;
use agora_inbox::{Alert, AlertId, Category};
use agora_receiver::Change;
use agora_receiver::alert::{Presentation, kind};
use agora_receiver::catalogue::{self, Language};
use std::collections::HashSet;
use std::sync::Arc;

/// The most toasts of alerts that are shown together; the rest is one that counts them.
const TOGETHER: usize = 4;

/// Alerts that arrived and are not shown yet.
#[derive(Debug, Default)]
pub(super) struct Pile {
    arrived: Vec<Arc<[Alert]>>,
    /// What was read before it could be shown.
    read: HashSet<AlertId>,
    folded: Folded,
    /// The system took too long with the last toast: it gets one for everything.
    slow: bool,
}

/// Alerts that get no toast of their own.
#[derive(Debug, Default)]
struct Folded {
    count: usize,
    /// Some are missing from the count.
    more: bool,
    urgent: bool,
}

impl Pile {
    pub(super) fn add(&mut self, change: Change) {
        match change {
            Change::Arrived { alerts, .. } => self.arrived.push(alerts),
            Change::Marked { ids, read: true, .. } => self.read.extend(ids.iter()),
            Change::Marked { ids, .. } => self.read.retain(|id| !ids.contains(id)),
        }
    }

    /// Whether there is nothing that a toast could be made of.
    pub(super) fn is_empty(&self) -> bool {
        self.arrived.is_empty() && self.folded.count == 0 && !self.folded.more
    }

    /// Changes went by that nobody saw.
    pub(super) fn missed(&mut self) {
        self.folded.more = true;
    }

    /// How the system keeps pace, by the last toast.
    pub(super) fn slow(&mut self, slow: bool) {
        self.slow = slow;
    }

    /// A toast that was taken and will not be shown by itself.
    pub(super) fn put_back(&mut self, toast: &Toast) {
        self.folded.count += toast.stands_for;
        self.folded.more |= toast.stands_for == 0;
        self.folded.urgent |= toast.urgent;
    }

    /// Takes everything, as the toasts that are to be shown for it.
    pub(super) fn take(&mut self, language: Language) -> Vec<Toast> {
        let Self { arrived, read, mut folded, slow } =
            std::mem::replace(self, Self { slow: self.slow, ..Self::default() });
        let shown: Vec<_> = arrived
            .iter()
            .flat_map(|alerts| alerts.iter())
            .filter(|alert| is_toast(alert) && !read.contains(&alert.id))
            .collect();
        let alone = if folded.more {
            0
        } else {
            alone(shown.len(), folded.count, if slow { 0 } else { TOGETHER })
        };
        let (alone, together) = shown.split_at(alone);
        folded.count += together.len();
        folded.urgent |= together.iter().any(|alert| alert.body.urgent);
        alone.iter().map(|alert| of_alert(alert, language)).chain(folded.toast(language)).collect()
    }
}

/// How many of so many alerts get a toast of their own, where at most `most` do.
fn alone(alerts: usize, folded: usize, most: usize) -> usize {
    // One more than fits is as good alone as in a toast that counts it.
    if folded == 0 && alerts <= most + 1 { alerts } else { alerts.min(most) }
}

fn is_toast(alert: &Alert) -> bool {
    kind(&alert.body.kind).is_none_or(|kind| kind.presentation == Presentation::Toast)
}

fn of_alert(alert: &Alert, language: Language) -> Toast {
    Toast {
        title: language.of(&alert.body.title).to_owned(),
        body: language.of(&alert.body.content).to_owned(),
        urgent: alert.body.urgent,
        category: alert.body.category,
        opens: Some(alert.id),
        stands_for: 1,
    }
}

impl Folded {
    /// One toast for many alerts; urgent when one of them is.
    fn toast(self, language: Language) -> Option<Toast> {
        let path = match self {
            Self { more: true, .. } => "toast.missed",
            Self { count: 0, .. } => return None,
            Self { count: 1, .. } => "toast.missed_one",
            Self { .. } => "toast.missed_other",
        };
        let count = self.count.to_string();
        Some(Toast {
            title: catalogue::text_with(language, path, &[("count", &count)]),
            body: catalogue::text(language, "toast.missed_content").to_owned(),
            urgent: self.urgent,
            category: Category::System,
            opens: None,
            stands_for: if self.more { 0 } else { self.count },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_inbox::Counts;
    use agora_receiver::alert::read;

    fn arrived(first: AlertId, events: &[&str]) -> Change {
        let kept = |(id, data): (AlertId, &&str)| Alert {
            id,
            read: false,
            body: read("message", data, None, 0).unwrap(),
        };
        let alerts = (first..).zip(events).map(kept).collect();
        Change::Arrived { alerts, counts: Arc::new(Counts::default()) }
    }

    fn pile(events: &[&str]) -> Pile {
        let mut pile = Pile::default();
        pile.add(arrived(0, events));
        pile
    }

    fn titles(toasts: &[Toast]) -> Vec<&str> {
        toasts.iter().map(|toast| &*toast.title).collect()
    }

    const X: &str = r#"{"title":"x"}"#;
    const URGENT: &str = r#"{"title":"urgent","isUrgent":true}"#;

    #[test]
    fn an_alert_is_one_toast_in_the_persons_language() {
        let event = r#"{"type":"ORDER_SHIPPED","orderId":7,"productName":"茶"}"#;
        let toasts = pile(&[event]).take(Language::ZhTw);
        assert_eq!(toasts.len(), 1);
        assert_eq!((&*toasts[0].title, &*toasts[0].body), ("訂單 #7 已出貨", "茶"));
        assert_eq!(toasts[0].opens, Some(0));
    }

    #[test]
    fn a_confirmation_of_what_one_did_is_no_toast() {
        assert!(pile(&[r#"{"type":"MESSAGE_SENT"}"#]).take(Language::En).is_empty());
    }

    #[test]
    fn what_piled_up_becomes_a_few_and_one_that_counts() {
        let mut pile = pile(&[X; 49]);
        pile.add(arrived(49, &[[X; 50].as_slice(), &[URGENT]].concat()));
        let toasts = pile.take(Language::En);
        assert_eq!(titles(&toasts), ["x", "x", "x", "x", "96 more alerts"]);
        let last = &toasts[TOGETHER];
        assert_eq!((last.urgent, last.opens), (true, None));
        assert!(pile.take(Language::En).is_empty(), "it is taken once");
    }

    #[test]
    fn one_more_than_fits_is_shown_alone() {
        assert_eq!(titles(&pile(&[X; 5]).take(Language::En)), ["x"; 5]);
    }

    #[test]
    fn a_slow_system_gets_one_toast_for_all() {
        let mut pile = pile(&[X; 5]);
        let left = pile.take(Language::En).split_off(2);
        pile.slow(true);
        for toast in &left {
            pile.put_back(toast);
        }
        pile.add(arrived(5, &[X, URGENT]));
        let toasts = pile.take(Language::En);
        assert_eq!(titles(&toasts), ["5 more alerts"]);
        assert!(toasts[0].urgent);
        pile.add(arrived(7, &[X]));
        assert_eq!(titles(&pile.take(Language::En)), ["x"], "one is shown as it is");
        pile.slow(false);
        pile.add(arrived(8, &[X; 3]));
        assert_eq!(titles(&pile.take(Language::En)), ["x"; 3]);
    }

    #[test]
    fn what_was_read_meanwhile_is_not_shown() {
        let mut pile = pile(&[X, URGENT, X]);
        for (ids, read) in [(vec![0, 2], true), (vec![2], false)] {
            pile.add(Change::Marked { ids: ids.into(), read, counts: Arc::default() });
        }
        let toasts = pile.take(Language::En);
        assert_eq!(titles(&toasts), ["urgent", "x"]);
        assert_eq!(toasts[1].opens, Some(2));
    }

    #[test]
    fn what_nobody_counted_is_not_counted() {
        let mut pile = pile(&[URGENT]);
        pile.missed();
        let toasts = pile.take(Language::En);
        assert_eq!(titles(&toasts), ["More alerts"]);
        assert!(toasts[0].urgent);
        pile.put_back(&toasts[0]);
        assert_eq!(titles(&pile.take(Language::En)), ["More alerts"], "nor later");
    }
}
