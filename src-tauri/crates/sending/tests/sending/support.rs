//! A market, and a sender with a home of its own.

use agora_account::{Accounts, Environment, Files, Keep};
use agora_client::{BaseUrl, ClientId, Message, Proof, Secret, Token};
use agora_demo_market::people::ADMINISTRATOR;
use agora_demo_market::{Config, DemoMarket, Recorded};
use agora_sending::{List, Progress, Recipients, Sender, SendingId, Template};
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;

pub(crate) const LIMIT: Duration = Duration::from_mins(1);

pub(crate) async fn market() -> DemoMarket {
    DemoMarket::start(Config::default()).await.unwrap()
}

pub(crate) struct Home(pub(crate) TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn sender(&self, market: &DemoMarket) -> Sender {
        self.sender_as(market, ADMINISTRATOR.token)
    }

    pub(crate) fn sender_as(&self, market: &DemoMarket, token: &str) -> Sender {
        sender(self.0.path(), &market.base_url(), token)
    }

    /// Signed in as the administrator, with a token that can be renewed.
    pub(crate) async fn signed_in(&self, market: &DemoMarket) -> Sender {
        let environment =
            Environment { home: Some(self.0.path().to_owned()), ..Default::default() };
        let accounts = Accounts::new(Files::find(Some(self.0.path())).unwrap(), environment);
        let base = BaseUrl::parse(&market.base_url()).unwrap();
        let proof = Proof::Password {
            username: ADMINISTRATOR.username.to_owned(),
            password: Secret::new(ADMINISTRATOR.password.to_owned()),
        };
        let code = ADMINISTRATOR.two_factor_code.map(|code| Secret::new(code.to_owned()));
        accounts.sign_in(base, &proof, code.as_ref(), Keep::Memory).await.unwrap();
        Sender::new(Arc::new(accounts))
    }
}

fn sender(home: &Path, base: &str, token: &str) -> Sender {
    let environment = Environment {
        home: Some(home.to_owned()),
        base_url: BaseUrl::parse(base).ok(),
        client_id: ClientId::parse(&format!("user_{}_device01", ADMINISTRATOR.id)).ok(),
        token: Token::parse(token).ok(),
    };
    let files = Files::find(Some(home)).unwrap();
    Sender::new(Arc::new(Accounts::new(files, environment)))
}

pub(crate) fn message(json: &str) -> Message {
    Message::from_json(json).unwrap()
}

pub(crate) fn list(json: &str, per_second: u16, at_once: u16) -> List {
    let message = message(json);
    let template = Template::of(&message).unwrap();
    List { message, template, per_second, at_once }
}

pub(crate) fn recipients(text: &str) -> Recipients<Cursor<Vec<u8>>> {
    Recipients::read(Cursor::new(text.as_bytes().to_vec())).unwrap()
}

/// Ids from 1 to that many, in a text.
pub(crate) fn ids(most: u32) -> String {
    (1..=most).map(|id| id.to_string()).collect::<Vec<_>>().join("\n")
}

/// What was asked of the market, without other calls than sends.
pub(crate) fn sends(market: &DemoMarket) -> Vec<Recorded> {
    let mut all = market.requests();
    all.retain(|request| request.method == "POST" && request.path.contains("/sse/"));
    all
}

/// Waits until a sending is so.
pub(crate) async fn until(
    sender: &Sender,
    id: SendingId,
    is_so: impl Fn(&Progress) -> bool,
) -> Progress {
    let mut progress = sender.progress();
    let waited = timeout(LIMIT, progress.wait_for(|all| all.get(&id).is_some_and(&is_so))).await;
    waited.expect("it comes to that").unwrap()[&id].clone()
}
