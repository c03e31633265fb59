//! What rings when it may be worth looking again: a keyring came, went, was locked or unlocked.

use super::link::{NAME, PATH};
use futures_util::{StreamExt as _, future, stream};
use tokio::sync::watch;
use zbus::fdo::DBusProxy;
use zbus::{Connection, MatchRule, MessageStream, message};

/// Rings as long as somebody hears it; once at the beginning, for what happened before it listened.
pub(super) async fn listen(rings: watch::Sender<u64>) {
    tokio::select! {
        () = rings.closed() => {}
        Err(error) = ring(&rings) => tracing::warn!(%error, "what becomes of the keyring is not heard"),
    }
}

async fn ring(rings: &watch::Sender<u64>) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let owners = DBusProxy::new(&bus).await?;
    let owners = owners.receive_name_owner_changed_with_args(&[(0, NAME)]).await?;
    let signals = || MatchRule::builder().msg_type(message::Type::Signal).sender(NAME);
    let collections = signals()?.interface("org.freedesktop.Secret.Service")?.build();
    let properties = signals()?
        .interface("org.freedesktop.DBus.Properties")?
        .member("PropertiesChanged")?
        .path_namespace(PATH)?
        .build();
    let collections = MessageStream::for_match_rule(collections, &bus, None).await?;
    let properties = MessageStream::for_match_rule(properties, &bus, None).await?;
    let mut heard = stream::select(
        owners.map(drop),
        stream::select(collections, properties)
            .filter(|said| future::ready(said.is_ok()))
            .map(drop),
    );
    loop {
        rings.send_modify(|times| *times += 1);
        if heard.next().await.is_none() {
            return Err(zbus::Error::InputOutput(std::sync::Arc::new(
                std::io::ErrorKind::ConnectionReset.into(),
            )));
        }
    }
}
