//! Telling the market what was read here: one task at a time beside the mailbox, begun whenever
//! there may be something to tell, and again later where it failed.

use super::{Actor, Done};
use crate::mailbox;
use crate::status::Status;
use agora_client::CallError;
use std::time::Duration;
use tokio::task::AbortHandle;
use tokio::time::sleep;

/// The first wait after a failure while the connection stands, which doubles with each. After a new
/// connect it is tried at once.
const FIRST: Duration = Duration::from_secs(60);
/// The longest.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Telling {
    is_going_on: bool,
    /// Something was read since it began.
    again: bool,
    failures: u32,
    /// Another try that waits for its time.
    later: Option<AbortHandle>,
}

impl Actor {
    /// Tells what there is to tell, if the market can be reached.
    pub(super) fn tell_reads(&mut self) {
        let (Some(inbox), Some(account), Some(token)) = (&self.inbox, &self.account, &self.token)
        else {
            return;
        };
        if !matches!(self.status, Status::Connected { .. }) {
            return;
        }
        if self.telling.is_going_on {
            self.telling.again = true;
            return;
        }
        self.telling.is_going_on = true;
        if let Some(later) = self.telling.later.take() {
            later.abort();
        }
        let (inbox, account, token) = (inbox.clone(), account.clone(), token.clone());
        self.beside.spawn(async move {
            let name = account.mailbox();
            Done::Told(mailbox::tell(account.base, token, &inbox, &name).await)
        });
    }

    pub(super) fn told(&mut self, result: Result<(), CallError>) {
        self.telling.is_going_on = false;
        let again = std::mem::take(&mut self.telling.again);
        let Err(error) = result else {
            self.telling.failures = 0;
            if again {
                self.tell_reads();
            }
            return;
        };
        tracing::warn!(%error, "the market can't be told what was read");
        if error.can_wait() {
            let wait = FIRST.saturating_mul(1 << self.telling.failures.min(8)).min(LONGEST);
            self.telling.failures += 1;
            self.telling.later = Some(self.beside.spawn(async move {
                sleep(wait).await;
                Done::TellAgain
            }));
        }
    }
}
