//! The tray on Linux: a status notifier item over D-Bus, without a library of GTK's.

use super::pictures::tiles;
use super::{Deeds, Host, Icon, Item, Model};
use crate::desk::Notices;
use crate::ipc::NoticeCode;
use crate::system::pixels;
use ksni::menu::StandardItem;
use ksni::{Handle, MenuItem, OfflineReason, ToolTip, TrayMethods};

/// The tray, there or not.
pub(crate) struct NotifierItem {
    deeds: Deeds,
    notices: Notices,
    handle: Option<Handle<Shown>>,
}

impl NotifierItem {
    pub(crate) fn new(deeds: Deeds, notices: Notices) -> Self {
        Self { deeds, notices, handle: None }
    }
}

impl Host for NotifierItem {
    /// The item is made with the first model; it waits for a host by itself.
    async fn show(&mut self, model: &Model) {
        if let Some(handle) = &self.handle {
            handle.update(|item| item.model = model.clone()).await;
            return;
        }
        let item = Shown {
            deeds: self.deeds.clone(),
            notices: self.notices.clone(),
            model: model.clone(),
        };
        match item.assume_sni_available(true).spawn().await {
            Ok(handle) => self.handle = Some(handle),
            Err(error) => {
                tracing::warn!(%error, "no tray");
                self.notices.set(NoticeCode::NoTray, true, Some(error.to_string()));
            }
        }
    }
}

impl Drop for NotifierItem {
    /// Takes the item away. One whose bus is gone, with the session, would panic at the loss of its
    /// handle alone, and end the app before it has said goodbye.
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            drop(handle.shutdown());
        }
    }
}

/// What the host sees.
struct Shown {
    deeds: Deeds,
    notices: Notices,
    model: Model,
}

impl ksni::Tray for Shown {
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
        ToolTip { title: "Agora".into(), description: self.model.tooltip(), ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.chosen(Item::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.model.menu().into_iter().map(|item| self.menu_item(item)).collect()
    }

    fn watcher_online(&self) {
        self.notices.set(NoticeCode::NoTray, false, None);
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        let detail = match reason {
            OfflineReason::Error(error) => Some(error.to_string()),
            _ => None,
        };
        self.notices.set(NoticeCode::NoTray, true, detail);
        // A host may come later, with the panel or an extension of the desktop's.
        true
    }
}

impl Shown {
    /// Hands on what was chosen. A panel on Wayland may give what lets the window come to the front.
    fn chosen(&self, item: Item) {
        self.deeds.choose(item, ksni::current_xdg_activation_token());
    }

    fn menu_item(&self, item: Item) -> MenuItem<Self> {
        if item == Item::Separator {
            return MenuItem::Separator;
        }
        // An underscore would mark the next letter as the menu's key.
        let label = self.model.label(item).replace('_', "__");
        StandardItem {
            label,
            enabled: !item.only_says(),
            activate: Box::new(move |this: &mut Self| this.chosen(item)),
            ..StandardItem::default()
        }
        .into()
    }
}

/// The icon in every size that panels ask for, as ARGB32 in network byte order.
fn pixmaps(icon: Icon, unread: bool) -> Vec<ksni::Icon> {
    let decoded = tiles(icon, unread).into_iter().map(|bytes| {
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
