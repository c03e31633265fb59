//! Market life: stories that run side by side, told at the chosen rate to whoever is connected, and stored
//! for the members who aren't.
//!
//! The engine alone: it picks the next step of some story, finds who should hear of it, and sends it the
//! way the market sends. What happens in a story is in `trade` and `daily`, what people and things are
//! called in `lines`, what is left to chance in `dice`, what is stored for whoever is away in `away`.

mod away;
mod daily;
mod dice;
mod lines;
mod step;
mod tale;
mod trade;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use self::step::{Audience, Step};
use self::tale::Tale;
use crate::Shared;
use crate::people::{self, Role};
use crate::streams::{CONNECTIONS, To};

/// How long after its connect a client gets its first alert.
const WELCOME: Duration = Duration::from_secs(1);

/// Stories that run at the same time.
const STORIES: usize = 5;

/// Steps that may be passed over in search of one that somebody connected should hear of.
const SEARCH: usize = 200;

/// Notifications stored for one member in one absence; what happens later they never hear of.
const MISSED: usize = 50;

/// Clients that may wait for their first alert; it is as many as the market lets in.
const WELCOMES: usize = CONNECTIONS;

/// Tells stories until it is dropped; ends at once when the rate is 0.
pub(crate) async fn run(market: Shared) {
    if market.config.rate <= 0.0 {
        return;
    }
    let gap = Duration::from_secs_f64((60.0 / market.config.rate).min(86_400.0));
    let mut scenario = Scenario::new(market);
    let mut changes = scenario.market.streams.changes();
    let mut next = Instant::now() + gap;
    loop {
        let welcome = scenario.welcomes.front().map(|(due, _)| *due);
        tokio::select! {
            () = sleep_until(next) => {
                scenario.tell();
                next += gap.mul_f64(scenario.rng.random_range(0.5..1.5));
            }
            () = sleep_until(welcome.unwrap_or(next)), if welcome.is_some() => scenario.welcome(),
            Ok(()) = changes.changed() => scenario.notice_arrivals(),
        }
    }
}

struct Scenario {
    market: Shared,
    rng: StdRng,
    tale: Tale,
    /// First alerts come from a tale of their own, so that connecting doesn't change the story.
    first_alerts: Tale,
    stories: Vec<VecDeque<Step>>,
    newest_stream: u64,
    welcomes: VecDeque<(Instant, String)>,
    /// How many notifications were stored for each member who is away.
    missed: BTreeMap<u64, usize>,
}

impl Scenario {
    fn new(market: Shared) -> Self {
        let seed = market.config.seed;
        Self {
            rng: StdRng::seed_from_u64(seed),
            tale: Tale::new(seed),
            first_alerts: Tale::new(seed.wrapping_add(1)),
            stories: Vec::new(),
            newest_stream: 0,
            welcomes: VecDeque::new(),
            missed: BTreeMap::new(),
            market,
        }
    }

    /// Takes the next step that somebody connected should hear of, or just the next one when nobody is. The
    /// story begins with the first client.
    fn tell(&mut self) {
        let is_empty = self.market.streams.connected().is_empty();
        if is_empty && self.market.streams.totals().connections == 0 {
            return;
        }
        for _ in 0..SEARCH {
            while self.stories.len() < STORIES {
                self.stories.push(self.tale.story());
            }
            let story = self.rng.random_range(0..STORIES);
            let step = self.stories[story].pop_front();
            if self.stories[story].is_empty() {
                self.stories.swap_remove(story);
            }
            if step.is_some_and(|step| self.send(step)) || is_empty {
                return;
            }
        }
    }

    /// Sends a step to those it is for, and stores it for the members among them who are away; `false` when
    /// none of them is connected.
    fn send(&mut self, step: Step) -> bool {
        let (present, absent) = match step.to {
            Audience::Everyone => {
                self.market.streams.send(&To::Everyone, None, &self.stamped(step.body).to_string());
                return true;
            }
            Audience::Role(role) => {
                let present = self.market.streams.users_with(role);
                let members = people::ALL.iter().filter(|person| person.role == role);
                let absent = members.map(|person| person.id);
                (present.clone(), absent.filter(|id| !present.contains(&id.to_string())).collect())
            }
            Audience::Anyone => {
                let mut connected = self.market.streams.connected();
                if connected.is_empty() {
                    (Vec::new(), vec![people::ALL[self.rng.random_range(0..people::ALL.len())].id])
                } else {
                    let chosen = self.rng.random_range(0..connected.len());
                    (vec![connected.swap_remove(chosen).user_id], Vec::new())
                }
            }
        };
        for user in &present {
            self.send_to(user, step.body.clone());
        }
        for user_id in absent {
            self.store_for(user_id, &step.body);
        }
        !present.is_empty()
    }

    fn store_for(&mut self, user_id: u64, body: &Value) {
        let missed = self.missed.entry(user_id).or_default();
        if *missed < MISSED
            && let Some(notice) = away::notice(user_id, body)
        {
            *missed += 1;
            self.market.notifications.add(notice);
        }
    }

    fn send_to(&self, user: &str, body: Value) {
        let mut body = self.stamped(body);
        if let Some(id) = self.market.notifications.keep_message(user, None, &body) {
            body["notificationId"] = json!(id);
        }
        self.market.streams.send(&To::user(user), None, &body.to_string());
    }

    fn stamped(&self, mut body: Value) -> Value {
        body["timestamp"] = json!(self.market.clock.now());
        body
    }

    fn notice_arrivals(&mut self) {
        let mut arrived = self.market.streams.connected();
        arrived.retain(|client| client.stream > self.newest_stream);
        arrived.sort_by_key(|client| client.stream);
        for client in arrived {
            self.newest_stream = client.stream;
            self.missed.retain(|id, _| id.to_string() != client.user_id);
            if self.welcomes.len() < WELCOMES {
                self.welcomes.push_back((Instant::now() + WELCOME, client.user_id));
            }
        }
    }

    /// Sends the client that waits longest its first alert: something of its user's own trade.
    fn welcome(&mut self) {
        let Some((_, user)) = self.welcomes.pop_front() else {
            return;
        };
        let role = people::by_id(&user).map_or(Role::Buyer, |person| person.role);
        for _ in 0..SEARCH {
            let story = self.first_alerts.story();
            let own = |step: &Step| step.to == Audience::Role(role) && !step.is_quiet();
            if let Some(step) = story.into_iter().find(own) {
                self.send_to(&user, step.body);
                return;
            }
        }
    }
}
