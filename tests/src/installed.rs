//! A program that lies somewhere else than where Cargo builds, driven like ours.

use std::path::Path;

use serde_json::json;

use crate::app::App;
use crate::world::World;

impl App {
    /// Starts `program`; `name` stands in its command line and in no other on this computer, for its processes are
    /// found by it.
    pub async fn of(world: &World, program: &Path, name: &str, words: &[&str]) -> Self {
        let said = words.contains(&name) || program.to_str() == Some(name);
        assert!(said, "{name} does not stand in {program:?} {words:?}");
        let options = json!({ "binary": program, "args": words });
        Self::open(world, name.into(), Some(options)).await
    }
}
