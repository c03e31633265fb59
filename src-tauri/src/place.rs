//! Where the window stands, how large it is and whether it is maximised: kept from one window to the next in
//! a small file beside the inbox, and taken up again only as far as a screen is there for it.
//!
//! `tauri-plugin-window-state` does the like, for one folder whatever the home, and asks the page's process
//! for permissions; this is all of it that is wanted.

use agora_home::private;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tauri::{LogicalSize, PhysicalPosition, PhysicalSize, WebviewWindow};

/// What a window has that was never moved, and the least that it may have, in logical pixels.
pub(crate) const USUAL: (f64, f64) = (980.0, 680.0);
pub(crate) const LEAST: (f64, f64) = (640.0, 480.0);
/// So much of its upper edge has to be on a screen, in physical pixels, for a hand to take hold of it.
const HOLD: (i64, i64) = (120, 24);
/// The most bytes that the file may have.
const LIMIT: u64 = 4_096;

/// A window's place, as the file has it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Kept {
    /// Its inner size where it isn't maximised, in logical pixels.
    width: f64,
    height: f64,
    /// Its outer corner where it isn't maximised, in physical pixels; `None` where nobody may know, as on
    /// Wayland.
    corner: Option<(i32, i32)>,
    maximized: bool,
}

/// A screen, in physical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Screen {
    left: i64,
    top: i64,
    width: i64,
    height: i64,
    scale: f64,
}

/// The place of the window that is open, or was last.
#[derive(Debug)]
pub(crate) struct Place {
    file: PathBuf,
    now: Mutex<Standing>,
}

/// The place, and size and corner one change before: some window managers tell of the size of a maximised
/// window before they say that it is one.
#[derive(Debug, Clone, Copy)]
struct Standing {
    kept: Kept,
    size_before: (f64, f64),
    corner_before: Option<(i32, i32)>,
}

impl Standing {
    fn of(kept: Kept) -> Self {
        Self { kept, size_before: (kept.width, kept.height), corner_before: kept.corner }
    }

    fn resized(&mut self, size: (f64, f64)) {
        let Kept { width, height, .. } = self.kept;
        if size != (width, height) {
            self.size_before = (width, height);
            (self.kept.width, self.kept.height) = size;
        }
    }

    fn moved(&mut self, corner: (i32, i32)) {
        if self.kept.corner != Some(corner) {
            self.corner_before = self.kept.corner;
            self.kept.corner = Some(corner);
        }
    }

    /// How it is at its end: what it has while it is maximised isn't its own size.
    fn ended(mut self, maximized: bool, size: (f64, f64), corner: (i32, i32)) -> Kept {
        if maximized && (self.kept.width, self.kept.height) == size {
            (self.kept.width, self.kept.height) = self.size_before;
        }
        if maximized && self.kept.corner == Some(corner) {
            self.kept.corner = self.corner_before;
        }
        Kept { maximized, ..self.kept }
    }
}

impl Place {
    /// As the file has it; the usual one where there is none that can be read.
    pub(crate) fn read(file: PathBuf) -> Self {
        let text = private::read(&file, LIMIT).ok().flatten();
        let kept = text.and_then(|text| serde_json::from_slice(&text).ok());
        let usual = Kept { width: USUAL.0, height: USUAL.1, corner: None, maximized: false };
        Self { file, now: Mutex::new(Standing::of(kept.unwrap_or(usual))) }
    }

    /// Puts a window that isn't seen yet in its place.
    pub(crate) fn take(&self, window: &WebviewWindow) -> tauri::Result<()> {
        let screens: Vec<_> = window.available_monitors()?.iter().map(Screen::of).collect();
        let kept = within(self.now().kept, &screens);
        self.change(|now| *now = Standing::of(kept));
        window.set_size(LogicalSize::new(kept.width, kept.height))?;
        if let Some((x, y)) = kept.corner {
            window.set_position(PhysicalPosition::new(x, y))?;
        }
        if kept.maximized { window.maximize() } else { Ok(()) }
    }

    /// The window was given another size.
    pub(crate) fn resized(&self, window: &WebviewWindow, size: PhysicalSize<u32>) {
        if is_its_own(window) {
            self.change(|now| now.resized(logical(window, size)));
        }
    }

    /// The window was moved.
    pub(crate) fn moved(&self, window: &WebviewWindow, corner: PhysicalPosition<i32>) {
        if is_its_own(window) {
            self.change(|now| now.moved((corner.x, corner.y)));
        }
    }

    /// Keeps the place of a window that is about to go. What can't be kept is only logged: the window goes
    /// all the same.
    pub(crate) fn keep(&self, window: &WebviewWindow) {
        let asked = || {
            let size = logical(window, window.inner_size()?);
            let corner = window.outer_position().map_or((0, 0), |corner| (corner.x, corner.y));
            Ok::<_, tauri::Error>(self.now().ended(window.is_maximized()?, size, corner))
        };
        let Ok(kept) = asked() else { return };
        self.change(|now| *now = Standing::of(kept));
        let written = serde_json::to_string(&kept).map_err(std::io::Error::other);
        if let Err(error) = written.and_then(|text| private::replace(&self.file, &text)) {
            tracing::warn!(%error, "the window's place can't be kept");
        }
    }

    fn now(&self) -> Standing {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Whether its size and corner are those that a person gave it.
fn is_its_own(window: &WebviewWindow) -> bool {
    let has = |state: tauri::Result<bool>| state.unwrap_or_default();
    !has(window.is_maximized()) && !has(window.is_minimized()) && !has(window.is_fullscreen())
}

fn logical(window: &WebviewWindow, size: PhysicalSize<u32>) -> (f64, f64) {
    let size = size.to_logical::<f64>(window.scale_factor().unwrap_or(1.0));
    (size.width, size.height)
}

impl Screen {
    fn of(monitor: &tauri::Monitor) -> Self {
        let (corner, size) = (monitor.position(), monitor.size());
        Self {
            left: corner.x.into(),
            top: corner.y.into(),
            width: size.width.into(),
            height: size.height.into(),
            scale: monitor.scale_factor(),
        }
    }

    /// Whether a window's upper edge can be taken hold of here.
    fn holds(&self, (x, y): (i32, i32), width: i64) -> bool {
        let (x, y) = (i64::from(x), i64::from(y));
        let seen = (x + width).min(self.left + self.width) - x.max(self.left);
        seen >= HOLD.0 && y >= self.top && y + HOLD.1 <= self.top + self.height
    }
}

/// The same place as far as these screens have room for it: no larger than the one that it is on, and where
/// it is on none any more, wherever the desktop puts it.
fn within(kept: Kept, screens: &[Screen]) -> Kept {
    #[expect(clippy::cast_possible_truncation, reason = "no screen is that wide")]
    let holds = |screen: &&Screen| {
        kept.corner.is_some_and(|corner| screen.holds(corner, (kept.width * screen.scale) as i64))
    };
    let on = screens.iter().find(holds);
    #[expect(clippy::cast_precision_loss, reason = "no screen is that wide")]
    let at_most = |size: f64, least: f64, room: fn(&Screen) -> i64| {
        let room = on.or(screens.first()).map(|screen| room(screen) as f64 / screen.scale);
        if size.is_finite() { size.min(room.unwrap_or(size)).max(least) } else { least }
    };
    Kept {
        width: at_most(kept.width, LEAST.0, |screen| screen.width),
        height: at_most(kept.height, LEAST.1, |screen| screen.height),
        corner: kept.corner.filter(|_| on.is_some()),
        maximized: kept.maximized,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: Kept =
        Kept { width: 1_100.0, height: 700.0, corner: Some((200, 100)), maximized: false };

    fn screen(left: i64, width: i64, scale: f64) -> Screen {
        Screen { left, top: 0, width, height: 1_080, scale }
    }

    #[test]
    fn a_place_is_taken_where_a_screen_has_it_and_else_the_desktop_chooses() {
        let one = screen(0, 1_920, 1.0);
        assert_eq!(within(KEPT, &[one]), KEPT);
        for corner in [(1_900, 100), (2_500, 100), (-1_050, 100), (200, -40), (200, 1_070)] {
            let away = Kept { corner: Some(corner), ..KEPT };
            assert_eq!(within(away, &[one]), Kept { corner: None, ..KEPT }, "{corner:?}");
        }
        let right = Kept { corner: Some((2_500, 100)), ..KEPT };
        assert_eq!(within(right, &[one, screen(1_920, 1_920, 1.0)]), right);
        assert_eq!(within(KEPT, &[]), Kept { corner: None, ..KEPT });
    }

    #[test]
    fn no_window_is_larger_than_its_screen_or_smaller_than_what_can_be_used() {
        let size = |kept, screens: &[Screen]| {
            let Kept { width, height, .. } = within(kept, screens);
            (width, height)
        };
        assert_eq!(size(KEPT, &[screen(0, 1_024, 1.0)]), (1_024.0, 700.0));
        assert_eq!(size(KEPT, &[screen(0, 1_920, 2.0)]), (960.0, 540.0));
        let wrong = Kept { width: f64::NAN, height: -3.0, ..KEPT };
        assert_eq!(size(wrong, &[screen(0, 1_920, 1.0)]), LEAST);
    }

    #[test]
    fn what_a_window_has_while_it_is_maximised_is_not_its_own() {
        let mut standing = Standing::of(KEPT);
        standing.moved((210, 120));
        standing.resized((1_200.0, 720.0));
        let own = Kept { width: 1_200.0, height: 720.0, corner: Some((210, 120)), ..KEPT };
        assert_eq!(standing.ended(false, (1_200.0, 720.0), (210, 120)), own);
        // Told before it is said to be maximised, or not at all.
        let maximized = Kept { maximized: true, ..own };
        assert_eq!(standing.ended(true, (1_920.0, 1_080.0), (0, 0)), maximized);
        standing.moved((0, 0));
        standing.resized((1_920.0, 1_080.0));
        assert_eq!(standing.ended(true, (1_920.0, 1_080.0), (0, 0)), maximized);
    }
}
