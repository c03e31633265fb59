//! From the stream's updates to kept and announced alerts.

use super::Actor;
use crate::handle::Change;
use crate::keeping::{Keeping, Trouble};
use crate::status::{SignedOut, Status};
use agora_client::connection::Update;
use agora_inbox::Committed;
use std::time::SystemTime;

impl Actor {
    /// Takes one update, and with it whatever else has arrived by now, then keeps it.
    pub(super) async fn update(&mut self, first: Option<Update>) {
        let Some(first) = first else {
            // The connection has ended for good, and has said why.
            self.stream = None;
            if let Status::SignedOut(SignedOut::Market { .. }) = &self.status {
                self.renew(self.status.clone());
            }
            return;
        };
        let mut next = Some(first);
        while let Some(update) = next {
            self.take(update);
            let has_room = self.keeping.as_ref().is_some_and(Keeping::has_room);
            next = match &mut self.stream {
                Some(stream) if has_room => stream.updates.try_recv().ok(),
                _ => None,
            };
        }
        // What could not be kept is tried again in its own time, not with every event.
        if self.keeping.as_ref().is_some_and(|keeping| keeping.retry_at().is_none()) {
            self.keep().await;
        }
    }

    pub(super) fn take(&mut self, update: Update) {
        match update {
            Update::Status(status) => {
                let status = Status::of(status);
                self.refreshed &= !matches!(status, Status::Connected { .. });
                self.say(status);
            }
            Update::Heard(at) => self.heard(at),
            Update::Event(event) => {
                if let Some(keeping) = &mut self.keeping {
                    keeping.take(event);
                }
            }
            Update::Cursor(cursor) => {
                if let Some(keeping) = &mut self.keeping {
                    keeping.move_cursor(cursor);
                }
            }
        }
    }

    /// Commits what was taken, then announces what is new of it.
    pub(super) async fn keep(&mut self) {
        let Some(keeping) = &mut self.keeping else { return };
        match keeping.keep().await {
            Ok(None) => {}
            Ok(Some(Committed { new, counts })) => {
                self.trouble(None);
                self.publish(self.status.clone());
                if !new.is_empty() {
                    self.change(Change::Arrived { alerts: new.into(), counts: counts.into() });
                }
            }
            Err(error) => {
                tracing::error!(%error, "alerts can't be kept; they wait");
                let is_full = !keeping.has_room();
                self.trouble(Some(Trouble::of_store(&error)));
                if is_full {
                    // The stream isn't read any more, and nobody knows whether it is alive.
                    self.publish(Status::NoInbox);
                }
            }
        }
    }

    /// Leaves the market, and keeps what had arrived.
    pub(super) async fn leave(&mut self) {
        let Some(stream) = self.stream.take() else { return };
        for update in stream.leave().await {
            if matches!(update, Update::Event(_) | Update::Cursor(_)) {
                self.take(update);
            }
        }
        self.keep().await;
    }

    pub(super) fn heard(&mut self, at: SystemTime) {
        if let Status::Connected { since, heard } = self.status
            && heard < at
        {
            self.say(Status::Connected { since, heard: at });
        }
    }
}
