//! The account over real files. Without a keyring here: the desktop tests have a real one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic where it stands")]

#[cfg(unix)]
mod files;

use agora_account::{Account, Accounts, Credential, Environment, Lost, TokenChange};
use agora_client::{BaseUrl, ClientId, Token};
use agora_home::{Claim, Files};
use tempfile::TempDir;

fn account(base: &str, client_id: &str) -> Account {
    Account { base: BaseUrl::parse(base).unwrap(), client_id: ClientId::parse(client_id).unwrap() }
}

fn accounts(home: &TempDir, environment: Environment) -> Accounts {
    Accounts::new(Files::find(Some(home.path())).unwrap(), environment)
}

/// Choices, as they are kept.
fn chosen(choices: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_value(choices).unwrap()
}

fn memory(token: &str) -> TokenChange {
    TokenChange::Memory(Token::parse(token).unwrap().into())
}

const HERE: &str = "https://market.example/api";
const ELSEWHERE: &str = "https://elsewhere.example/api";

async fn token(accounts: &Accounts) -> Option<String> {
    let account = accounts.account().unwrap().unwrap();
    accounts.credential(&account).await.token().map(|token| token.expose().to_owned())
}

#[tokio::test]
async fn nobody_is_signed_in_at_first_and_after_forgetting() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home, Environment::default());
    assert_eq!(accounts.account().unwrap(), None);
    let device = accounts.device_id().unwrap();
    accounts.save(account(HERE, "user_1_device01"), memory("secret")).await.unwrap();
    assert_eq!(token(&accounts).await.as_deref(), Some("secret"));
    accounts.forget().await.unwrap();
    assert_eq!(accounts.account().unwrap(), None);
    assert_eq!(accounts.device_id().unwrap(), device, "a device keeps its id for good");
}

#[tokio::test]
async fn a_kept_token_goes_to_no_other_origin_and_no_other_user() {
    const LOCAL: &str = "http://localhost:8001/api";
    for (from, other, kept) in [
        (HERE, account(HERE, "user_1_device02"), true),
        (HERE, account("https://market.example:443/v2", "user_1_device01"), true),
        (HERE, account(HERE, "user_2_device01"), false),
        (HERE, account(ELSEWHERE, "user_1_device01"), false),
        (HERE, account("https://market.example:8443/api", "user_1_device01"), false),
        (LOCAL, account("http://localhost:8002/api", "user_1_device01"), false),
        (LOCAL, account("https://localhost:8001/api", "user_1_device01"), false),
        (HERE, account(HERE, "by hand"), false),
    ] {
        let home = tempfile::tempdir().unwrap();
        let accounts = accounts(&home, Environment::default());
        accounts.save(account(from, "user_1_device01"), memory("secret")).await.unwrap();
        accounts.save(other.clone(), TokenChange::Keep).await.unwrap();
        assert_eq!(token(&accounts).await.is_some(), kept, "{other:?}");
    }
}

#[tokio::test]
async fn a_token_in_memory_is_in_no_file_and_is_missed_by_the_next_program() {
    let home = tempfile::tempdir().unwrap();
    let here = account(HERE, "user_1_device01");
    accounts(&home, Environment::default()).save(here.clone(), memory("s3cret")).await.unwrap();
    for entry in std::fs::read_dir(home.path()).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("s3cret"));
    }
    let next = accounts(&home, Environment::default());
    assert!(matches!(next.credential(&here).await, Credential::Lost(Lost::Forgotten)));
}

#[tokio::test]
async fn the_environment_goes_before_the_settings_and_is_not_written_to_them() {
    let home = tempfile::tempdir().unwrap();
    let saved = account(HERE, "user_1_device01");
    accounts(&home, Environment::default()).save(saved, memory("secret")).await.unwrap();
    let environment = Environment {
        base_url: Some(BaseUrl::parse(ELSEWHERE).unwrap()),
        token: Some(Token::parse("from-the-environment").unwrap()),
        ..Environment::default()
    };
    let overridden = accounts(&home, environment);
    assert_eq!(overridden.account().unwrap(), Some(account(ELSEWHERE, "user_1_device01")));
    assert_eq!(token(&overridden).await.as_deref(), Some("from-the-environment"));
    overridden.save_preferences(chosen(serde_json::json!({"theme": "dark"}))).unwrap();
    let next = accounts(&home, Environment::default());
    assert_eq!(next.account().unwrap(), Some(account(HERE, "user_1_device01")));
    assert_eq!(next.preferences().unwrap()["theme"], "dark");
}

#[tokio::test]
async fn the_default_market_is_used_where_none_is_named() {
    let home = tempfile::tempdir().unwrap();
    let environment = Environment {
        client_id: Some(ClientId::parse("user_1_device01").unwrap()),
        ..Environment::default()
    };
    let account = accounts(&home, environment).account().unwrap().unwrap();
    assert_eq!(account.base, Accounts::default_base_url());
}

#[cfg(unix)]
#[test]
fn folders_are_made_for_their_owner_only_whoever_makes_them() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let one = Files::find(Some(&home.path().join("one"))).unwrap();
    agora_home::make_private_folder(&one.logs).unwrap();
    agora_home::make_private_folder(&one.logs).unwrap();
    for folder in [home.path().join("one"), one.logs] {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
    }
    let two =
        Accounts::new(Files::find(Some(&home.path().join("two"))).unwrap(), Environment::default());
    two.device_id().unwrap();
    assert_eq!(mode(&home.path().join("two")), 0o700);
    assert_eq!(mode(&two.files().device_id), 0o600);
    assert_eq!(mode(home.path()), 0o755);
}

#[test]
fn one_program_of_a_home_has_the_claim_and_it_ends_with_it() {
    let home = tempfile::tempdir().unwrap();
    let files = Files::find(Some(home.path())).unwrap();
    let first = Claim::take(&files).unwrap();
    assert!(first.is_some());
    assert!(Claim::take(&files).unwrap().is_none());
    drop(first);
    assert!(Claim::take(&files).unwrap().is_some());
}

#[tokio::test]
async fn what_is_chosen_takes_the_place_of_what_was_and_of_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home, Environment::default());
    accounts
        .save_preferences(chosen(serde_json::json!({"theme": "dark", "future": {"x": 1}})))
        .unwrap();
    accounts.save_preferences(chosen(serde_json::json!({"theme": "light"}))).unwrap();
    let kept = serde_json::json!({"theme": "light", "future": {"x": 1}});
    assert_eq!(accounts.preferences().unwrap(), kept);
}

#[tokio::test]
async fn settings_that_are_set_aside_are_told_of_whoever_writes_new_ones() {
    for newer in [false, true] {
        for by_account in [false, true] {
            let home = tempfile::tempdir().unwrap();
            let accounts = accounts(&home, Environment::default());
            let text = if newer { r#"{"format": 2}"# } else { "{oops" };
            std::fs::write(&accounts.files().settings, text).unwrap();
            let told = accounts.set_aside();
            assert_eq!(*told.borrow(), None);
            if by_account {
                accounts.save(account(HERE, "user_1_device01"), memory("secret")).await.unwrap();
            } else {
                accounts.save_preferences(chosen(serde_json::json!({}))).unwrap();
            }
            let aside = told.borrow().clone().unwrap();
            assert_eq!(std::fs::read_to_string(aside.path).unwrap(), text, "{}", aside.why);
        }
    }
}
