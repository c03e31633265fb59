//! Ingest: from the stream's updates to committed and announced alerts.
//!
//! It owns the order of things: what has arrived is taken, committed, and only then told. What waits for the
//! inbox is held by `ingest`; what there is to do about a stream that ends is in `signing_in`.

use super::Actor;
use super::alerts::now_ms;
use super::session::{Off, Session};
use super::without_stream::WithoutStream;
use crate::Change;
use crate::ingest::{Ingest, Trouble};
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
        if self.store.ingest().is_some_and(|ingest| ingest.retry_at().is_none()) {
            self.keep().await;
        }
        self.tell_pulse();
        self.look_when_heard();
        self.follow_hints().await;
        if self.is_connected() && self.sync.take_wanted() {
            self.sync().await;
            // After that, where there is anything to ask for.
            if !self.sync.is_going_on() {
                self.send_receipts();
            }
        }
        self.publish();
    }

    fn tell_pulse(&self) {
        self.outputs.pulse.send_if_modified(|told| {
            let is_new = *told != self.pulse;
            told.clone_from(&self.pulse);
            is_new
        });
    }

    /// Takes what has arrived and waits, as far as there is room for it.
    pub(super) fn take_what_waits(&mut self) {
        for _ in 0..AT_ONCE {
            let has_room = self.store.ingest().is_some_and(Ingest::has_room);
            match self.session.open_mut() {
                Some(open) if has_room => match open.stream.updates.try_recv() {
                    Ok(update) => self.take(update),
                    Err(_) => return,
                },
                _ => return,
            }
        }
    }

    /// The connection has ended for good, and has said why, unless it failed.
    async fn ended(&mut self) {
        let Session::Open(open) = self.session.take() else { return };
        self.without_stream = WithoutStream::default();
        let failure = open.stream.failure().await;
        match (open.refusal, failure) {
            (Some(refusal), _) => self.renew(Some(refusal), open.token),
            (None, Some(failure)) => {
                let refused = Status::Refused { status: None, message: Some(failure) };
                self.enter(Session::Off(Off::Ended(refused)));
            }
            (None, None) => self.enter(Session::Off(Off::Ended(open.said))),
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
                self.pulse.hear(&event, now_ms());
                self.hints.hear(&event);
                self.self_test_hears(&data);
                if let Some(ingest) = self.store.ingest_mut() {
                    ingest.hear_clock(ahead_ms);
                    ingest.take(event, id, id_is_own);
                }
            }
            Update::Cursor(cursor) => {
                if let Some(ingest) = self.store.ingest_mut() {
                    ingest.move_cursor(cursor);
                }
            }
        }
    }

    fn hear(&mut self, status: Status) {
        let repeats = self.repeats();
        let Some(open) = self.session.open_mut() else { return };
        match status {
            // Told only if the credential can't be renewed.
            Status::SignedOut(SignedOut::Market { .. }) if !open.is_renewed => {
                open.refusal = Some(status);
                return;
            }
            Status::Connected { heard, .. } => {
                open.is_renewed = false;
                self.market_clock.opened();
                self.clock.opened();
                self.sync.want(SystemTime::now(), repeats);
                // Its first byte was heard: one that is cut before the next was not away since long ago.
                self.sync.heard(heard);
                self.receipts.retry.connected();
            }
            _ => {}
        }
        open.say(status);
        self.publish();
    }

    /// Whether the market may repeat on a new stream what it sent before.
    pub(super) fn repeats(&self) -> bool {
        self.store.ingest().is_some_and(Ingest::has_cursor)
    }

    fn heard(&mut self, at: SystemTime) {
        if let Some(open) = self.session.open_mut()
            && let Some(since) = open.since
        {
            open.said = Status::Connected { since, heard: at };
            self.sync.heard(at);
            self.publish();
        }
    }

    /// Commits what was taken, then announces what is new of it.
    pub(super) async fn keep(&mut self) {
        let was_blocked = self.is_blocked();
        let Some(ingest) = self.store.ingest_mut() else { return };
        let now = ZonedDateTime::now();
        let (rules, snooze) = (&self.choices.rules, self.choices.snooze);
        let kept = ingest.keep(|alert| judged(rules, snooze, alert, false, &now)).await;
        self.sync.known_by_words(kept.known_by_words);
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
        if was_blocked
            && let Some(open) = self.session.open_mut()
            && open.since.is_some()
        {
            // Nobody has read the stream for a while: it is open again when it is heard again.
            open.said = Status::Connecting;
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
