//! A secret that may be longer than one entry of the keyring: Windows' Credential Manager takes 2,560 bytes
//! (`CRED_MAX_CREDENTIAL_BLOB_SIZE` of `wincred.h`), and two tokens can be more.
//!
//! What fits stands in its entry as it is. What doesn't stands in parts beside it, and the entry says on
//! which of two sides and how many: a new secret is written to the other side, then the entry, then the
//! former side goes. Wherever that ends in between, the entry leads to a secret that is whole.

use super::super::store::KeyringError;
use zeroize::Zeroizing;

/// A keyring's entries, by name. That there is none is no error.
pub(super) trait Entries {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError>;
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError>;
    fn delete(&self, name: &str) -> Result<(), KeyringError>;
}

/// Entries that hold a secret of any length, of which each takes so many bytes.
#[derive(Debug)]
pub(super) struct Parted<E> {
    pub(super) entries: E,
    pub(super) limit: usize,
}

/// What an entry says of a secret that stands beside it: no token begins with a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    side: char,
    parts: usize,
}

impl Head {
    fn read(entry: &[u8]) -> Option<Self> {
        let said = std::str::from_utf8(entry).ok()?.strip_prefix(' ')?;
        let side = said.chars().next().filter(|side| "ab".contains(*side))?;
        Some(Self { side, parts: said[1..].parse().ok()? })
    }

    fn written(self) -> String {
        format!(" {}{}", self.side, self.parts)
    }
}

fn part(name: &str, side: char, number: usize) -> String {
    format!("{name} {side}{number}")
}

impl<E: Entries> Parted<E> {
    pub(super) fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        let Some(entry) = self.entries.get(name)? else { return Ok(None) };
        let Some(head) = Head::read(&entry) else { return Ok(Some(entry)) };
        if let Some(secret) = self.gathered(name, head)? {
            return Ok(Some(secret));
        }
        // Another program has written meanwhile, or the end of it all was broken off.
        let Some(entry) = self.entries.get(name)? else { return Ok(None) };
        match Head::read(&entry) {
            Some(head) => self.gathered(name, head),
            None => Ok(Some(entry)),
        }
    }

    pub(super) fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
        let former = self.entries.get(name)?.and_then(|entry| Head::read(&entry));
        let side = if former.is_some_and(|former| former.side == 'a') { 'b' } else { 'a' };
        if secret.len() <= self.limit {
            self.entries.set(name, secret)?;
        } else {
            let parts = secret.chunks(self.limit);
            let head = Head { side, parts: parts.len() };
            for (number, bytes) in parts.enumerate() {
                self.entries.set(&part(name, side, number), bytes)?;
            }
            self.entries.set(name, head.written().as_bytes())?;
        }
        match former {
            Some(former) => self.cleared(name, former.side),
            None => Ok(()),
        }
    }

    /// The parts go first: what is broken off leaves an entry that leads to nothing.
    pub(super) fn delete(&self, name: &str) -> Result<(), KeyringError> {
        for side in ['a', 'b'] {
            self.cleared(name, side)?;
        }
        self.entries.delete(name)
    }

    fn gathered(&self, name: &str, head: Head) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        // What grows would leave its former memory behind.
        let mut secret = Zeroizing::new(Vec::with_capacity(head.parts.saturating_mul(self.limit)));
        for number in 0..head.parts {
            let Some(bytes) = self.entries.get(&part(name, head.side, number))? else {
                return Ok(None);
            };
            secret.extend_from_slice(&bytes);
        }
        Ok(Some(secret))
    }

    /// The last part goes first: what is broken off is found again.
    fn cleared(&self, name: &str, side: char) -> Result<(), KeyringError> {
        let mut parts = 0;
        while self.entries.get(&part(name, side, parts))?.is_some() {
            parts += 1;
        }
        (0..parts).rev().try_for_each(|number| self.entries.delete(&part(name, side, number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    const LIMIT: usize = 8;
    const NAME: &str = "4021@market";

    /// Entries that end with everything after so many changes.
    #[derive(Debug, Clone)]
    struct Ending {
        held: RefCell<BTreeMap<String, Vec<u8>>>,
        left: Cell<usize>,
    }

    impl Ending {
        fn change(
            &self,
            change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>),
        ) -> Result<(), KeyringError> {
            let left = self.left.get().checked_sub(1);
            self.left.set(left.ok_or_else(|| KeyringError::Failed("it ended".into()))?);
            change(&mut self.held.borrow_mut());
            Ok(())
        }
    }

    impl Entries for Ending {
        fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
            Ok(self.held.borrow().get(name).cloned().map(Zeroizing::new))
        }

        fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
            assert!(secret.len() <= LIMIT, "{secret:?}");
            self.change(|held| drop(held.insert(name.to_owned(), secret.to_owned())))
        }

        fn delete(&self, name: &str) -> Result<(), KeyringError> {
            self.change(|held| drop(held.remove(name)))
        }
    }

    fn keyring() -> Parted<Ending> {
        let entries = Ending { held: RefCell::default(), left: Cell::new(usize::MAX) };
        Parted { entries, limit: LIMIT }
    }

    fn held(keyring: &Parted<Ending>) -> Option<Vec<u8>> {
        keyring.get(NAME).unwrap().map(|secret| secret.to_vec())
    }

    fn secret(length: usize, byte: u8) -> Vec<u8> {
        vec![byte; length]
    }

    #[test]
    fn a_secret_of_any_length_is_read_as_it_was_written_and_nothing_of_a_former_one_stays() {
        let keyring = keyring();
        for length in [1, 8, 9, 40, 16, 17, 3, 64, 65, 8] {
            let secret = secret(length, b'x');
            keyring.set(NAME, &secret).unwrap();
            assert_eq!(held(&keyring), Some(secret), "{length}");
            let parts = if length > LIMIT { length.div_ceil(LIMIT) } else { 0 };
            assert_eq!(keyring.entries.held.borrow().len(), 1 + parts, "{length}");
        }
        keyring.set(NAME, &secret(30, b'y')).unwrap();
        keyring.delete(NAME).unwrap();
        assert_eq!((held(&keyring), keyring.entries.held.borrow().len()), (None, 0));
    }

    #[test]
    fn wherever_a_change_ends_there_is_the_former_secret_or_the_new_one() {
        for before in [0, 5, 20, 30] {
            for after in [5, 20, 30] {
                for changes in 0.. {
                    let keyring = keyring();
                    if before > 0 {
                        keyring.set(NAME, &secret(before, b'o')).unwrap();
                        keyring.set(NAME, &secret(before, b'o')).unwrap();
                    }
                    let former = held(&keyring);
                    keyring.entries.left.set(changes);
                    let done = keyring.set(NAME, &secret(after, b'n'));
                    let found = held(&keyring);
                    let new = Some(secret(after, b'n'));
                    assert!(found == former || found == new, "{before} {after} {changes}");
                    // The next one leaves nothing of it.
                    keyring.entries.left.set(usize::MAX);
                    keyring.set(NAME, &secret(25, b'z')).unwrap();
                    assert_eq!(held(&keyring), Some(secret(25, b'z')));
                    keyring.delete(NAME).unwrap();
                    assert_eq!(keyring.entries.held.borrow().len(), 0);
                    if done.is_ok() {
                        assert_eq!(found, new);
                        break;
                    }
                }
            }
        }
    }

    #[test]
    fn an_end_that_is_broken_off_leaves_no_token() {
        for changes in 0..4 {
            let keyring = keyring();
            keyring.set(NAME, &secret(30, b'o')).unwrap();
            keyring.entries.left.set(changes);
            let _ = keyring.delete(NAME);
            let found = held(&keyring);
            assert!(if changes == 0 { found.is_some() } else { found.is_none() }, "{changes}");
        }
    }
}
