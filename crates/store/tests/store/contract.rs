//! SQLite keeps the contract that every store keeps.

deskbell_testkit::store_contract!(crate::folder::Folder::encrypted());
