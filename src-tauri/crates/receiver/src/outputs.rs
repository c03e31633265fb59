//! What the receiver tells: each thing there is to see, which always holds the latest, and the changes.
//!
//! Both ends stand here: the actor writes them, whoever subscribes reads them. Reading never reaches
//! the actor.

use crate::{AccountState, Change, MadeRoom, Pulse, SelfTest, Status, Trouble};
use agora_inbox::{Inbox, SetAside};
use tokio::sync::{broadcast, watch};

/// How many changes a slow subscriber may be behind before it needs a new snapshot.
const CHANGES: usize = 64;

/// Each as `name: type = what it is at first`.
macro_rules! outputs {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $first:expr,)*) => {
        /// What there is to see of the receiver: each always holds the latest.
        #[derive(Debug)]
        pub struct Subscription {
            $($(#[$doc])* pub $name: watch::Receiver<$type>,)*
        }

        /// The sending ends of what the actor tells.
        #[derive(Debug)]
        pub(crate) struct Outputs {
            $(pub(crate) $name: watch::Sender<$type>,)*
            pub(crate) changes: broadcast::Sender<Change>,
        }

        impl Default for Outputs {
            fn default() -> Self {
                Self {
                    $($name: watch::Sender::new($first),)*
                    changes: broadcast::Sender::new(CHANGES),
                }
            }
        }

        impl Outputs {
            /// Everything there is to see, now and from now on.
            pub(crate) fn subscribe(&self) -> Subscription {
                Subscription { $($name: self.$name.subscribe(),)* }
            }
        }
    };
}

outputs! {
    /// The connection's status.
    status: Status = Status::Connecting,
    /// What the stream brought, as a count, and its last heartbeat.
    pulse: Pulse = Pulse::default(),
    /// The account; `None` before one was set up.
    account: Option<AccountState> = None,
    /// Whether the person paused it, which the status may have something graver to say than.
    paused: bool = false,
    /// Why the settings can't be read, if they can't.
    settings: Option<String> = None,
    /// What is wrong with the inbox.
    trouble: Option<Trouble> = None,
    /// The file that was the inbox and was set aside, because it is damaged, since the start.
    set_aside: Option<SetAside> = None,
    /// What was let go of since the start, because the inbox took more room than it may.
    made_room: MadeRoom = MadeRoom::default(),
    /// How often reminders became due, or were found at the start that nobody was told of.
    reminded: u64 = 0,
    /// The inbox, for reading; `None` where it is not open.
    inbox: Option<Inbox> = None,
    /// The person's last test of the whole way.
    self_test: Option<SelfTest> = None,
}
