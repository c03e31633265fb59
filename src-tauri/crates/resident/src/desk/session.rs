//! A session that is over is said once, in a toast: alerts don't come any more, and nobody may be looking.

use super::{Announcement, Announcements};
use agora_receiver::{Receiver, SignedOut, Status};

/// Says it, until the app quits.
pub(crate) async fn watch_session(receiver: Receiver, announcements: Announcements) {
    let mut status = receiver.subscribe().status;
    // Whoever has only just entered an account sees for themselves what comes of it.
    let mut is_to_be_said = receiver.accounts().account().is_ok_and(|account| account.is_some());
    loop {
        let now = status.borrow_and_update().clone();
        match now {
            Status::Connected { .. } => is_to_be_said = true,
            Status::SignedOut(SignedOut::NoAccount) => is_to_be_said = false,
            Status::SignedOut(SignedOut::Market { .. }) if std::mem::take(&mut is_to_be_said) => {
                announcements.say(Announcement::SignIn);
            }
            _ => {}
        }
        if status.changed().await.is_err() {
            return;
        }
    }
}
