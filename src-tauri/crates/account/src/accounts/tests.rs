//! Changes of the account while the keyring takes its time or refuses, or the disk does.

use crate::keyring::Keyring;
use crate::keyring::fake::Fake;
use crate::{
    Account, AccountError, Accounts, Credential, Environment, Files, KeyringError, Settings,
    TokenChange, TokenPlace,
};
use agora_client::{BaseUrl, ClientId, Token};
use serde_json::json;
use std::sync::Arc;
use tempfile::TempDir;

/// Choices, as they are kept.
fn chosen(choices: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_value(choices).unwrap()
}

struct Place {
    _home: TempDir,
    fake: Arc<Fake>,
    accounts: Arc<Accounts>,
}

/// An account on device01, its token `old` in the keyring.
fn place(environment: Environment) -> Place {
    let home = tempfile::tempdir().unwrap();
    let here = account("device01");
    let fake = Arc::new(Fake::holding(&here.name(), "old"));
    let settings = Settings {
        base_url: Some(here.base),
        client_id: Some(here.client_id),
        token: TokenPlace::Keyring,
        ..Settings::default()
    };
    let files = Files::find(Some(home.path())).unwrap();
    agora_home::settings::change(&files.settings, |kept| *kept = settings).unwrap();
    let keyring = Arc::new(Keyring::new(fake.clone()));
    let accounts = Accounts { keyring, ..Accounts::new(files, environment) };
    Place { _home: home, fake, accounts: Arc::new(accounts) }
}

impl Place {
    /// Begins to save, up to where the keyring hangs.
    async fn begin_to_save(
        &self,
        device: &str,
        token: &str,
    ) -> tokio::task::JoinHandle<Result<(), AccountError>> {
        let (accounts, account, token) =
            (self.accounts.clone(), account(device), in_keyring(token));
        let call = format!("set {}", account.name());
        self.fake.hang_on("set");
        let saving = tokio::spawn(async move { accounts.save(account, token).await });
        self.fake.begun(&call).await;
        saving
    }

    /// From now on the settings can't be read or written.
    fn break_settings(&self) {
        std::fs::remove_file(&self.accounts.files.settings).unwrap();
        std::fs::create_dir(&self.accounts.files.settings).unwrap();
    }
}

fn account(device: &str) -> Account {
    Account {
        base: BaseUrl::parse("https://market.example/api").unwrap(),
        client_id: ClientId::parse(&format!("user_1_{device}")).unwrap(),
    }
}

fn in_keyring(token: &str) -> TokenChange {
    TokenChange::Keyring(Token::parse(token).unwrap().into())
}

fn held(device: &str, token: &str) -> (String, String) {
    (account(device).name(), token.to_owned())
}

#[tokio::test]
async fn what_is_chosen_while_the_keyring_takes_its_time_stays_and_so_does_the_account() {
    let place = place(Environment::default());
    let saving = place.begin_to_save("device02", "new").await;
    place.accounts.save_preferences(chosen(json!({ "theme": "dark" }))).unwrap();
    place.fake.unlock();
    saving.await.unwrap().unwrap();
    assert_eq!(place.accounts.preferences().unwrap(), json!({ "theme": "dark" }));
    assert_eq!(place.accounts.account().unwrap(), Some(account("device02")));
    assert_eq!(place.fake.tokens(), [held("device02", "new")]);
}

#[tokio::test]
async fn forgetting_waits_for_a_save_and_then_forgets_what_was_saved() {
    let place = place(Environment::default());
    let saving = place.begin_to_save("device02", "new").await;
    let mut forgetting = std::pin::pin!(place.accounts.forget());
    tokio::select! {
        biased;
        _ = &mut forgetting => panic!("the keyring hangs"),
        () = std::future::ready(()) => place.fake.unlock(),
    }
    let (saved, forgotten) = tokio::join!(saving, forgetting);
    saved.unwrap().unwrap();
    forgotten.unwrap();
    assert_eq!(place.accounts.account().unwrap(), None);
    assert_eq!(place.fake.tokens(), []);
}

#[tokio::test]
async fn settings_that_cannot_be_written_leave_the_former_token_in_the_keyring() {
    for device in ["device01", "device02"] {
        let place = place(Environment::default());
        let saving = place.begin_to_save(device, "new").await;
        place.break_settings();
        place.fake.unlock();
        assert!(matches!(saving.await.unwrap(), Err(AccountError::Settings(_))));
        assert_eq!(place.fake.tokens(), [held("device01", "old")], "{device}");
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_forgotten_keeps_its_token() {
    let place = place(Environment::default());
    place.fake.hang_on("delete");
    let accounts = place.accounts.clone();
    let forgetting = tokio::spawn(async move { accounts.forget().await });
    place.fake.begun(&format!("delete {}", account("device01").name())).await;
    place.break_settings();
    place.fake.unlock();
    assert!(matches!(forgetting.await.unwrap(), Err(AccountError::Settings(_))));
    assert_eq!(place.fake.tokens(), [held("device01", "old")]);
}

#[tokio::test]
async fn a_damaged_file_is_not_set_aside_for_a_change_that_the_keyring_refuses() {
    let place = place(Environment::default());
    let file = &place.accounts.files.settings;
    std::fs::write(file, "{oops").unwrap();
    place.fake.refuse(KeyringError::Locked);
    let saved = place.accounts.save(account("device01"), in_keyring("new")).await;
    assert!(matches!(saved, Err(AccountError::Keyring(KeyringError::Locked))));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "{oops");
}

#[tokio::test]
async fn keeping_the_token_keeps_the_keyrings_not_the_environments() {
    let place = place(Environment {
        token: Some(Token::parse("from-the-environment").unwrap()),
        ..Environment::default()
    });
    place.accounts.save(account("device02"), TokenChange::Keep).await.unwrap();
    assert_eq!(place.fake.tokens(), [held("device02", "old")]);
}

#[tokio::test]
async fn a_token_that_cannot_be_read_now_is_not_dropped_for_keeping_it() {
    let place = place(Environment::default());
    place.fake.refuse(KeyringError::Locked);
    let saved = place.accounts.save(account("device02"), TokenChange::Keep).await;
    assert!(matches!(saved, Err(AccountError::Keyring(KeyringError::Locked))));
    assert_eq!(place.accounts.account().unwrap(), Some(account("device01")));
    assert_eq!(place.fake.tokens(), [held("device01", "old")]);
}

#[tokio::test]
async fn the_credential_comes_by_itself_once_the_keyring_is_unlocked() {
    let place = place(Environment::default());
    place.fake.hang_on("get");
    let here = account("device01");
    let call = format!("get {}", here.name());
    let mut waiting = std::pin::pin!(place.accounts.credential_when_unlocked(&here));
    tokio::select! {
        _ = &mut waiting => panic!("the keyring hangs"),
        () = place.fake.begun(&call) => {}
    }
    // A day, which passes at once.
    tokio::time::pause();
    let day = std::time::Duration::from_hours(24);
    assert!(tokio::time::timeout(day, &mut waiting).await.is_err());
    tokio::time::resume();
    place.fake.unlock();
    let credential = waiting.await;
    assert!(matches!(credential, Credential::Keyring(tokens) if tokens.access.expose() == "old"));
}
