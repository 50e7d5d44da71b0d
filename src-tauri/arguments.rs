//! What the command line asks for.
//!
//! What must always hold: a wrong argument is said at once, with exit code 2, before anything is opened or written.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use deskbell_api::dto::{DeviceKind, Locale};
use deskbell_wire::{BadLink, JoinLink};

/// A live-chat desk as a desktop program.
#[derive(Debug, Parser)]
#[command(name = "deskbell", version, about, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    face: Option<FaceArguments>,
    #[command(flatten)]
    visitor: VisitorArguments,
}

#[derive(Debug, Subcommand)]
enum FaceArguments {
    /// The visitor's chat form (the default).
    Visitor(VisitorArguments),
    /// The operator's workplace.
    Operator(OperatorArguments),
}

#[derive(Debug, Args)]
struct CommonArguments {
    /// Keeps several people on one computer apart: each profile has its own history and keys.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Where the desk is: a deskbell://join link or an address such as desk.example:7717.
    #[arg(long, value_name = "LINK")]
    desk: Option<String>,
    /// The language; by default the system's.
    #[arg(long, value_enum)]
    lang: Option<Language>,
    /// Where the profiles are kept; by default the system's folder for an app's data.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct VisitorArguments {
    #[command(flatten)]
    common: CommonArguments,
    /// Runs the chat form in this folder instead of the site's, and loads it anew whenever a file in it changes.
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// Which of the form's layouts to run, in a window of that size; desktop by default.
    #[arg(long, value_enum)]
    device: Option<Layout>,
    /// Opens the web inspector, for whoever writes a form.
    #[arg(long)]
    devtools: bool,
}

#[derive(Debug, Args)]
struct OperatorArguments {
    #[command(flatten)]
    common: CommonArguments,
    /// Runs the desk inside this program.
    #[arg(long, conflicts_with = "desk")]
    host: bool,
    /// Where the desk inside this program listens; 127.0.0.1:7717 by default.
    #[arg(long, value_name = "ADDRESS", requires = "host")]
    listen: Option<SocketAddr>,
    /// Makes the first account, without a password, if the desk inside this program has none, and signs in.
    #[arg(long, value_name = "NAME", requires = "host")]
    owner: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    En,
    Ru,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Layout {
    Desktop,
    Tablet,
    Mobile,
}

impl From<Layout> for DeviceKind {
    fn from(layout: Layout) -> Self {
        match layout {
            Layout::Desktop => Self::Desktop,
            Layout::Tablet => Self::Tablet,
            Layout::Mobile => Self::Mobile,
        }
    }
}

/// Which of the two faces the program shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// The chat form.
    Visitor,
    /// The workplace.
    Operator,
}

/// What the person asked for, with every default that needs no look at the disk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) face: Face,
    pub(crate) profile: String,
    pub(crate) desk: Option<JoinLink>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) locale: Locale,
    pub(crate) host: bool,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) owner: Option<String>,
    /// A folder that was there when the program started.
    pub(crate) pack: Option<PathBuf>,
    pub(crate) device: DeviceKind,
    pub(crate) devtools: bool,
}

/// Why a command line asks for nothing.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// clap's: it knows how to print itself and its exit code; a request for help is one of these.
    Usage(clap::Error),
    /// The text after `--desk` leads to no desk.
    Desk(BadLink, Locale),
    /// There is no such folder after `--pack`.
    Pack(PathBuf, Locale),
}

/// Reads the command line.
pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Request, Refusal> {
    let arguments = Arguments::try_parse_from(words).map_err(Refusal::Usage)?;
    match arguments.face {
        Some(FaceArguments::Operator(operator)) => Ok(Request {
            host: operator.host,
            listen: operator.listen,
            owner: operator.owner,
            ..request(Face::Operator, operator.common)?
        }),
        Some(FaceArguments::Visitor(visitor)) => visitor_request(visitor),
        None => visitor_request(arguments.visitor),
    }
}

fn visitor_request(visitor: VisitorArguments) -> Result<Request, Refusal> {
    let VisitorArguments { common, pack, device, devtools } = visitor;
    let request = request(Face::Visitor, common)?;
    let locale = request.locale;
    let pack = pack.map(|folder| pack_folder(&folder).ok_or(Refusal::Pack(folder, locale))).transpose()?;
    Ok(Request { pack, device: device.map(DeviceKind::from).unwrap_or_default(), devtools, ..request })
}

/// The folder by its full name: a folder that comes back after it was gone is found again.
fn pack_folder(folder: &Path) -> Option<PathBuf> {
    folder.is_dir().then(|| std::path::absolute(folder).ok()).flatten()
}

fn request(face: Face, common: CommonArguments) -> Result<Request, Refusal> {
    let name = match face {
        Face::Visitor => "visitor",
        Face::Operator => "operator",
    };
    let locale = match common.lang {
        Some(Language::En) => Locale::En,
        Some(Language::Ru) => Locale::Ru,
        None => system_locale(),
    };
    let desk = common.desk.map(|text| text.parse()).transpose().map_err(|bad| Refusal::Desk(bad, locale))?;
    Ok(Request {
        face,
        profile: common.profile.unwrap_or_else(|| name.to_owned()),
        desk,
        data: common.data,
        locale,
        host: false,
        listen: None,
        owner: None,
        pack: None,
        device: DeviceKind::default(),
        devtools: false,
    })
}

/// The language of the environment, by the names and in the order that POSIX gives them.
pub(crate) fn system_locale() -> Locale {
    let named = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    locale_of(&["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(named).unwrap_or_default())
}

fn locale_of(tag: &str) -> Locale {
    let language = tag.split(['_', '.', '-', '@']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("ru") { Locale::Ru } else { Locale::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(words: &[&str]) -> Result<Request, Refusal> {
        read(std::iter::once("deskbell").chain(words.iter().copied()).map(OsString::from))
    }

    #[test]
    fn no_subcommand_is_the_visitor() {
        let bare = read_words(&["--lang", "en"]).unwrap();
        assert_eq!((bare.face, bare.profile.as_str()), (Face::Visitor, "visitor"));
        let named = read_words(&["visitor", "--lang", "en"]).unwrap();
        assert_eq!(bare, named);
    }

    #[test]
    fn an_operator_may_host() {
        let words = ["operator", "--host", "--listen", "127.0.0.1:0", "--owner", "Anna", "--lang", "ru"];
        let request = read_words(&words).unwrap();
        assert_eq!((request.face, request.host, request.locale), (Face::Operator, true, Locale::Ru));
        assert_eq!(request.owner.as_deref(), Some("Anna"));
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        for words in [
            &["operator", "--listen", "127.0.0.1:1"][..],
            &["operator", "--owner", "Anna"],
            &["operator", "--host", "--desk", "a"],
            &["operator", "--host", "--listen", "nowhere"],
            &["visitor", "--host"],
            &["visitor", "--device", "watch"],
            &["operator", "--pack", "."],
            &["operator", "--devtools"],
            &["--profile"],
        ] {
            match read_words(words).unwrap_err() {
                Refusal::Usage(error) => assert_eq!(error.exit_code(), 2, "{words:?}"),
                refusal => panic!("{words:?}: {refusal:?}"),
            }
        }
    }

    #[test]
    fn a_wrong_address_is_refused_in_the_persons_language() {
        let refusal = read_words(&["--desk", "a b", "--lang", "ru"]).unwrap_err();
        assert!(matches!(refusal, Refusal::Desk(BadLink::Shape, Locale::Ru)));
        assert!(read_words(&["--desk", "desk.example"]).unwrap().desk.is_some());
    }

    #[test]
    fn a_folder_of_a_form_is_there_and_known_by_its_full_name() {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().to_str().unwrap();
        let request = read_words(&["--pack", named, "--device", "mobile", "--devtools"]).unwrap();
        assert_eq!((request.device, request.devtools), (DeviceKind::Mobile, true));
        assert!(request.pack.unwrap().is_absolute());
        let bare = read_words(&["visitor"]).unwrap();
        assert_eq!((bare.pack, bare.device, bare.devtools), (None, DeviceKind::Desktop, false));
        let file = folder.path().join("pack.json");
        std::fs::write(&file, "{}").unwrap();
        for absent in [folder.path().join("none"), file] {
            let words = ["visitor", "--pack", absent.to_str().unwrap(), "--lang", "ru"];
            assert!(matches!(read_words(&words), Err(Refusal::Pack(named, Locale::Ru)) if named == absent));
        }
    }

    #[test]
    fn only_russian_is_russian() {
        for (tag, locale) in [
            ("ru_RU.UTF-8", Locale::Ru),
            ("ru", Locale::Ru),
            ("run_BI", Locale::En),
            ("", Locale::En),
            ("C.UTF-8", Locale::En),
        ] {
            assert_eq!(locale_of(tag), locale, "{tag}");
        }
    }
}
