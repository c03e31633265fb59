//! A Secret Service of `KeePassXC`'s kind: what a locked database holds is hidden, the use of an entry may
//! want a person's word for each connection, so may its deletion, and it comes and goes while others run.
//! A person's answers to its prompts are chosen beforehand.

#![expect(
    clippy::unused_async,
    clippy::used_underscore_binding,
    reason = "the bus calls each on the object, with all that the specification has"
)]

use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};

use aes::Aes128;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hkdf::Hkdf;
use sha2::Sha256;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, ObjectServer};

const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";
/// Its databases; the first is the one in the foreground, which has the alias `default`.
const DATABASES: [&str; 2] =
    ["/org/freedesktop/secrets/collection/Passwords", "/org/freedesktop/secrets/collection/Work"];

/// Session, initialization vector, what is encrypted, and its kind.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// What a person does with a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Allows,
    Dismisses,
    Nothing,
}

/// One database.
#[derive(Debug, Default)]
pub(crate) struct Database {
    pub(crate) locked: bool,
    /// The one entry.
    pub(crate) entry: Option<Vec<u8>>,
}

/// What the service is like, and what was done with it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) databases: [Database; 2],
    /// How many of them are open in it and given out.
    pub(crate) given_out: usize,
    /// Whether the use of an entry wants a person's word, once for each connection.
    pub(crate) confirms: bool,
    /// Whether a deletion does, each time.
    pub(crate) confirms_deletion: bool,
    /// Whether nothing is ever answered.
    pub(crate) hangs: bool,
    pub(crate) answer: Answer,
    /// How many prompts were shown.
    pub(crate) prompts: usize,
    /// How often somebody began to speak with it.
    pub(crate) sessions: usize,
    /// The connections that may use entries.
    allowed: HashSet<String>,
    keys: HashMap<OwnedObjectPath, [u8; 16]>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            databases: Default::default(),
            given_out: 1,
            confirms: false,
            confirms_deletion: false,
            hangs: false,
            answer: Answer::Nothing,
            prompts: 0,
            sessions: 0,
            allowed: HashSet::new(),
            keys: HashMap::new(),
        }
    }
}

/// The service while it runs, and what it keeps beyond that.
#[derive(Clone, Default)]
pub(crate) struct SecretService(Arc<Mutex<State>>);

impl SecretService {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Starts it; it is gone with the connection.
    pub(crate) async fn start(&self, address: &str) -> Connection {
        let mut bus = zbus::connection::Builder::address(address)
            .unwrap()
            .serve_at(SERVICE, Service(self.clone()))
            .unwrap();
        for (number, database) in DATABASES.into_iter().enumerate() {
            bus = bus
                .serve_at(database, Collection(self.clone(), number))
                .unwrap()
                .serve_at(entry(number), Entry(self.clone(), number))
                .unwrap();
        }
        bus.name(NAME).unwrap().build().await.unwrap()
    }

    /// A person unlocks the first database in its own window.
    pub(crate) async fn unlock_by_hand(&self, bus: &Connection) {
        self.state().databases[0].locked = false;
        let emitter = SignalEmitter::new(bus, SERVICE).unwrap();
        Service::collection_changed(&emitter, path(DATABASES[0])).await.unwrap();
    }

    /// Whether an entry holds that.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let has = |entry: &Vec<u8>| memchr::memmem::find(entry, text.as_bytes()).is_some();
        self.state().databases.iter().filter_map(|database| database.entry.as_ref()).any(has)
    }

    fn is_locked(&self, number: usize, client: &str) -> bool {
        let state = self.state();
        state.databases[number].locked || (state.confirms && !state.allowed.contains(client))
    }

    fn found(&self, number: usize) -> Option<OwnedObjectPath> {
        let state = self.state();
        let is_seen = !state.databases[number].locked && state.databases[number].entry.is_some();
        is_seen.then(|| path(&entry(number)))
    }

    fn keep(&self, number: usize, (session, vector, encrypted, _): Secret) {
        let mut state = self.state();
        let cipher = cbc::Decryptor::<Aes128>::new_from_slices(&state.keys[&session], &vector);
        let secret = cipher.unwrap().decrypt_padded_vec::<Pkcs7>(&encrypted).unwrap();
        state.databases[number].entry = Some(secret);
    }

    /// Shows a prompt, which does that once it is allowed.
    async fn prompt(
        &self,
        server: &ObjectServer,
        result: Vec<OwnedObjectPath>,
        allowed: impl Fn(&mut State) + Send + Sync + 'static,
    ) -> OwnedObjectPath {
        let number = {
            let mut state = self.state();
            state.prompts += 1;
            state.prompts
        };
        let prompt = path(&format!("{SERVICE}/prompt/{number}"));
        let shown = Prompt { service: self.clone(), result, allowed: Box::new(allowed) };
        server.at(&prompt, shown).await.unwrap();
        prompt
    }
}

fn path(text: &str) -> OwnedObjectPath {
    text.try_into().unwrap()
}

fn entry(number: usize) -> String {
    format!("{}/entry", DATABASES[number])
}

fn client(header: &Header<'_>) -> String {
    header.sender().unwrap().to_string()
}

#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.freedesktop.Secret.Error")]
enum Refused {
    #[zbus(error)]
    Bus(zbus::Error),
    IsLocked(String),
}

fn is_locked() -> Refused {
    Refused::IsLocked("it is locked".to_owned())
}

struct Service(SecretService);

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    /// Answers the client's public key with one of its own: 2, of a private 1. What both know is then the
    /// client's.
    async fn open_session(
        &self,
        _algorithm: &str,
        input: Value<'_>,
    ) -> (OwnedValue, OwnedObjectPath) {
        if self.0.state().hangs {
            pending::<()>().await;
        }
        let public = Vec::<u8>::try_from(input).unwrap();
        let shared = [vec![0; 128 - public.len()], public].concat();
        let mut key = [0; 16];
        Hkdf::<Sha256>::new(None, &shared).expand(&[], &mut key).unwrap();
        let mut state = self.0.state();
        state.sessions += 1;
        let session = path(&format!("{SERVICE}/session/{}", state.sessions));
        state.keys.insert(session.clone(), key);
        (Value::from(vec![2u8]).try_into_owned().unwrap(), session)
    }

    #[zbus(property(emits_changed_signal = "false"))]
    async fn collections(&self) -> Vec<OwnedObjectPath> {
        DATABASES[..self.0.state().given_out].iter().copied().map(path).collect()
    }

    async fn read_alias(&self, _name: &str) -> OwnedObjectPath {
        path(if self.0.state().given_out > 0 { DATABASES[0] } else { "/" })
    }

    /// Whoever searches everywhere while all is locked has a person asked to unlock something.
    async fn search_items(
        &self,
        _attributes: HashMap<String, String>,
        #[zbus(header)] header: Header<'_>,
    ) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        let given_out = {
            let mut state = self.0.state();
            let given_out = state.given_out;
            if state.databases[..given_out].iter().all(|database| database.locked) {
                state.prompts += 1;
            }
            given_out
        };
        let found = (0..given_out).filter_map(|number| Some((number, self.0.found(number)?)));
        let client = client(&header);
        let (locked, unlocked): (Vec<_>, Vec<_>) =
            found.partition(|(number, _)| self.0.is_locked(*number, &client));
        let paths = |found: Vec<(usize, OwnedObjectPath)>| found.into_iter().map(|(_, path)| path);
        (paths(unlocked).collect(), paths(locked).collect())
    }

    async fn unlock(
        &self,
        objects: Vec<OwnedObjectPath>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        let (client, wanted) = (client(&header), objects.clone());
        let allow = move |state: &mut State| {
            for object in &wanted {
                match DATABASES.iter().position(|database| *database == object.as_str()) {
                    Some(number) => state.databases[number].locked = false,
                    None => drop(state.allowed.insert(client.clone())),
                }
            }
        };
        (Vec::new(), self.0.prompt(server, objects, allow).await)
    }

    #[zbus(signal)]
    async fn collection_changed(
        emitter: &SignalEmitter<'_>,
        collection: OwnedObjectPath,
    ) -> zbus::Result<()>;
}

struct Prompt {
    service: SecretService,
    result: Vec<OwnedObjectPath>,
    allowed: Box<dyn Fn(&mut State) + Send + Sync>,
}

#[zbus::interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(&self, _window: &str, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        let answer = {
            let mut state = self.service.state();
            if state.answer == Answer::Allows {
                (self.allowed)(&mut state);
            }
            state.answer
        };
        let done = Value::from(self.result.clone());
        match answer {
            Answer::Allows => Self::completed(&emitter, false, done).await.unwrap(),
            Answer::Dismisses => Self::completed(&emitter, true, done).await.unwrap(),
            Answer::Nothing => {}
        }
    }

    #[zbus(signal)]
    async fn completed(
        emitter: &SignalEmitter<'_>,
        dismissed: bool,
        result: Value<'_>,
    ) -> zbus::Result<()>;
}

struct Collection(SecretService, usize);

#[zbus::interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    #[zbus(property)]
    async fn locked(&self) -> bool {
        self.0.state().databases[self.1].locked
    }

    async fn search_items(&self, _attributes: HashMap<String, String>) -> Vec<OwnedObjectPath> {
        self.0.found(self.1).into_iter().collect()
    }

    async fn create_item(
        &self,
        _properties: HashMap<String, OwnedValue>,
        secret: Secret,
        _replace: bool,
        #[zbus(header)] header: Header<'_>,
    ) -> Result<(OwnedObjectPath, OwnedObjectPath), Refused> {
        if self.0.state().databases[self.1].locked {
            return Err(is_locked());
        }
        self.0.keep(self.1, secret);
        // Whoever makes it may use it.
        self.0.state().allowed.insert(client(&header));
        Ok((path(&entry(self.1)), path("/")))
    }
}

struct Entry(SecretService, usize);

#[zbus::interface(name = "org.freedesktop.Secret.Item")]
impl Entry {
    #[zbus(property)]
    async fn locked(&self, #[zbus(header)] header: Option<Header<'_>>) -> bool {
        self.0.is_locked(self.1, &client(&header.unwrap()))
    }

    async fn get_secret(
        &self,
        session: OwnedObjectPath,
        #[zbus(header)] header: Header<'_>,
    ) -> Result<(Secret,), Refused> {
        if self.0.is_locked(self.1, &client(&header)) {
            return Err(is_locked());
        }
        let state = self.0.state();
        let vector = [7; 16];
        let cipher = cbc::Encryptor::<Aes128>::new_from_slices(&state.keys[&session], &vector);
        let entry = state.databases[self.1].entry.as_ref().unwrap();
        let encrypted = cipher.unwrap().encrypt_padded_vec::<Pkcs7>(entry);
        Ok(((session, vector.to_vec(), encrypted, "text/plain".to_owned()),))
    }

    async fn set_secret(
        &self,
        secret: Secret,
        #[zbus(header)] header: Header<'_>,
    ) -> Result<(), Refused> {
        if self.0.is_locked(self.1, &client(&header)) {
            return Err(is_locked());
        }
        self.0.keep(self.1, secret);
        Ok(())
    }

    async fn delete(&self, #[zbus(object_server)] server: &ObjectServer) -> OwnedObjectPath {
        let number = self.1;
        let delete = move |state: &mut State| state.databases[number].entry = None;
        if self.0.state().confirms_deletion {
            return self.0.prompt(server, Vec::new(), delete).await;
        }
        delete(&mut self.0.state());
        path("/")
    }
}
