//! The connection over which the Secret Service is looked at, and over which a person is asked.
//!
//! It lasts as long as the service does: some services remember what a person has allowed to a connection.

use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error};
use std::cell::Cell;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy, proxy};
use zbus::proxy::CacheProperties;
use zbus::zvariant::OwnedObjectPath;

/// The name on the bus of whatever keeps secrets.
pub(super) const NAME: &str = "org.freedesktop.secrets";
/// What has its properties and collections.
pub(super) const PATH: &str = "/org/freedesktop/secrets";

pub(super) struct Link {
    pub(super) service: SecretService<'static>,
    properties: Proxy<'static>,
    /// Whether an entry was made or allowed over it. What is allowed here may not be allowed to the
    /// library's connection, which would ask again.
    pub(super) is_trusted: Cell<bool>,
}

impl Link {
    pub(super) fn open() -> Result<Self, Error> {
        let bus = Connection::session()?;
        let service = SecretService::connect_with_existing(EncryptionType::Dh, bus.clone())?;
        // The library's own proxy remembers what it has read, and not each service tells of changes.
        let properties = proxy::Builder::new(&bus)
            .destination(NAME)?
            .path(PATH)?
            .interface("org.freedesktop.Secret.Service")?
            .cache_properties(CacheProperties::No)
            .build()?;
        end_with_service(&bus)?;
        Ok(Self { service, properties, is_trusted: Cell::default() })
    }

    /// The collections that there are now.
    pub(super) fn collections(&self) -> Result<Vec<OwnedObjectPath>, Error> {
        Ok(self.properties.get_property("Collections")?)
    }

    /// Lets go of the service. It blocks, as any drop of the link does.
    pub(super) fn close(self) {
        let _ = self.properties.connection().clone().close();
    }
}

/// Closes the connection once the service leaves the bus: its prompt would be waited for in vain.
fn end_with_service(bus: &Connection) -> zbus::Result<()> {
    let owners = DBusProxy::new(bus)?;
    let mut owners = owners.receive_name_owner_changed_with_args(&[(0, NAME)])?;
    let bus = bus.clone();
    let watching = std::thread::Builder::new().name("keyring-end".into()).spawn(move || {
        if owners.next().is_some() {
            let _ = bus.close();
        }
    });
    watching.map(drop).map_err(Into::into)
}
