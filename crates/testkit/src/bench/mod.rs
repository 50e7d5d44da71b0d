//! `cargo xtask bench`: what the desk costs, against ceilings that are taken in the same run.
//!
//! Machines are noisy, so a figure alone says little. Every round measures a bare echo, bare group commit, the least
//! relay that delivers durably, and the desk, one after the other; goals are ratios between medians of the rounds.
//! What must always hold: desk and relay get the same frames from the same clients and write with the same schema,
//! pragmas, batches and checkpoints; each is a process of its own with a fresh database; what was acknowledged and
//! did not reach the operator ends the run.

mod arguments;
mod commit;
mod crowd;
mod desk;
mod echo;
mod figures;
mod files;
mod ground;
mod line;
mod load;
mod operator;
mod relay;
mod report;
mod rounds;
mod server;
mod startup;

pub use arguments::run;
