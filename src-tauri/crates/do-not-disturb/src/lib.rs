//! Whether the desktop shows the toasts that it takes, or is in do-not-disturb: heard as it changes,
//! never polled.
//!
//! | who shows toasts | where it says so |
//! | --- | --- |
//! | Plasma | the notification daemon's property `Inhibited`, also true in full screen |
//! | GNOME | the setting `org.gnome.desktop.notifications show-banners` |
//! | Xfce | the setting `/do-not-disturb` of the channel `xfce4-notifyd` |
//! | dunst | the daemon's property `paused` |
//! | Windows | `ToastNotificationManagerForUser.NotificationMode`, from Windows 11 22H2 on |
//! | any other | nowhere that is known here |
//!
//! It owns the asking. What follows for toasts, sounds and texts is the listener's.

#[cfg(target_os = "linux")]
#[path = "linux/mod.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;
#[cfg(not(any(target_os = "linux", windows)))]
#[path = "elsewhere.rs"]
mod system;

pub use system::{ask, follow};

/// What the desktop does with the toasts that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoNotDisturb {
    /// It shows them.
    Off,
    /// It keeps them, or drops them.
    On {
        /// What it does with urgent ones.
        urgent: Urgent,
    },
    /// It doesn't say.
    Unknown,
}

/// What a desktop in do-not-disturb does with toasts that are urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgent {
    /// It shows them.
    Shown,
    /// It keeps them with the others.
    Kept,
    /// The person has set that somewhere else.
    Unknown,
}

impl DoNotDisturb {
    /// Whether the desktop is in do-not-disturb, as far as it says.
    pub fn is_on(self) -> bool {
        matches!(self, Self::On { .. })
    }

    /// Whether a toast that it takes is seen; `None` where that isn't known.
    pub fn shows(self, urgent: bool) -> Option<bool> {
        match self {
            Self::On { .. } if !urgent => Some(false),
            Self::Off | Self::On { urgent: Urgent::Shown } => Some(true),
            Self::On { urgent: Urgent::Kept } => Some(false),
            Self::On { urgent: Urgent::Unknown } | Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_of_a_toast_is_claimed_only_where_it_is_known() {
        let on = |urgent| DoNotDisturb::On { urgent };
        for (state, plain, urgent) in [
            (DoNotDisturb::Off, Some(true), Some(true)),
            (on(Urgent::Shown), Some(false), Some(true)),
            (on(Urgent::Kept), Some(false), Some(false)),
            (on(Urgent::Unknown), Some(false), None),
            (DoNotDisturb::Unknown, None, None),
        ] {
            assert_eq!((state.shows(false), state.shows(true)), (plain, urgent), "{state:?}");
        }
    }
}
