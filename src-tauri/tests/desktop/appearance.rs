//! Light or dark, as the desktop's portal has it, unless the person chose one.

use agora_demo_market::people::SELLER;
use serde_json::json;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, fdo};

use super::session::{Session, within};
use super::stage::Stage;
use super::window::App;

const PATH: &str = "/org/freedesktop/portal/desktop";
const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";
const DARK: u32 = 1;
const LIGHT: u32 = 2;

/// The settings of a desktop's portal, in the test's own hands.
struct Settings {
    scheme: u32,
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    fn read(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        if (namespace, key) != (NAMESPACE, KEY) {
            return Err(fdo::Error::Failed("no such setting".into()));
        }
        let inner = Value::Value(Box::new(Value::U32(self.scheme)));
        OwnedValue::try_from(inner).map_err(|error| fdo::Error::Failed(error.to_string()))
    }

    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Value<'_>,
    ) -> zbus::Result<()>;
}

/// The portal, for as long as this lives.
struct Portal(Connection);

impl Portal {
    async fn start(session: &Session, scheme: u32) -> Self {
        let bus = session.bus().await;
        bus.object_server().at(PATH, Settings { scheme }).await.unwrap();
        bus.request_name("org.freedesktop.portal.Desktop").await.unwrap();
        Self(bus)
    }

    async fn change(&self, scheme: u32) {
        let emitter = SignalEmitter::new(&self.0, PATH).unwrap();
        Settings::setting_changed(&emitter, NAMESPACE, KEY, Value::U32(scheme)).await.unwrap();
    }
}

/// Waits until the page is in that theme.
async fn is_dark(app: &App, dark: bool) {
    let script = "const [dark, done] = arguments;
        const query = matchMedia('(prefers-color-scheme: dark)');
        const answer = () => { if (query.matches === dark) done(); };
        query.addEventListener('change', answer);
        answer();";
    let is_so = app.client.execute_async(script, vec![json!(dark)]);
    within("the theme", is_so).await.expect("the page answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_dark_when_the_desktop_is_unless_the_person_chose() {
    let stage = Stage::set(&[]).await;
    let portal = Portal::start(&stage.session, DARK).await;
    let app = stage.app(&SELLER).await;
    is_dark(&app, true).await;
    portal.change(LIGHT).await;
    is_dark(&app, false).await;
    portal.change(DARK).await;
    is_dark(&app, true).await;

    app.click("nav-settings").await;
    app.click("settings-appearance").await;
    app.click("theme-light").await;
    is_dark(&app, false).await;
    app.click("theme-system").await;
    is_dark(&app, true).await;
    app.end().await;
}
