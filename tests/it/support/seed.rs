//! Randomness that can be had again: the seed is printed, and a variable sets it.

use proptest::test_runner::{RngAlgorithm, TestRng};

/// Sets the seed, as 32 hexadecimal digits.
const SEED: &str = "ONDUTY_TEST_SEED";

/// Returns a generator and prints how to get the same one again.
pub fn rng() -> TestRng {
    let seed = std::env::var(SEED).map_or_else(|_| uuid::Uuid::new_v4(), |text| text.parse().expect(SEED));
    println!("{SEED}={}", seed.simple());
    let bytes: Vec<u8> = seed.as_bytes().iter().chain(seed.as_bytes()).copied().collect();
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}
