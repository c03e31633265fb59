//! The token in a real keyring on a session bus: one that works, one that was never set up, one that is
//! locked.

use crate::bus::Bus;
use crate::support::*;
use crate::unmade::Unmade;
use serde_json::Value;
use std::collections::HashMap;
use zbus::zvariant::OwnedObjectPath;
use zbus::{Connection, Proxy};

const SECRET: &str = "secret-token-4711";

fn home(bus: &Bus) -> Home {
    Home::new().with("DBUS_SESSION_BUS_ADDRESS", &bus.address)
}

async fn set(home: &Home, more: &[&str]) -> Ran {
    let arguments = [&["account", "set", "--user-id", "7", "--token-stdin"], more].concat();
    home.run_with(&arguments, SECRET).await
}

/// What `agora doctor` says of the keyring.
async fn doctor(home: &Home) -> Value {
    let lines = home.run(&["doctor"]).await.lines();
    lines.into_iter().find(|line| line["check"] == "keyring").unwrap()
}

async fn token(home: &Home) -> Value {
    home.run(&["account", "show"]).await.lines().remove(0)["token"].clone()
}

async fn service(bus: &Connection) -> Proxy<'static> {
    let (name, path) = ("org.freedesktop.secrets", "/org/freedesktop/secrets");
    Proxy::new(bus, name, path, "org.freedesktop.Secret.Service").await.unwrap()
}

/// The user names of this program's entries.
async fn entries(service: &Proxy<'_>) -> Vec<String> {
    let ours = HashMap::from([("service", "market.agora.notifier")]);
    let (unlocked, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
        service.call("SearchItems", &(ours,)).await.unwrap();
    let mut names = Vec::new();
    for path in unlocked.into_iter().chain(locked) {
        let item = "org.freedesktop.Secret.Item";
        let item = Proxy::new(service.connection(), "org.freedesktop.secrets", path, item);
        let attributes: HashMap<String, String> =
            item.await.unwrap().get_property("Attributes").await.unwrap();
        names.push(attributes["username"].clone());
    }
    names
}

#[tokio::test]
async fn doctor_writes_reads_and_deletes_and_a_token_is_kept_and_forgotten() {
    let bus = Bus::start().await;
    let _keyring = bus.keyring(Some("pw")).await;
    let connection = bus.connect().await;
    let service = service(&connection).await;
    let home = home(&bus);
    let found = doctor(&home).await;
    assert_eq!(found["ok"], true, "{found}");
    assert_eq!(found["detail"], "an entry was written, read and deleted");
    assert_eq!(entries(&service).await, [] as [&str; 0]);

    let ran = set(&home, &[]).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert_eq!(token(&home).await, "keyring");
    assert!(!home.holds(SECRET));
    assert_eq!(doctor(&home).await["ok"], true);
    let left = entries(&service).await;
    assert!(left.len() == 1 && left[0].contains(" user_7_"), "{left:?}");
    home.run(&["account", "forget"]).await;
    assert_eq!(entries(&service).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_keyring_that_was_never_set_up_is_told_from_a_locked_one() {
    let bus = Bus::start().await;
    let _keyring = bus.keyring(None).await;
    let home = home(&bus);
    let found = doctor(&home).await;
    assert_eq!(found["ok"], false);
    let (detail, advice) = (found["detail"].as_str().unwrap(), found["advice"].as_str().unwrap());
    assert!(detail.contains("a default keyring must be made first"), "{detail}");
    assert!(!detail.contains("locked"), "{detail}");
    assert!(advice.contains("--make-keyring") && advice.contains("AGORA_TOKEN"), "{advice}");

    let ran = set(&home, &[]).await;
    ran.assert_refused(1, "a default keyring must be made first");
    assert!(ran.err.contains("--make-keyring"), "{ran:#?}");
    // Nobody is there to ask for its password: as if it were dismissed.
    set(&home, &["--make-keyring"]).await.assert_refused(1, "no keyring was made");
    home.run(&["account", "show"]).await.assert_refused(2, "there is no account");
}

#[tokio::test]
async fn a_default_keyring_is_made_where_the_person_asks_for_it() {
    let bus = Bus::start().await;
    let made = Unmade::serve(&bus).await;
    let home = home(&bus);
    set(&home, &[]).await.assert_refused(1, "a default keyring must be made first");
    // What comes after it, this service doesn't have.
    set(&home, &["--make-keyring"]).await;
    let calls = made.object_server().interface::<_, Unmade>("/org/freedesktop/secrets").await;
    let made = calls.unwrap().get().await.made.clone();
    assert_eq!(made, [("Default keyring".to_owned(), "default".to_owned())]);
}

#[tokio::test]
async fn a_locked_keyring_is_told_as_such() {
    let bus = Bus::start().await;
    let _keyring = bus.keyring(Some("pw")).await;
    let home = home(&bus);
    assert_eq!(set(&home, &[]).await.code, Some(0));
    let connection = bus.connect().await;
    let service = service(&connection).await;
    let default: OwnedObjectPath = service.call("ReadAlias", &("default",)).await.unwrap();
    let _: (Vec<OwnedObjectPath>, OwnedObjectPath) =
        service.call("Lock", &(vec![default],)).await.unwrap();
    let found = doctor(&home).await;
    assert_eq!(found["ok"], false, "it answers, and doesn't take an entry");
    assert!(found["detail"].as_str().unwrap().contains("the keyring is locked"), "{found}");
    // Nobody is there to be asked: as if they had said no.
    assert_eq!(token(&home).await, "denied");
}
