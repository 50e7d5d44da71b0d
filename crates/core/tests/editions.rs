//! A company's edition as the packaging makes it, read by the program that it is made for.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use deskbell_core::desktop::site_file::SiteFile;

#[test]
fn the_site_file_of_the_example_is_read_whole() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/example/site.json");
    let site = SiteFile::read(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!((site.id.as_deref(), site.name.as_deref()), (Some("lamp-house"), Some("Lamp House")));
    let desk = site.desk.unwrap();
    assert!(desk.pin.is_some() && desk.to_string().contains("host=desk.example:7717"), "{desk}");
    assert_eq!(site.accent.unwrap().light, "#b4531a");
}
