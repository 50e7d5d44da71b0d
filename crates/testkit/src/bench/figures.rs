//! Percentiles of a round, medians of rounds.

use std::time::Duration;

/// How long something took, over one round.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spread {
    /// Half of it took at most so many microseconds.
    pub(super) p50: f64,
    /// Ninety-nine in a hundred took at most so many microseconds.
    pub(super) p99: f64,
}

impl Spread {
    /// Of the samples of one round, in any order.
    pub(super) fn of(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        let at = |percent: usize| {
            let place = (samples.len() * percent).div_ceil(100).saturating_sub(1);
            samples.get(place).map_or(f64::NAN, |sample| sample.as_secs_f64() * 1e6)
        };
        Self { p50: at(50), p99: at(99) }
    }

    /// The median round, p50 and p99 each for itself.
    pub(super) fn median(rounds: &[Self]) -> Self {
        Self {
            p50: median(rounds.iter().map(|round| round.p50)),
            p99: median(rounds.iter().map(|round| round.p99)),
        }
    }
}

/// The middle one; of an even count the mean of the two in the middle.
pub(super) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        len if len % 2 == 0 => f64::midpoint(values[half - 1], values[half]),
        _ => values[half],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_name_a_sample_that_was_taken() {
        let samples = (1..=200).rev().map(Duration::from_micros).collect();
        assert_eq!(Spread::of(samples), Spread { p50: 100.0, p99: 198.0 });
        assert_eq!(Spread::of(vec![Duration::from_micros(7)]), Spread { p50: 7.0, p99: 7.0 });
        assert!(Spread::of(vec![]).p50.is_nan());
    }

    #[test]
    fn a_median_does_not_care_for_the_worst_round() {
        assert_eq!(median([3.0, 1.0, 900.0]), 3.0);
        assert_eq!(median([4.0, 1.0, 2.0, 900.0]), 3.0);
        assert!(median([]).is_nan());
    }
}
