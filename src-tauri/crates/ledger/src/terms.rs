//! The words that stand in the file: to whom, how it stands with a sending, how it ended with a line.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

macro_rules! terms {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $term_doc:literal])* $term:ident = $word:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[doc = $term_doc])* $term,)*
        }

        impl $name {
            /// The word for it in files and on the wire.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$term => $word,)*
                }
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self::$term),)*
                    _ => Err(FromSqlError::InvalidType),
                }
            }
        }
    };
}

terms! {
    /// To whom a sending goes.
    Audience {
        /// Everyone who is connected: one request.
        Everyone = "everyone",
        /// One user.
        User = "user",
        /// The users of a list.
        List = "list",
    }
}

terms! {
    /// How it stands with a sending.
    State {
        /// Its lines are still being written down. Nobody is shown it.
        Draft = "draft",
        /// It is to go later; nothing has left.
        Waiting = "waiting",
        /// A program is sending it.
        Running = "running",
        /// It stands, and can go on.
        Halted = "halted",
        /// Each of its lines was tried.
        Done = "done",
    }
}

terms! {
    /// Why a sending stands.
    Halt {
        /// The person paused it.
        Paused = "paused",
        /// The person stopped it.
        Stopped = "stopped",
        /// Several in a row failed.
        Failures = "failures",
        /// The market wants a person to sign in.
        SignIn = "sign_in",
        /// The computer slept.
        Slept = "slept",
        /// The program that sent it ended.
        Ended = "ended",
        /// Its time passed while nobody could send it.
        Missed = "missed",
        /// The ledger couldn't be written.
        Ledger = "ledger",
    }
}

terms! {
    /// How it stands with a line.
    Outcome {
        /// Nothing was tried.
        NotTried = "not_tried",
        /// It is about to leave, or under way.
        UnderWay = "under_way",
        /// The market accepted it. Who received it, it doesn't say.
        Accepted = "accepted",
        /// The market refused it.
        Refused = "refused",
        /// No answer came: it may have been delivered.
        Maybe = "maybe",
        /// Nothing left this machine.
        NotSent = "not_sent",
    }
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How. [`Outcome::NotTried`]: as a whole it left no trace, and it can be tried again.
    pub outcome: Outcome,
    /// The market's status, where it answered.
    pub status: Option<u16>,
    /// Why, where it wasn't accepted: the market's own words, or the system's.
    pub why: Option<String>,
}
