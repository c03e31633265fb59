//! What every program of the app begins with: what the environment says of its home, its places and its
//! log.

use crate::{Files, logs};
use anyhow::Context;
use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;

/// A variable of the environment that says nothing of any use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HomeError {
    /// It is no level of logging.
    #[error("AGORA_LOG: It must be off, error, warn, info, debug or trace.")]
    NoLevel,
}

/// The one folder for everything instead of the platform's: `AGORA_HOME`. An empty one counts as not
/// set; a path need not be UTF-8.
pub fn home_of_process() -> Option<PathBuf> {
    env::var_os("AGORA_HOME").filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// How much the person wants to be logged: `AGORA_LOG`. An empty one counts as not set.
pub fn log_level() -> Result<Option<LevelFilter>, HomeError> {
    let Some(value) = env::var_os("AGORA_LOG").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let level = value.to_str().and_then(|text| text.parse().ok());
    level.map(Some).ok_or(HomeError::NoLevel)
}

/// Runs a program, whose log has its name. What goes wrong in it stands in the log and in the terminal,
/// once.
pub fn begin(name: &str, run: impl FnOnce(Files) -> anyhow::Result<ExitCode>) -> ExitCode {
    match prepare() {
        Ok((files, level)) => {
            // To the end: what goes wrong stands in the log, too.
            let _logs = logs::start(&files.logs, name, level);
            run(files).unwrap_or_else(|error| {
                tracing::error!("{error:#}");
                ExitCode::FAILURE
            })
        }
        Err(error) => {
            // There is no log yet, and nothing can be done about a terminal that is gone.
            let _ = writeln!(std::io::stderr(), "agora-notifier: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Keeps this program's memory, in which there are tokens, out of core dumps, and from other programs of
/// the same user. Linux's: prctl(2), `PR_SET_DUMPABLE`.
pub fn keep_memory_private() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::warn!(%error, "a crash may leave this program's memory in a file");
        }
    }
}

/// Has this program, and each that it starts from now on, leave no core dump. Linux's: setrlimit(2),
/// `RLIMIT_CORE`; what the kernel hands dumps to instead of writing them heeds it too, as far as it likes.
pub fn leave_no_dumps() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::warn!(%error, "a crash may leave this program's memory in a file");
        }
    }
}

fn prepare() -> anyhow::Result<(Files, Option<LevelFilter>)> {
    let level = log_level().context("the environment is wrong")?;
    let files = Files::find(home_of_process().as_deref())
        .context("there is no place for settings and inbox")?;
    Ok((files, level))
}
