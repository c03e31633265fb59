//! What is left to chance in a story, drawn from a seed: the same seed draws the same.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::lines::{PRODUCTS, Product};

/// Where everything that differs from story to story comes from.
#[derive(Debug)]
pub(super) struct Dice {
    rng: StdRng,
    /// The newest order's id.
    orders: u64,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed ^ 0x5EED_A60A);
        let orders = rng.random_range(88_000..96_000);
        Self { rng, orders }
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
