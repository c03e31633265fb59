//! Catching up: after each connect the market is asked for what it stored meanwhile, and that is
//! merged into the inbox and told as one.

use super::inbox_work::now_ms;
use super::{Actor, Done};
use crate::alert;
use crate::mailbox::{self, Found, Reach};
use crate::rules::judged;
use crate::rules::storm::Passed;
use crate::{Change, Choices, Fate};
use agora_client::connection::StreamEvent;
use agora_client::{CallError, MarketTime};
use agora_inbox::{Mailbox, Merged, StoreError};
use jiff::ZonedDateTime;
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// Whoever was away for longer looks through everything stored since, not only through what is
/// unread.
const LONG: Duration = Duration::from_secs(10 * 60);
/// A market that has no such calls is asked again after this time: it may have been updated.
const ASK_AGAIN_MS: i64 = 24 * 60 * 60 * 1_000;
/// The kind of event that tells of a notification that was read on another device.
const READ: &str = "NOTIFICATION_READ";
/// The events that carry the market's clock.
const CLOCKS: [&str; 2] = ["SYSTEM_TIME_WAIT", "HEARTBEAT"];

/// What is known of the market's clock and of when it was last heard.
#[derive(Debug, Default)]
pub(super) struct CatchingUp {
    /// The market's local time minus UTC, in milliseconds.
    server_offset_ms: Option<i64>,
    /// When the stream was last heard; `None` before the first connection.
    heard: Option<SystemTime>,
    /// It is to be done.
    wanted: bool,
    is_going_on: bool,
    /// It is to be done once more when what is going on is over.
    again: bool,
    /// The data of `NOTIFICATION_READ` events that have not been acted on.
    read: Vec<String>,
}

impl CatchingUp {
    /// A connection has opened.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    pub(super) fn take_wanted(&mut self) -> bool {
        std::mem::take(&mut self.wanted)
    }

    pub(super) fn take_read(&mut self) -> Vec<String> {
        std::mem::take(&mut self.read)
    }

    /// The stream was heard.
    pub(super) fn heard(&mut self, at: SystemTime) {
        self.heard = Some(at);
    }

    /// Reads off an event what it says of the market's clock, or of what was read elsewhere.
    pub(super) fn look_at(&mut self, event: &StreamEvent) {
        if (event.event == READ || event.data.contains(READ))
            && alert::kind_of_event(&event.event, &event.data) == READ
        {
            self.read.push(event.data.clone());
        }
        if CLOCKS.contains(&&*event.event)
            && let Ok(Value::Object(data)) = serde_json::from_str(&event.data)
            && let Some(time) = data.get("timestamp").and_then(Value::as_str)
            && let Some(offset) = MarketTime::parse(time).and_then(|t| t.server_offset_ms(now_ms()))
        {
            self.server_offset_ms = Some(offset);
        }
    }

    /// Where the market hasn't said what its clock shows, it is taken to be in our zone.
    fn offset_ms(&self) -> i64 {
        self.server_offset_ms
            .unwrap_or_else(|| i64::from(ZonedDateTime::now().offset().seconds()) * 1_000)
    }

    /// Whether nobody was there for long, or for who knows how long.
    fn was_long_away(&self, now: SystemTime) -> bool {
        self.heard.is_none_or(|heard| now.duration_since(heard).is_ok_and(|away| away > LONG))
    }
}

impl Actor {
    /// Asks the market what it stored, beside the mailbox; not without a token, which is how it
    /// knows whose.
    pub(super) async fn catch_up(&mut self) {
        let (Some(inbox), Some(account), Some(token)) =
            (self.inbox.clone(), self.account.clone(), self.token.clone())
        else {
            return;
        };
        if self.catching_up.is_going_on {
            self.catching_up.again = true;
            return;
        }
        let name = account.mailbox();
        let known = inbox.mailbox(name.clone()).await.unwrap_or_default();
        let now = now_ms();
        if known.missing_ms.is_some_and(|missing| now.saturating_sub(missing) < ASK_AGAIN_MS) {
            return;
        }
        let was_long_away = self.catching_up.was_long_away(SystemTime::now());
        let reach = if was_long_away || known.caught_up_ms.is_none() {
            Reach::Since(known.caught_up_ms.or_else(|| self.kept_since_ms(now)))
        } else {
            Reach::Unread
        };
        self.catching_up.is_going_on = true;
        let number = self.lookup;
        self.beside.spawn(async move {
            Done::Found(number, mailbox::ask(account.base, token, &inbox, name, reach, now).await)
        });
    }

    /// How far back alerts are kept at all.
    fn kept_since_ms(&self, now_ms: i64) -> Option<i64> {
        self.choices.limits(now_ms).map(|limits| limits.before_ms)
    }

    /// The market has answered, or not.
    pub(super) async fn found(&mut self, number: u64, found: Result<Found, CallError>) {
        self.catching_up.is_going_on = false;
        let again = std::mem::take(&mut self.catching_up.again);
        // Whatever was found of an account that isn't this one's any more is left alone.
        if number != self.lookup {
            return;
        }
        match found {
            Ok(found) => self.merge(found).await,
            Err(error) if error.status() == Some(404) => self.market_stores_nothing().await,
            // The next connect asks again.
            Err(error) => tracing::warn!(%error, "what the market stored can't be asked for"),
        }
        if again {
            self.catch_up().await;
        }
    }

    async fn merge(&mut self, found: Found) {
        // What the stream has brought by now is the first to be kept: then it is new, and this is not.
        self.take_what_waits();
        self.keep().await;
        let Some(inbox) = self.inbox.clone() else { return };
        match inbox.merge(found.for_inbox(self.catching_up.offset_ms())).await {
            Ok(merged) => self.merged(merged).await,
            Err(error) => self.not_merged(&error),
        }
        self.tell_reads();
    }

    async fn merged(&mut self, merged: Merged) {
        if merged.new.is_empty() && merged.read.is_empty() {
            return;
        }
        tracing::info!(new = merged.new.len(), read = merged.read.len(), "caught up");
        let now = ZonedDateTime::now();
        let mut passed = Vec::new();
        let mut fates = Vec::new();
        for alert in &merged.new {
            let Choices { rules, snooze, .. } = &self.choices;
            match judged(rules, *snooze, &alert.body, true, &now) {
                _ if alert.read => {}
                Ok(sound) => passed.push(Passed::of(alert, sound)),
                Err(mute) => fates.push((alert.id, Fate::Muted(mute))),
            }
        }
        let in_all = u32::try_from(passed.len()).unwrap_or(u32::MAX);
        fates.extend(passed.iter().map(|Passed { id, .. }| (*id, Fate::CaughtUp(in_all))));
        self.keep_fates(fates).await;
        self.change(Change::CaughtUp {
            passed: passed.into(),
            read: merged.read.into(),
            counts: merged.counts.into(),
        });
    }

    fn not_merged(&mut self, error: &StoreError) {
        tracing::error!(%error, "what the market stored can't be kept; the next connect asks again");
    }

    async fn market_stores_nothing(&mut self) {
        let (Some(inbox), Some(account)) = (&self.inbox, &self.account) else { return };
        tracing::info!("the market stores no notifications");
        let name = account.mailbox();
        let known = inbox.mailbox(name.clone()).await.unwrap_or_default();
        let known = Mailbox { missing_ms: Some(now_ms()), ..known };
        if let Err(error) = inbox.keep_mailbox(name, known).await {
            tracing::warn!(%error, "what is known of the market can't be kept");
        }
    }

    /// A `NOTIFICATION_READ` came: what it names was read elsewhere; where it names nothing, catching
    /// up finds out what.
    pub(super) async fn read_elsewhere(&mut self, data: &str) {
        let (Some(inbox), Some(account)) = (self.inbox.clone(), &self.account) else { return };
        let ids = match read_notices(data) {
            ReadNotices::These(ids) => Some(ids),
            ReadNotices::All => None,
            ReadNotices::Unknown => return self.catch_up().await,
        };
        match inbox.read_elsewhere(account.mailbox(), ids).await {
            Ok(merged) if merged.read.is_empty() => {}
            Ok(Merged { read, counts, .. }) => {
                self.change(Change::Marked { ids: read.into(), read: true, counts: counts.into() });
            }
            Err(error) => tracing::warn!(%error, "what was read elsewhere can't be marked"),
        }
    }
}

/// What a `NOTIFICATION_READ` names.
#[derive(Debug, PartialEq, Eq)]
enum ReadNotices {
    These(Vec<i64>),
    All,
    Unknown,
}

fn read_notices(data: &str) -> ReadNotices {
    const MOST: usize = 1_000;
    let Ok(Value::Object(data)) = serde_json::from_str(data) else { return ReadNotices::Unknown };
    let ids = |value: &Value| match value {
        Value::Array(list) => list.iter().take(MOST).filter_map(id_of).collect(),
        one => id_of(one).into_iter().collect::<Vec<_>>(),
    };
    let named = ["notificationId", "notificationIds", "id", "ids"];
    let ids: Vec<i64> = named.iter().filter_map(|key| data.get(*key)).flat_map(ids).collect();
    if !ids.is_empty() {
        return ReadNotices::These(ids);
    }
    let all = ["all", "readAll"].iter().any(|key| data.get(*key) == Some(&Value::Bool(true)));
    if all { ReadNotices::All } else { ReadNotices::Unknown }
}

/// Some serializers write large numbers as text.
fn id_of(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_elsewhere_is_named_in_many_ways() {
        let these = |ids: &[i64]| ReadNotices::These(ids.to_vec());
        assert_eq!(read_notices(r#"{"notificationId":7}"#), these(&[7]));
        assert_eq!(read_notices(r#"{"notificationId":"7"}"#), these(&[7]));
        assert_eq!(read_notices(r#"{"notificationIds":[7,"8",null]}"#), these(&[7, 8]));
        assert_eq!(read_notices(r#"{"all":true}"#), ReadNotices::All);
        for unknown in ["{}", "7", "", r#"{"all":"yes"}"#, r#"{"notificationId":{}}"#] {
            assert_eq!(read_notices(unknown), ReadNotices::Unknown, "{unknown}");
        }
    }

    #[test]
    fn a_short_absence_is_no_long_one() {
        let now = SystemTime::now();
        let mut catching_up = CatchingUp::default();
        assert!(catching_up.was_long_away(now));
        catching_up.heard(now - LONG);
        assert!(!catching_up.was_long_away(now));
        catching_up.heard(now - LONG - Duration::from_secs(1));
        assert!(catching_up.was_long_away(now));
    }
}
