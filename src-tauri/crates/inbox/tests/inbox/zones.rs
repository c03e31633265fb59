//! Whatever clocks the market's stream and its stored times are on: what it sent once is there once, and
//! what it sent twice is there twice.

use crate::sample::{Place, alert};
use agora_inbox::{
    Alert, Batch, Cursor, Filter, Inbox, Listing, NewAlert, Notice, Seek, StoredNotice, Written,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashSet;

const MAILBOX: &str = "mailbox one";
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// How the market writes the times that it stores.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// The server's local time as it is.
    Local,
    /// That, with +08:00 behind it.
    Fixed,
    /// With its own zone.
    Zoned,
    /// In UTC, with a Z.
    Utc,
    /// On some other clock, without saying so.
    Other(i64),
}

struct World {
    random: StdRng,
    inbox: Inbox,
    form: Form,
    now: i64,
    zone: i64,
    /// When summer time begins or ends, and by how much.
    change: (i64, i64),
    wrong_by: i64,
    /// The words and the time of each that was stored.
    stored: Vec<(i64, i64)>,
    connected_since: i64,
}

impl World {
    fn new(seed: u64, inbox: Inbox) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut zone = || random.random_range(-56..=52) * 15 * MINUTE;
        let (stream, mut other) = (zone(), zone());
        // The clocks of an hour and more apart: nearer ones take more than one pair.
        if (other - stream).abs() < 2 * HOUR {
            other = if stream > 0 { stream - 3 * HOUR } else { stream + 3 * HOUR };
        }
        let forms = [Form::Local, Form::Fixed, Form::Zoned, Form::Utc, Form::Other(other)];
        let now = 1_800_000_000_000 + random.random_range(0..HOUR);
        let by = [HOUR, -HOUR, HOUR / 2, 0][random.random_range(0..4_usize)];
        Self {
            form: forms[random.random_range(0..forms.len())],
            change: (now + random.random_range(0..12 * HOUR), by),
            wrong_by: random.random_range(-3 * MINUTE..3 * MINUTE),
            zone: stream,
            stored: Vec::new(),
            connected_since: 0,
            random,
            inbox,
            now,
        }
    }

    fn zone_at(&self, at: i64) -> i64 {
        self.zone + if at < self.change.0 { 0 } else { self.change.1 }
    }

    /// The server's clock, to the second.
    fn clock(&self, at: i64, zone: i64) -> i64 {
        (at + self.wrong_by + zone).div_euclid(SECOND) * SECOND
    }

    fn written(&self, at: i64) -> Written {
        let zone = self.zone_at(at);
        let (on, zone_ms) = match self.form {
            Form::Local => (zone, None),
            Form::Fixed => (zone, Some(8 * HOUR)),
            Form::Zoned => (zone, Some(zone)),
            Form::Utc => (0, Some(0)),
            Form::Other(other) => (other, None),
        };
        Written { local_ms: self.clock(at, on), zone_ms }
    }

    async fn connect(&mut self) {
        self.connected_since = self.now;
        let ahead = self.clock(self.now, self.zone_at(self.now)) - self.now;
        self.inbox.hear_clock(MAILBOX.into(), ahead).await.unwrap();
        self.look().await;
    }

    async fn event(&mut self, is_connected: bool) {
        let words = self.random.random_range(0..3);
        self.stored.push((words, self.now));
        if is_connected {
            let late = self.random.random_range(20..2_000);
            self.comes(words, self.now + late).await;
        }
    }

    async fn comes(&mut self, words: i64, at_ms: i64) {
        let body = NewAlert { at_ms, notice: Notice::Unnamed(words), ..alert("streamed") };
        let cursor = Cursor { source: "stream".into(), last_event_id: None };
        let batch = Batch { alerts: vec![body], cursor, mailbox: MAILBOX.into() };
        self.inbox.commit(batch).await.unwrap();
    }

    async fn look(&mut self) {
        let ids = 0..i64::try_from(self.stored.len()).unwrap();
        let notices = self.stored.iter().zip(ids.clone()).map(|((words, at), stored_id)| {
            let notice = Notice::Unnamed(*words);
            let body = NewAlert { at_ms: self.now, notice, ..alert("stored") };
            StoredNotice { stored_id, unread: true, written: Some(self.written(*at)), body }
        });
        let found = Listing {
            mailbox: MAILBOX.into(),
            at_ms: self.now,
            synced_ms: self.now,
            notices: notices.collect(),
            from_ms: i64::MIN,
            were_unread: self.inbox.unread_notices(MAILBOX.into()).await.unwrap(),
            unread_there: Some(ids.collect()),
            streams_from_ms: self.connected_since - 5 * SECOND,
            here_ahead_ms: 8 * HOUR,
        };
        self.inbox.merge(found).await.unwrap();
    }

    async fn live(&mut self) {
        self.connect().await;
        for _ in 0..self.random.random_range(2..6) {
            // A stream ends at the latest after half an hour.
            let end = self.now + self.random.random_range(2 * MINUTE..30 * MINUTE);
            while self.now < end {
                self.event(true).await;
                self.now += self.random.random_range(2 * SECOND..12 * MINUTE);
                if self.random.random_bool(0.2) {
                    self.look().await;
                    self.now += 3 * SECOND;
                }
            }
            for _ in 0..self.random.random_range(0..4) {
                self.now += self.random.random_range(2 * SECOND..2 * HOUR);
                self.event(false).await;
            }
            self.now += self.random.random_range(3 * SECOND..HOUR);
            // One is stored just before the connect, found by the look, and comes over the stream all the same.
            let is_late = self.random.random_bool(0.3);
            if is_late {
                self.stored.push((9, self.now - SECOND));
            }
            self.connect().await;
            if is_late {
                self.comes(9, self.now + SECOND).await;
            }
        }
        self.now += MINUTE;
        self.look().await;
    }

    async fn alerts(&self) -> Vec<Alert> {
        self.inbox.page(Filter::ALL, Seek::Newest, 10_000).await.unwrap().alerts
    }
}

#[tokio::test]
async fn what_was_sent_once_is_there_once_whatever_the_clocks_show() {
    for seed in 0..60 {
        let place = Place::new();
        let mut world = World::new(seed, place.open());
        world.live().await;
        let what =
            format!("seed {seed}: {:?}, zone {}, {:?}", world.form, world.zone, world.change);
        let alerts = world.alerts().await;
        let known: HashSet<i64> = alerts
            .iter()
            .map(|alert| match alert.body.notice {
                Notice::Stored(id) => id,
                _ => panic!("one that isn't stored, {what}"),
            })
            .collect();
        assert_eq!((alerts.len(), known.len()), (world.stored.len(), world.stored.len()), "{what}");
        // What was missed is told by the market's clock; over a change of it, by an hour off at the most.
        for alert in alerts {
            let Notice::Stored(id) = alert.body.notice else { continue };
            let apart = (alert.body.at_ms - world.stored[usize::try_from(id).unwrap()].1).abs();
            let off = if world.change.1 == 0 { 0 } else { HOUR };
            assert!(apart <= off + 6 * MINUTE, "{what}: {apart}");
        }
        world.inbox.close().await;
    }
}

#[tokio::test]
async fn two_with_the_same_words_a_whole_hour_apart_stay_two() {
    let inbox = Place::new().open();
    let mut world =
        World { form: Form::Fixed, zone: 0, change: (i64::MAX, 0), ..World::new(1, inbox) };
    world.connect().await;
    // One is missed each hour, on the hour, and one comes.
    for _ in 0..8 {
        world.now += HOUR;
        world.stored.push((1, world.now));
        world.now += HOUR;
        world.stored.push((1, world.now));
        world.comes(1, world.now + 100).await;
        world.now += MINUTE;
        world.connect().await;
        world.now -= MINUTE;
    }
    assert_eq!(world.alerts().await.len(), 16);
}
