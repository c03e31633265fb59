//! What a connection goes by at the market, and the goodbyes to what it went by before.
//!
//! The market keeps one entry for each id. When the time of a stream is over on its side, the
//! clean-up removes whoever has its id *then*: a stream that took the place of an earlier one under
//! the same id is cut off without a sign. So each connect has an id of its own, and the one before
//! is told goodbye. An id without the market's form can't be varied; see `ancestors` for those.

use std::collections::VecDeque;

use futures_util::future::join_all;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

use super::target::{Target, stream_url};
use super::timing::Timing;
use crate::{CallLimits, ClientId, Endpoint, Market};

/// How many of ours the market may know at a time, the one that is about to connect included.
const KNOWN: usize = 2;

/// Earlier ids that are remembered where the market answers no goodbye. It finds out by itself, at
/// the next heartbeat or the one after.
const REMEMBERED: usize = 4;

/// The ids of one run of the connection.
pub(super) struct Names {
    target: Target,
    limits: CallLimits,
    /// What the last connect went out under.
    present: Option<ClientId>,
    /// Whether the market may have taken that connect.
    is_taken: bool,
    /// Earlier ones that the market may still know, oldest first.
    left: VecDeque<ClientId>,
    /// The goodbyes that are out: one batch at most, which gives those that were answered.
    parting: JoinSet<Vec<ClientId>>,
}

impl Names {
    pub(super) fn new(target: Target, timing: &Timing) -> Self {
        let limits = CallLimits {
            connect: timing.connect,
            whole: timing.leave,
            refusal_body: timing.refusal_body,
        };
        Self {
            target,
            limits,
            present: None,
            is_taken: false,
            left: VecDeque::new(),
            parting: JoinSet::new(),
        }
    }

    /// The URL of the next connect.
    pub(super) fn next(&mut self) -> Url {
        let Some(endpoint) = self.target.endpoint() else { return self.target.stream_url() };
        let next = endpoint.client_id.for_one_connection();
        let (next, is_fresh) = match next {
            Some(next) => (next, true),
            None => (endpoint.client_id, false),
        };
        let url = stream_url(&endpoint.base, &next);
        // A goodbye to an id that is used again would end the new stream.
        if let Some(before) = self.present.replace(next)
            && is_fresh
            && self.is_taken
        {
            self.left.push_back(before);
        }
        self.is_taken = true;
        url
    }

    /// The market took the last connect for none: there is nobody to say goodbye to.
    pub(super) fn refused(&mut self) {
        self.is_taken = false;
    }

    /// Says goodbye to the earlier ones beside whatever else goes on.
    pub(super) fn part(&mut self) {
        while let Some(Ok(told)) = self.parting.try_join_next() {
            self.forget(&told);
        }
        if let Some(endpoint) = self.target.endpoint()
            && !self.left.is_empty()
            && self.parting.is_empty()
        {
            let ids = self.left.iter().cloned().collect();
            self.parting.spawn(say_goodbye(endpoint, ids, self.limits));
        }
    }

    /// Waits until the market knows few enough of ours for one more, at most as long as a goodbye
    /// may take: one that answers none of them isn't kept waiting for.
    pub(super) async fn make_room(&mut self) {
        if self.left.len() + usize::from(self.is_taken) < KNOWN {
            return;
        }
        self.part();
        while let Some(Ok(told)) = self.parting.join_next().await {
            self.forget(&told);
        }
        while self.left.len() > REMEMBERED {
            self.left.pop_front();
        }
    }

    /// Says goodbye to all that the market may know. The last connect is told of even where it was
    /// refused: the refusal may have been somebody else's, on the way.
    pub(super) async fn leave(mut self) {
        let Some(endpoint) = self.target.endpoint() else { return };
        let ids: Vec<_> = self.left.drain(..).chain(self.present.take()).collect();
        if !ids.is_empty() {
            say_goodbye(endpoint, ids, self.limits).await;
        }
    }

    fn forget(&mut self, told: &[ClientId]) {
        self.left.retain(|id| !told.contains(id));
    }
}

/// Says goodbye to these, all at once, and gives back those that were answered.
async fn say_goodbye(endpoint: Endpoint, ids: Vec<ClientId>, limits: CallLimits) -> Vec<ClientId> {
    let market = match Market::with_limits(endpoint.base, endpoint.token, limits) {
        Ok(market) => market,
        Err(error) => {
            tracing::warn!(%error, "no goodbye can be said");
            return ids;
        }
    };
    let answers = ids.into_iter().map(async |id| {
        let answer = timeout(limits.whole, market.disconnect(&id)).await;
        let is_answered = match &answer {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::debug!(status = error.status(), "the goodbye failed");
                error.status().is_some()
            }
            Err(_) => {
                tracing::debug!("the goodbye took too long");
                false
            }
        };
        is_answered.then_some(id)
    });
    join_all(answers).await.into_iter().flatten().collect()
}
