use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::dto::Locale;

fn secrets() -> ProfileSecrets {
    ProfileSecrets::generate(Locale::En).unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

fn sealed(text: &str) -> (ProfileSecrets, Vec<u8>) {
    let secrets = secrets();
    let file = Seal::new(&passphrase(text), Cost::CHEAP).unwrap().close(&secrets).unwrap();
    (secrets, file)
}

/// The checksum anew, as whoever forges a file would write it.
fn resummed(mut file: Vec<u8>) -> Vec<u8> {
    file.truncate(file.len() - SUM);
    let sum = Sha256::digest(&file);
    file.extend_from_slice(&sum);
    file
}

fn refused(text: &str, file: &[u8]) -> SealError {
    Seal::open(&passphrase(text), file).unwrap_err()
}

#[test]
fn threats_44_a_sealed_file_holds_nothing_readable() {
    let (secrets, file) = sealed("long enough");
    let plain = secrets.to_json().unwrap();
    let found = |needle: &[u8], bytes: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
    let needles = [secrets.db_key.to_hex(), secrets.visitor_seed.to_hex(), secrets.device_id.0.to_string()];
    for needle in needles.iter().map(String::as_bytes).chain([b"db_key".as_slice(), b"long enough"]) {
        assert!(!found(needle, &file));
    }
    assert!(!found(secrets.db_key.bytes(), &file));
    for needle in &needles {
        assert!(found(needle.as_bytes(), plain.as_bytes()), "the search finds what is there");
    }
}

#[test]
fn the_usual_cost_opens_within_a_persons_patience_and_is_the_one_that_is_written() {
    let secrets = secrets();
    let begun = Instant::now();
    let file = Seal::new(&passphrase("correct horse"), Cost::USUAL).unwrap().close(&secrets).unwrap();
    let (seal, opened) = Seal::open(&passphrase("correct horse"), &file).unwrap();
    assert_eq!((seal.cost, &opened), (Cost::USUAL, &secrets));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    const { assert!(Cost::USUAL.memory >= 64 * 1024 && Cost::USUAL.passes >= 3) };
}

#[test]
fn what_opened_a_file_seals_it_again_under_the_same_passphrase() {
    let (_, file) = sealed("long enough");
    let (seal, mut secrets) = Seal::open(&passphrase("long enough"), &file).unwrap();
    secrets.set_operator_token(&super::super::DeskKey::hosted(), Some(deskbell_wire::Secret::new([7; 32])));
    let again = seal.close(&secrets).unwrap();
    assert_eq!(Seal::open(&passphrase("long enough"), &again).unwrap().1, secrets);
    assert_ne!(again.get(HEAD..HEAD + NONCE), file.get(HEAD..HEAD + NONCE), "a nonce is used once");
}

#[test]
fn threats_44_debug_shows_no_secret() {
    let words = passphrase("zanzibar and timbuktu");
    let seal = Seal::new(&words, Cost::CHEAP).unwrap();
    assert_eq!(format!("{words:?}"), "Passphrase(…)");
    let shown = format!("{seal:?}");
    assert!(shown.contains("memory") && !shown.contains("key") && !shown.contains("salt"), "{shown}");
}

#[test]
fn a_passphrase_has_8_to_256_characters_of_any_script() {
    let new = |text: String| Seal::new(&Passphrase::new(text), Cost::CHEAP).map(|_| ());
    assert_eq!(new("1234567".to_owned()), Err(SealError::Unfit));
    assert_eq!(new("пароль".to_owned()), Err(SealError::Unfit));
    assert_eq!(new("пароль12".to_owned()), Ok(()));
    assert_eq!(new("x".repeat(256)), Ok(()));
    assert_eq!(new("x".repeat(257)), Err(SealError::Unfit));
}

#[test]
fn a_forged_cost_is_not_paid() {
    let (_, file) = sealed("long enough");
    for (at, number) in [
        (9, 64 << 20),
        (9, 256 * 1024 + 1),
        (9, 0),
        (9, u32::MAX),
        (13, 9),
        (13, 0),
        (13, u32::MAX),
        (17, 5),
        (17, 0),
        (17, u32::MAX),
    ] {
        let mut forged = file.clone();
        forged[at..at + 4].copy_from_slice(&u32::to_be_bytes(number));
        let begun = Instant::now();
        assert_eq!(refused("long enough", &resummed(forged)), SealError::Damaged, "{at} {number}");
        assert!(begun.elapsed().as_secs() < 1);
    }
    // One that is bearable is paid, and the rest does not fit it: the cost is sealed with the secrets.
    let mut forged = file.clone();
    forged[9..13].copy_from_slice(&16_u32.to_be_bytes());
    assert_eq!(refused("long enough", &resummed(forged)), SealError::WrongPassphrase);
}

#[test]
fn a_newer_file_is_called_newer_and_no_file_damaged() {
    let (_, mut file) = sealed("long enough");
    file[8] = 2;
    assert_eq!(refused("long enough", &file), SealError::Newer);
    assert_eq!(refused("long enough", &resummed(file)), SealError::Newer);
    for none in [b"".as_slice(), b"deskbell", b"deskbell\x01", b"SQLite format 3\0", &[0; 4096]] {
        assert_eq!(refused("long enough", none), SealError::Damaged);
    }
    let huge = [MAGIC.as_slice(), &[VERSION], &vec![0; SEALED_BYTES]].concat();
    assert_eq!(refused("long enough", &huge), SealError::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_passphrase_opens_what_it_sealed_and_no_other_does(text in "\\PC{8,40}", other in "\\PC{0,40}") {
        let (secrets, file) = sealed(&text);
        prop_assert_eq!(Seal::open(&passphrase(&text), &file).unwrap().1, secrets);
        if text != other {
            prop_assert_eq!(refused(&other, &file), SealError::WrongPassphrase);
        }
    }

    #[test]
    fn a_spoilt_file_is_damaged_and_never_opens(at in any::<prop::sample::Index>(), bit in 0_u8..8, cut in any::<prop::sample::Index>()) {
        let (_, file) = sealed("long enough");
        let mut spoilt = file.clone();
        spoilt[at.index(file.len())] ^= 1 << bit;
        let said = refused("long enough", &spoilt);
        // The version's own byte may say that the file is newer.
        prop_assert!(said == SealError::Damaged || (at.index(file.len()) == 8 && said == SealError::Newer), "{said:?}");
        prop_assert_eq!(refused("long enough", &file[..cut.index(file.len())]), SealError::Damaged);
    }

    #[test]
    fn a_forged_file_never_opens(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (_, file) = sealed("long enough");
        let mut forged = file.clone();
        // Not the cost: a bit of it is half a second.
        let places: Vec<usize> = (0..9).chain(21..file.len() - SUM).collect();
        forged[places[at.index(places.len())]] ^= 1 << bit;
        prop_assert!(Seal::open(&passphrase("long enough"), &resummed(forged)).is_err());
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let file = [MAGIC.as_slice(), &[VERSION], &bytes].concat();
        prop_assert!(Seal::open(&passphrase("long enough"), &bytes).is_err());
        prop_assert!(Seal::open(&passphrase("long enough"), &file).is_err());
    }
}
