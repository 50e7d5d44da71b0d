//! What the file promises: its key, its mode, its versions, its soundness.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

use deskbell_db::{DbError, Key, Location, Migration, backup, check, checkpoint, open, open_alone};
use rusqlite::Connection;

const FIRST: &str = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT";
const SECOND: &str = "ALTER TABLE note ADD COLUMN seen INTEGER NOT NULL DEFAULT 0";
const ONE: &[Migration] = &[Migration(FIRST)];
const TWO: &[Migration] = &[Migration(FIRST), Migration(SECOND)];
const WORD: &str = "a sentence that nobody else may read";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn file(&self) -> PathBuf {
        self.0.path().join("data").join("test.db")
    }
    fn open(&self, key: Option<&Key>) -> Result<Connection, DbError> {
        open(&Location::File(self.file()), key, ONE)
    }
}

fn key() -> Key {
    Key::new([7; 32])
}

fn write(db: &Connection, rows: usize) {
    for _ in 0..rows {
        db.execute("INSERT INTO note (text) VALUES (?1)", [WORD]).unwrap();
    }
}

fn rows(db: &Connection) -> i64 {
    db.query_row("SELECT count(*) FROM note WHERE text = ?1", [WORD], |row| row.get(0)).unwrap()
}

fn pragma(db: &Connection, name: &str) -> String {
    db.pragma_query_value(None, name, |row| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            other => other.as_str().unwrap().to_owned(),
        })
    })
    .unwrap()
}

fn holds(file: &Path, word: &str) -> bool {
    fs::read(file).unwrap().windows(word.len()).any(|part| part == word.as_bytes())
}

fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

#[test]
fn what_was_written_is_there_after_reopening() {
    let folder = Folder::new();
    write(&folder.open(Some(&key())).unwrap(), 3);
    assert_eq!(rows(&folder.open(Some(&key())).unwrap()), 3);
}

#[test]
fn every_connection_is_durable_and_strict() {
    let folder = Folder::new();
    for turn in ["new", "again"] {
        let db = folder.open(Some(&key())).unwrap();
        for (name, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("auto_vacuum", "2"),
            ("foreign_keys", "1"),
            ("temp_store", "2"),
            ("trusted_schema", "0"),
            ("wal_autocheckpoint", "1000"),
        ] {
            assert_eq!(pragma(&db, name), value, "{name}, {turn}");
        }
    }
}

#[test]
fn a_wrong_key_or_none_is_told_and_leaves_the_file_alone() {
    let folder = Folder::new();
    write(&folder.open(Some(&key())).unwrap(), 1);
    let before = fs::read(folder.file()).unwrap();
    assert_eq!(folder.open(Some(&Key::new([8; 32]))).unwrap_err(), DbError::WrongKey);
    assert_eq!(folder.open(None).unwrap_err(), DbError::WrongKey);
    assert!(fs::read(folder.file()).unwrap() == before, "the file was written to");
    assert_eq!(rows(&folder.open(Some(&key())).unwrap()), 1);
}

#[test]
fn a_damaged_page_is_found_by_reading_and_by_the_check() {
    let folder = Folder::new();
    write(&folder.open(Some(&key())).unwrap(), 500);
    let mut bytes = fs::read(folder.file()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.file(), bytes).unwrap();
    let db = folder.open(Some(&key())).unwrap();
    assert_eq!(check(&db).unwrap_err(), DbError::Corrupt);
    let read = db.query_row("SELECT sum(length(text)) FROM note", [], |row| row.get::<_, i64>(0));
    assert_eq!(DbError::from(read.unwrap_err()), DbError::Corrupt);
}

#[test]
fn a_damaged_head_looks_like_a_wrong_key_and_a_plain_text_file_too() {
    let folder = Folder::new();
    write(&folder.open(Some(&key())).unwrap(), 1);
    let mut bytes = fs::read(folder.file()).unwrap();
    bytes[100] ^= 1;
    fs::write(folder.file(), bytes).unwrap();
    assert_eq!(folder.open(Some(&key())).unwrap_err(), DbError::WrongKey);
    fs::write(folder.file(), "no database at all ".repeat(500)).unwrap();
    assert_eq!(folder.open(Some(&key())).unwrap_err(), DbError::WrongKey);
}

#[test]
fn a_newer_file_is_refused_and_not_touched() {
    let folder = Folder::new();
    let at = Location::File(folder.file());
    write(&open(&at, Some(&key()), ONE).unwrap(), 1);
    drop(open(&at, Some(&key()), TWO).unwrap());
    let before = fs::read(folder.file()).unwrap();
    assert_eq!(open(&at, Some(&key()), ONE).unwrap_err(), DbError::Newer { found: 2, known: 1 });
    assert!(fs::read(folder.file()).unwrap() == before, "the file was written to");
    assert_eq!(rows(&open(&at, Some(&key()), TWO).unwrap()), 1);
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = Folder::new();
    fs::create_dir(folder.file().parent().unwrap()).unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("CREATE TABLE theirs (id INTEGER); PRAGMA application_id = 42").unwrap();
    drop(other);
    assert_eq!(folder.open(None).unwrap_err(), DbError::Corrupt);
}

#[test]
fn migrations_run_once_each_and_a_broken_one_changes_nothing() {
    let folder = Folder::new();
    let at = Location::File(folder.file());
    write(&open(&at, Some(&key()), ONE).unwrap(), 2);
    let broken =
        [ONE[0], Migration("ALTER TABLE note ADD COLUMN seen INTEGER; ALTER TABLE none ADD COLUMN a")];
    assert!(open(&at, Some(&key()), &broken).is_err());
    for _ in 0..3 {
        let db = open(&at, Some(&key()), TWO).unwrap();
        assert_eq!((rows(&db), pragma(&db, "user_version")), (2, "2".to_owned()));
    }
}

#[test]
fn two_programs_that_migrate_at_once_both_succeed() {
    let folder = Folder::new();
    let at = Location::File(folder.file());
    std::thread::scope(|scope| {
        let openings: Vec<_> =
            (0..4).map(|_| scope.spawn(|| open(&at, Some(&key()), TWO).map(drop))).collect();
        for opening in openings {
            assert_eq!(opening.join().unwrap(), Ok(()));
        }
    });
}

#[test]
fn neither_file_nor_log_holds_plaintext_under_a_key_threats_44() {
    for (key, plain) in [(Some(key()), false), (None, true)] {
        let folder = Folder::new();
        let db = folder.open(key.as_ref()).unwrap();
        write(&db, 50);
        assert_eq!(holds(&log_of(&folder.file()), WORD), plain, "the log");
        let done = checkpoint(&db).unwrap();
        assert!(done.logged > 0 && done.logged == done.moved, "{done:?}");
        assert_eq!(holds(&folder.file(), WORD), plain, "the file");
        assert_eq!(holds(&folder.file(), "SQLite format"), plain, "the head");
    }
}

/// SQLite unlinks its temporary files at once, but they stay open for as long as the table lives.
#[cfg(target_os = "linux")]
#[test]
fn temporary_tables_never_reach_the_disk_threats_44() {
    let open_temporary_files = || {
        let targets =
            fs::read_dir("/proc/self/fd").unwrap().filter_map(|fd| fs::read_link(fd.ok()?.path()).ok());
        targets.filter(|target| target.to_string_lossy().contains("etilqs")).count()
    };
    let folder = Folder::new();
    let db = folder.open(Some(&key())).unwrap();
    write(&db, 100);
    let large =
        "CREATE TEMP TABLE large AS SELECT a.text || b.text AS text FROM note a, note b, note c LIMIT 200000";
    db.execute_batch(large).unwrap();
    assert_eq!(open_temporary_files(), 0);
    db.execute_batch("DROP TABLE large; PRAGMA temp_store = FILE").unwrap();
    db.execute_batch(large).unwrap();
    assert!(open_temporary_files() > 0, "the control: this is what it would look like");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_file_log_and_folder_threats_44() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = Folder::new();
    let db = folder.open(Some(&key())).unwrap();
    write(&db, 1);
    assert_eq!(mode(folder.file().parent().unwrap()), 0o700);
    assert_eq!(mode(&folder.file()), 0o600);
    assert_eq!(mode(&log_of(&folder.file())), 0o600);
    drop(db);
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o644)).unwrap();
    drop(folder.open(Some(&key())).unwrap());
    assert_eq!(mode(&folder.file()), 0o600);
}

#[test]
fn alone_means_that_nobody_else_gets_in() {
    let folder = Folder::new();
    let at = Location::File(folder.file());
    let first = open_alone(&at, Some(&key()), ONE).unwrap();
    assert_eq!(open_alone(&at, Some(&key()), ONE).unwrap_err(), DbError::InUse);
    write(&first, 1);
    drop(first);
    assert_eq!(rows(&open_alone(&at, Some(&key()), ONE).unwrap()), 1);
}

#[test]
fn alone_is_refused_while_another_has_it_open() {
    let folder = Folder::new();
    let first = folder.open(Some(&key())).unwrap();
    write(&first, 1);
    let second = open_alone(&Location::File(folder.file()), Some(&key()), ONE);
    assert_eq!(second.unwrap_err(), DbError::InUse);
    write(&first, 1);
}

#[test]
fn a_backup_is_whole_keyed_and_never_overwrites() {
    let folder = Folder::new();
    let db = folder.open(Some(&key())).unwrap();
    write(&db, 200);
    let copy = folder.0.path().join("copies").join("one.db");
    backup(&db, &copy).unwrap();
    write(&db, 1);
    assert!(backup(&db, &copy).is_err());
    assert!(!holds(&copy, WORD));
    let at = Location::File(copy.clone());
    assert_eq!(open(&at, Some(&Key::new([8; 32])), ONE).unwrap_err(), DbError::WrongKey);
    let restored = open(&at, Some(&key()), ONE).unwrap();
    check(&restored).unwrap();
    assert_eq!((rows(&restored), pragma(&restored, "auto_vacuum")), (200, "2".to_owned()));
    assert_eq!(
        fs::read_dir(copy.parent().unwrap()).unwrap().filter(|e| is_part(e.as_ref().unwrap())).count(),
        0
    );
}

fn is_part(entry: &fs::DirEntry) -> bool {
    entry.path().extension().is_some_and(|extension| extension == "part")
}

#[test]
fn a_full_disk_is_told_and_reading_goes_on() {
    let folder = Folder::new();
    let db = folder.open(Some(&key())).unwrap();
    write(&db, 10);
    let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    db.pragma_update(None, "max_page_count", pages).unwrap();
    let refused = db.execute("INSERT INTO note (text) VALUES (?1)", [WORD.repeat(1_000)]).unwrap_err();
    let error = DbError::from(refused);
    assert_eq!(error, DbError::Full);
    assert!(error.retryable());
    assert_eq!(rows(&db), 10);
    db.pragma_update(None, "max_page_count", pages + 100).unwrap();
    write(&db, 100);
}

#[test]
fn a_path_that_is_no_file_is_denied() {
    let folder = Folder::new();
    let at = Location::File(folder.0.path().to_path_buf());
    assert_eq!(open(&at, None, ONE).unwrap_err(), DbError::Denied);
}

#[test]
fn no_error_carries_what_a_person_wrote_threats_9() {
    let db =
        open(&Location::Memory, None, &[Migration("CREATE TABLE once (text TEXT UNIQUE) STRICT")]).unwrap();
    let twice = format!("INSERT INTO once VALUES ('{WORD}'), ('{WORD}')");
    let wrong = format!("INSERT INTO {} VALUES ('{WORD}')", "none");
    for sql in [&twice, &wrong, &format!("'{WORD}'")] {
        let error = DbError::from(db.execute(sql, []).unwrap_err());
        assert!(!format!("{error} {error:?}").contains(WORD), "{error:?}");
    }
}
