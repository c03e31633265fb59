//! The ledger: what was to be sent, and how that ended, in one SQLite file of its own.
//!
//! It owns the promise that nothing is sent twice by itself: that a message is about to leave is on the
//! disk before it does, and a program that ended in between leaves *may have been delivered* behind. It
//! sends nothing, and knows no network and no wording. The app and the command line write to one file at
//! the same time; which of them has a sending is said by a file that its program holds locked ([`Runner`]).

mod error;
mod ledger;
mod lines;
mod open;
mod runner;
mod schema;
mod sendings;
mod terms;

pub use error::LedgerError;
pub use ledger::Ledger;
pub use lines::{Line, LinePage, NewLine};
pub use runner::Runner;
pub use sendings::{Counts, NewSending, Sending, SendingId, SendingPage};
pub use terms::{Audience, Ended, Halt, Outcome, State};

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn what_is_no_ledger_of_ours_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("sent.sqlite");
        drop(Ledger::open(&path).unwrap());
        let change = |sql| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        change("PRAGMA user_version = 2");
        let newer = Ledger::open(&path).unwrap_err();
        assert!(matches!(newer, LedgerError::Newer { found: 2, known: 1 }), "{newer:?}");
        change("PRAGMA user_version = 1");
        Ledger::open(&path).unwrap();
        change("CREATE TRIGGER again AFTER INSERT ON line BEGIN DELETE FROM line; END");
        let foreign = Ledger::open(&path).unwrap_err();
        assert!(matches!(foreign, LedgerError::Foreign(_)), "{foreign:?}");
    }

    /// The program that had it is gone, as its lock says: here it is only let go of.
    #[tokio::test]
    async fn what_a_program_that_ended_left_behind_stands_and_is_never_tried_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("sent.sqlite");
        let first = Ledger::open(&path).unwrap();
        let new = NewSending {
            made: 1,
            due: None,
            audience: Audience::List,
            base: "b".to_owned(),
            account: "a".to_owned(),
            template: "{}".to_owned(),
            columns: None,
            per_second: 1,
            at_once: 1,
        };
        let id = first.draft(new.clone()).await.unwrap();
        let line = |number| NewLine { number, user: None, cells: "[]".to_owned() };
        first.add_lines(id, vec![line(1), line(2)]).await.unwrap();
        first.ready(id).await.unwrap();
        first.about_to_send(id, 1, "r".to_owned(), 2).await.unwrap();
        let unfinished = first.draft(new).await.unwrap();
        let other = Ledger::open(&path).unwrap();
        assert_eq!(other.sending(id).await.unwrap().state, State::Running);
        assert!(matches!(other.take(id, None).await, Err(LedgerError::Taken)));
        drop(first);
        other.take(id, None).await.unwrap();
        let untried = other.untried(id, 0, 9).await.unwrap();
        assert_eq!(untried.iter().map(|line| line.number).collect::<Vec<_>>(), [2]);
        assert_eq!(other.counts(id).await.unwrap().maybe, 1);
        assert!(matches!(
            other.about_to_send(id, 1, "s".to_owned(), 3).await,
            Err(LedgerError::Taken)
        ));
        assert!(other.add_lines(unfinished, vec![line(1)]).await.is_err());
    }
}
