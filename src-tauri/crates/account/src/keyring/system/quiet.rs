//! A locked keyring where nobody is there to unlock it, as when the app starts with the computer: it is
//! waited for without a prompt on the screen, until it is open or somebody is there.

use futures_util::StreamExt;
use tokio::runtime::Builder;
use tokio::sync::watch;
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
use zbus::{Connection, MatchRule, MessageStream};

const SERVICE: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";

/// Waits on the keyring's own thread. Where the keyring can't be asked, a read says why.
pub(super) fn wait_for(mut somebody: watch::Receiver<bool>) {
    if *somebody.borrow() {
        return;
    }
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tracing::warn!(%error, "a locked keyring can't be waited for"),
    };
    runtime.block_on(async {
        tokio::select! {
            // It fails where the app ends.
            _ = somebody.wait_for(|is_there| *is_there) => {}
            opened = until_open() => {
                if let Err(error) = opened {
                    tracing::info!(%error, "the keyring doesn't say whether it is locked");
                }
            }
        }
    });
}

async fn until_open() -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let signals = MatchRule::builder().msg_type(Type::Signal).sender(SERVICE)?.build();
    // Listen first, then look: nothing is missed between the two.
    let mut changes = MessageStream::for_match_rule(signals, &bus, None).await?;
    while is_locked(&bus).await? && changes.next().await.is_some() {}
    Ok(())
}

/// Whether the collection that programs keep their secrets in is locked; one that isn't there is not.
async fn is_locked(bus: &Connection) -> zbus::Result<bool> {
    let interface = Some("org.freedesktop.Secret.Service");
    let reply = bus.call_method(Some(SERVICE), PATH, interface, "ReadAlias", &"default").await?;
    let collection: OwnedObjectPath = reply.body().deserialize()?;
    if collection.as_str() == "/" {
        return Ok(false);
    }
    let property = ("org.freedesktop.Secret.Collection", "Locked");
    let interface = Some("org.freedesktop.DBus.Properties");
    let reply = bus.call_method(Some(SERVICE), &collection, interface, "Get", &property).await?;
    let locked: OwnedValue = reply.body().deserialize()?;
    Ok(bool::try_from(locked)?)
}
