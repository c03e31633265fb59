//! Whether the app starts with the computer: what the desktop says of it, and the asking for it.
//!
//! The desktop's word holds. It is looked up when somebody wants to know and kept nowhere beside it, so
//! that a switch in the desktop's own settings and the one in the window are always the same; what was
//! switched off there is never switched on again by itself. Only the portal of Flatpak can't be asked, and
//! its last answer is kept among the choices.
//!
//! However it is started then, it is with `--at-login`: whether that shows a window is the person's choice.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod entry;
#[cfg(target_os = "linux")]
mod portal;
#[cfg(target_os = "linux")]
mod value;

#[cfg(not(target_os = "linux"))]
use elsewhere as entry;

use crate::accounts::Roster;
use agora_home::Files;
use entry::Entry;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// The word by which the app knows that it was started with the computer.
const AT_LOGIN: &str = "--at-login";

/// Whether the app starts with the computer. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Autostart {
    way: Way,
    /// Held while it is changed.
    turn: Arc<Mutex<()>>,
}

#[derive(Debug, Clone)]
enum Way {
    /// What the system has of it: on Linux a desktop entry.
    Entry(Entry),
    /// Inside Flatpak, where that lies out of reach.
    #[cfg(target_os = "linux")]
    Portal,
}

/// Why it isn't as it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AutostartError {
    /// The desktop, or the person asked by it, said no.
    #[error("this desktop doesn't let the app start with the computer")]
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only the portal says no"))]
    Refused,
    /// It went wrong.
    #[error("{0:#}")]
    Failed(#[from] anyhow::Error),
}

impl Autostart {
    pub(crate) fn of(files: &Files) -> Self {
        #[cfg(target_os = "linux")]
        let way =
            if portal::is_inside_flatpak() { Way::Portal } else { Way::Entry(Entry::of(files)) };
        #[cfg(not(target_os = "linux"))]
        let way = Way::Entry(Entry::of(files));
        Self { way, turn: Arc::default() }
    }

    /// Whether it is so.
    #[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "the portal's answer"))]
    pub(crate) async fn is_on(&self, roster: &Roster) -> Result<bool, AutostartError> {
        match &self.way {
            Way::Entry(entry) => {
                let entry = entry.clone();
                Ok(spawn_blocking(move || entry.is_on()).await.map_err(anyhow::Error::from)??)
            }
            #[cfg(target_os = "linux")]
            Way::Portal => Ok(roster.first().choices.subscribe().borrow().portal_starts),
        }
    }

    /// Asks that it be so, or not.
    #[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "the portal's answer"))]
    pub(crate) async fn set(&self, roster: &Roster, on: bool) -> Result<(), AutostartError> {
        let _turn = self.turn.lock().await;
        match &self.way {
            Way::Entry(entry) => {
                let entry = entry.clone();
                spawn_blocking(move || entry.set(on)).await.map_err(anyhow::Error::from)??;
            }
            #[cfg(target_os = "linux")]
            Way::Portal => {
                let starts = portal::request(on).await?;
                let first = roster.first();
                first.choices.portal_starts(starts).await?;
                roster.follow(&first).await?;
                if starts != on {
                    return Err(AutostartError::Refused);
                }
            }
        }
        Ok(())
    }

    /// Has an entry that leads to a program that is gone lead to this one.
    pub(crate) async fn mend(&self) {
        match &self.way {
            #[cfg(target_os = "linux")]
            Way::Portal => {}
            Way::Entry(entry) => {
                let entry = entry.clone();
                // It doesn't end by itself only where the app does.
                if let Ok(Err(error)) = spawn_blocking(move || entry.mend()).await {
                    tracing::warn!(
                        "what starts the app with the computer can't be mended: {error:#}"
                    );
                }
            }
        }
    }
}
