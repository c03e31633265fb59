//! What the parts of the desktop share, none of which knows who uses it: the [`Tasks`] that end with the
//! app, what the person chose, the [`Notices`], how each account is ([`Summaries`]), what is wanted of the
//! [`Window`], and whether the app is to [`Quit`].

mod announcements;
mod choices;
mod chosen;
mod diagnostics;
mod echoes;
mod journal;
mod links;
mod notices;
mod preferences;
mod quiet;
mod quit;
mod session;
mod summaries;
mod tasks;
mod window;

pub(crate) use announcements::{Announcement, Announcements};
pub(crate) use choices::Choices;
pub use choices::Theme;
pub(crate) use diagnostics::Diagnostics;
pub(crate) use echoes::watch_echoes;
pub(crate) use journal::{KeptJournal, Told};
pub(crate) use links::Links;
pub(crate) use notices::{Notices, watch_files};
#[cfg(test)]
pub(crate) use preferences::snooze_until;
pub(crate) use preferences::{Preferences, saved};
pub(crate) use quiet::watch_quiet;
pub(crate) use quit::Quit;
pub(crate) use session::watch_session;
pub use summaries::Summary;
pub(crate) use summaries::{Summaries, listed, summarise};
pub(crate) use tasks::Tasks;
pub use window::Window;
