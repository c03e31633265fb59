//! What the ledger keeps, as the page shows it.

use crate::ipc::{
    LineOutcome, LineView, SendingCounts, SendingHalt, SendingState, SendingView, SentTo,
};
use agora_client::Message;
use agora_sending::{Audience, Halt, Line, Outcome, Progress, Sending, State};

/// One that this app sends now.
pub(super) fn progress(now: &Progress) -> SendingView {
    let left = now.left().map(|left| u32::try_from(left.as_secs()).unwrap_or(u32::MAX));
    let per_second = if now.has_ended() { 0.0 } else { now.per_second };
    SendingView { resumes_ms: now.resumes, per_second, left_s: left, ..sending(&now.sending) }
}

/// One as it is kept.
pub(super) fn sending(one: &Sending) -> SendingView {
    let counts = &one.counts;
    SendingView {
        id: one.id,
        made_ms: one.new.made,
        due_ms: one.new.due,
        to: match (one.new.audience, &one.user) {
            (Audience::Everyone, _) => SentTo::Everyone,
            (Audience::User, Some(user)) => SentTo::User { user_id: user.clone() },
            (Audience::User, None) | (Audience::List, _) => SentTo::List,
        },
        account: one.new.account.clone(),
        base_url: one.new.base.clone(),
        json: Message::from_json(&one.new.template)
            .map_or_else(|_| one.new.template.clone(), |message| message.to_pretty_json()),
        state: match one.state {
            State::Waiting => SendingState::Waiting,
            // Nobody is shown a draft.
            State::Running | State::Draft => SendingState::Running,
            State::Halted => SendingState::Halted,
            State::Done => SendingState::Done,
        },
        halt: one.halt.map(|halt| match halt {
            Halt::Paused => SendingHalt::Paused,
            Halt::Stopped => SendingHalt::Stopped,
            Halt::Failures => SendingHalt::Failures,
            Halt::SignIn => SendingHalt::SignIn,
            Halt::Slept => SendingHalt::Slept,
            Halt::Ended => SendingHalt::Ended,
            Halt::Missed => SendingHalt::Missed,
            Halt::Ledger => SendingHalt::Ledger,
        }),
        resumes_ms: None,
        counts: SendingCounts {
            total: counts.total(),
            not_tried: counts.not_tried,
            under_way: counts.under_way,
            accepted: counts.accepted,
            refused: counts.refused,
            maybe: counts.maybe,
            not_sent: counts.not_sent,
            seen: counts.seen,
        },
        per_second: 0.0,
        left_s: None,
    }
}

/// One recipient.
pub(super) fn line(line: Line) -> LineView {
    LineView {
        line: line.number,
        user_id: line.user,
        outcome: match line.outcome {
            Outcome::NotTried => LineOutcome::NotTried,
            Outcome::UnderWay => LineOutcome::UnderWay,
            Outcome::Accepted => LineOutcome::Accepted,
            Outcome::Refused => LineOutcome::Refused,
            Outcome::Maybe => LineOutcome::Maybe,
            Outcome::NotSent => LineOutcome::NotSent,
        },
        status: line.status,
        why: line.why,
        at_ms: line.at,
        seen_ms: line.seen,
        tries: line.tries,
    }
}

pub(super) fn of_state(state: SendingState) -> State {
    match state {
        SendingState::Waiting => State::Waiting,
        SendingState::Running => State::Running,
        SendingState::Halted => State::Halted,
        SendingState::Done => State::Done,
    }
}

pub(super) fn of_outcome(outcome: LineOutcome) -> Outcome {
    match outcome {
        LineOutcome::NotTried => Outcome::NotTried,
        LineOutcome::UnderWay => Outcome::UnderWay,
        LineOutcome::Accepted => Outcome::Accepted,
        LineOutcome::Refused => Outcome::Refused,
        LineOutcome::Maybe => Outcome::Maybe,
        LineOutcome::NotSent => Outcome::NotSent,
    }
}
