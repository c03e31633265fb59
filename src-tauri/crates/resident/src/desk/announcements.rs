//! What the app itself has to say where there is no window to say it in, or nobody looks at it.

use tokio::sync::mpsc;

/// So many may wait: each is about a window that somebody asked for, or the one session.
const WAITING: usize = 4;

/// Something to be said in a toast.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "elsewhere the window is the app's own, and says what is about it")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Announcement {
    /// The window's page hasn't painted.
    NotPainted,
    /// The window's program can't be started, or ended at once.
    NoWindow,
    /// Another version was installed; this one can't speak with its window.
    Updated,
    /// The session is over: the person has to sign in again.
    SignIn,
}

impl Announcement {
    /// Its words in the catalogue: those of its title and its body are under this.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::NotPainted => "toast.not_painted",
            Self::NoWindow => "toast.no_window",
            Self::Updated => "toast.updated",
            Self::SignIn => "toast.sign_in",
        }
    }
}

/// Takes what is to be said. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Announcements(mpsc::Sender<Announcement>);

impl Announcements {
    /// And where it comes out.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Announcement>) {
        let (tell, said) = mpsc::channel(WAITING);
        (Self(tell), said)
    }

    /// Takes one. Waits for nothing.
    pub(crate) fn say(&self, announcement: Announcement) {
        if self.0.try_send(announcement).is_err() {
            tracing::warn!(?announcement, "nobody says it");
        }
    }
}
