//! `cargo xtask setup`: everything that is not Rust.

use crate::arguments::Arguments;
use crate::packages::{self, Need};
use crate::stop::Result;
use crate::{node, tools};

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let need = if arguments.flag("--tests") { Need::Tests } else { Need::Build };
    arguments.finish()?;
    ensure(need)?;
    println!("Everything is there.");
    Ok(())
}

/// Installs what is missing; silent where nothing is.
pub(crate) fn ensure(need: Need) -> Result<()> {
    packages::install(need)?;
    node::check()?;
    node::install()?;
    if need == Need::Tests {
        tools::install()?;
    }
    Ok(())
}
