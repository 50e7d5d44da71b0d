//! A program that lies somewhere else than where Cargo builds, driven like ours.

use std::path::Path;

use serde_json::json;

use crate::app::App;
use crate::world::World;

impl App {
    /// Starts `program`; `name` stands among its words and nowhere else on this computer, for its processes are found
    /// by it.
    pub async fn of(world: &World, program: &Path, name: &str, words: &[&str]) -> Self {
        assert!(words.contains(&name), "{name} does not stand in {words:?}");
        let options = json!({ "binary": program, "args": words });
        Self::open(world, name.into(), Some(options)).await
    }
}
