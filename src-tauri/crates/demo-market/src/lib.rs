//! A stand-in for the market, for demos and tests: the push API as the real server behaves on the wire,
//! surprises included, with stored notifications, sign-in, and faults on demand.
//!
//! It shares no type with the client: it writes the wire by itself, so that no mistake can be on both
//! sides. It listens on 127.0.0.1 only. What it leaves out: the rest of the market (shops, carts, payment).
//!
//! # Calls for whoever runs it, under `/_demo`
//!
//! | call | what it does |
//! | --- | --- |
//! | `GET /_demo/requests`, `DELETE` | the last 10,000 requests ([`Recorded`]); forgets them |
//! | `GET /_demo/clients` | who is connected ([`Connected`]) |
//! | `POST /_demo/clients/{clientId or *}` | does something to open streams: `{"do":"zombie"}`, see [`Action`]; a client is meant by its id, or by the user and device that its id begins with |
//! | `POST /_demo/faults`, `DELETE` | lets calls fail: `{"fault":"answer","status":503,"headers":{"retry-after":"2"},"body":"","on":"connect","times":3}`, see [`Fault`] and [`Call`]; lets them go right again |
//! | `POST /_demo/emit` | sends an event: `{"to":"everyone" or user id,"event":NAME (optional),"data":ANY}` |
//! | `POST /_demo/notifications` | stores a notification that no stream carries, see [`Notice`]: `{"userId":1001,"title":"…"}`; with `"push":true` the streams carry it |
//! | `POST /_demo/zone` | sets the server's clock to another zone, as summer time does: `{"utcOffset":480}` in minutes, `null` for this machine's |
//! | `POST /_demo/expire` | declares a user's access tokens expired: `{"userId":1001}` |

mod access;
mod body;
mod clock;
mod config;
mod demo_calls;
mod faults;
mod io;
mod market;
mod notification_calls;
mod notifications;
pub mod people;
mod push;
mod record;
mod refusals;
mod scenario;
mod server;
mod sign_in;
mod streams;
mod tokens;
mod wire;

pub use config::Config;
pub use faults::{Action, Call, Fault};
pub use market::DemoMarket;
pub(crate) use market::{Market, Shared};
pub use notifications::{Notice, Status, StoredNotice, local_time_ago};
pub use record::Recorded;
pub use streams::{CONNECTIONS_PER_USER, Connected, To};
