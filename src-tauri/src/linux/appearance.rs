//! Light or dark, as the person chose it or else as the desktop's portal tells it. GTK 3 doesn't ask
//! the portal itself, and the page takes what GTK has.

use crate::window;
use agora_socket::Theme as Chosen;
use futures_util::StreamExt;
use tauri::{AppHandle, Theme};
use tokio::sync::watch;
use zbus::Connection;
use zbus::zvariant::{OwnedValue, Value};

const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";

/// The XDG desktop portal's settings, as far as they are needed.
#[zbus::proxy(
    interface = "org.freedesktop.portal.Settings",
    default_service = "org.freedesktop.portal.Desktop",
    default_path = "/org/freedesktop/portal/desktop",
    gen_blocking = false
)]
trait Settings {
    /// In every version of the portal; a variant within a variant.
    fn read(&self, namespace: &str, key: &str) -> zbus::Result<OwnedValue>;

    #[zbus(signal)]
    fn setting_changed(&self, namespace: &str, key: &str, value: Value<'_>) -> zbus::Result<()>;
}

/// Keeps GTK to it until the app quits.
pub(super) async fn run(mut chosen: watch::Receiver<Option<Chosen>>, app: AppHandle) {
    let (mut wish, mut changes) = match listen().await {
        Ok((wish, changes)) => (wish, Some(changes)),
        Err(error) => {
            tracing::info!(%error, "the desktop's portal can't be asked for light or dark");
            (None, None)
        }
    };
    let mut shown = None;
    loop {
        let theme = chosen.borrow_and_update().map(window::theme).or(wish);
        // As long as nobody wishes anything, what GTK itself was told holds.
        if theme != shown {
            window::set_theme(&app, theme);
            shown = theme;
        }
        let next = async {
            match &mut changes {
                Some(changes) => changes.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            told = chosen.changed() => if told.is_err() { return },
            change = next => match change {
                Some(change) => wish = change.args().ok().and_then(|args| theme_of(args.value())),
                None => changes = None,
            },
        }
    }
}

/// What the desktop wishes now, and when it changes.
async fn listen() -> zbus::Result<(Option<Theme>, SettingChangedStream)> {
    let settings = SettingsProxy::new(&Connection::session().await?).await?;
    let changes = settings.receive_setting_changed_with_args(&[(0, NAMESPACE), (1, KEY)]).await?;
    // Where no portal answers now, one that comes later is heard all the same.
    let now = settings.read(NAMESPACE, KEY).await.ok();
    Ok((now.and_then(|value| theme_of(&value)), changes))
}

/// 1 is dark, 2 is light, and everything else no preference.
fn theme_of(value: &Value<'_>) -> Option<Theme> {
    match value {
        Value::Value(inner) => theme_of(inner),
        Value::U32(1) => Some(Theme::Dark),
        Value::U32(2) => Some(Theme::Light),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portals_numbers_however_deep_they_are_wrapped() {
        let wrapped = Value::Value(Box::new(Value::Value(Box::new(Value::U32(1)))));
        assert_eq!(theme_of(&wrapped), Some(Theme::Dark));
        assert_eq!(theme_of(&Value::U32(2)), Some(Theme::Light));
        for none in [Value::U32(0), Value::U32(9), Value::from("dark")] {
            assert_eq!(theme_of(&none), None);
        }
    }
}
