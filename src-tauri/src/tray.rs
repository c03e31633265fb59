//! The tray on Windows and macOS: Tauri's own, on the main thread.

use agora_resident::tray::{Deeds, Host, Item, Model, picture};
use tauri::AppHandle;
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItemBuilder, PredefinedMenuItem};
use tauri::tray::{MouseButton, TrayIconBuilder, TrayIconEvent};

const ID: &str = "status";
/// The tray, there or not.
pub(crate) struct Icon {
    app: AppHandle,
    deeds: Deeds,
}

impl Icon {
    pub(crate) fn new(app: AppHandle, deeds: Deeds) -> Self {
        Self { app, deeds }
    }
}

impl Host for Icon {
    async fn show(&mut self, model: &Model) {
        let (app, deeds, model) = (self.app.clone(), self.deeds.clone(), model.clone());
        let asked = self.app.run_on_main_thread(move || {
            if let Err(error) = draw(&app, &deeds, &model) {
                tracing::warn!(%error, "the tray can't be drawn");
            }
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "the tray can't be asked for");
        }
    }
}

fn draw(app: &AppHandle, deeds: &Deeds, model: &Model) -> tauri::Result<()> {
    let line = |item: Item| {
        MenuItemBuilder::with_id(item.id(), model.label(item)).enabled(!item.only_says()).build(app)
    };
    let mut menu = MenuBuilder::new(app);
    for item in model.menu() {
        menu = if item == Item::Separator {
            menu.item(&PredefinedMenuItem::separator(app)?)
        } else {
            menu.item(&line(item)?)
        };
    }
    let menu = menu.build()?;
    let icon = Image::from_bytes(picture(model.icon, model.unread > 0))?;
    let tooltip = format!("Agora: {}", model.tooltip());
    if let Some(tray) = app.tray_by_id(ID) {
        tray.set_menu(Some(menu))?;
        tray.set_tooltip(Some(tooltip))?;
        return tray.set_icon(Some(icon));
    }
    let (chosen, clicked) = (deeds.clone(), deeds.clone());
    TrayIconBuilder::with_id(ID)
        .icon(icon)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip(tooltip)
        .menu(&menu)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(move |_, event| {
            if let Some(item) = Item::of_id(event.id().as_ref()) {
                chosen.choose(item, None);
            }
        })
        .on_tray_icon_event(move |_, event| {
            if let TrayIconEvent::DoubleClick { button: MouseButton::Left, .. } = event {
                clicked.choose(Item::Open, None);
            }
        })
        .build(app)?;
    Ok(())
}
