//! What becomes of an alert's toast: the person's rules, and the judgement by them.
//!
//! Pure, with the clock passed in, as a time in the person's zone: [`judge`] says whether
//! a toast is shown or by which rule it isn't, [`preview`] what the rules would have done, and
//! [`storm::Storm`] which of what is shown gets a toast of its own. Nothing here keeps settings,
//! draws or makes a sound.

mod fate;
mod preview;
mod quiet;
mod remind;
mod snooze;
pub mod storm;

pub use fate::{Fate, Taken};
pub use preview::{Preview, preview};
pub use quiet::{Quiet, QuietHours, next_change_ms, quiet_until};
pub use remind::RemindFor;
pub use snooze::{Snooze, SnoozeFor};

use agora_alert::{Category, NewAlert};
use agora_alert::{Origin, Presentation, kind};
use jiff::ZonedDateTime;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// What the person wants to be disturbed by.
///
/// Reading them never fails: a field that is missing or makes no sense has its default, the others
/// are kept, and unknown ones are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct Rules {
    /// For each category.
    pub categories: PerCategory,
    /// When only what is urgent disturbs, if that.
    pub quiet: QuietHours,
    /// Whether urgent alerts pass quiet hours and snooze. A category that is off stays off.
    pub urgent_passes: bool,
    /// Whether those do so too that only a message says are urgent, which anybody may have sent.
    pub urgent_messages_pass: bool,
    /// Whether toasts say their category only.
    pub hide_content: bool,
}

/// A rule for every category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the categories, which are documented")]
pub struct PerCategory {
    pub orders: CategoryRule,
    pub delivery: CategoryRule,
    pub money: CategoryRule,
    pub chat: CategoryRule,
    pub security: CategoryRule,
    pub products: CategoryRule,
    pub store: CategoryRule,
    pub system: CategoryRule,
}

/// What alerts of one category do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryRule {
    /// They have a toast.
    pub toast: bool,
    /// It makes a sound.
    pub sound: bool,
    /// Only the urgent ones have one.
    pub only_urgent: bool,
}

/// What the rules look at in an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Its category.
    pub category: Category,
    /// Whether the person should not miss it.
    pub urgent: bool,
    /// Whether that is more than anybody's word.
    pub vouched: bool,
    /// What its kind is shown as.
    pub presentation: Presentation,
    /// Whether it is read already.
    pub read: bool,
    /// Whether it was fetched after it happened; it makes a sound only if it is urgent.
    pub from_sync: bool,
}

/// What becomes of an alert's toast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is shown.
    Show {
        /// With a sound.
        sound: bool,
    },
    /// It isn't.
    Mute(Mute),
}

/// Why an alert has no toast. Serialized as `"read"`, `{"category_off":"chat"}`,
/// `{"snoozed":{"until_ms":0}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mute {
    /// Its kind only confirms what the person did.
    Confirmation,
    /// It was read before it could be shown.
    Read,
    /// The category has no toasts.
    CategoryOff(Category),
    /// The category has them for urgent alerts only.
    OnlyUrgent(Category),
    /// It is a quiet hour.
    QuietHours {
        /// Milliseconds since the Unix epoch; `None` where they never end.
        until_ms: Option<i64>,
    },
    /// The person wanted none for a while.
    Snoozed {
        /// Milliseconds since the Unix epoch.
        until_ms: i64,
    },
}

/// Judges an alert at the time `now`. Where several rules mute it, the one that the person can
/// change for good is named first; of quiet hours and snooze, the one that lasts longer.
pub fn judge(rules: &Rules, snooze: Snooze, alert: &Facts, now: &ZonedDateTime) -> Verdict {
    let rule = rules.categories.of(alert.category);
    if alert.presentation != Presentation::Toast {
        return Verdict::Mute(Mute::Confirmation);
    }
    if alert.read {
        return Verdict::Mute(Mute::Read);
    }
    if !rule.toast {
        return Verdict::Mute(Mute::CategoryOff(alert.category));
    }
    if rule.only_urgent && !alert.urgent {
        return Verdict::Mute(Mute::OnlyUrgent(alert.category));
    }
    let passes = rules.urgent_passes && (alert.vouched || rules.urgent_messages_pass);
    if !(alert.urgent && passes)
        && let Some(mute) = muted_now(rules, snooze, now)
    {
        return Verdict::Mute(mute);
    }
    Verdict::Show { sound: rule.sound && (alert.urgent || !alert.from_sync) }
}

/// Judges an alert as it is kept, before anyone has read it: whether its toast sounds, or what mutes
/// it.
pub fn judged(
    rules: &Rules,
    snooze: Snooze,
    alert: &NewAlert,
    from_sync: bool,
    now: &ZonedDateTime,
) -> Result<bool, Mute> {
    match judge(rules, snooze, &Facts::of(alert, false, from_sync), now) {
        Verdict::Show { sound } => Ok(sound),
        Verdict::Mute(mute) => Err(mute),
    }
}

/// Whether it is a time at which only what is urgent is shown: quiet hours, or a snooze.
pub fn is_quiet(rules: &Rules, snooze: Snooze, now: &ZonedDateTime) -> bool {
    muted_now(rules, snooze, now).is_some()
}

/// Why the time is one at which nothing is shown, if it is.
fn muted_now(rules: &Rules, snooze: Snooze, now: &ZonedDateTime) -> Option<Mute> {
    let quiet = quiet_until(rules, now).map(|quiet| quiet.until_ms());
    match (quiet, snooze.active_until_ms(now)) {
        (Some(Some(quiet)), Some(until_ms)) if until_ms > quiet => Some(Mute::Snoozed { until_ms }),
        (Some(until_ms), _) => Some(Mute::QuietHours { until_ms }),
        (None, Some(until_ms)) => Some(Mute::Snoozed { until_ms }),
        (None, None) => None,
    }
}

impl Facts {
    /// What the rules look at in this alert.
    pub fn of(alert: &NewAlert, read: bool, from_sync: bool) -> Self {
        Self {
            category: alert.category,
            urgent: alert.urgent,
            vouched: Origin::of(alert).is_vouched(),
            // A kind that nobody knows is shown.
            presentation: kind(&alert.kind).map_or(Presentation::Toast, |kind| kind.presentation),
            read,
            from_sync,
        }
    }
}

impl PerCategory {
    /// The rule of a category.
    pub fn of(&self, category: Category) -> CategoryRule {
        match category {
            Category::Orders => self.orders,
            Category::Delivery => self.delivery,
            Category::Money => self.money,
            Category::Chat => self.chat,
            Category::Security => self.security,
            Category::Products => self.products,
            Category::Store => self.store,
            Category::System => self.system,
        }
    }
}

/// Every toast is shown; what is about the person's own trade makes a sound, what is about the
/// market's goods, one's own profile and notices doesn't. Quiet hours are off, and once they are on,
/// every night from 22:00 to 08:00, which what is urgent passes.
impl Default for Rules {
    fn default() -> Self {
        let loud = CategoryRule { toast: true, sound: true, only_urgent: false };
        let silent = CategoryRule { sound: false, ..loud };
        Self {
            categories: PerCategory {
                orders: loud,
                delivery: loud,
                money: loud,
                chat: loud,
                security: loud,
                products: silent,
                store: silent,
                system: silent,
            },
            quiet: QuietHours::default(),
            urgent_passes: true,
            urgent_messages_pass: false,
            hide_content: false,
        }
    }
}

impl Serialize for Rules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The derived one, which `remote` makes a function of the type itself.
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Value::deserialize(deserializer)?;
        let mut rules = Self::default();
        let mut whole = serde_json::to_value(&rules).map_err(D::Error::custom)?;
        let mut paths = Vec::new();
        leaves(&whole, String::new(), &mut paths);
        // Each value is taken if the rules can be read with it.
        for path in paths {
            if let (Some(new), Some(place)) = (given.pointer(&path), whole.pointer_mut(&path)) {
                let old = std::mem::replace(place, new.clone());
                if let Ok(read) = Self::deserialize(&whole) {
                    rules = read;
                } else if let Some(place) = whole.pointer_mut(&path) {
                    *place = old;
                }
            }
        }
        Ok(rules)
    }
}

/// The paths of all that is no object.
fn leaves(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, format!("{path}/{name}"), paths);
            }
        }
        _ => paths.push(path),
    }
}

#[cfg(test)]
mod tests;
