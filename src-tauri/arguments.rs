//! What the command line asks for.
//!
//! What must always hold: a wrong argument is said at once, with exit code 2, before anything is opened or written.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use deskbell_api::doors::{BadDeepLink, DeepLink, read_desk};
use deskbell_api::dto::{DeviceKind, Locale};
use deskbell_wire::JoinLink;

use crate::deep_links;
use crate::profile;
use crate::profiles;
use crate::site_file::Site;

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
    /// A deskbell:// link that was opened: it fills in and asks, and does nothing by itself.
    #[arg(value_name = "LINK", value_parser = opened_link)]
    link: Option<String>,
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
    /// Starts in the tray, without a window.
    #[arg(long)]
    hidden: bool,
    /// Keeps no keys and no conversations on this computer: they are this session's, and nobody is asked about them.
    #[arg(long)]
    session_only: bool,
    /// A company's file with its desk's address; by default site.json beside the program or in /etc/deskbell.
    #[arg(long, value_name = "FILE")]
    site: Option<PathBuf>,
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

impl Face {
    /// As the command line says it, and as its usual profile is called.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Operator => "operator",
        }
    }
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
#[derive(Debug)]
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
    /// A link that was opened, unread.
    pub(crate) link: Option<String>,
    /// No window until the person asks for one.
    pub(crate) hidden: bool,
    /// Keys and conversations are this session's alone.
    pub(crate) session_only: bool,
    /// What a company says.
    pub(crate) site: Site,
}

/// Why a command line asks for nothing.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// clap's: it knows how to print itself and its exit code; a request for help is one of these.
    Usage(clap::Error),
    /// The text after `--desk` leads to no desk.
    Desk(BadDeepLink, Locale),
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
        None => unsaid_face(arguments.visitor),
    }
}

fn visitor_request(visitor: VisitorArguments) -> Result<Request, Refusal> {
    let VisitorArguments { common, pack, device, devtools } = visitor;
    let request = request(Face::Visitor, common)?;
    let locale = request.locale;
    let pack = pack.map(|folder| pack_folder(&folder).ok_or(Refusal::Pack(folder, locale))).transpose()?;
    Ok(Request { pack, device: device.map(DeviceKind::from).unwrap_or_default(), devtools, ..request })
}

/// A word without a scheme is a slip of the pen, and no link.
fn opened_link(word: &str) -> Result<String, &'static str> {
    if word.contains(':') { Ok(word.to_owned()) } else { Err("neither a command nor a deskbell:// link") }
}

/// The folder by its full name: a folder that comes back after it was gone is found again.
fn pack_folder(folder: &Path) -> Option<PathBuf> {
    folder.is_dir().then(|| std::path::absolute(folder).ok()).flatten()
}

/// A link may say whose it is where the command line does not, as when the system opens one.
fn unsaid_face(visitor: VisitorArguments) -> Result<Request, Refusal> {
    let of_operator = visitor.common.link.as_deref().is_some_and(|link| {
        let site = Site::find(visitor.common.site.as_deref(), Locale::En);
        let root = profile::root(visitor.common.data.as_deref(), site.edition());
        let is_set_up =
            |face: Face| root.as_deref().is_some_and(|root| profiles::is_set_up(root, face.word()));
        match DeepLink::read(link, site.edition()) {
            Ok(DeepLink::Chat(Some(_))) => true,
            Ok(DeepLink::Invitation) => false,
            _ => is_set_up(Face::Operator) && !is_set_up(Face::Visitor),
        }
    });
    let plain = visitor.pack.is_none() && visitor.device.is_none() && visitor.common.profile.is_none();
    if of_operator && plain { request(Face::Operator, visitor.common) } else { visitor_request(visitor) }
}

fn request(face: Face, common: CommonArguments) -> Result<Request, Refusal> {
    let locale = match common.lang {
        Some(Language::En) => Locale::En,
        Some(Language::Ru) => Locale::Ru,
        None => system_locale(),
    };
    let site = Site::find(common.site.as_deref(), locale);
    let desk = common.desk.map(|text| read_desk(&text, site.edition()));
    Ok(Request {
        face,
        profile: common.profile.unwrap_or_else(|| face.word().to_owned()),
        desk: desk.transpose().map_err(|bad| Refusal::Desk(bad, locale))?,
        data: common.data,
        locale,
        host: false,
        listen: None,
        owner: None,
        pack: None,
        device: DeviceKind::default(),
        devtools: false,
        link: common.link.as_deref().map(deep_links::cut),
        hidden: common.hidden,
        session_only: common.session_only,
        site,
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
    use deskbell_wire::BadLink;

    use super::*;

    fn read_words(words: &[&str]) -> Result<Request, Refusal> {
        read(std::iter::once("deskbell").chain(words.iter().copied()).map(OsString::from))
    }

    #[test]
    fn no_subcommand_is_the_visitor() {
        let bare = read_words(&["--lang", "en"]).unwrap();
        assert_eq!((bare.face, bare.profile.as_str()), (Face::Visitor, "visitor"));
        let named = read_words(&["visitor", "--lang", "en"]).unwrap();
        assert_eq!((bare.face, bare.profile, bare.hidden), (named.face, named.profile, named.hidden));
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
            &["operatr"],
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
        assert!(matches!(refusal, Refusal::Desk(BadDeepLink::Desk(BadLink::Shape), Locale::Ru)));
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

    const VISITOR: &str = "deskbell://chat?visitor=0198a7c4-3c0a-4d1e-9f00-1234567890ab";

    #[test]
    fn a_link_goes_to_the_face_that_it_is_for() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap();
        let face = |words: &[&str]| {
            let words = [words, &["--data", folder]].concat();
            let request = read_words(&words).unwrap();
            (request.face, request.profile, request.link.is_some())
        };
        let join = "deskbell://join?host=desk.example";
        assert_eq!(face(&[VISITOR]), (Face::Operator, "operator".to_owned(), true));
        assert_eq!(face(&[join]), (Face::Visitor, "visitor".to_owned(), true));
        std::fs::create_dir(data.path().join("operator")).unwrap();
        std::fs::write(data.path().join("operator/profile.json"), r#"{ "host": true }"#).unwrap();
        assert_eq!(face(&[join]).0, Face::Operator, "the only one who is set up here");
        assert_eq!(face(&["deskbell://invitation"]).0, Face::Visitor);
        assert_eq!(face(&["visitor", join]).0, Face::Visitor);
        assert_eq!(face(&["operator", join, "--hidden"]).0, Face::Operator);
        assert_eq!(face(&[]), (Face::Visitor, "visitor".to_owned(), false));
    }

    #[test]
    fn threats_31_a_long_link_is_cut_and_stays_too_long() {
        let long = format!("deskbell://join?host={}", "a".repeat(10_000));
        let link = read_words(&[&long]).unwrap().link.unwrap();
        assert_eq!(link.len(), 2_049);
        assert_eq!(DeepLink::read(&link, None), Err(BadDeepLink::TooLong));
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
