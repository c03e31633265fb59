//! What is taken for one where nothing better is known: by its title, and by its time here.

use super::pairs::{Window, nearest};
use crate::AlertId;
use std::collections::HashMap;

/// How far apart the times are at the most.
const APART_MS: i64 = 5 * 60 * 1_000;
const APART: Window = Window { early: APART_MS, late: APART_MS };

/// Notifications for which an alert is looked for.
pub(crate) struct Alike {
    groups: HashMap<String, Group>,
    alerts: Vec<AlertId>,
    range: (i64, i64),
}

/// Those with one title, and the alerts that have it: each time, and an index.
#[derive(Default)]
struct Group {
    stored: Vec<(i64, usize)>,
    here: Vec<(i64, usize)>,
}

impl Alike {
    /// Of a list of notifications: whether an alert is looked for, its time, and its title. `None` where none
    /// is looked for.
    pub(crate) fn of<'a>(stored: impl Iterator<Item = (bool, i64, &'a str)>) -> Option<Self> {
        let mut groups: HashMap<String, Group> = HashMap::new();
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for (index, (_, at_ms, title)) in stored.enumerate().filter(|(_, (wanted, ..))| *wanted) {
            (first, last) = (first.min(at_ms), last.max(at_ms));
            groups.entry(title.to_owned()).or_default().stored.push((at_ms, index));
        }
        let range = (first.saturating_sub(APART_MS), last.saturating_add(APART_MS));
        (!groups.is_empty()).then(|| Self { groups, alerts: Vec::new(), range })
    }

    /// From when to when an alert may be one of them.
    pub(crate) fn range(&self) -> (i64, i64) {
        self.range
    }

    /// An alert that is here.
    pub(crate) fn add(&mut self, alert: AlertId, at_ms: i64, title: &str) {
        if let Some(group) = self.groups.get_mut(title) {
            group.here.push((at_ms, self.alerts.len()));
            self.alerts.push(alert);
        }
    }

    /// Which are one: the place in the list, and the alert.
    pub(crate) fn pairs(self) -> Vec<(usize, AlertId)> {
        let mut pairs = Vec::new();
        for mut group in self.groups.into_values() {
            group.stored.sort_unstable();
            group.here.sort_unstable();
            pairs.extend(nearest(&group.stored, &group.here, APART));
        }
        pairs.into_iter().map(|(index, here)| (index, self.alerts[here])).collect()
    }
}
