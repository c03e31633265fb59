//! Whoever shows toasts on the session bus, asked in its own way. Another daemon is asked in its way as
//! soon as it comes.

mod source;

use crate::DoNotDisturb;
use futures_util::StreamExt;
use source::Source;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use zbus::fdo::DBusProxy;
use zbus::{Connection, Proxy, proxy};

/// The notification daemon's name on the session bus.
const DAEMON: &str = "org.freedesktop.Notifications";
/// How long anybody may take to answer.
const LIMIT: Duration = Duration::from_secs(5);

/// Tells how it is from now on, until the session bus is gone. Nothing is told while there is no
/// daemon, and before one that came has been asked.
pub async fn follow(tell: watch::Sender<Option<DoNotDisturb>>) {
    if let Err(error) = follow_daemons(&tell).await {
        tracing::info!(%error, "nobody says whether the desktop is in do-not-disturb");
        tell.send_replace(Some(DoNotDisturb::Unknown));
    }
}

/// How it is now.
pub async fn ask() -> DoNotDisturb {
    let asked = async {
        let bus = Connection::session().await?;
        match source(&bus).await? {
            Some(source) => source.read(&bus).await,
            None => Ok(DoNotDisturb::Unknown),
        }
    };
    match timeout(LIMIT, asked).await {
        Ok(Ok(now)) => now,
        _ => DoNotDisturb::Unknown,
    }
}

async fn follow_daemons(tell: &watch::Sender<Option<DoNotDisturb>>) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let names = DBusProxy::new(&bus).await?;
    // Listen first, then look: nothing is missed between the two.
    let mut owners = names.receive_name_owner_changed_with_args(&[(0, DAEMON)]).await?;
    let mut is_there = names.name_has_owner(DAEMON.try_into()?).await?;
    loop {
        let daemon = async {
            if is_there {
                follow_one(&bus, tell).await;
            }
            std::future::pending::<()>().await;
        };
        let change = tokio::select! {
            change = owners.next() => change,
            () = daemon => None,
        };
        let Some(change) = change else { return Ok(()) };
        is_there = change.args()?.new_owner().is_some();
        // What the one before said holds no more.
        tell.send_if_modified(|told| told.take().is_some());
    }
}

/// Tells how it is with the daemon that is there; once more that nobody knows, where it can't be heard.
async fn follow_one(bus: &Connection, tell: &watch::Sender<Option<DoNotDisturb>>) {
    let say = |now| {
        let is_news = tell.send_if_modified(|told| told.replace(now) != Some(now));
        if is_news {
            tracing::info!(?now, "do-not-disturb");
        }
    };
    let heard = async {
        let Some(source) = timeout(LIMIT, source(bus)).await?? else {
            return Ok(());
        };
        let mut signals = source.listen(bus).await?;
        loop {
            say(timeout(LIMIT, source.read(bus)).await??);
            if signals.next().await.is_none() {
                return Err::<(), Box<dyn std::error::Error + Send + Sync>>(
                    "the bus is gone".into(),
                );
            }
        }
    };
    if let Err(error) = heard.await {
        tracing::info!(%error, "the desktop doesn't say whether it is in do-not-disturb");
    }
    say(DoNotDisturb::Unknown);
}

/// Where the daemon that is there says it, if that is known.
async fn source(bus: &Connection) -> zbus::Result<Option<Source>> {
    let daemon: Proxy<'_> = proxy::Builder::new(bus)
        .destination(DAEMON)?
        .path("/org/freedesktop/Notifications")?
        .interface(DAEMON)?
        .cache_properties(proxy::CacheProperties::No)
        .build()
        .await?;
    let (name, vendor, _version, _specification): (String, String, String, String) =
        daemon.call("GetServerInformation", &()).await?;
    Ok(Source::of(&name, &vendor))
}
