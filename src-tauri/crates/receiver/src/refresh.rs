//! The port through which a credential that the market no longer takes, or soon won't, is renewed.

use agora_account::{Account, Accounts, Renewal};
use agora_client::Token;
use std::pin::Pin;

/// What a refresh will come to.
pub type Refreshing<'a> = Pin<Box<dyn Future<Output = Renewal> + Send + 'a>>;

/// Renews a credential. The receiver asks once after a 401 or 403; a connection that opens after that
/// earns the next one another try.
pub trait Refresh: Send + Sync + 'static {
    /// A credential in place of `stale`, kept wherever it has to be kept. It is never dropped half-way.
    fn refresh<'a>(&'a self, account: &'a Account, stale: Option<&'a Token>) -> Refreshing<'a>;
}

impl Refresh for Accounts {
    fn refresh<'a>(&'a self, account: &'a Account, stale: Option<&'a Token>) -> Refreshing<'a> {
        Box::pin(self.renew(account, stale))
    }
}
