//! How many tests ran, read from what the test runners print at their end.

use std::fmt;

/// Sums over runners. Written as `N passed, N failed, N skipped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Totals {
    /// From nextest's summary: `12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`. `None`: there is none.
    pub(crate) fn of_nextest(output: &str) -> Option<Self> {
        let plain = without_colours(output);
        let line = plain.lines().rev().find(|line| line.contains("Summary [") && line.contains("run:"))?;
        let (_, counts) = line.split_once("run:")?;
        Some(Self::of_counts(counts.split(',')))
    }

    /// From Vitest's summary: `Tests  1 failed | 11 passed | 2 skipped | 1 todo (15)`. `None`: there is none.
    pub(crate) fn of_vitest(output: &str) -> Option<Self> {
        let plain = without_colours(output);
        let counts = plain.lines().rev().find_map(|line| line.trim_start().strip_prefix("Tests  "))?;
        Some(Self::of_counts(counts.split('|')))
    }

    fn of_counts<'a>(counts: impl Iterator<Item = &'a str>) -> Self {
        let mut totals = Self::default();
        for count in counts {
            let mut words = count.split_whitespace();
            let Some(Ok(number)) = words.next().map(str::parse::<u64>) else { continue };
            match words.next() {
                Some("passed") => totals.passed += number,
                Some("skipped" | "todo") => totals.skipped += number,
                // Every other end of a test (failed, timed out, exec failed, flaky errors) is not a success.
                Some(_) => totals.failed += number,
                None => {}
            }
        }
        totals
    }

    /// Adds another runner's.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Takes out the terminal's colour sequences (`ESC [ … letter`).
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(|letter| letter.is_ascii_alphabetic());
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(passed: u64, failed: u64, skipped: u64) -> Option<Totals> {
        Some(Totals { passed, failed, skipped })
    }

    #[test]
    fn nextest_all_green() {
        let output = "        PASS [   0.005s] xtask a\n------------\n     Summary [   0.031s] 12 tests run: 12 passed (1 slow), 0 skipped\n";
        assert_eq!(Totals::of_nextest(output), totals(12, 0, 0));
    }

    #[test]
    fn nextest_with_every_bad_end() {
        let output = "     Summary [   9.1s] 9/14 tests run: 5 passed (1 flaky), 2 failed, 1 timed out, 1 exec failed, 3 skipped\n        FAIL x\n";
        assert_eq!(Totals::of_nextest(output), totals(5, 4, 3));
    }

    #[test]
    fn nextest_with_one_test_and_colours() {
        let output = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.010s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m";
        assert_eq!(Totals::of_nextest(output), totals(1, 0, 0));
    }

    #[test]
    fn vitest_with_and_without_failures() {
        let green = " Test Files  3 passed (3)\n      Tests  41 passed (41)\n   Start at  10:00:00\n";
        assert_eq!(Totals::of_vitest(green), totals(41, 0, 0));
        let red = " Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 11 passed | 2 skipped | 1 todo (15)\n";
        assert_eq!(Totals::of_vitest(red), totals(11, 1, 3));
    }

    #[test]
    fn no_summary_is_not_zero_tests() {
        assert_eq!(Totals::of_nextest("error: could not compile"), None);
        assert_eq!(Totals::of_vitest("Error: no test files"), None);
    }

    #[test]
    fn the_line_is_plain() {
        let mut sum = Totals { passed: 40, failed: 0, skipped: 1 };
        sum.add(Totals { passed: 2, failed: 1, skipped: 0 });
        assert_eq!(sum.to_string(), "42 passed, 1 failed, 1 skipped");
    }
}
