//! A sending while it is sent: line after line, as fast as it may, until each was tried or it has to stand.

use crate::pace::Pace;
use crate::post::{Again, Post, Tried, new_reference, now};
use crate::progress::{Count, Progress};
use crate::{Template, To};
use agora_client::{Message, UserId};
use agora_ledger::{Ended, Halt, Ledger, LedgerError, Line, Outcome, Sending, State};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

/// So many failures in a row are the market's or the message's, and no accident.
const IN_A_ROW: u32 = 5;

/// How many lines are read from the ledger at a time.
const CHUNK: u32 = 200;

/// What is waited for a market that asks to wait and doesn't say how long; twice as long each time.
const SHORTEST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// How late what is to go at a time may still go by itself: milliseconds.
const LATEST: i64 = 60_000;

/// How a line's try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The line's number.
    pub number: u32,
    /// Whom it was for; `None`: everyone.
    pub user: Option<String>,
    /// How.
    pub ended: Ended,
}

/// What is wished of a sending that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// That it goes on.
    Go,
    /// That it stands.
    Halt(Halt),
    /// Nothing, but the computer slept meanwhile.
    Woke,
}

/// Hears of a line's message that leaves.
pub(crate) type Left = Box<dyn Fn(&To, &Message, u32) + Send + Sync>;

/// A sending that this program has, and all it takes to send it.
pub(crate) struct Run {
    pub(crate) ledger: Ledger,
    pub(crate) post: Arc<Post>,
    pub(crate) sending: Sending,
    pub(crate) wish: watch::Receiver<Wish>,
    pub(crate) told: Option<mpsc::Sender<Told>>,
    /// Where it is told how far it is.
    pub(crate) tell: Box<dyn Fn(&Progress) + Send + Sync>,
    /// What left for somebody whose stream we hear.
    pub(crate) left: Left,
}

/// A line that waits, and whether it goes with a token that was renewed for it.
type Waiting = (Line, bool);

type Task = (Line, Result<Tried, LedgerError>);

impl Run {
    /// Sends it. In the end nobody has it.
    pub(crate) async fn go(mut self) {
        let id = self.sending.id;
        let mut count = Count::of(self.sending.clone());
        let stands = match self.wait(&mut count).await {
            Err(error) => Err(error),
            Ok(Some(halt)) => Ok(Some(halt)),
            Ok(None) => self.lines(&mut count).await,
        };
        if matches!(self.ledger.sending(id).await, Err(LedgerError::Unknown)) {
            return;
        }
        let kept = match &stands {
            Ok(None) => self.ledger.finish(id).await,
            Ok(Some(halt)) => self.ledger.halt(id, *halt).await,
            Err(error) => {
                tracing::error!(%error, "the ledger fails: nothing more is sent");
                self.ledger.halt(id, Halt::Ledger).await
            }
        };
        if let Err(error) = kept {
            tracing::error!(%error, "how a sending ended can't be kept");
        }
        match self.ledger.sending(id).await {
            Ok(sending) => count.now.sending = sending,
            Err(_) => {
                count.stands(State::Halted, Some(stands.ok().flatten().unwrap_or(Halt::Ledger)));
            }
        }
        count.now.resumes = None;
        (self.tell)(&count.now);
    }

    /// Until its time has come, which is told by the clock on the wall. Why it has to stand, if so.
    async fn wait(&mut self, count: &mut Count) -> Result<Option<Halt>, LedgerError> {
        let Some(due) = self.sending.new.due else { return Ok(None) };
        (self.tell)(&count.now);
        loop {
            let left = due - now();
            if left <= -LATEST {
                return Ok(Some(Halt::Missed));
            }
            let Ok(left @ 1..) = u64::try_from(left) else { break };
            tokio::select! {
                () = sleep(Duration::from_millis(left)) => {}
                changed = self.wish.changed() => match *self.wish.borrow_and_update() {
                    Wish::Halt(halt) => return Ok(Some(halt)),
                    _ if changed.is_err() => return Ok(Some(Halt::Ended)),
                    Wish::Go | Wish::Woke => {}
                }
            }
        }
        self.ledger.run(self.sending.id).await?;
        count.stands(State::Running, None);
        Ok(None)
    }

    /// Why it stands; `None`: each line was tried.
    async fn lines(&mut self, count: &mut Count) -> Result<Option<Halt>, LedgerError> {
        let body = Body::of(&self.sending);
        let Some(body) = body else { return Ok(Some(Halt::Failures)) };
        let new = &self.sending.new;
        let mut pace = Pace::new(new.per_second, new.at_once, Instant::now());
        let mut tasks: JoinSet<Task> = JoinSet::new();
        let mut waiting: VecDeque<Waiting> = VecDeque::new();
        let (mut after, mut is_read, mut in_a_row, mut halt) = (0, false, 0, None);
        loop {
            if waiting.is_empty() && !is_read && halt.is_none() {
                let read = self.ledger.untried(self.sending.id, after, CHUNK).await?;
                waiting = read.into_iter().map(|line| (line, false)).collect();
                is_read = waiting.is_empty();
                after = waiting.back().map_or(after, |(line, _)| line.number);
            }
            if tasks.is_empty() && (halt.is_some() || waiting.is_empty()) {
                return Ok(halt);
            }
            if count.is_due() {
                (self.tell)(&count.now);
            }
            let ready = pace.ready().filter(|_| halt.is_none() && !waiting.is_empty());
            tokio::select! {
                biased;
                changed = self.wish.changed(), if halt.is_none() => {
                    halt = match *self.wish.borrow_and_update() {
                        Wish::Halt(wished) => Some(wished),
                        Wish::Woke => Some(Halt::Slept),
                        Wish::Go if changed.is_err() => Some(Halt::Ended),
                        Wish::Go => None,
                    };
                }
                Some(done) = tasks.join_next() => {
                    pace.answered(Instant::now());
                    let Ok((line, tried)) = done else { return Ok(Some(Halt::Ledger)) };
                    let tried = tried?;
                    let outcome = tried.ended.outcome;
                    count.answered(outcome);
                    in_a_row = if outcome == Outcome::Accepted { 0 } else { in_a_row + 1 };
                    let again = outcome == Outcome::NotTried;
                    if tried.asks_to_wait() && count.now.resumes.is_some() {
                        // It left before another was asked to wait.
                        in_a_row -= 1;
                    } else if tried.asks_to_wait() {
                        let by_itself = || SHORTEST_WAIT.saturating_mul(1 << in_a_row.min(8));
                        let wait = tried.wait().unwrap_or_else(|| by_itself().min(LONGEST_WAIT));
                        hold(&mut pace, count, wait);
                    }
                    if tried.wants_token() && halt.is_none() {
                        match self.post.renew(tried.token.as_ref()).await {
                            // One that another request went without is no failure.
                            Ok(true) if again => in_a_row -= 1,
                            Ok(_) => halt = Some(Halt::SignIn),
                            Err(_) => halt = Some(Halt::Failures),
                        }
                    }
                    if in_a_row >= IN_A_ROW && halt.is_none() {
                        halt = Some(Halt::Failures);
                    }
                    if again {
                        let renewed = tried.wants_token();
                        waiting.push_front((Line { outcome, ..line }, renewed));
                    } else {
                        self.tell_line(line, tried.ended).await;
                    }
                }
                () = sleep_until(ready.unwrap_or_else(Instant::now)), if ready.is_some() => {
                    let Some((line, renewed)) = waiting.pop_front() else { continue };
                    let Some((to, message)) = body.of_line(&line) else {
                        return Ok(Some(Halt::Failures));
                    };
                    pace.leave(Instant::now());
                    count.now.resumes = None;
                    count.left(line.outcome);
                    (self.left)(&to, &message, line.number);
                    let (ledger, post, id) = (self.ledger.clone(), self.post.clone(), self.sending.id);
                    let again = Again { token: !renewed, time: true };
                    tasks.spawn(async move {
                        let reference = new_reference();
                        let sent = (&to, &message);
                        let number = line.number;
                        (line, post.attempt(&ledger, (id, number), sent, again, &reference).await)
                    });
                }
            }
        }
    }

    async fn tell_line(&self, line: Line, ended: Ended) {
        if let Some(told) = &self.told {
            // Who has stopped reading is told nothing.
            let _ = told.send(Told { number: line.number, user: line.user, ended }).await;
        }
    }
}

fn hold(pace: &mut Pace, count: &mut Count, wait: Duration) {
    // What a market asks for beyond a day is as good as a day.
    let wait = wait.min(Duration::from_hours(24));
    pace.hold(Instant::now() + wait);
    count.now.resumes = i64::try_from(wait.as_millis()).ok().map(|wait| now() + wait);
    count.hurry();
}

/// What each line is sent.
enum Body {
    Same(Message),
    Filled(Template),
}

impl Body {
    fn of(sending: &Sending) -> Option<Self> {
        let message = Message::from_json(&sending.new.template).ok()?;
        match sending.new.columns {
            None => Some(Self::Same(message)),
            Some(_) => Template::of(&message).ok().map(Self::Filled),
        }
    }

    fn of_line(&self, line: &Line) -> Option<(To, Message)> {
        let to = match &line.user {
            None => To::Everyone,
            Some(user) => To::User(UserId::parse(user).ok()?),
        };
        let message = match self {
            Self::Same(message) => message.clone(),
            Self::Filled(template) => {
                let cells: Vec<String> = serde_json::from_str(&line.cells).ok()?;
                template.fill(&cells).ok()?
            }
        };
        Some((to, message))
    }
}
