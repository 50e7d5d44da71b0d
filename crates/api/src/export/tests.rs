//! Exports of made-up and of held conversations.

use deskbell_core::store::Store as _;
use deskbell_wire::*;
use uuid::Uuid;

use super::*;
use crate::desktop::Newsroom;
use crate::dto::{FileSum, MessageKind, MessageStatus, NewPiece};
use crate::profile::{DeskKey, Keep, ProfileSecrets};
use crate::visitor::VisitorOptions;

/// Conversations in memory.
struct Paper(Vec<(Held, Vec<Line>)>);

impl Shelf for Paper {
    fn held(&self) -> Result<Vec<Held>, Problem> {
        let copy = |(held, _): &(Held, Vec<Line>)| Held {
            stream: held.stream.clone(),
            name: held.name.clone(),
            base: held.base,
            head: held.head,
        };
        Ok(self.0.iter().map(copy).collect())
    }

    fn part(&self, stream: &StreamId, after: Seq) -> Result<Vec<Line>, Problem> {
        let lines = self.0.iter().find(|(held, _)| held.stream == *stream).map(|(_, lines)| lines);
        let above = |line: &&Line| line.seq.is_some_and(|seq| seq > after);
        Ok(lines.into_iter().flatten().filter(above).take(2).cloned().collect())
    }

    fn files(&self, _: &StreamId, _: Option<Seq>) -> Result<shelf::FilesPart, Problem> {
        Ok((Vec::new(), None))
    }

    fn waiting(&self, stream: &StreamId) -> Result<Vec<Line>, Problem> {
        let lines = self.0.iter().find(|(held, _)| held.stream == *stream).map(|(_, lines)| lines);
        Ok(lines.into_iter().flatten().filter(|line| line.seq.is_none()).cloned().collect())
    }
}

fn options(format: ExportFormat, locale: Locale) -> ExportOptions {
    let clock = |ms: i64| Moment {
        date: (1970, 12, u8::try_from(ms / 86_400_000 % 28 + 1).unwrap()),
        time: format!("{:02}:{:02}", ms / 3_600_000 % 24, ms / 60_000 % 60),
        exact: format!("1970-01-{:02}T{:02}:00:00+00:00", ms / 86_400_000 + 1, ms / 3_600_000 % 24),
    };
    let (desk, version) = ("desk.example:7717".to_owned(), "0.1.0".to_owned());
    ExportOptions { format, locale, desk, version, now: 86_400_000, clock: Box::new(clock) }
}

fn held(n: u128, name: Option<&str>, base: Seq, head: Seq) -> Held {
    let stream = StreamId::public(SiteKey::main(), VisitorId(Uuid::from_u128(n)));
    Held { stream, name: name.map(str::to_owned), base, head }
}

fn line(seq: Seq, kind: MessageKind, from: Sender, text: &str) -> Line {
    Line {
        id: Some(Uuid::from_u128(u128::from(seq)).to_string()),
        seq: Some(seq),
        date: i64::try_from(seq).unwrap() * 3_600_000,
        kind,
        from,
        name: None,
        text: text.to_owned(),
        status: MessageStatus::Sent,
        reason: None,
        detail: None,
        file: None,
    }
}

fn card(name: &str) -> FileCard {
    let (media, digest) = ("application/pdf".to_owned(), FileDigest([7; 32]));
    FileCard { name: name.to_owned(), size: 25_088, media, digest }
}

fn said(seq: Seq, from: Sender, text: &str) -> Line {
    line(seq, MessageKind::Message, from, text)
}

/// A folder beside the export: where the files of which key went.
struct Pocket(Vec<(&'static str, Put)>);

impl Beside for Pocket {
    fn put(&mut self, key: &str) -> Result<Put, ExportError> {
        let known = self.0.iter().find(|(known, _)| *known == key);
        Ok(known.map_or(Put::Absent, |(_, put)| put.clone()))
    }
}

fn there(path: &str, usable: Use) -> Put {
    Put::There { path: path.to_owned(), usable }
}

fn written_with(paper: &Paper, options: &ExportOptions, files: Vec<(&'static str, Put)>) -> String {
    let mut file = Vec::new();
    write(paper, Sender::Operator, options, (&mut file, Some(&mut Pocket(files)))).unwrap();
    String::from_utf8(file).unwrap()
}

fn written(paper: &Paper, reader: Sender, options: &ExportOptions) -> String {
    let mut file = Vec::new();
    write(paper, reader, options, (&mut file, None)).unwrap();
    String::from_utf8(file).unwrap()
}

/// What a file may consist of.
const TAGS: [&str; 26] = [
    "!doctype html",
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "header",
    "h1",
    "h2",
    "h3",
    "p",
    "div",
    "nav",
    "ol",
    "li",
    "a",
    "section",
    "bdi",
    "time",
    "/",
    "html lang",
    "p class",
    "div class",
    "section id",
];

#[test]
fn i15_whatever_strangers_write_is_text_in_the_page() {
    let hostile = [
        "<script>alert(1)</script>",
        "</p><img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "<!--",
        "]]>",
        "&lt;b&gt;",
        "javascript:alert(1)",
        "</style><svg/onload=alert(1)>",
        "\u{202E}txt.exe",
        "\0\u{1b}[31m",
        "</main></body></html>",
    ];
    for text in hostile {
        let lines = [
            Line { name: Some(text.to_owned()), ..said(1, Sender::Operator, text) },
            Line { name: Some(text.to_owned()), ..line(2, MessageKind::Joined, Sender::System, text) },
            line(3, MessageKind::Invited, Sender::Operator, text),
            said(4, Sender::Visitor, text).with(Some(&card(text)), 4),
        ];
        let paper = Paper(vec![
            (held(1, Some(text), 0, 4), lines.to_vec()),
            (held(2, Some(text), 0, 4), lines.to_vec()),
        ]);
        let page = written(&paper, Sender::Operator, &options(ExportFormat::Html, Locale::En));
        for tag in page.split('<').skip(1) {
            assert!(TAGS.iter().any(|known| tag.starts_with(known)), "{text}: <{tag}");
        }
        for sign in ["<script", "<img", "<svg", "<!--", "\u{202E}", "\0", "\u{1b}", "onmouseover=\""] {
            assert!(!page.contains(sign), "{text}: {sign}");
        }
        assert_eq!(page.matches("</main>").count(), 1, "{text}");
    }
    assert_eq!(html::escaped("a & <b>\n\"c\""), "a &amp; &lt;b&gt;\n&quot;c&quot;");
}

#[test]
fn a_page_asks_nobody_for_anything_and_runs_nothing() {
    let paper =
        Paper(vec![(held(1, None, 0, 1), vec![said(1, Sender::Visitor, "https://example.org/a.png")])]);
    let page = written(&paper, Sender::Visitor, &options(ExportFormat::Html, Locale::Ru));
    assert!(page.contains("default-src 'none'") && page.contains("<html lang=\"ru\">"));
    for asks in ["src=", "url(", "@import", "href=\"http", "<link", "<script", "<iframe"] {
        assert!(!page.contains(asks), "{asks}");
    }
}

#[test]
fn a_page_shows_days_names_and_what_did_not_go_out() {
    let lines = vec![
        line(1, MessageKind::Opened, Sender::System, ""),
        said(2, Sender::Visitor, "one"),
        said(3, Sender::Visitor, "two"),
        Line { name: Some("Anna".into()), ..said(4, Sender::Operator, "three") },
        said(30, Sender::Visitor, "four"),
        line(31, MessageKind::Consented, Sender::System, ""),
        Line { seq: None, status: MessageStatus::Failed, ..said(32, Sender::Visitor, "five") },
        said(33, Sender::Visitor, "").with(Some(&card("bill {size}.pdf")), 33),
    ];
    let paper = Paper(vec![(held(1, None, 0, 33), lines)]);
    let page = written(&paper, Sender::Visitor, &options(ExportFormat::Html, Locale::En));
    assert!(page.contains("<h3>1 December 1970</h3>") && page.contains("<h3>2 December 1970</h3>"));
    assert_eq!(page.matches("<h3>").count(), 2, "a heading for each day");
    assert_eq!(page.matches("<bdi>You</bdi>").count(), 2, "not repeated, but after a day's heading");
    assert_eq!(page.matches("<bdi>Anna</bdi>").count(), 1);
    assert!(page.contains(">File: bill {size}.pdf (24.5 KB)<"), "a file by its name, whatever that is");
    assert!(page.contains("· not delivered") && page.contains("The chat began.") && !page.contains("agreed"));
    let operators = written(&paper, Sender::Operator, &options(ExportFormat::Html, Locale::En));
    assert!(operators.contains("agreed to the terms") && operators.contains("<bdi>Visitor 0000</bdi></p>"));
}

#[test]
fn threats_36_a_page_leads_to_files_beside_it_but_never_to_what_can_be_run() {
    let file = |seq, name: &str| said(seq, Sender::Visitor, "").with(Some(&card(name)), seq);
    let lines = vec![file(1, "cat.png"), file(2, "bill.pdf"), file(3, "setup.exe"), file(4, "gone.txt")];
    let paper = Paper(vec![(held(1, None, 0, 4), lines)]);
    let files = vec![
        ("1", there("talk files/cat (2).png", Use::Picture)),
        ("2", there("talk files/Счёт #1?.pdf", Use::Link)),
        ("3", there("talk files/setup.exe", Use::Name)),
    ];
    let page = written_with(&paper, &options(ExportFormat::Html, Locale::En), files.clone());
    let picture = "talk%20files/cat%20%282%29.png";
    assert!(page.contains(&format!("<a href=\"{picture}\"><img src=\"{picture}\" alt=\"\"")));
    assert!(page.contains(">File: cat (2).png (24.5 KB)</a>"), "called what it is called in the folder");
    assert!(page.contains("<a href=\"talk%20files/%D0%A1%D1%87%D1%91%D1%82%20%231%3F.pdf\">File: "));
    assert!(page.contains("<p class=\"words\" dir=\"auto\">File: setup.exe (24.5 KB)</p>"));
    assert!(page.contains("File: gone.txt (24.5 KB), not on this computer</p>"));
    assert_eq!((page.matches("<a ").count(), page.matches("<img ").count()), (2, 1));
    assert!(page.contains("img-src 'self' file:;") && page.contains("default-src 'none';"));

    let json = written_with(&paper, &options(ExportFormat::Json, Locale::En), files);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let lines = value["conversations"][0]["lines"].as_array().unwrap();
    let paths: Vec<_> = lines.iter().map(|line| line["file"]["path"].as_str()).collect();
    let expected = ["talk files/cat (2).png", "talk files/Счёт #1?.pdf", "talk files/setup.exe"].map(Some);
    assert_eq!(paths, [&expected[..], &[None]].concat());
    assert_eq!(
        (&lines[0]["file"]["name"], &lines[0]["file"]["sha256"]),
        (&"cat.png".into(), &"07".repeat(32).into())
    );
}

#[test]
fn i15_an_address_of_a_file_is_a_path_and_nothing_else() {
    let hostile = [
        "javascript:alert(1).pdf",
        "a\" onmouseover=\"x.pdf",
        "<b>.pdf",
        "//host/a.pdf",
        "a&quot;.pdf",
        "%2e%2e.pdf",
    ];
    for name in hostile {
        let lines = vec![said(1, Sender::Visitor, "").with(Some(&card(name)), 1)];
        let paper = Paper(vec![(held(1, None, 0, 1), lines)]);
        let path = format!("files/{name}");
        for usable in [Use::Link, Use::Picture] {
            let files = vec![("1", there(&path, usable))];
            let page = written_with(&paper, &options(ExportFormat::Html, Locale::En), files);
            let at = page.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(at.starts_with("files/"), "{at}");
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
            assert!(at.chars().all(plain), "{at}");
            for tag in page.split('<').skip(1) {
                let known = TAGS.iter().any(|known| tag.starts_with(known));
                assert!(known || tag.starts_with("img src=\"files/"), "{name}: <{tag}");
            }
        }
    }
}

#[test]
fn a_conversation_that_is_not_whole_says_so() {
    let lines = vec![said(8, Sender::Visitor, "late")];
    let paper = Paper(vec![(held(1, None, 7, 8), lines)]);
    let page = written(&paper, Sender::Visitor, &options(ExportFormat::Html, Locale::En));
    assert!(page.contains("Older lines are on the desk"));
    let json = written(&paper, Sender::Visitor, &options(ExportFormat::Json, Locale::En));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["conversations"][0]["whole"], false);
    let nothing = written(&Paper(vec![]), Sender::Visitor, &options(ExportFormat::Html, Locale::En));
    assert!(nothing.contains("holds no conversation"));
}

#[test]
fn the_documented_example_is_what_is_written() {
    let document = include_str!("../../../../docs/export.md");
    let example = document.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let example: serde_json::Value = serde_json::from_str(example).unwrap();
    let lines = vec![
        said(1, Sender::Visitor, "Is the lamp in stock?"),
        Line { name: Some("Anna Weber".into()), ..said(2, Sender::Operator, "Yes, two of them.") }
            .with(Some(&card("lamp.pdf")), 2),
        Line { reason: Some("closed_by_visitor".into()), ..line(3, MessageKind::Closed, Sender::System, "") },
    ];
    let paper = Paper(vec![(held(1, Some("Boris"), 0, 3), lines)]);
    let files = vec![("2", there("talk files/lamp.pdf", Use::Link))];
    let json = written_with(&paper, &options(ExportFormat::Json, Locale::En), files);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value, example);
}

#[test]
fn every_text_is_there_in_both_languages() {
    let read = |text: &str| serde_json::from_str::<std::collections::BTreeMap<String, String>>(text).unwrap();
    let en = read(include_str!("../../../../ui/locales/en/export.json"));
    let ru = read(include_str!("../../../../ui/locales/ru/export.json"));
    assert!(en.keys().eq(ru.keys()));
    assert!(en.iter().all(|(key, text)| ru[key] != *text && !text.is_empty()));
}

/// A visitor's app without a line, over a history of so many messages.
fn visitor(folder: &std::path::Path, count: u64) -> VisitorApp {
    visitor_with(folder, count, 250)
}

/// The same, with a file in each of so many.
fn visitor_with(folder: &std::path::Path, count: u64, each: u64) -> VisitorApp {
    let link: JoinLink = "127.0.0.1:1".parse().unwrap();
    let secrets = ProfileSecrets::generate(Locale::En).unwrap();
    let keep = Keep::Disk { folder: folder.to_owned() };
    let (desk, site) = (DeskKey::of(&link), SiteKey::main());
    let stream = StreamId::public(site.clone(), secrets.visitor_at(&desk, &site).0);
    let mut store = keep.open_for_visitor(&secrets, (&desk, &site), Locale::En).unwrap();
    let file = |seq: u64| seq.is_multiple_of(each).then(|| card(&format!("{seq}.pdf")));
    let event = |seq: u64| Event {
        stream: stream.clone(),
        seq,
        message_id: MessageId(Uuid::from_u128(u128::from(seq))),
        chat_id: None,
        author: Author::Visitor,
        ts: Timestamp(1_000),
        body: EventBody::Message { text: format!("message {seq}."), file: file(seq) },
        uid: None,
    };
    let events: Vec<_> = (1..=count).map(event).collect();
    store.apply(&stream, Epoch(Uuid::from_u128(1)), &events, &[]).unwrap();
    drop(store);
    VisitorApp::start(VisitorOptions {
        link,
        secrets,
        keep,
        locale: Locale::En,
        newsroom: Newsroom::silent(),
    })
    .unwrap()
}

#[test]
fn a_long_history_is_written_whole_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let visitor = visitor(folder.path(), 1_001);
    visitor.send("not sent yet", None).unwrap();
    let mut file = Vec::new();
    let count = visitor.export(&options(ExportFormat::Json, Locale::En), &mut file, None).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let lines = value["conversations"][0]["lines"].as_array().unwrap();
    assert_eq!((count, lines.len()), (1, 1_002));
    for (at, line) in lines.iter().take(1_001).enumerate() {
        assert_eq!(line["text"], format!("message {}.", at + 1));
    }
    assert_eq!((&lines[1_001]["status"], &lines[1_001]["seq"]), (&"queued".into(), &serde_json::Value::Null));
    visitor.stop();
}

/// What a window shows when somebody looks for a file: pages, each asked for below the one before.
fn found(visitor: &VisitorApp, name: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let page = visitor.files_named(before.as_deref(), None, name).unwrap();
        names.extend(page.lines.iter().map(|line| line.file.as_ref().unwrap().name.clone()));
        before = page.lines.last().map(|line| line.key.clone()).filter(|_| page.more);
        if before.is_none() {
            return names;
        }
    }
}

#[test]
fn a_file_is_found_by_its_name_without_a_line_however_far_back_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let visitor = visitor_with(folder.path(), 1_000, 1);
    let all = found(&visitor, "pdf");
    assert_eq!((all.len(), all[0].as_str(), all[999].as_str()), (1_000, "1000.pdf", "1.pdf"), "newest first");
    // Few, far apart, and more than one page of them.
    let sparse: Vec<_> = (0..100_u32).rev().map(|ten| format!("{}.pdf", ten * 10 + 7)).collect();
    assert_eq!(found(&visitor, " .PD  7."), sparse);
    assert_eq!(found(&visitor, "PDF 1000"), ["1000.pdf"]);
    assert_eq!(found(&visitor, "%"), [""; 0], "threats 25");
    visitor.stop();
}

#[test]
fn files_that_could_be_taken_along_are_counted_by_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let visitor = visitor(folder.path(), 1_001);
    assert_eq!(visitor.export_files().unwrap().away, FileSum { count: 4, bytes: 4 * 25_088 });
    assert_eq!(visitor.export_files().unwrap().here, FileSum::default());
    // What was chosen and sent without a line is here, too.
    let piece = NewPiece { name: "note.txt".to_owned(), size: 5, media: "text/plain".to_owned() };
    let id = visitor.file_begin(&piece).unwrap();
    visitor.file_piece(&id, b"words").unwrap();
    visitor.file_end(&id).unwrap();
    visitor.file_send(&[id], "", None).unwrap();
    let held = visitor.export_files().unwrap();
    assert_eq!((held.here, held.away.count), (FileSum { count: 1, bytes: 5 }, 4));
    visitor.stop();
}

/// A disk that fills up.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(part.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_disk_that_fills_up_is_said() {
    let lines: Vec<_> = (1..=100).map(|seq| said(seq, Sender::Visitor, "words")).collect();
    let paper = Paper(vec![(held(1, None, 0, 100), lines)]);
    for format in [ExportFormat::Html, ExportFormat::Json] {
        let failed = write(&paper, Sender::Visitor, &options(format, Locale::En), (&mut Full(4_000), None));
        assert!(
            matches!(failed, Err(ExportError::File(error)) if error.kind() == io::ErrorKind::StorageFull)
        );
    }
}
