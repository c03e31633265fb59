//! Where each daemon says whether it is in do-not-disturb: whom to ask, and what is heard when it
//! changes.

use crate::{DoNotDisturb, Urgent};
use tokio::process::Command;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, MatchRule, Message, MessageStream, message};

const NOTIFICATIONS: &str = "/org/freedesktop/Notifications";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const CHANNEL: &str = "xfce4-notifyd";
const PROPERTY: &str = "/do-not-disturb";
const SCHEMA: &str = "org.gnome.desktop.notifications";
const KEY: &str = "show-banners";

/// Where one says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Plasma, in a property of the daemon's own. Whether urgent ones come through is a setting.
    Plasma,
    /// dunst, likewise; it keeps urgent ones too.
    Dunst,
    /// Xfce, in its settings. Urgent ones come through.
    Xfce,
    /// GNOME, in its settings. Urgent ones come through.
    Gnome,
}

impl Source {
    /// By what the daemon says of itself.
    pub(super) fn of(name: &str, vendor: &str) -> Option<Self> {
        match (name, vendor) {
            ("Plasma", _) => Some(Self::Plasma),
            ("dunst", _) => Some(Self::Dunst),
            ("Xfce Notify Daemon", _) => Some(Self::Xfce),
            ("gnome-shell", "GNOME") => Some(Self::Gnome),
            _ => None,
        }
    }

    /// Something comes out of it when that may have changed.
    pub(super) async fn listen(self, bus: &Connection) -> zbus::Result<MessageStream> {
        let signal = MatchRule::builder().msg_type(message::Type::Signal);
        let rule = match self {
            Self::Plasma | Self::Dunst => {
                let of = signal.interface(PROPERTIES)?.member("PropertiesChanged")?;
                of.path(NOTIFICATIONS)?.arg(0, self.interface())?
            }
            // That it is changed, or taken away.
            Self::Xfce => signal.interface("org.xfce.Xfconf")?.arg(0, CHANNEL)?.arg(1, PROPERTY)?,
            Self::Gnome => return dconf().await,
        };
        MessageStream::for_match_rule(rule.build(), bus, None).await
    }

    /// How it is now.
    pub(super) async fn read(self, bus: &Connection) -> zbus::Result<DoNotDisturb> {
        let is_on = match self {
            Self::Plasma => self.property(bus, "Inhibited").await?,
            Self::Dunst => self.property(bus, "paused").await?,
            Self::Xfce => xfconf(bus).await?,
            Self::Gnome => !gsettings().await?,
        };
        let urgent = match self {
            Self::Plasma => Urgent::Unknown,
            Self::Dunst => Urgent::Kept,
            Self::Xfce | Self::Gnome => Urgent::Shown,
        };
        Ok(if is_on { DoNotDisturb::On { urgent } } else { DoNotDisturb::Off })
    }

    /// The daemon's interface that has the property.
    fn interface(self) -> &'static str {
        match self {
            Self::Dunst => "org.dunstproject.cmd0",
            _ => super::DAEMON,
        }
    }

    async fn property(self, bus: &Connection, name: &str) -> zbus::Result<bool> {
        let of = (self.interface(), name);
        let answer = call(bus, super::DAEMON, NOTIFICATIONS, PROPERTIES, "Get", &of).await?;
        truth(&answer)
    }
}

/// Xfce's setting, which is off where nobody has made it.
async fn xfconf(bus: &Connection) -> zbus::Result<bool> {
    let of = (CHANNEL, PROPERTY);
    let (store, path) = ("org.xfce.Xfconf", "/org/xfce/Xfconf");
    match call(bus, store, path, store, "GetProperty", &of).await {
        Ok(answer) => truth(&answer),
        Err(zbus::Error::MethodError(name, ..))
            if name.as_str() == "org.xfce.Xfconf.Error.PropertyNotFound" =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// What dconf's writer tells of GNOME's setting alone, over a connection of its own: zbus has no words for
/// a rule whose path is no object's, and takes none back that it didn't make.
async fn dconf() -> zbus::Result<MessageStream> {
    // This kind of rule takes in the folders above the key, which are changed as one.
    let rule = "type='signal',interface='ca.desrt.dconf.Writer',member='Notify',\
                arg0path='/org/gnome/desktop/notifications/show-banners'";
    let own = Connection::session().await?;
    let (daemon, path) = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
    own.call_method(Some(daemon), path, Some(daemon), "AddMatch", &rule).await?;
    Ok(MessageStream::from(own))
}

/// GNOME's setting, asked of the desktop's own program: it knows defaults, profiles and locks, which
/// dconf's file alone doesn't tell, and its libraries stay out of this process.
async fn gsettings() -> zbus::Result<bool> {
    let mut program = Command::new("gsettings");
    // It has no business with the market's token.
    program.args(["get", SCHEMA, KEY]).env_remove("AGORA_TOKEN").kill_on_drop(true);
    let output = program.output().await.map_err(zbus::Error::from)?;
    match output.stdout.trim_ascii() {
        b"true" => Ok(true),
        b"false" => Ok(false),
        _ => {
            let why = String::from_utf8_lossy(&output.stderr);
            Err(zbus::Error::Failure(format!("gsettings: {}", why.trim())))
        }
    }
}

async fn call(
    bus: &Connection,
    destination: &str,
    path: &str,
    interface: &str,
    method: &str,
    body: &(&str, &str),
) -> zbus::Result<Message> {
    bus.call_method(Some(destination), path, Some(interface), method, body).await
}

/// A truth value in a variant.
fn truth(answer: &Message) -> zbus::Result<bool> {
    let value: OwnedValue = answer.body().deserialize()?;
    Ok(value.try_into()?)
}
