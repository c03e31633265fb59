//! From the stream's updates to kept and announced alerts.

use super::Actor;
use super::inbox_work::now_ms;
use super::without_stream::WithoutStream;
use crate::Change;
use crate::keeping::{Keeping, Trouble};
use crate::status::{SignedOut, Status};
use agora_alert::Event;
use agora_client::connection::{StreamEvent, Update};
use agora_rules::judged;
use jiff::ZonedDateTime;
use std::time::SystemTime;

/// The most updates that are taken before what they bring is kept.
const AT_ONCE: usize = 512;

impl Actor {
    /// Takes one update, and with it whatever else has arrived by now, then keeps it.
    pub(super) async fn update(&mut self, first: Option<Update>) {
        let Some(first) = first else {
            return self.ended().await;
        };
        self.take(first);
        self.take_what_waits();
        // What could not be kept is tried again in its own time, not with every event.
        if self.keeping.as_ref().is_some_and(|keeping| keeping.retry_at().is_none()) {
            self.keep().await;
        }
        self.look_when_heard();
        self.follow_hints().await;
        if self.is_connected() && self.catching_up.take_wanted() {
            self.catch_up().await;
            // After that, where there is anything to ask for.
            if !self.catching_up.is_going_on() {
                self.tell_reads();
            }
        }
        self.publish();
    }

    /// Takes what has arrived and waits, as far as there is room for it.
    pub(super) fn take_what_waits(&mut self) {
        for _ in 0..AT_ONCE {
            let has_room = self.keeping.as_ref().is_some_and(Keeping::has_room);
            match &mut self.stream {
                Some(stream) if has_room => match stream.updates.try_recv() {
                    Ok(update) => self.take(update),
                    Err(_) => return,
                },
                _ => return,
            }
        }
    }

    /// The connection has ended for good, and has said why, unless it failed.
    async fn ended(&mut self) {
        let Some(stream) = self.stream.take() else { return };
        self.without_stream = WithoutStream::default();
        let failure = stream.failure().await;
        match (self.refused.take(), failure) {
            (Some(refusal), _) => self.renew(refusal),
            (None, Some(failure)) => {
                self.say(Status::Refused { status: None, message: Some(failure) });
            }
            (None, None) => self.publish(),
        }
    }

    pub(super) fn take(&mut self, update: Update) {
        match update {
            Update::Status(status) => {
                let status = self.note(status);
                self.hear(Status::of(status));
            }
            Update::Heard(at) => self.heard(at),
            Update::Event(StreamEvent { event, data, id, id_is_own }) => {
                let event = Event::read(&event, &data);
                let ahead_ms = self.market_clock.hear(&event, now_ms());
                self.hints.hear(&event);
                self.self_test_hears(&data);
                if let Some(keeping) = &mut self.keeping {
                    keeping.hear_clock(ahead_ms);
                    keeping.take(event, id, id_is_own);
                }
            }
            Update::Cursor(cursor) => {
                if let Some(keeping) = &mut self.keeping {
                    keeping.move_cursor(cursor);
                }
            }
        }
    }

    fn hear(&mut self, status: Status) {
        match status {
            // Told only if the credential can't be renewed.
            Status::SignedOut(SignedOut::Market { .. }) if !self.refreshed => {
                self.refused = Some(status);
            }
            Status::Connected { heard, .. } => {
                self.refreshed = false;
                self.market_clock.opened();
                self.clock.opened();
                self.catching_up.want(SystemTime::now(), self.repeats());
                // Its first byte was heard: one that is cut before the next was not away since long ago.
                self.catching_up.heard(heard);
                self.telling.again.connected();
                self.say(status);
            }
            _ => self.say(status),
        }
    }

    /// Whether the market may repeat on a new stream what it sent before.
    pub(super) fn repeats(&self) -> bool {
        self.keeping.as_ref().is_some_and(Keeping::has_cursor)
    }

    fn heard(&mut self, at: SystemTime) {
        if let Some(since) = self.open_since {
            self.catching_up.heard(at);
            self.say(Status::Connected { since, heard: at });
        }
    }

    /// Commits what was taken, then announces what is new of it.
    pub(super) async fn keep(&mut self) {
        let was_blocked = self.is_blocked();
        let Some(keeping) = &mut self.keeping else { return };
        let now = ZonedDateTime::now();
        let (rules, snooze) = (&self.choices.rules, self.choices.snooze);
        let kept = keeping.keep(|alert| judged(rules, snooze, alert, false, &now)).await;
        self.catching_up.known_by_words(kept.known_by_words);
        if let Some(counts) = kept.counts
            && !kept.new.is_empty()
        {
            self.self_test_keeps(&kept.new);
            self.grew(&kept.new);
            let mut alerts = kept.new;
            for alert in &mut alerts {
                self.hints.keep(alert);
                alert.body.raw = String::new();
            }
            self.change(Change::Arrived {
                alerts: alerts.into(),
                passed: kept.passed.into(),
                counts: counts.into(),
            });
        }
        if let Some(error) = kept.error {
            tracing::error!(%error, "alerts can't be kept; they wait");
            self.trouble(Some(Trouble::of_store(&error)));
            return self.publish();
        }
        self.trouble(None);
        if was_blocked && self.open_since.is_some() {
            // Nobody has read the stream for a while: it is open again when it is heard again.
            self.status = Status::Connecting;
        }
        self.publish();
        if self.waits_for_room() {
            self.begin();
        }
    }

    pub(super) fn trouble(&self, trouble: Option<Trouble>) {
        self.outputs.trouble.send_if_modified(|now| {
            let is_new = *now != trouble;
            *now = trouble;
            is_new
        });
    }
}
