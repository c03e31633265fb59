//! What of an entry can be seen without anybody being asked, and how what is locked is unlocked.

use super::super::super::store::Asking;
use super::super::library::SERVICE;
use super::link::Link;
use secret_service::Error;
use secret_service::blocking::{Collection, Item};
use std::collections::HashMap;
use zbus::zvariant::OwnedObjectPath;

/// Where an entry is, as far as that can be seen.
pub(super) struct Seen<'a> {
    pub(super) item: Option<Item<'a>>,
    /// The collections that hide what they hold.
    locked: Vec<OwnedObjectPath>,
    /// Nothing is locked and there is no more than one: whoever reads or writes it is asked nothing.
    pub(super) is_plain: bool,
}

/// Looks for an entry in what is unlocked. Nobody is asked: some services ask for all that is locked
/// when they are to look everywhere.
pub(super) fn look<'a>(link: &'a Link, name: &str) -> Result<Seen<'a>, Error> {
    let (mut paths, mut locked) = (Vec::new(), Vec::new());
    for path in link.collections()? {
        let collection = link.service.get_collection_by_path(path.clone())?;
        if collection.is_locked()? {
            locked.push(path);
            continue;
        }
        let items = collection.search_items(attributes(name))?;
        paths.extend(items.into_iter().map(|item| item.item_path));
    }
    let is_one = paths.len() <= 1;
    let item = paths.into_iter().next().map(|path| link.service.get_item_by_path(path));
    let item = item.transpose()?;
    let is_open = item.as_ref().map_or(Ok(true), |item| item.is_locked().map(|locked| !locked))?;
    let is_plain = is_one && is_open && locked.is_empty() && !link.is_trusted.get();
    Ok(Seen { item, locked, is_plain })
}

/// The same, and has what is locked unlocked, one after the other, until it is found.
pub(super) fn sought<'a>(link: &'a Link, name: &str, asking: Asking) -> Result<Seen<'a>, Error> {
    let seen = look(link, name)?;
    if seen.item.is_some() {
        return Ok(seen);
    }
    let default = match link.service.get_default_collection() {
        Err(Error::NoResult) if !seen.locked.is_empty() => None,
        other => Some(other?.collection_path.clone()),
    };
    let to_unlock = match asking {
        Asking::Nobody if !seen.locked.is_empty() => return Err(Error::Locked),
        Asking::Nobody => Vec::new(),
        Asking::ForDefault => {
            let default = default.ok_or(Error::NoResult)?;
            seen.locked.iter().filter(|path| **path == default).cloned().collect()
        }
        Asking::ForAll => {
            let mut locked = seen.locked.clone();
            locked.sort_by_key(|path| Some(path) != default.as_ref());
            locked
        }
    };
    for path in to_unlock {
        unlock(&link.service.get_collection_by_path(path)?, asking)?;
        let seen = look(link, name)?;
        if seen.item.is_some() {
            return Ok(seen);
        }
    }
    Ok(seen)
}

/// A collection that is open, or opened for it.
pub(super) fn unlock(collection: &Collection<'_>, asking: Asking) -> Result<(), Error> {
    match asking {
        _ if !collection.is_locked()? => Ok(()),
        Asking::Nobody => Err(Error::Locked),
        Asking::ForDefault | Asking::ForAll => collection.unlock(),
    }
}

/// An entry that may be used. Some keyrings ask before a connection's first use of one, or before each, and
/// call it locked until then.
pub(super) fn unlocked<'a>(link: &Link, item: Item<'a>, asking: Asking) -> Result<Item<'a>, Error> {
    if item.is_locked()? {
        match asking {
            Asking::Nobody => return Err(Error::Locked),
            Asking::ForDefault | Asking::ForAll => item.unlock()?,
        }
        link.is_trusted.set(true);
    }
    Ok(item)
}

pub(super) fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", name)])
}
