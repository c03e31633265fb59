//! The port through which a credential that the market no longer takes is renewed.

use agora_account::{Account, Accounts, Credential};
use agora_client::Token;
use std::pin::Pin;

/// What a refresh will come to.
pub type Refreshing<'a> = Pin<Box<dyn Future<Output = Option<Credential>> + Send + 'a>>;

/// Renews a credential after a 401 or 403. The receiver asks once; a connection that opens after
/// that earns the next one another try.
pub trait Refresh: Send + Sync + 'static {
    /// A credential in place of `stale`, kept wherever it has to be kept; `None` where there is
    /// none to be had without the person.
    fn refresh<'a>(&'a self, account: &'a Account, stale: Option<&'a Token>) -> Refreshing<'a>;
}

/// Looks the credential up again: another program, such as `agora account set`, may have renewed
/// it since it was read.
impl Refresh for Accounts {
    fn refresh<'a>(&'a self, account: &'a Account, stale: Option<&'a Token>) -> Refreshing<'a> {
        Box::pin(async move {
            let found = self.credential(account).await;
            let is_another = found.token().is_some_and(|token| Some(token) != stale);
            is_another.then_some(found)
        })
    }
}
