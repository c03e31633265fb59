//! A tale: an endless row of stories drawn from a seed, and the words they are made of.

use std::collections::VecDeque;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use super::lines::{PRODUCTS, Product};
use super::{daily, trade};
use crate::people::Role;

/// Who should hear of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// All clients, as a broadcast.
    Everyone,
    /// Every connected user of the role.
    Role(Role),
    /// Some connected user.
    Anyone,
}

/// One event of a story, still without its timestamp.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) to: Audience,
    pub(crate) body: Value,
}

/// Where stories come from.
#[derive(Debug)]
pub(crate) struct Tale {
    rng: StdRng,
    orders: u64,
}

impl Tale {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed ^ 0x5EED_A60A);
        let orders = rng.random_range(88_000..96_000);
        Self { rng, orders }
    }

    /// The next story: at least one step.
    pub(crate) fn story(&mut self) -> VecDeque<Step> {
        let steps = match self.below(100) {
            0..34 => trade::order(self),
            34..40 => trade::cancelled_order(self),
            40..44 => trade::dispute(self),
            44..48 => trade::failed_delivery(self),
            48..66 => daily::chat(self),
            66..73 => daily::money(self),
            73..80 => daily::shelf(self),
            80..85 => daily::security(self),
            85..88 => daily::cart(self),
            88..94 => daily::notice(self),
            94..97 => daily::store(self),
            97..99 => daily::call(self),
            _ => daily::maintenance(self),
        };
        steps.into()
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.rng.random_range(0..end)
    }

    /// A number of a range, such as an amount of money.
    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        self.rng.random_range(least..=most)
    }

    /// One of a few.
    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        match choices.choose(&mut self.rng) {
            Some(choice) => *choice,
            None => unreachable!("every list of the scenario has entries"),
        }
    }

    /// Whether this story is told in English; most are told in Chinese.
    pub(super) fn in_english(&mut self) -> bool {
        self.below(5) == 0
    }

    /// A new order: its id and its number.
    pub(super) fn new_order(&mut self) -> (u64, String) {
        self.orders += self.rng.random_range(1..9);
        let today = jiff::ZonedDateTime::now().strftime("%y%m%d");
        (self.orders, format!("AG{today}{:05}", self.orders))
    }

    /// A product of the shops, with its name in one language.
    pub(super) fn product(&mut self, english: bool) -> (&'static Product, &'static str) {
        let product = &PRODUCTS[self.rng.random_range(0..PRODUCTS.len())];
        (product, if english { product.english_name } else { product.name })
    }
}

/// Whether nobody needs to be told of an event: typing, call signalling, the fate of one's own messages.
pub(crate) fn is_quiet(body: &Value) -> bool {
    let kind = body["type"].as_str().unwrap_or_default();
    ["USER_TYPING_", "WEBRTC_", "MESSAGE_"].iter().any(|start| kind.starts_with(start))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn steps(seed: u64, stories: usize) -> Vec<Step> {
        let mut tale = Tale::new(seed);
        (0..stories).flat_map(|_| tale.story()).collect()
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        assert_eq!(steps(3, 50), steps(3, 50));
        assert_ne!(steps(3, 50), steps(4, 50));
    }

    #[test]
    fn every_family_of_kinds_occurs_and_every_step_has_a_kind() {
        let steps = steps(1, 2_000);
        let kinds: BTreeSet<_> =
            steps.iter().map(|step| step.body["type"].as_str().unwrap().to_owned()).collect();
        for family in [
            "NEW_DELIVERY_ORDER",
            "DELIVERY_ORDER_FAILED",
            "DELIVERY_EXCEPTION",
            "BALANCE_INCREASED",
            "TRANSACTION_FAILED",
            "CHAT_MESSAGE",
            "USER_TYPING_START",
            "ORDER_DISPUTED",
            "REFUND_COMPLETED",
            "SUSPICIOUS_LOGIN_ATTEMPT",
            "PRODUCT_LOW_STOCK",
            "URGENT_NOTIFICATION",
            "CART_CHECKOUT_COMPLETED",
            "STORE_INFO_UPDATED",
            "AVATAR_UPDATED",
            "SYSTEM_MAINTENANCE_START",
            "WEBRTC_CALL_INITIATED",
        ] {
            assert!(kinds.contains(family), "{family} is missing of {kinds:?}");
        }
    }

    #[test]
    fn every_role_has_something_to_hear() {
        let steps = steps(1, 500);
        for role in [Role::Buyer, Role::Seller, Role::Courier, Role::Administrator] {
            let own = steps
                .iter()
                .filter(|step| step.to == Audience::Role(role) && !is_quiet(&step.body));
            assert!(own.count() > 10, "{role:?}");
        }
    }
}
