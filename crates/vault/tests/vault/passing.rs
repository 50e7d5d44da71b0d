//! A vault that leaves nothing behind.

use deskbell_vault::Vault;

use crate::bytes::{bytes, keep, read};

#[test]
fn a_passing_vault_is_gone_with_its_last_holder() {
    let before = ours();
    let vault = Vault::passing().unwrap();
    let root = ours().into_iter().find(|name| !before.contains(name)).unwrap();
    let whole = bytes(100_000, 1);
    let digest = keep(&vault, &whole);
    let twin = vault.clone();
    let part = vault.begin(uuid::Uuid::new_v4()).unwrap();
    drop(vault);
    assert!(read(&twin, &digest, 100_000) == whole);
    drop(twin);
    assert!(root.is_dir(), "a part holds it, too");
    drop(part);
    assert!(!root.exists());
}

fn ours() -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(std::env::temp_dir()).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("deskbell-files-")).collect()
}
