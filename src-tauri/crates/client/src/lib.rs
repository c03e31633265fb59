//! The market's push API as a client meets it: the typed calls, and one event stream that is kept
//! open for as long as it is wanted.
//!
//! It owns requests, their answers and their failures, and the schedule of reconnecting. It knows
//! no alert, no storage and no keyring: an event leaves it as text off the wire.

pub mod connection;

mod base_url;
mod connections;
mod http;
mod identity;
mod input;
mod live;
mod market;
mod market_time;
mod message;
mod notifications;
mod probe;
mod proxy;
mod reason;
mod refusal;
mod sign_in;
mod tls;
mod token;

pub use base_url::{BaseUrl, PlainHttp};
pub use http::SetupError;
pub use identity::{ClientId, DeviceId, UserId};
pub use input::{Field, InvalidInput, Rule};
pub use live::{LiveNumbers, LiveUser};
pub use market::{CallError, CallLimits, Market};
pub use market_time::MarketTime;
pub use message::{
    InvalidJson, JsonFault, MAX_CONTENT, MAX_TITLE, Member, Message, MessageForm, Translation,
};
pub use notifications::{
    Notification, NotificationId, NotificationPage, NotificationState, UnreadNotifications,
};
pub use probe::Probe;
pub use proxy::UnusableProxy;
pub use reason::{Reason, ReasonCode};
pub use refusal::Refusal;
pub use sign_in::{Proof, RefreshError, SignInError, SignedIn, Tokens, refresh};
pub use token::{Secret, Token};

/// What a connection to the market needs: where, as whom, and the credential if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The market.
    pub base: BaseUrl,
    /// The id to connect under.
    pub client_id: ClientId,
    /// The bearer token. It is never sent over plain http to another machine.
    pub token: Option<Token>,
}
