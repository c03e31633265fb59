//! What the rules would have done.

use super::{Facts, Mute, Rules, Snooze, Verdict, judge};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// What would have become of so many alerts. They are alerts, not toasts: many at once are summed
/// up in one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// Shown, with or without a sound.
    pub shown: usize,
    /// Of these, with one.
    pub with_sound: usize,
    /// Only a confirmation of what the person did.
    pub confirmation: usize,
    /// Of a category without toasts.
    pub category_off: usize,
    /// Not urgent, in a category for urgent ones only.
    pub only_urgent: usize,
    /// In quiet hours.
    pub quiet_hours: usize,
}

/// Judges alerts, each at its own time (milliseconds since the Unix epoch) by the clock of `zone`,
/// as if it had just come: it doesn't matter that it was read since, and nobody snoozed.
pub fn preview(
    rules: &Rules,
    zone: &TimeZone,
    alerts: impl IntoIterator<Item = (Facts, i64)>,
) -> Preview {
    let mut preview = Preview::default();
    for (facts, at_ms) in alerts {
        // A time that is no time is of no day.
        let at =
            Timestamp::from_millisecond(at_ms).unwrap_or_default().to_zoned_datetime(zone.clone());
        let count = match judge(rules, Snooze::default(), &Facts { read: false, ..facts }, &at) {
            Verdict::Show { sound } => {
                preview.with_sound += usize::from(sound);
                &mut preview.shown
            }
            Verdict::Mute(Mute::Confirmation) => &mut preview.confirmation,
            Verdict::Mute(Mute::CategoryOff(_)) => &mut preview.category_off,
            Verdict::Mute(Mute::OnlyUrgent(_)) => &mut preview.only_urgent,
            Verdict::Mute(Mute::QuietHours { .. }) => &mut preview.quiet_hours,
            // Neither happens here: see above.
            Verdict::Mute(Mute::Read | Mute::Snoozed { .. }) => continue,
        };
        *count += 1;
    }
    preview
}
