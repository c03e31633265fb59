//! Signing in and staying so, with a real market and a keyring that can be made to refuse.

use super::Accounts;
use super::signing_in::{Keep, Renewal, SignInFailure};
use crate::keyring::Keyring;
use crate::keyring::fake::Fake;
use crate::{
    Account, AccountError, Credential, Environment, Files, KeyringError, Settings, TokenChange,
    TokenPlace,
};
use agora_client::{BaseUrl, Proof, Secret, SignInError, Token};
use agora_demo_market::people::{ADMINISTRATOR, Person, SELLER};
use agora_demo_market::{Call, Config, DemoMarket, Fault};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

struct Place {
    home: TempDir,
    fake: Arc<Fake>,
    market: DemoMarket,
}

impl Place {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let market = DemoMarket::start(Config::true_to_life()).await.unwrap();
        Self { home, fake: Arc::default(), market }
    }

    /// A program of this home: it shares the files and the keyring with others.
    fn program(&self) -> Arc<Accounts> {
        let files = Files::find(Some(self.home.path())).unwrap();
        let keyring = Arc::new(Keyring::new(self.fake.clone()));
        Arc::new(Accounts { keyring, ..Accounts::new(files, Environment::default()) })
    }

    fn base(&self) -> BaseUrl {
        BaseUrl::parse(&self.market.base_url()).unwrap()
    }

    async fn signed_in(&self, person: &Person, keep: Keep) -> (Arc<Accounts>, Account, Token) {
        let accounts = self.program();
        let proof = by_password(person, person.password);
        let welcome = accounts.sign_in(self.base(), &proof, None, keep).await.unwrap();
        let token = accounts.credential(&welcome.account).await.token().cloned().unwrap();
        (accounts, welcome.account, token)
    }

    fn settings(&self) -> Settings {
        Settings::read(&self.home.path().join("settings.json")).unwrap()
    }

    /// How often the market was asked to renew a token.
    fn renewals(&self) -> usize {
        let is_one = |path: &str| path.ends_with("/auth/refresh-token");
        self.market.requests().iter().filter(|request| is_one(&request.path)).count()
    }
}

fn by_password(person: &Person, password: &str) -> Proof {
    let password = Secret::new(password.to_owned());
    Proof::Password { username: person.username.to_owned(), password }
}

fn found(renewal: Renewal) -> Credential {
    match renewal {
        Renewal::Found(credential) => credential,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whoever_signs_in_has_the_account_on_the_same_device_and_the_market_takes_the_token() {
    let place = Place::new().await;
    let (_, seller, _) = place.signed_in(&SELLER, Keep::Keyring).await;
    let device = |account: &Account, person: &Person| {
        let id = account.client_id.as_str();
        id.strip_prefix(&format!("user_{}_", person.id)).unwrap().to_owned()
    };
    let (accounts, administrator, token) = place.signed_in(&ADMINISTRATOR, Keep::Keyring).await;
    assert_eq!(device(&seller, &SELLER), device(&administrator, &ADMINISTRATOR));
    assert_eq!(accounts.account().unwrap(), Some(administrator.clone()));
    assert_eq!(place.settings().role.as_deref(), Some("ADMIN"));
    accounts.save(administrator.clone(), TokenChange::Keep).await.unwrap();
    assert_eq!(place.settings().role.as_deref(), Some("ADMIN"), "with the token");
    assert_eq!(place.fake.tokens(), [(administrator.name(), token.expose().to_owned())]);
    accounts.save(seller, TokenChange::Remove).await.unwrap();
    assert_eq!(place.settings().role, None, "nothing is known of who is set by hand");
}

#[tokio::test]
async fn a_refused_sign_in_or_a_keyring_that_wont_changes_nothing() {
    let place = Place::new().await;
    let (accounts, account, _) = place.signed_in(&SELLER, Keep::Keyring).await;
    let (before, tokens) = (place.settings(), place.fake.tokens());
    let proof = by_password(&ADMINISTRATOR, "wrong");
    let refused = accounts.sign_in(place.base(), &proof, None, Keep::Keyring).await.unwrap_err();
    assert!(matches!(refused, SignInFailure::Market(SignInError::Wrong(_))), "{refused:?}");
    place.fake.refuse(KeyringError::NoCollection);
    let proof = by_password(&ADMINISTRATOR, ADMINISTRATOR.password);
    let refused = accounts.sign_in(place.base(), &proof, None, Keep::Keyring).await.unwrap_err();
    assert_eq!(refused.keyring(), Some(&KeyringError::NoCollection));
    assert_eq!((place.settings(), place.fake.tokens()), (before, tokens));
    assert_eq!(accounts.account().unwrap(), Some(account));
    // The person may say that it needn't be kept.
    let welcome = accounts.sign_in(place.base(), &proof, None, Keep::Memory).await.unwrap();
    let credential = accounts.credential(&welcome.account).await;
    assert!(matches!(credential, Credential::Memory(_)), "{credential:?}");
    assert_eq!(place.settings().token, TokenPlace::Memory);
}

#[tokio::test]
async fn programs_that_renew_at_once_ask_the_market_once_and_have_the_same() {
    let place = Place::new().await;
    let (app, account, stale) = place.signed_in(&SELLER, Keep::Keyring).await;
    let (command_line, another) = (place.program(), place.program());
    place.market.fail_next_call(Call::Refresh, Fault::Slow { delay_ms: 200 }, 1);
    let renewals = tokio::join!(
        app.renew(&account, Some(&stale)),
        app.renew(&account, Some(&stale)),
        command_line.renew(&account, Some(&stale)),
        another.renew(&account, Some(&stale)),
    );
    let tokens = [renewals.0, renewals.1, renewals.2, renewals.3]
        .map(|renewal| found(renewal).token().cloned().unwrap());
    assert!(tokens.iter().all(|token| *token == tokens[0] && *token != stale));
    assert_eq!(place.renewals(), 1);
    assert_eq!(place.fake.tokens(), [(account.name(), tokens[0].expose().to_owned())]);
    // The next one begins with what the first was given.
    let third = found(app.renew(&account, Some(&tokens[0])).await);
    assert_ne!(third.token(), Some(&tokens[0]));
}

#[tokio::test]
async fn an_answer_that_says_nothing_keeps_the_pair_and_only_the_markets_no_ends_the_session() {
    let place = Place::new().await;
    for keep in [Keep::Keyring, Keep::Memory] {
        let (accounts, account, stale) = place.signed_in(&SELLER, keep).await;
        let before = place.fake.tokens();
        let answer = |status, body: &str| Fault::Answer {
            status,
            headers: [("content-type".to_owned(), "text/html".to_owned())].into(),
            body: body.to_owned(),
        };
        let hotel = "<h1>Welcome to our hotel</h1>";
        for fault in [answer(500, ""), answer(401, hotel), Fault::LoginPage, answer(502, hotel)] {
            place.market.fail_next_call(Call::Refresh, fault.clone(), 1);
            let renewal = accounts.renew(&account, Some(&stale)).await;
            assert!(matches!(renewal, Renewal::Later(_)), "{fault:?}: {renewal:?}");
            assert_eq!(place.fake.tokens(), before);
        }
        let renewed = found(accounts.renew(&account, Some(&stale)).await);
        let renewed = renewed.token().cloned().unwrap();
        // The work is done, and the answer lost: nobody can have the session back.
        place.market.fail_next_call(Call::Refresh, Fault::LoseAnswer, 1);
        let lost = accounts.renew(&account, Some(&renewed)).await;
        assert!(matches!(lost, Renewal::Later(_)), "{lost:?}");
        let over = accounts.renew(&account, Some(&renewed)).await;
        assert!(matches!(&over, Renewal::Over(Some(_))), "{over:?}");
        assert_eq!(accounts.account().unwrap(), Some(account), "only the person forgets it");
    }
}

#[tokio::test]
async fn an_answer_that_comes_after_signing_out_or_in_is_dropped_and_its_token_with_it() {
    let place = Place::new().await;
    for signs_out in [true, false] {
        let (app, account, stale) = place.signed_in(&SELLER, Keep::Keyring).await;
        place.market.forget_requests();
        place.market.fail_next_call(Call::Refresh, Fault::Slow { delay_ms: 400 }, 1);
        let renewing = tokio::spawn({
            let (app, account, stale) = (app.clone(), account.clone(), stale.clone());
            async move { app.renew(&account, Some(&stale)).await }
        });
        let is_asked = |request: &agora_demo_market::Recorded| request.path.ends_with("token");
        place.market.wait_for_request(is_asked, Duration::from_secs(10)).await.unwrap();
        // By another program, which the app knows nothing of.
        let kept = if signs_out {
            place.program().forget().await.unwrap();
            vec![]
        } else {
            let (_, account, token) = place.signed_in(&SELLER, Keep::Keyring).await;
            vec![(account.name(), token.expose().to_owned())]
        };
        let renewal = renewing.await.unwrap();
        assert!(matches!(renewal, Renewal::Impossible), "{renewal:?}");
        assert_eq!(place.fake.tokens(), kept);
    }
}

#[tokio::test]
async fn a_renewed_token_that_the_keyring_wont_take_is_not_lost_while_the_program_runs() {
    let place = Place::new().await;
    let (accounts, account, stale) = place.signed_in(&SELLER, Keep::Keyring).await;
    place.market.fail_next_call(Call::Refresh, Fault::Slow { delay_ms: 200 }, 1);
    let renewing = tokio::spawn({
        let (accounts, account, stale) = (accounts.clone(), account.clone(), stale.clone());
        async move { accounts.renew(&account, Some(&stale)).await }
    });
    let is_asked = |request: &agora_demo_market::Recorded| request.path.ends_with("token");
    place.market.wait_for_request(is_asked, Duration::from_secs(10)).await.unwrap();
    place.fake.refuse(KeyringError::Locked);
    let credential = found(renewing.await.unwrap());
    assert!(matches!(credential, Credential::Memory(_)) && credential.token() != Some(&stale));
    let again = accounts.credential(&account).await;
    assert_eq!(again.token(), credential.token());

    // It is the keyring's as soon as it takes it.
    assert!(accounts.owes_keyring(&account));
    let mut paying = Box::pin(accounts.pay_keyring(&account));
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut paying).await.is_err());
    place.fake.allow();
    let paid = tokio::time::timeout(Duration::from_secs(10), paying).await.unwrap().unwrap();
    assert!(matches!(paid, Credential::Keyring(_)) && paid.token() == credential.token());
    assert!(!accounts.owes_keyring(&account));
    let held: Vec<_> = place.fake.tokens().into_iter().map(|(_, token)| token).collect();
    assert_eq!(held, [credential.token().unwrap().expose().to_owned()]);
}

#[tokio::test]
async fn a_token_that_was_given_by_hand_or_by_the_environment_cannot_be_renewed() {
    let place = Place::new().await;
    let (accounts, account, _) = place.signed_in(&SELLER, Keep::Keyring).await;
    let by_hand = Token::parse(SELLER.token).unwrap();
    let change = TokenChange::Keyring(by_hand.clone().into());
    accounts.save(account.clone(), change).await.unwrap();
    let renewal = accounts.renew(&account, Some(&by_hand)).await;
    assert!(matches!(renewal, Renewal::Impossible), "{renewal:?}");
    // Another program has given another one meanwhile.
    let renewal = found(accounts.renew(&account, Token::parse("older").ok().as_ref()).await);
    assert_eq!(renewal.token(), Some(&by_hand));
    assert_eq!(place.renewals(), 0);
}

#[tokio::test]
async fn accounts_of_one_home_share_the_device_and_nothing_else() {
    let place = Place::new().await;
    let (main, seller, _) = place.signed_in(&SELLER, Keep::Keyring).await;
    let shop = main.beside(&"shop".parse().unwrap());
    shop.files().make().unwrap();
    assert_eq!((shop.account().unwrap(), shop.label()), (None, None));
    let proof = by_password(&ADMINISTRATOR, ADMINISTRATOR.password);
    let administrator = shop.sign_in(place.base(), &proof, None, Keep::Keyring).await.unwrap();
    assert_eq!(main.device_id().unwrap(), shop.device_id().unwrap());
    assert_eq!(main.account().unwrap(), Some(seller.clone()));
    assert_eq!(shop.account().unwrap(), Some(administrator.account.clone()));
    let held: Vec<_> = place.fake.tokens().into_iter().map(|(name, _)| name).collect();
    assert_eq!(held.len(), 2);
    assert_eq!(shop.label().as_deref(), Some(ADMINISTRATOR.username));
    shop.rename(Some("店裡".to_owned())).unwrap();

    // The same twice would take its stream from itself.
    let proof = by_password(&SELLER, SELLER.password);
    let again = shop.sign_in(place.base(), &proof, None, Keep::Keyring).await.unwrap_err();
    let main_name = main.name().clone();
    assert!(
        matches!(&again, SignInFailure::Account(AccountError::AlreadyHere(name)) if *name == main_name),
        "{again:?}"
    );
    let by_hand = main.save(administrator.account.clone(), TokenChange::Remove).await;
    assert!(matches!(by_hand, Err(AccountError::AlreadyHere(name)) if name == *shop.name()));

    main.forget().await.unwrap();
    let left: Vec<_> = place.fake.tokens().into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, [administrator.account.name()]);
    assert_eq!(main.label().as_deref(), Some(SELLER.username), "its inbox is still called so");
    assert_eq!(shop.label().as_deref(), Some("店裡"));
    // Now it may be.
    let seller_there = shop.sign_in(place.base(), &proof, None, Keep::Keyring).await.unwrap();
    assert_eq!(seller_there.account, seller);
    assert_eq!(shop.label().as_deref(), Some(SELLER.username), "another person");
}
