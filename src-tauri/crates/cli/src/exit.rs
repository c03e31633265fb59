//! How a command ends: the documented exit codes, and what is said on standard error with each.

use crate::output::{self, OutputError};
use std::fmt::Display;
use std::process::ExitCode;

/// Why a command did not do all that was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Exit code 1: it was tried and didn't work.
    Failed(anyhow::Error),
    /// Exit code 1, and all there is to say was said.
    Told,
    /// Exit code 2: what was asked makes no sense, or something is missing. Nothing was sent.
    WrongUse(String),
    /// Exit code 3: the market said no.
    Refused(String),
    /// Exit code 4: the answer was lost, and sending again may deliver twice.
    MayHaveBeenDelivered(String),
    /// Exit code 5: the market wants a code, too. Nobody was signed in.
    CodeWanted(String),
    /// The same as another, with what to do about it.
    Hinted(Box<Self>, String),
    /// Exit code 0: whoever read the output has seen enough.
    NobodyReads,
}

impl Failure {
    /// Wrong use, for a value that breaks a rule or an option that is missing.
    pub(crate) fn wrong_use(why: impl Display) -> Self {
        Self::WrongUse(why.to_string())
    }

    /// The same, with what to do about it.
    pub(crate) fn hinting(self, hint: impl Display) -> Self {
        Self::Hinted(Box::new(self), hint.to_string())
    }

    /// Says on standard error what happened, and on a line of its own what to do; the code to exit with.
    pub(crate) fn tell(self) -> ExitCode {
        let (code, why) = match self {
            Self::Hinted(failure, hint) => {
                let code = failure.tell();
                output::hint(hint);
                return code;
            }
            Self::Failed(error) => (1, format!("{error:#}")),
            Self::Told => return ExitCode::from(1),
            Self::WrongUse(why) => (2, why),
            Self::Refused(why) => (3, why),
            Self::MayHaveBeenDelivered(why) => (4, why),
            Self::CodeWanted(why) => (5, why),
            Self::NobodyReads => return ExitCode::SUCCESS,
        };
        output::say(why);
        ExitCode::from(code)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::NobodyReads => Self::NobodyReads,
            OutputError::Failed(_) => Self::Failed(error.into()),
        }
    }
}
