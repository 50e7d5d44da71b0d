//! Packs as companies have them, and as nobody should: folders that the tests write, archives that they break.

mod archives;
mod fingerprints;
mod folders;
mod hostile_paths;
mod mappings;
mod pages;
mod random;
mod settings;
mod world;
