//! Catching up: after each connect the market is asked for what it stored meanwhile, again if that
//! fails, and what it had is merged into the inbox and told as one.

use super::again::{Again, Pace};
use super::inbox_work::now_ms;
use super::without_stream::Answer;
use super::{Actor, Done};
use crate::alert;
use crate::mailbox::{self, Clock, Found, MailboxError, Reach};
use crate::rules::judged;
use crate::rules::storm::Passed;
use crate::{Change, Choices, Fate};
use agora_client::MarketTime;
use agora_client::connection::StreamEvent;
use agora_inbox::{Alert, Mailbox, Merged};
use agora_wire::Json;
use jiff::ZonedDateTime;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::AbortHandle;

/// Whoever was away for longer looks through everything stored since, not only through what is
/// unread.
const LONG: Duration = Duration::from_secs(10 * 60);
/// A market that has no such calls is asked again after this time: it may have been updated.
const ASK_AGAIN_MS: i64 = 24 * 60 * 60 * 1_000;
/// The kind of event that tells of a notification that was read on another device.
const READ: &str = "NOTIFICATION_READ";
/// The events that carry the market's clock.
const CLOCKS: [&str; 2] = ["SYSTEM_TIME_WAIT", "HEARTBEAT"];

/// As much earlier than the stream was opened, what the market stored may yet come over it: the
/// clocks were compared no better than that.
const OPENING: Duration = Duration::from_secs(5);
/// As much earlier, where the market repeats what it had sent before.
const REPLAYED: Duration = Duration::from_secs(24 * 60 * 60);
/// The most ids of notifications read elsewhere that are acted on one by one.
const READS: usize = 1_000;

/// What is known of the market's clock and of when it was last heard.
#[derive(Debug, Default)]
pub(super) struct CatchingUp {
    /// The market's local time minus UTC, in milliseconds.
    server_offset_ms: Option<i64>,
    /// When the stream was last heard; `None` before the first connection.
    heard: Option<SystemTime>,
    /// What the market stored at this time or later may yet come over the stream too.
    streams_from: Option<SystemTime>,
    /// What was stored later has surely come over the stream: milliseconds since the Unix epoch. `None`
    /// where the market repeats what it had sent before.
    streams_surely_ms: Option<i64>,
    /// So many were found that may have come over it, or not. What comes and says the same may be one
    /// of them that is late, or another.
    doubtful: usize,
    /// It is to be done.
    wanted: bool,
    /// Everything is to be looked through, not only what is unread. So it stays until it is done.
    reaches_back: bool,
    task: Option<AbortHandle>,
    /// It is to be done once more when what is going on is over.
    once_more: bool,
    pub(super) again: Again,
    pace: Pace,
    reads: Reads,
}

/// What `NOTIFICATION_READ` events said that have not been acted on.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reads {
    /// These were read.
    ids: Vec<i64>,
    /// All were.
    all: bool,
    /// Nobody knows which.
    unknown: bool,
}

impl CatchingUp {
    /// A stream is asked for, on which the market may repeat what it had sent before. From now on
    /// it may write to it, however long nothing of that arrives.
    pub(super) fn asks(&mut self, now: SystemTime, repeats: bool) {
        self.reaches_back |= self.was_long_away(now);
        self.streams_from = now.checked_sub(if repeats { REPLAYED } else { OPENING });
        self.streams_surely_ms = (!repeats).then_some(i64::MAX);
    }

    /// A connection has opened, on which the market may repeat what it had sent before.
    pub(super) fn want(&mut self, now: SystemTime, repeats: bool) {
        self.wanted = true;
        self.reaches_back |= self.was_long_away(now);
        let surely_ms = || now_ms().saturating_add(i64::try_from(OPENING.as_millis()).unwrap_or(0));
        self.streams_surely_ms = (!repeats).then(surely_ms);
        self.again.connected();
        self.pace = Pace::default();
    }

    /// These were found that nobody knew.
    fn doubt(&mut self, new: &[Alert]) {
        if let Some(surely_ms) = self.streams_surely_ms {
            let from_ms = self.clock().streams_from_ms;
            let is_doubtful = |alert: &&Alert| (from_ms..=surely_ms).contains(&alert.body.at_ms);
            self.doubtful += new.iter().filter(is_doubtful).count();
        }
    }

    /// So many came that were known by their words. A look tells whether the doubtful of them were.
    pub(super) fn known_by_words(&mut self, count: usize) {
        let doubtful = self.doubtful.min(count);
        self.doubtful -= doubtful;
        self.wanted |= doubtful > 0;
    }

    pub(super) fn take_wanted(&mut self) -> bool {
        std::mem::take(&mut self.wanted)
    }

    /// The stream was heard.
    pub(super) fn heard(&mut self, at: SystemTime) {
        self.heard = Some(at);
    }

    pub(super) fn is_going_on(&self) -> bool {
        self.task.is_some()
    }

    /// Whether all was read elsewhere, and that has yet to be seen to.
    pub(super) fn is_all_read(&self) -> bool {
        self.reads.all
    }

    /// Gives up what goes on.
    pub(super) fn call_off(&mut self) {
        self.once_more = false;
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    /// Reads off an event what it says of the market's clock, or of what was read elsewhere.
    pub(super) fn look_at(&mut self, event: &StreamEvent) {
        if (event.event == READ || event.data.contains(READ))
            && alert::kind_of_event(&event.event, &event.data) == READ
        {
            self.reads.add(&event.data);
        }
        if CLOCKS.contains(&&*event.event)
            && let Some(data) = Json::read(&event.data).and_then(Json::object)
            && let Some(time) = data.get("timestamp").and_then(MarketTime::read)
            && let Some(offset) = time.server_offset_ms(now_ms())
        {
            self.server_offset_ms = Some(offset);
        }
    }

    /// Where the market hasn't said what its clock shows, it is taken to be in our zone.
    fn clock(&self) -> Clock {
        let streams_from = self.streams_from.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Clock {
            offset_ms: self
                .server_offset_ms
                .unwrap_or_else(|| i64::from(ZonedDateTime::now().offset().seconds()) * 1_000),
            streams_from_ms: streams_from
                .and_then(|since_epoch| i64::try_from(since_epoch.as_millis()).ok())
                .unwrap_or_default(),
        }
    }

    /// Whether nobody was there for long, or for who knows how long: it was heard when the clock was
    /// ahead.
    fn was_long_away(&self, now: SystemTime) -> bool {
        self.heard.is_none_or(|heard| now.duration_since(heard).map_or(true, |away| away > LONG))
    }
}

impl Actor {
    /// Looks at what the market stored, where it answers; otherwise the next connection does it.
    pub(super) async fn catch_up(&mut self) {
        if self.is_in_touch() {
            self.look().await;
        }
    }

    /// Asks the market what it stored, beside the mailbox; not without a token, which is how it
    /// knows whose.
    pub(super) async fn look(&mut self) {
        let (Some(inbox), Some(account), Some(token)) =
            (self.inbox.clone(), self.account.clone(), self.token.clone())
        else {
            return;
        };
        if self.catching_up.is_going_on() {
            self.catching_up.once_more = true;
            return;
        }
        if let Some(wait) = self.catching_up.pace.wait() {
            self.catching_up.again.within(wait);
        }
        if !self.catching_up.again.may_begin() {
            return;
        }
        let name = account.mailbox();
        let known = inbox.mailbox(name.clone()).await.unwrap_or_default();
        let now = now_ms();
        if known.missing_ms.is_some_and(|missing| is_of_late(missing, now)) {
            return;
        }
        // What a clock said that was ahead is not known.
        let caught_up_ms = known.caught_up_ms.filter(|at| *at <= now);
        self.catching_up.reaches_back |= caught_up_ms.is_none();
        let reach = match caught_up_ms {
            None => Reach::Kept(self.kept_since_ms(now)),
            Some(known_ms) if self.catching_up.reaches_back => Reach::Since(known_ms),
            Some(known_ms) => Reach::Unread(known_ms),
        };
        let visit = self.visit;
        self.catching_up.pace.begun();
        self.catching_up.task = Some(self.beside.spawn(async move {
            Done::Found(visit, mailbox::ask(account.base, token, &inbox, name, reach, now).await)
        }));
    }

    /// How far back alerts are kept at all.
    fn kept_since_ms(&self, now_ms: i64) -> Option<i64> {
        self.choices.limits(now_ms).map(|limits| limits.before_ms)
    }

    /// The market has answered what it stored, or not.
    pub(super) async fn found(&mut self, found: Result<Found, MailboxError>) {
        let result = match found {
            Ok(found) => self.merge(found).await,
            Err(error) => Err(error),
        };
        self.catching_up.task = None;
        let answer = Answer::of(&result);
        match result {
            Ok(()) => self.catching_up.again.succeeded(),
            Err(error) if error.status() == Some(404) => {
                self.catching_up.again.succeeded();
                self.market_stores_nothing().await;
            }
            Err(error) => {
                tracing::warn!(%error, "what the market stored can't be caught up with");
                self.catching_up.again.failed(&error);
            }
        }
        self.looked(answer);
        self.tell_reads();
        let once_more = std::mem::take(&mut self.catching_up.once_more);
        if once_more || self.catching_up.take_wanted() {
            self.catch_up().await;
        }
    }

    async fn merge(&mut self, found: Found) -> Result<(), MailboxError> {
        // What the stream has brought by now is the first to be kept: then it is new, and this is not.
        self.take_what_waits();
        self.keep().await;
        self.read_elsewhere().await;
        let Some(inbox) = self.inbox.clone() else { return Ok(()) };
        let reached_back = found.reaches_back();
        let (found, cut_short) = found.for_inbox(self.catching_up.clock());
        let merged = inbox.merge(found).await?;
        self.catching_up.reaches_back &= !reached_back;
        self.catching_up.doubt(&merged.new);
        self.merged(merged).await;
        cut_short.map_or(Ok(()), |error| Err(error.into()))
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

    async fn market_stores_nothing(&mut self) {
        let (Some(inbox), Some(account)) = (&self.inbox, &self.account) else { return };
        tracing::info!("the market stores no notifications");
        let mailbox = account.mailbox();
        let known = inbox.mailbox(mailbox.clone()).await.unwrap_or_default();
        let now = now_ms();
        if known.caught_up_ms.is_some_and(|at| is_of_late(at, now)) {
            // It had them a moment ago: it is being updated, or something else answers in its place.
            return;
        }
        let known = Mailbox { missing_ms: Some(now), ..known };
        if let Err(error) = inbox.keep_mailbox(mailbox, known).await {
            tracing::warn!(%error, "what is known of the market can't be kept");
        }
    }

    /// Acts on the `NOTIFICATION_READ` events that came: what they name was read elsewhere; where
    /// they name nothing, or nothing that is known, catching up finds out what.
    pub(super) async fn read_elsewhere(&mut self) {
        let Reads { ids, all, unknown } = std::mem::take(&mut self.catching_up.reads);
        let (Some(inbox), Some(account)) = (self.inbox.clone(), &self.account) else { return };
        let mailbox = account.mailbox();
        let mut look = all || unknown;
        // It may be what is being told just now. Then more is read there than anybody has seen.
        let all = all && !self.telling.is_going_on();
        for id in &ids {
            look = look || !inbox.knows_notice(mailbox.clone(), *id).await.unwrap_or(true);
        }
        if all || !ids.is_empty() {
            match inbox.read_elsewhere(mailbox, (!all).then_some(ids)).await {
                Ok(merged) if merged.read.is_empty() => {}
                Ok(Merged { read, counts, .. }) => {
                    let (ids, counts) = (read.into(), counts.into());
                    self.change(Change::Marked { ids, read: true, counts });
                }
                Err(error) => tracing::warn!(%error, "what was read elsewhere can't be marked"),
            }
        }
        if look {
            self.catching_up.reaches_back = true;
            self.catch_up().await;
        }
    }
}

impl Reads {
    fn add(&mut self, data: &str) {
        let data = Json::read(data).and_then(Json::object).unwrap_or_default();
        let before = self.ids.len();
        for value in ["notificationId", "notificationIds", "id", "ids"].map(|key| data.get(key)) {
            let Some(value) = value else { continue };
            self.ids.extend(value.id());
            self.ids.extend(value.array().into_iter().flatten().filter_map(Json::id));
        }
        let is_true = |key: &&str| data.get(key).and_then(Json::truth) == Some(true);
        let all = ["all", "readAll"].iter().any(is_true);
        match self.ids.len() {
            count if count > READS => {
                self.ids.clear();
                self.unknown = true;
            }
            count if count > before => {}
            _ if all => self.all = true,
            _ => self.unknown = true,
        }
    }
}

/// Whether a time was less than a day ago. What the clock said when it was ahead says nothing.
fn is_of_late(at_ms: i64, now_ms: i64) -> bool {
    (0..ASK_AGAIN_MS).contains(&now_ms.saturating_sub(at_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_elsewhere_is_named_in_many_ways() {
        let reads = |data: &str| {
            let mut reads = Reads::default();
            reads.add(data);
            reads
        };
        let these = |ids: &[i64]| Reads { ids: ids.to_vec(), ..Reads::default() };
        assert_eq!(reads(r#"{"notificationId":7}"#), these(&[7]));
        assert_eq!(reads(r#"{"notificationId":"7"}"#), these(&[7]));
        assert_eq!(reads(r#"{"notificationIds":[7,"8",null,9.0,"x"]}"#), these(&[7, 8, 9]));
        assert_eq!(reads(r#"{"id":"\ud83d","ids":[7],"x":1e400}"#), these(&[7]));
        assert_eq!(reads(r#"{"all":true}"#), Reads { all: true, ..Reads::default() });
        for unknown in ["{}", "7", "", r#"{"all":"yes"}"#, r#"{"notificationId":{}}"#] {
            assert_eq!(reads(unknown), Reads { unknown: true, ..Reads::default() }, "{unknown}");
        }
    }

    #[test]
    fn no_market_makes_the_list_of_reads_grow_without_end() {
        let mut reads = Reads::default();
        for id in 0..10_000 {
            reads.add(&format!(r#"{{"notificationId":{id}}}"#));
            assert!(reads.ids.len() <= READS);
        }
        assert!(reads.unknown);
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
        // Set ahead then, and right again since.
        catching_up.heard(now + Duration::from_secs(1));
        assert!(catching_up.was_long_away(now));
    }

    #[test]
    fn a_long_absence_is_not_forgotten_because_the_stream_is_heard_again() {
        let now = SystemTime::now();
        let mut catching_up = CatchingUp::default();
        catching_up.heard(now - 2 * LONG);
        catching_up.want(now, false);
        catching_up.heard(now);
        assert!(catching_up.reaches_back);
        // Nor by a second connect, as long as it was not made up for.
        catching_up.want(now, false);
        assert!(catching_up.reaches_back);
    }
}
