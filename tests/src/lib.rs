//! The whole product in real windows, from outside.
