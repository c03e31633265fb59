//! The icons' files, by status and by whether something is unread.

use super::Icon;

/// The bytes of one PNG under `icons/tray`: `picture!("any/", "-16.png", icon, unread)`.
macro_rules! picture {
    ($folder:literal, $ending:literal, $icon:expr, $unread:expr) => {{
        macro_rules! file {
            ($name:literal) => {
                &include_bytes!(concat!("../../../../../icons/tray/", $folder, $name, $ending))[..]
            };
        }
        match ($icon, $unread) {
            (Icon::Connected, false) => file!("connected"),
            (Icon::Connected, true) => file!("connected-unread"),
            (Icon::Connecting, false) => file!("connecting"),
            (Icon::Connecting, true) => file!("connecting-unread"),
            (Icon::Waiting, false) => file!("waiting"),
            (Icon::Waiting, true) => file!("waiting-unread"),
            (Icon::Paused, false) => file!("paused"),
            (Icon::Paused, true) => file!("paused-unread"),
            (Icon::Attention, false) => file!("attention"),
            (Icon::Attention, true) => file!("attention-unread"),
        }
    }};
}

/// In every size that Linux' panels ask for. Their colour isn't known here, so the icons are the ones on a
/// tile.
#[cfg(target_os = "linux")]
pub(super) fn tiles(icon: Icon, unread: bool) -> [&'static [u8]; 4] {
    [
        picture!("any/", "-16.png", icon, unread),
        picture!("any/", "-22.png", icon, unread),
        picture!("any/", "-32.png", icon, unread),
        picture!("any/", "-48.png", icon, unread),
    ]
}

/// The PNG for a system that has one size. macOS colours a template by itself; Windows gets the icon on a
/// tile.
#[cfg(not(target_os = "linux"))]
pub fn picture(icon: Icon, unread: bool) -> &'static [u8] {
    if cfg!(target_os = "macos") {
        picture!("template/", ".png", icon, unread)
    } else {
        picture!("any/", "-32.png", icon, unread)
    }
}
