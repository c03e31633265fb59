//! The test of the whole way, as the page shows it.

use super::fates;
use crate::ipc::{Hop, HopName, HopState, SelfTest};
use agora_alert::catalogue::{self, Language};
use agora_receiver::SendOutcome;
use agora_receiver::self_test::{self, Failure};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The test's hops, with why it got no further in the person's language.
pub(crate) fn view(test: &self_test::SelfTest, language: Language) -> SelfTest {
    let hops = [
        (HopName::Accepted, &test.accepted),
        (HopName::Received, &test.received),
        (HopName::Committed, &test.committed),
        (HopName::Shown, &test.shown),
    ];
    SelfTest {
        running: test.running,
        through_market: test.through_market,
        hops: hops.into_iter().map(|(name, state)| hop(name, state, language)).collect(),
    }
}

fn hop(name: HopName, hop: &self_test::Hop, language: Language) -> Hop {
    let (state, after_ms, detail) = match hop {
        self_test::Hop::Waiting => (HopState::Waiting, None, None),
        self_test::Hop::Passed(after) => {
            (HopState::Passed, Some(u32::try_from(after.as_millis()).unwrap_or(u32::MAX)), None)
        }
        self_test::Hop::Failed(failure) => (HopState::Failed, None, Some(words(failure, language))),
    };
    Hop { name, state, after_ms, detail }
}

fn words(failure: &Failure, language: Language) -> String {
    let text = |name: &str| catalogue::text(language, &format!("testFailure.{name}")).to_owned();
    match failure {
        Failure::NotConnected => text("not_connected"),
        Failure::NoUser => text("no_user"),
        Failure::NotSent => text("not_sent"),
        Failure::NotInTime => text("not_in_time"),
        Failure::NoInbox => text("no_inbox"),
        Failure::Toast(fate) => {
            fates::words(*fate, Timestamp::now().as_millisecond(), language, &TimeZone::system())
        }
        Failure::NoAnswer(detail) => {
            catalogue::text_with(language, "testFailure.no_answer", &[("detail", detail)])
        }
        Failure::NotAccepted(outcome) => {
            let detail = match outcome {
                SendOutcome::Accepted => String::new(),
                SendOutcome::Refused { status, message } => {
                    message.clone().unwrap_or_else(|| status.to_string())
                }
                SendOutcome::MayHaveBeenDelivered(detail) | SendOutcome::NotSent(detail) => {
                    detail.clone()
                }
            };
            let path = "testFailure.not_accepted";
            catalogue::text_with(language, path, &[("detail", &detail)])
        }
    }
}
