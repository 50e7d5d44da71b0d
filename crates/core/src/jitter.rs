//! Pauses that grow and are spread, so that many who were cut off together do not come back together (C7).

/// The longest first pause, in milliseconds; doubled at each further one.
pub(crate) const BACKOFF_MS: u64 = 500;
/// The longest pause, in milliseconds.
pub(crate) const BACKOFF_MAX_MS: u64 = 30_000;

/// splitmix64: full jitter needs spread, not secrecy.
#[derive(Clone, Debug)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// The pause after so many tries that failed before this one: anything up to its length, in milliseconds.
    pub(crate) fn pause(&mut self, tries: u32) -> u64 {
        let most = BACKOFF_MS.saturating_mul(1 << tries.min(10)).min(BACKOFF_MAX_MS);
        self.random() % (most + 1)
    }

    fn random(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}
