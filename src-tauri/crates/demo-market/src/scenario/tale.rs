//! A tale: an endless row of stories drawn from a seed.

use std::collections::VecDeque;

use super::dice::Dice;
use super::step::Step;
use super::{daily, trade};

/// Where stories come from.
#[derive(Debug)]
pub(super) struct Tale(Dice);

impl Tale {
    pub(super) fn new(seed: u64) -> Self {
        Self(Dice::new(seed))
    }

    /// The next story: at least one step.
    pub(super) fn story(&mut self) -> VecDeque<Step> {
        let dice = &mut self.0;
        let steps = match dice.below(100) {
            0..34 => trade::order(dice),
            34..40 => trade::cancelled_order(dice),
            40..44 => trade::dispute(dice),
            44..48 => trade::failed_delivery(dice),
            48..66 => daily::chat(dice),
            66..73 => daily::money(dice),
            73..80 => daily::shelf(dice),
            80..85 => daily::security(dice),
            85..88 => daily::cart(dice),
            88..94 => daily::notice(dice),
            94..97 => daily::store(dice),
            97..99 => daily::call(dice),
            _ => daily::maintenance(dice),
        };
        steps.into()
    }
}

/// Every step of a tale's first stories, one story after the other.
#[cfg(test)]
pub(super) fn steps(seed: u64, stories: usize) -> Vec<Step> {
    let mut tale = Tale::new(seed);
    (0..stories).flat_map(|_| tale.story()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::step::Audience;
    use super::*;
    use crate::people::Role;

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
            let own =
                steps.iter().filter(|step| step.to == Audience::Role(role) && !step.is_quiet());
            assert!(own.count() > 10, "{role:?}");
        }
    }
}
