//! The program among the parts of a desktop: the real ones, on a bus of the test's own.

mod installed;
mod soak;
