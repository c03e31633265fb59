//! The tray icon as a status notifier host sees it: the item that registered with the
//! panel's watcher, its properties, its menu, and clicks on them.
//!
//! Owns the reading of `StatusNotifierItem` and `com.canonical.dbusmenu`. Leaves out
//! the host: see `session`.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use futures_util::StreamExt as _;
use zbus::proxy::{Builder, CacheProperties};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};
use zbus::{Connection, Proxy};

use super::session::{Session, within};

/// One picture of an icon: width, height and ARGB32 in network byte order.
type Pixmap = (i32, i32, Vec<u8>);

/// The icon of the one application that is in the tray.
#[derive(Debug)]
pub(crate) struct Item {
    item: Proxy<'static>,
    menu: Proxy<'static>,
}

/// What an item says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// The application's id.
    pub(crate) id: String,
    /// `Passive`, `Active` or `NeedsAttention`.
    pub(crate) status: String,
    /// The item's name for people.
    pub(crate) title: String,
    /// Title and text of the tooltip.
    pub(crate) tooltip: (String, String),
    /// Stands for the picture: the same number, the same picture.
    pub(crate) icon: u64,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The words, without access keys.
    pub(crate) label: String,
    /// Whether it can be clicked.
    pub(crate) enabled: bool,
    id: i32,
}

impl Item {
    /// Waits until an application has an icon in the tray.
    pub(crate) async fn wait(session: &Session) -> Self {
        let bus = session.bus().await;
        let watcher = watcher(&bus).await;
        let wait = async {
            let mut signals = watcher.receive_all_signals().await?;
            loop {
                let items: Vec<String> =
                    watcher.get_property("RegisteredStatusNotifierItems").await?;
                if let Some(address) = items.into_iter().next() {
                    return zbus::Result::Ok(address);
                }
                signals.next().await;
            }
        };
        let address = within("an icon in the tray", wait).await.expect("the watcher answers");
        // A name on the bus and a path, in one: `:1.9/StatusNotifierItem`.
        let (name, path) = address.split_at(address.find('/').expect("a path"));
        let item = proxy(&bus, name, path, "org.kde.StatusNotifierItem").await;
        let menu: OwnedObjectPath = item.get_property("Menu").await.expect("a menu");
        let menu = proxy(&bus, name, menu.as_str(), "com.canonical.dbusmenu").await;
        Self { item, menu }
    }

    /// Waits, woken by the item's own signals, until `wanted` holds.
    ///
    /// # Panics
    /// When it doesn't in time.
    pub(crate) async fn wait_until(&self, wanted: impl Fn(&State) -> bool) -> State {
        let wait = async {
            let mut signals = self.item.receive_all_signals().await?;
            loop {
                let state = self.read().await?;
                if wanted(&state) {
                    return zbus::Result::Ok(state);
                }
                signals.next().await;
            }
        };
        within("a state of the tray icon", wait).await.expect("the item answers")
    }

    /// The menu from top to bottom, without separators and hidden lines.
    pub(crate) async fn menu(&self) -> Vec<Line> {
        // A host says that it is about to show the menu, so that it can be filled.
        let about_to_show = self.menu.call::<_, _, bool>("AboutToShow", &(0,)).await;
        about_to_show.expect("the menu answers");
        let no_names: &[&str] = &[];
        let answer = self.menu.call("GetLayout", &(0, -1, no_names)).await;
        let (_revision, root): (u32, Node) = answer.expect("the menu answers");
        let mut lines = Vec::new();
        collect(&mut lines, "", root);
        lines
    }

    /// Waits, woken by the menu's own signals, until `wanted` holds for its lines.
    ///
    /// # Panics
    /// When it doesn't in time.
    pub(crate) async fn wait_for_menu(&self, wanted: impl Fn(&[Line]) -> bool) -> Vec<Line> {
        let wait = async {
            let mut signals = self.menu.receive_all_signals().await?;
            loop {
                let lines = self.menu().await;
                if wanted(&lines) {
                    return zbus::Result::Ok(lines);
                }
                signals.next().await;
            }
        };
        within("a menu of the tray icon", wait).await.expect("the menu answers")
    }

    /// Chooses the line with this label.
    ///
    /// # Panics
    /// When there is no such line, or it can't be clicked.
    pub(crate) async fn click(&self, label: &str) {
        let lines = self.menu().await;
        let line = lines.iter().find(|line| line.label == label && line.enabled);
        let line = line.unwrap_or_else(|| panic!("no line {label:?} to click in {lines:#?}"));
        let event = (line.id, "clicked", Value::from(0), 0_u32);
        // Without an answer, which an app that was asked to quit may not be there to give.
        self.menu.call_noreply("Event", &event).await.expect("the bus takes a click");
    }

    /// Clicks the icon itself.
    pub(crate) async fn activate(&self) {
        let activated: zbus::Result<()> = self.item.call("Activate", &(0, 0)).await;
        activated.expect("the item answers");
    }

    /// Clicks the icon itself on a desktop that gives a token for it, as Plasma does.
    pub(crate) async fn activate_with(&self, token: &str) {
        let given: zbus::Result<()> = self.item.call("ProvideXdgActivationToken", &(token,)).await;
        given.expect("the item answers");
        self.activate().await;
    }

    async fn read(&self) -> zbus::Result<State> {
        let (_icon, _pixmaps, title, text): (String, Vec<Pixmap>, String, String) =
            self.item.get_property("ToolTip").await?;
        let status: String = self.item.get_property("Status").await?;
        let mut icon = DefaultHasher::new();
        for kind in ["Icon", "OverlayIcon", "AttentionIcon"] {
            // The third is shown in place of the first, and only then.
            if kind != "AttentionIcon" || status == "NeedsAttention" {
                self.hash_icon(kind, &mut icon).await?;
            }
        }
        Ok(State {
            id: self.item.get_property("Id").await?,
            title: self.item.get_property("Title").await?,
            tooltip: (title, text),
            icon: icon.finish(),
            status,
        })
    }

    async fn hash_icon(&self, kind: &str, hasher: &mut DefaultHasher) -> zbus::Result<()> {
        let name: String = self.item.get_property(&format!("{kind}Name")).await?;
        let pixmaps: Vec<Pixmap> = self.item.get_property(&format!("{kind}Pixmap")).await?;
        (name, pixmaps).hash(hasher);
        Ok(())
    }
}

/// The watcher of status notifier items on a bus.
pub(super) async fn watcher(bus: &Connection) -> Proxy<'static> {
    let name = "org.kde.StatusNotifierWatcher";
    proxy(bus, name, "/StatusNotifierWatcher", name).await
}

/// An item says that a property changed by signals of its own, which a cache of
/// properties knows nothing of: every reading here asks the item.
async fn proxy(
    bus: &Connection,
    name: &str,
    path: &str,
    interface: &'static str,
) -> Proxy<'static> {
    let proxy = async {
        Builder::new(bus)
            .destination(name.to_owned())?
            .path(path.to_owned())?
            .interface(interface)?
            .cache_properties(CacheProperties::No)
            .build()
            .await
    };
    proxy.await.expect("a proxy")
}

/// A node of a menu's layout: id, properties, children.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

fn collect(lines: &mut Vec<Line>, above: &str, (id, properties, children): Node) {
    let text = |name: &str| properties.get(name).and_then(|value| <&str>::try_from(value).ok());
    let holds = |name: &str| !matches!(properties.get(name).map(bool::try_from), Some(Ok(false)));
    if !holds("visible") || text("type") == Some("separator") {
        return;
    }
    let mut label = above.to_owned();
    if let Some(words) = text("label") {
        if !label.is_empty() {
            label.push_str(" › ");
        }
        // One underscore marks the access key that follows it, two are one.
        label.push_str(&words.replace("__", "\0").replace('_', "").replace('\0', "_"));
        let enabled = holds("enabled");
        lines.push(Line { label: label.clone(), enabled, id });
    }
    for child in children {
        let child = Structure::try_from(child).expect("a node of the menu");
        let child = Node::try_from(child).expect("a node of the menu");
        collect(lines, &label, child);
    }
}
