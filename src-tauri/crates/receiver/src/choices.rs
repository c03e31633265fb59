//! What the person chose, as far as the receiver acts on it.

use agora_inbox::Limits;
use agora_rules::{Rules, Snooze};

/// How long alerts are kept by default, in days.
pub const KEEP_DAYS: u32 = 90;
/// How much room the inbox may take by default, in MiB.
pub const KEEP_MIB: u32 = 1_024;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What the person chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// Which alerts become toasts.
    pub rules: Rules,
    /// Until when none do.
    pub snooze: Snooze,
    /// How many days alerts are kept; `None`: for good.
    pub keep_days: Option<u32>,
    /// How much room the inbox may take, in MiB: the oldest read alerts make room for new ones. `None`:
    /// as much as the disk has.
    pub keep_mib: Option<u32>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            snooze: Snooze::default(),
            keep_days: Some(KEEP_DAYS),
            keep_mib: Some(KEEP_MIB),
        }
    }
}

impl Choices {
    /// What is too old at the time `now_ms`. Unread and urgent alerts are kept four times as long
    /// and for a year at least: nobody may have seen them, or they may be needed again.
    pub(crate) fn limits(&self, now_ms: i64) -> Option<Limits> {
        let days = i64::from(self.keep_days?);
        Some(Limits {
            before_ms: now_ms.saturating_sub(days * DAY_MS),
            in_any_case_ms: now_ms.saturating_sub((4 * days).max(365) * DAY_MS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unread_and_urgent_alerts_are_kept_longer() {
        let keep = |keep_days| Choices { keep_days, ..Choices::default() }.limits(1_000 * DAY_MS);
        let days = |before, in_any_case| {
            Some(Limits { before_ms: before * DAY_MS, in_any_case_ms: in_any_case * DAY_MS })
        };
        assert_eq!(keep(Some(30)), days(970, 635));
        assert_eq!(keep(Some(180)), days(820, 280));
        assert_eq!(keep(None), None);
    }
}
