//! The tray on Windows and macOS: Tauri's own, on the main thread.

use super::pictures::picture;
use super::{Icon, Item, Model, SNOOZES, choose};
use crate::shell::Shell;
use std::sync::Arc;
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItemBuilder, PredefinedMenuItem, SubmenuBuilder};
use tauri::tray::{MouseButton, TrayIconBuilder, TrayIconEvent};

const ID: &str = "status";
const CHOICES: [Item; 7] = [
    Item::Unread,
    Item::Open,
    Item::Pause,
    Item::Resume,
    Item::Reconnect,
    Item::Settings,
    Item::Quit,
];

/// The tray, there or not.
pub(super) struct Tray {
    shell: Arc<Shell>,
}

impl Tray {
    pub(super) fn new(shell: Arc<Shell>) -> Self {
        Self { shell }
    }

    /// Shows the model; the icon is made with the first one.
    #[expect(clippy::unused_async, reason = "on Linux it waits")]
    pub(super) async fn show(&mut self, model: &Model) {
        let (shell, model) = (self.shell.clone(), model.clone());
        let asked = self.shell.app.run_on_main_thread(move || {
            if let Err(error) = draw(&shell, &model) {
                tracing::warn!(%error, "the tray can't be drawn");
            }
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "the tray can't be asked for");
        }
    }
}

fn draw(shell: &Arc<Shell>, model: &Model) -> tauri::Result<()> {
    let app = &shell.app;
    let line = |item: Item| {
        MenuItemBuilder::with_id(format!("{item:?}"), model.label(item))
            .enabled(item != Item::Status)
            .build(app)
    };
    let mut menu = MenuBuilder::new(app);
    for item in model.menu() {
        let under = model.under(item);
        menu = if item == Item::Separator {
            menu.item(&PredefinedMenuItem::separator(app)?)
        } else if under.is_empty() {
            menu.item(&line(item)?)
        } else {
            let mut submenu = SubmenuBuilder::new(app, model.label(item));
            for item in under {
                submenu = submenu.item(&line(*item)?);
            }
            menu.item(&submenu.build()?)
        };
    }
    let menu = menu.build()?;
    let icon = Image::from_bytes(bytes(model.icon, model.unread > 0))?;
    let tooltip = format!("Agora: {}", model.status);
    if let Some(tray) = app.tray_by_id(ID) {
        tray.set_menu(Some(menu))?;
        tray.set_tooltip(Some(tooltip))?;
        return tray.set_icon(Some(icon));
    }
    let (chosen, clicked) = (shell.clone(), shell.clone());
    TrayIconBuilder::with_id(ID)
        .icon(icon)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip(tooltip)
        .menu(&menu)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(move |_, event| {
            let item =
                CHOICES.into_iter().chain(SNOOZES).find(|item| *event.id() == format!("{item:?}"));
            if let Some(item) = item {
                choose(&chosen, item);
            }
        })
        .on_tray_icon_event(move |_, event| {
            if let TrayIconEvent::DoubleClick { button: MouseButton::Left, .. } = event {
                choose(&clicked, Item::Open);
            }
        })
        .build(app)?;
    Ok(())
}

/// macOS colours a template image by itself; Windows gets the icon on a tile.
fn bytes(icon: Icon, unread: bool) -> &'static [u8] {
    if cfg!(target_os = "macos") {
        picture!("template/", ".png", icon, unread)
    } else {
        picture!("any/", "-32.png", icon, unread)
    }
}
