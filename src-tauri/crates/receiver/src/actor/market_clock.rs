//! What the market's clock shows, from a connection's first event alone.

use agora_client::MarketTime;
use agora_client::connection::StreamEvent;
use serde_json::Value;

/// No zone is further from UTC, and the two clocks may differ by a little.
const FURTHEST_MS: i64 = 14 * 60 * 60 * 1_000 + 5 * 60 * 1_000;

/// Whether the market's clock can be one in some zone, by ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Nothing was heard of it on this connection.
    #[default]
    Unheard,
    /// It can.
    Agrees,
    /// It can't: one of the two is wrong.
    Differs,
}

/// What was heard on the present connection.
#[derive(Debug, Default)]
pub(super) struct MarketClock {
    is_new: bool,
    agreement: Agreement,
}

impl MarketClock {
    /// A connection has opened.
    pub(super) fn opened(&mut self) {
        *self = Self { is_new: true, agreement: Agreement::Unheard };
    }

    pub(super) fn agreement(&self) -> Agreement {
        self.agreement
    }

    /// An event came at `now_ms`.
    pub(super) fn hear(&mut self, event: &StreamEvent, now_ms: i64) {
        if !std::mem::take(&mut self.is_new) {
            return;
        }
        let data: Option<Value> = serde_json::from_str(&event.data).ok();
        let time = data.as_ref().and_then(|data| data.get("timestamp")?.as_str());
        let offset =
            time.and_then(MarketTime::parse).and_then(|time| time.server_offset_ms(now_ms));
        self.agreement = match offset {
            None => Agreement::Unheard,
            Some(offset) if offset.saturating_abs() <= FURTHEST_MS => Agreement::Agrees,
            Some(_) => Agreement::Differs,
        };
    }
}
