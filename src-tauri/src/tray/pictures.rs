//! The icons' files, by status and by whether something is unread.

/// The bytes of one PNG under `icons/tray`: `picture!("any/", "-16.png", icon, unread)`.
macro_rules! picture {
    ($folder:literal, $ending:literal, $icon:expr, $unread:expr) => {{
        macro_rules! file {
            ($name:literal) => {
                &include_bytes!(concat!("../../../icons/tray/", $folder, $name, $ending))[..]
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

pub(super) use picture;
