//! The session bus as one app a home uses it: whoever has the home's name is the app, and everybody else
//! asks it.

use super::application::{Application, Own, PlatformData};
use crate::args::Action;
use crate::desk::Quit;
use crate::resident::Resident;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use zbus::fdo::{DBusProxy, RequestNameFlags};
use zbus::names::{BusName, WellKnownName};
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, MessageStream};

/// How long one that quits may take: its own limit is below three seconds.
const QUITTING: Duration = Duration::from_secs(10);

/// The app of this home, as others reach it.
#[zbus::proxy(interface = "org.freedesktop.Application", gen_blocking = false)]
trait Running {
    fn activate(&self, platform_data: &PlatformData) -> zbus::Result<()>;

    fn activate_action(
        &self,
        action_name: &str,
        parameter: &[OwnedValue],
        platform_data: &PlatformData,
    ) -> zbus::Result<()>;
}

#[zbus::proxy(interface = "market.agora.Notifier", gen_blocking = false)]
trait RunningOwn {
    fn status(&self) -> zbus::Result<String>;
}

/// The session bus, and the home's name on it.
#[derive(Debug)]
pub(super) struct Bus {
    connection: Connection,
    names: DBusProxy<'static>,
    name: WellKnownName<'static>,
    path: String,
}

impl Bus {
    /// Joins the bus. What others ask of the app, once this process is it, waits until it has started.
    pub(super) async fn connect(
        name: String,
        resident: watch::Receiver<Option<Resident>>,
    ) -> zbus::Result<Self> {
        // The specification's path for a name; a hyphen has no place in one.
        let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
        let application = Application::new(resident);
        // The builder returns once calls are listened for. An interface that is added later may not
        // be when the call comes that the bus kept while it started this program: nobody would answer.
        let connection = zbus::connection::Builder::session()?
            .serve_at(&*path, application.clone())?
            .serve_at(&*path, Own(application))?
            .build()
            .await?;
        let names = DBusProxy::new(&connection).await?;
        Ok(Self { connection, names, name: name.try_into()?, path })
    }

    /// Whether the home's app runs.
    pub(super) async fn is_running(&self) -> zbus::Result<bool> {
        Ok(self.names.name_has_owner(BusName::from(self.name.clone())).await?)
    }

    /// Becomes the home's app, if there is none.
    pub(super) async fn become_it(&self) -> zbus::Result<bool> {
        let flags = RequestNameFlags::DoNotQueue.into();
        match self.connection.request_name_with_flags(self.name.clone(), flags).await {
            Ok(_) => Ok(true),
            Err(zbus::Error::NameTaken) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Has the running app do something.
    pub(super) async fn ask(&self, action: Action) -> zbus::Result<()> {
        let running =
            RunningProxy::new(&self.connection, BusName::from(self.name.clone()), &*self.path);
        let data = platform_data()?;
        match action {
            Action::Open => running.await?.activate(&data).await,
            action => running.await?.activate_action(action.name(), &[], &data).await,
        }
    }

    /// How the running app is, in JSON.
    pub(super) async fn status(&self) -> zbus::Result<String> {
        let name = BusName::from(self.name.clone());
        RunningOwnProxy::new(&self.connection, name, &*self.path).await?.status().await
    }

    /// Waits until nobody is the home's app, as one that quits soon isn't any more. Whether that
    /// came.
    pub(super) async fn ended(&self) -> zbus::Result<bool> {
        let mut owners =
            self.names.receive_name_owner_changed_with_args(&[(0, self.name.as_str())]).await?;
        let ended = async {
            // Listen first, then look: nothing is missed between the two.
            while self.is_running().await? {
                owners.next().await;
            }
            zbus::Result::Ok(())
        };
        timeout(QUITTING, ended).await.map_or(Ok(false), |ended| ended.map(|()| true))
    }

    /// Has the app quit when the bus is gone: the person's session is then, too.
    pub(super) fn quit_with_it(&self, quit: Quit) -> impl Future<Output = ()> + Send + 'static {
        let mut messages = MessageStream::from(&self.connection);
        async move {
            while messages.next().await.is_some_and(|message| message.is_ok()) {}
            tracing::warn!("the session's bus is gone");
            quit.now();
        }
    }
}

const TOKENS: [(&str, &str); 2] =
    [("activation-token", "XDG_ACTIVATION_TOKEN"), ("desktop-startup-id", "DESKTOP_STARTUP_ID")];

/// What a launcher gave this start of the program to let its window come to the front.
pub(super) fn own_token() -> Option<String> {
    TOKENS.iter().find_map(|(_, variable)| std::env::var(variable).ok())
}

/// The same, for the app that runs.
fn platform_data() -> zbus::Result<PlatformData> {
    let mut data = HashMap::new();
    for (name, variable) in TOKENS {
        if let Ok(token) = std::env::var(variable) {
            data.insert(name.to_owned(), Value::from(token).try_into()?);
        }
    }
    Ok(data)
}
