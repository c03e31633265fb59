//! The test of the whole way: a real message through the market to oneself, and how far it comes.

use super::{Actor, Completion};
use crate::self_test::{Failure, Hop, SelfTest};
use crate::{SendOutcome, send};
use agora_client::Message;
use agora_inbox::{Alert, AlertId};
use agora_rules::Fate;
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// After this time nothing more is waited for.
const LIMIT: Duration = Duration::from_secs(30);
/// The name of the member that tells the test's message from all others.
const MARK: &str = "agoraSelfTest";

/// A test that goes on.
#[derive(Debug)]
pub(super) struct Run {
    mark: String,
    begun: Instant,
    alert: Option<AlertId>,
    now: SelfTest,
}

impl Actor {
    /// Sends a test to oneself with this title and content. One that still goes on is given up.
    pub(super) fn begin_self_test(&mut self, title: &str, content: &str) {
        let mark = format!("{:016x}", rand::random::<u64>());
        let data = json!({
            "type": "NOTIFICATION_RECEIVED", "title": title, "content": content, MARK: &mark
        });
        let run =
            Run { mark: mark.clone(), begun: Instant::now(), alert: None, now: SelfTest::begun() };
        self.self_test = Some(run);
        self.tell_self_test();
        self.beside.spawn({
            let mark = mark.clone();
            async move {
                sleep(LIMIT).await;
                Completion::SelfTestIsOver(mark)
            }
        });
        let account = self.account.clone();
        let user = account.as_ref().and_then(|account| account.client_id.user_id());
        let obstacle = match user {
            _ if !self.is_connected() => Some(Failure::NotConnected),
            None => Some(Failure::NoUser),
            Some(_) => None,
        };
        let message = Message::from_json(&data.to_string());
        match (obstacle, user, message) {
            (None, Some(user), Ok(message)) => {
                let (accounts, refresh) = (self.accounts.clone(), self.refresh.clone());
                self.beside.spawn(async move {
                    let outcome = send::send(&accounts, &*refresh, account, user, message).await;
                    Completion::SelfTestSent(mark, data.to_string(), outcome)
                });
            }
            (obstacle, _, _) => {
                let failure = obstacle.unwrap_or(Failure::NotSent);
                self.beside.spawn(async move {
                    Completion::SelfTestLocal(mark, data.to_string(), failure)
                });
            }
        }
    }

    pub(super) async fn self_test_sent(&mut self, mark: &str, data: &str, outcome: SendOutcome) {
        let Some(run) = self.self_test.as_mut().filter(|run| run.mark == mark) else { return };
        run.now.accepted = match outcome {
            // What comes was accepted, whatever became of the answer.
            SendOutcome::MayHaveBeenDelivered(_) if run.now.received != Hop::Waiting => {
                run.now.received.clone()
            }
            SendOutcome::MayHaveBeenDelivered(detail) => Hop::Failed(Failure::NoAnswer(detail)),
            SendOutcome::Accepted => Hop::Passed(run.begun.elapsed()),
            refused => {
                return self.self_test_locally(mark, data, Failure::NotAccepted(refused)).await;
            }
        };
        self.tell_self_test();
    }

    /// The market isn't part of it: a local alert shows the rest of the way.
    pub(super) async fn self_test_locally(&mut self, mark: &str, data: &str, failure: Failure) {
        let Some(run) = self.self_test.as_mut().filter(|run| run.mark == mark) else { return };
        run.now.through_market = false;
        run.now.accepted = Hop::Failed(failure);
        run.now.received = Hop::Failed(Failure::NotSent);
        if let Some(ingest) = self.store.ingest_mut() {
            ingest.take_local(data);
        } else {
            run.now.committed = Hop::Failed(Failure::NoInbox);
            run.now.shown = Hop::Failed(Failure::NoInbox);
            run.now.running = false;
        }
        self.tell_self_test();
        self.keep().await;
    }

    /// An event came: it may be the test's.
    pub(super) fn self_test_hears(&mut self, data: &str) {
        if let Some(run) = &mut self.self_test
            && run.now.received == Hop::Waiting
            && data.contains(&run.mark)
        {
            run.now.received = Hop::Passed(run.begun.elapsed());
            if matches!(run.now.accepted, Hop::Failed(Failure::NoAnswer(_))) {
                run.now.accepted = run.now.received.clone();
            }
            self.tell_self_test();
        }
    }

    /// Alerts were kept: the test's may be among them.
    pub(super) fn self_test_keeps(&mut self, alerts: &[Alert]) {
        let Some(run) = &mut self.self_test else { return };
        let is_it = |alert: &&Alert| alert.body.raw.contains(&run.mark);
        let Some(alert) = alerts.iter().find(is_it) else { return };
        run.alert = Some(alert.id);
        run.now.committed = Hop::Passed(run.begun.elapsed());
        if let Some(fate) = alert.body.toast.as_deref().and_then(Fate::of_text) {
            run.now.shown = Hop::Failed(Failure::Toast(fate));
            run.now.running = false;
        }
        self.tell_self_test();
    }

    /// It is known what became of toasts: the test's may be among them.
    pub(super) fn self_test_shows(&mut self, fates: &[(AlertId, Fate)]) {
        let Some(run) = &mut self.self_test else { return };
        let own = fates.iter().find(|(id, _)| run.alert == Some(*id));
        let Some((_, fate)) = own.filter(|_| run.now.shown == Hop::Waiting) else { return };
        run.now.shown = match fate {
            Fate::Shown | Fate::Clicked | Fate::SummedUp(_) | Fate::Away(_) => {
                Hop::Passed(run.begun.elapsed())
            }
            other => Hop::Failed(Failure::Toast(*other)),
        };
        run.now.running = run.now.accepted == Hop::Waiting;
        self.tell_self_test();
    }

    pub(super) fn self_test_is_over(&mut self, mark: &str) {
        if let Some(run) = self.self_test.as_mut().filter(|run| run.mark == mark) {
            run.now.end();
            self.tell_self_test();
            self.self_test = None;
        }
    }

    fn tell_self_test(&mut self) {
        let Some(run) = &mut self.self_test else { return };
        // The market's yes may come after the message itself.
        if run.now.shown != Hop::Waiting && run.now.accepted != Hop::Waiting {
            run.now.running = false;
        }
        self.outputs.self_test.send_replace(Some(run.now.clone()));
    }
}
