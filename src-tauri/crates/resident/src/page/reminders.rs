//! When people are reminded: the times that are offered, and what they chose of them.

use crate::ipc::{Problem, ProblemCode, RemindWhen, ReminderOffer};
use agora_receiver::Choices;
use agora_rules::{RemindFor, is_quiet};
use jiff::ZonedDateTime;

/// The times that are offered.
pub(super) fn offers(choices: &Choices, now: &ZonedDateTime) -> Vec<ReminderOffer> {
    let offered = RemindFor::ALL.into_iter().filter_map(|offer| Some((offer, offer.at(now)?)));
    let offered = offered.map(|(offer, at)| ReminderOffer {
        offer: offer.into(),
        at_ms: at.timestamp().as_millisecond(),
        is_quiet: is_quiet(&choices.rules, choices.snooze, &at),
    });
    offered.collect()
}

/// When that is, in milliseconds since the Unix epoch; `None`: never. A time that is over is none.
pub(super) fn due_ms(when: RemindWhen, now: &ZonedDateTime) -> Result<Option<i64>, Problem> {
    let offer = match when {
        RemindWhen::Never => return Ok(None),
        RemindWhen::At { at_ms } if at_ms > now.timestamp().as_millisecond() => {
            return Ok(Some(at_ms));
        }
        RemindWhen::At { .. } => return Err(too_late()),
        RemindWhen::Hour => RemindFor::Hour,
        RemindWhen::Evening => RemindFor::Evening,
        RemindWhen::Tomorrow => RemindFor::Tomorrow,
        RemindWhen::Monday => RemindFor::Monday,
    };
    let at = offer.at(now).ok_or_else(too_late)?;
    Ok(Some(at.timestamp().as_millisecond()))
}

fn too_late() -> Problem {
    Problem::of(ProblemCode::TooLate, "that time is over")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_over_is_refused_and_no_other() {
        let now: ZonedDateTime = "2026-11-24T20:00[Asia/Taipei]".parse().unwrap();
        let now_ms = now.timestamp().as_millisecond();
        let due = |when| due_ms(when, &now).map_err(|problem| problem.code);
        assert_eq!(due(RemindWhen::Never), Ok(None));
        assert_eq!(due(RemindWhen::Hour), Ok(Some(now_ms + 3_600_000)));
        assert_eq!(due(RemindWhen::At { at_ms: now_ms + 1 }), Ok(Some(now_ms + 1)));
        assert_eq!(due(RemindWhen::At { at_ms: now_ms }), Err(ProblemCode::TooLate));
        assert_eq!(due(RemindWhen::Evening), Err(ProblemCode::TooLate));
    }
}
