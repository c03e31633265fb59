//! A receiver with a home of its own, and ways to wait for what it tells.

use agora_account::{Accounts, Environment, Files};
use agora_client::{BaseUrl, ClientId, Token};
use agora_demo_market::{Config, DemoMarket};
use agora_inbox::{Access, Alert, Inbox};
use agora_receiver::{Change, Receiver, Refresh, Status, Subscription};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;

pub(crate) const SELLER: &str = "user_4021_receiver1";
pub(crate) const SOON: Duration = Duration::from_secs(20);

pub(crate) struct Bench {
    pub(crate) receiver: Receiver,
    pub(crate) told: Subscription,
    pub(crate) files: Files,
    _home: TempDir,
}

impl Bench {
    /// Starts a receiver for the seller of a market.
    pub(crate) fn start(market: &DemoMarket, token: &str) -> Self {
        Self::in_home(tempfile::tempdir().unwrap(), &market.base_url(), token)
    }

    pub(crate) fn in_home(home: TempDir, base_url: &str, token: &str) -> Self {
        Self::with(home, base_url, token, None)
    }

    /// A receiver whose credential is renewed by `refresh`.
    pub(crate) fn refreshing(market: &DemoMarket, token: &str, refresh: Arc<dyn Refresh>) -> Self {
        Self::with(tempfile::tempdir().unwrap(), &market.base_url(), token, Some(refresh))
    }

    fn with(home: TempDir, base_url: &str, token: &str, refresh: Option<Arc<dyn Refresh>>) -> Self {
        let environment = Environment {
            home: Some(home.path().to_owned()),
            base_url: Some(BaseUrl::parse(base_url).unwrap()),
            client_id: Some(ClientId::parse(SELLER).unwrap()),
            token: Some(Token::parse(token).unwrap()),
        };
        let files = Files::find(environment.home.as_deref()).unwrap();
        let inbox = Inbox::open(&files.inbox, Access::Write);
        let accounts = Arc::new(Accounts::new(files.clone(), environment));
        let refresh = refresh.unwrap_or_else(|| accounts.clone());
        let receiver = Receiver::start(accounts, inbox, refresh);
        Self { told: receiver.subscribe(), receiver, files, _home: home }
    }

    pub(crate) async fn wait_for(&mut self, wanted: impl Fn(&Status) -> bool) -> Status {
        timeout(SOON, self.told.status.wait_for(wanted)).await.unwrap().unwrap().clone()
    }

    pub(crate) async fn connected(&mut self) {
        self.wait_for(|status| matches!(status, Status::Connected { .. })).await;
    }

    /// The next alerts that arrive, until there are `count`.
    pub(crate) async fn arrivals(&mut self, count: usize) -> Vec<Alert> {
        let mut seen = Vec::new();
        while seen.len() < count {
            let change = timeout(SOON, self.told.changes.recv()).await.unwrap().unwrap();
            if let Change::Arrived { alerts, .. } = change {
                seen.extend(alerts.iter().cloned());
            }
        }
        seen
    }
}

pub(crate) async fn market() -> DemoMarket {
    DemoMarket::start(Config::default()).await.unwrap()
}
