//! A Secret Service that has no default collection, and makes one without asking for a password.

#![expect(
    clippy::unused_self,
    clippy::used_underscore_binding,
    clippy::needless_pass_by_value,
    reason = "the bus calls each on the object, with all that the specification has"
)]

use crate::bus::Bus;
use std::collections::HashMap;
use zbus::Connection;
use zbus::zvariant::{OwnedObjectPath, Value as Variant};

/// A Secret Service without a default collection, which makes one without asking.
#[derive(Default)]
pub(crate) struct Unmade {
    /// Label and alias of each collection that was asked for.
    pub(crate) made: Vec<(String, String)>,
}

impl Unmade {
    pub(crate) async fn serve(bus: &Bus) -> Connection {
        zbus::connection::Builder::address(bus.address.as_str())
            .unwrap()
            .serve_at("/org/freedesktop/secrets", Self::default())
            .unwrap()
            .name("org.freedesktop.secrets")
            .unwrap()
            .build()
            .await
            .unwrap()
    }
}

fn path(text: &str) -> OwnedObjectPath {
    text.try_into().unwrap()
}

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Unmade {
    /// Answers the client's public key with one of its own: 2, of a private 1.
    fn open_session(
        &self,
        _algorithm: &str,
        _input: Variant<'_>,
    ) -> (zbus::zvariant::OwnedValue, OwnedObjectPath) {
        let key = Variant::from(vec![2u8]).try_into_owned().unwrap();
        (key, path("/org/freedesktop/secrets/session/1"))
    }

    fn read_alias(&self, _name: &str) -> OwnedObjectPath {
        path(if self.made.is_empty() { "/" } else { "/org/freedesktop/secrets/collection/1" })
    }

    #[zbus(property)]
    fn collections(&self) -> Vec<OwnedObjectPath> {
        Vec::new()
    }

    fn search_items(
        &self,
        _attributes: HashMap<String, String>,
    ) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        (Vec::new(), Vec::new())
    }

    fn create_collection(
        &mut self,
        properties: HashMap<String, Variant<'_>>,
        alias: &str,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        let label = &properties["org.freedesktop.Secret.Collection.Label"];
        self.made.push((label.try_into().unwrap(), alias.to_owned()));
        (path("/org/freedesktop/secrets/collection/1"), path("/"))
    }
}
