//! The tray on Linux: a status notifier item over D-Bus, without a library of GTK's.

use super::pictures::picture;
use super::{Icon, Item, Model, choose};
use crate::ipc::NoticeCode;
use crate::pixels;
use crate::shell::Shell;
use crate::window;
use ksni::menu::{StandardItem, SubMenu};
use ksni::{Handle, MenuItem, OfflineReason, ToolTip, TrayMethods};
use std::sync::Arc;

/// The tray, there or not.
pub(super) struct Tray {
    shell: Arc<Shell>,
    handle: Option<Handle<NotifierItem>>,
}

impl Tray {
    pub(super) fn new(shell: Arc<Shell>) -> Self {
        Self { shell, handle: None }
    }

    /// Shows the model. The item is made with the first one; it waits for a host by itself.
    pub(super) async fn show(&mut self, model: &Model) {
        if let Some(handle) = &self.handle {
            handle.update(|item| item.model = model.clone()).await;
            return;
        }
        let item = NotifierItem { shell: self.shell.clone(), model: model.clone() };
        match item.assume_sni_available(true).spawn().await {
            Ok(handle) => self.handle = Some(handle),
            Err(error) => {
                tracing::warn!(%error, "no tray");
                self.shell.notices.set(NoticeCode::NoTray, true, Some(error.to_string()));
            }
        }
    }
}

impl Drop for Tray {
    /// Takes the item away. One whose bus is gone, with the session, would panic at the loss of its
    /// handle alone, and end the app before it has said goodbye.
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            drop(handle.shutdown());
        }
    }
}

struct NotifierItem {
    shell: Arc<Shell>,
    model: Model,
}

impl ksni::Tray for NotifierItem {
    fn id(&self) -> String {
        "agora-notifier".into()
    }

    fn title(&self) -> String {
        "Agora".into()
    }

    fn status(&self) -> ksni::Status {
        match self.model.icon {
            Icon::Attention => ksni::Status::NeedsAttention,
            _ => ksni::Status::Active,
        }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        pixmaps(self.model.icon, self.model.unread > 0)
    }

    fn attention_icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: "Agora".into(),
            description: self.model.status.clone(),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.chosen(Item::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.model.menu().into_iter().map(|item| self.menu_item(item)).collect()
    }

    fn watcher_online(&self) {
        self.shell.notices.set(NoticeCode::NoTray, false, None);
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        let detail = match reason {
            OfflineReason::Error(error) => Some(error.to_string()),
            _ => None,
        };
        self.shell.notices.set(NoticeCode::NoTray, true, detail);
        // A host may come later, with the panel or an extension of the desktop's.
        true
    }
}

impl NotifierItem {
    /// Does what was chosen. A panel on Wayland may give what lets the window come to the front.
    fn chosen(&self, item: Item) {
        if let Item::Open | Item::Unread | Item::Settings = item
            && let Some(token) = ksni::current_xdg_activation_token()
        {
            window::keep_activation(&self.shell.app, token);
        }
        choose(&self.shell, item);
    }

    fn menu_item(&self, item: Item) -> MenuItem<Self> {
        if item == Item::Separator {
            return MenuItem::Separator;
        }
        // An underscore would mark the next letter as the menu's key.
        let label = self.model.label(item).replace('_', "__");
        let under = self.model.under(item);
        if !under.is_empty() {
            let submenu = under.iter().map(|item| self.menu_item(*item)).collect();
            return SubMenu { label, submenu, ..SubMenu::default() }.into();
        }
        StandardItem {
            label,
            enabled: item != Item::Status,
            activate: Box::new(move |this: &mut Self| this.chosen(item)),
            ..StandardItem::default()
        }
        .into()
    }
}

/// The icon in every size that panels ask for, as ARGB32 in network byte order.
fn pixmaps(icon: Icon, unread: bool) -> Vec<ksni::Icon> {
    // The panel's colour isn't known here, so the icons are the ones on a tile.
    let files = [
        picture!("any/", "-16.png", icon, unread),
        picture!("any/", "-22.png", icon, unread),
        picture!("any/", "-32.png", icon, unread),
        picture!("any/", "-48.png", icon, unread),
    ];
    let decoded = files.into_iter().map(|bytes| {
        let mut pixels = pixels::decode(bytes)?;
        for pixel in pixels.rgba.chunks_exact_mut(4) {
            pixel.rotate_right(1);
        }
        Ok(ksni::Icon { width: pixels.width, height: pixels.height, data: pixels.rgba })
    });
    decoded.collect::<anyhow::Result<Vec<_>>>().unwrap_or_else(|error| {
        tracing::error!(%error, "the tray has no icon");
        Vec::new()
    })
}
