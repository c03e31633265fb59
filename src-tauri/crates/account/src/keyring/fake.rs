//! A keyring for the tests: it hangs where it is told to, and says what it was asked.

use super::store::{Asking, KeyringError, Store};
use agora_client::{Token, Tokens};
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex};
use tokio::sync::watch;

#[derive(Debug, Default)]
pub(crate) struct Fake {
    tokens: Mutex<BTreeMap<String, Tokens>>,
    /// Every call that was begun, as `get NAME`.
    calls: watch::Sender<Vec<String>>,
    refusal: Mutex<Option<KeyringError>>,
    /// The calls that hang begin so.
    hangs: Mutex<Option<&'static str>>,
    unlocked: Condvar,
    rings: Mutex<Option<watch::Sender<u64>>>,
    /// What is put there is lost.
    pub(crate) forgets: bool,
}

impl Fake {
    pub(crate) fn holding(name: &str, token: &str) -> Self {
        let fake = Self::default();
        let token = Token::parse(token).unwrap();
        fake.tokens.lock().unwrap().insert(name.to_owned(), token.into());
        fake
    }

    /// What it holds: names and access tokens.
    pub(crate) fn tokens(&self) -> Vec<(String, String)> {
        let tokens = self.tokens.lock().unwrap();
        let access = |tokens: &Tokens| tokens.access.expose().to_owned();
        tokens.iter().map(|(name, tokens)| (name.clone(), access(tokens))).collect()
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.borrow().clone()
    }

    /// Waits until this call has begun.
    pub(crate) async fn begun(&self, call: &str) {
        let mut calls = self.calls.subscribe();
        calls.wait_for(|calls| calls.iter().any(|begun| begun == call)).await.unwrap();
    }

    /// From now on the calls that begin so hang.
    pub(crate) fn hang_on(&self, call: &'static str) {
        *self.hangs.lock().unwrap() = Some(call);
    }

    /// From now on every call is refused so.
    pub(crate) fn refuse(&self, error: KeyringError) {
        *self.refusal.lock().unwrap() = Some(error);
    }

    /// From now on calls are answered again, and who listens hears of it.
    pub(crate) fn allow(&self) {
        *self.refusal.lock().unwrap() = None;
        if let Some(rings) = &*self.rings.lock().unwrap() {
            rings.send_modify(|times| *times += 1);
        }
    }

    pub(crate) fn unlock(&self) {
        *self.hangs.lock().unwrap() = None;
        self.unlocked.notify_all();
    }

    fn enter(&self, call: &str) -> Result<(), KeyringError> {
        self.calls.send_modify(|calls| calls.push(call.to_owned()));
        let hangs = self.hangs.lock().unwrap();
        let here = |hangs: &mut Option<&str>| hangs.is_some_and(|hangs| call.starts_with(hangs));
        drop(self.unlocked.wait_while(hangs, |hangs| here(hangs)).unwrap());
        self.refusal.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl Store for Fake {
    fn get(&self, name: &str, _asking: Asking) -> Result<Option<Tokens>, KeyringError> {
        self.enter(&format!("get {name}"))?;
        Ok(self.tokens.lock().unwrap().get(name).cloned())
    }

    fn set(&self, name: &str, tokens: &Tokens, _asking: Asking) -> Result<(), KeyringError> {
        self.enter(&format!("set {name}"))?;
        if self.forgets {
            return Ok(());
        }
        self.tokens.lock().unwrap().insert(name.to_owned(), tokens.clone());
        Ok(())
    }

    fn delete(&self, name: &str, _asking: Asking) -> Result<(), KeyringError> {
        self.enter(&format!("delete {name}"))?;
        self.tokens.lock().unwrap().remove(name);
        Ok(())
    }

    fn make(&self) -> Result<(), KeyringError> {
        self.enter("make")
    }

    fn waits_for_person(&self) -> bool {
        true
    }

    fn listen(&self, rings: watch::Sender<u64>) {
        *self.rings.lock().unwrap() = Some(rings);
    }
}
