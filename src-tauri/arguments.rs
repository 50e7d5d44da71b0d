//! What the command line asks for.
//!
//! What must always hold: a wrong argument is said at once, with exit code 2, before anything is opened or written.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use deskbell_api::dto::Locale;
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
}

/// Why a command line asks for nothing.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// clap's: it knows how to print itself and its exit code; a request for help is one of these.
    Usage(clap::Error),
    /// The text after `--desk` leads to no desk.
    Desk(BadLink, Locale),
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
        Some(FaceArguments::Visitor(visitor)) => request(Face::Visitor, visitor.common),
        None => request(Face::Visitor, arguments.visitor.common),
    }
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
            &["--profile"],
        ] {
            match read_words(words).unwrap_err() {
                Refusal::Usage(error) => assert_eq!(error.exit_code(), 2, "{words:?}"),
                refusal @ Refusal::Desk(..) => panic!("{words:?}: {refusal:?}"),
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
