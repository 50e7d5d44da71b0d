//! The line, the history and the desk.

use std::fs;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::Path;

use deskbell_api::desktop::Line;
use deskbell_api::dto::{Locale, Problem, Reachable};
use deskbell_api::profile::{FILES, Keep};
use deskbell_wire::JoinLink;
use deskbell_wire::file::size_words;

use super::Finding;
use crate::arguments::Face;
use crate::backup;
use crate::reach;
use crate::shell::Shell;

/// The line as the session knows it; where it is down, whether anything answers at the desk's address.
pub(super) fn connection(shell: &Shell) -> Finding {
    let Some(facts) = shell.desktop().and_then(|desktop| desktop.facts()) else {
        return Finding::warn("check_line_starting");
    };
    match facts.line {
        Line::Up => Finding::good("check_line_good"),
        Line::Ended if !facts.signed_in => Finding::warn("check_line_signed_out"),
        Line::Ended => Finding::bad("check_line_ended"),
        Line::Down => {
            let link = shell.profile().and_then(|profile| profile.remembered().desk);
            match link.and_then(|link| link.parse().ok()).map(|link: JoinLink| knock(&link)) {
                None => Finding::bad("check_line_down"),
                Some((place, Reachable::Yes)) => Finding::bad("check_line_refused").about(place),
                Some((place, _)) => Finding::bad("check_line_silent").about(place),
            }
        }
    }
}

/// Does anybody answer there? Nothing is said to whoever does.
fn knock(link: &JoinLink) -> (String, Reachable) {
    let place = link.authority();
    let found = (link.host.trim_matches(['[', ']']), link.port).to_socket_addrs();
    let addresses: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
    let answers = addresses.into_iter().take(2).any(|at| reach::answers(at) == Reachable::Yes);
    (place, if answers { Reachable::Yes } else { Reachable::No })
}

/// The whole file is read.
pub(super) fn store(shell: &Shell) -> Finding {
    let keep = match shell.request().face {
        Face::Visitor => shell.visitor().and_then(|visitor| visitor.check()),
        Face::Operator => shell.operator().and_then(|operator| operator.check()),
    };
    match keep {
        Ok(Keep::Disk { folder }) => Finding::good("check_store_good").about(room(&folder, shell.locale())),
        Ok(Keep::SessionOnly) => Finding::warn("check_store_session"),
        Err(Problem { code, .. }) if code == "starting" => Finding::warn("check_line_starting"),
        Err(Problem { code, .. }) if code == "store_corrupt" => Finding::bad("check_store_damaged"),
        Err(_) => Finding::bad("check_store_bad"),
    }
}

/// What the files of all conversations take on this disk.
fn room(profile: &Path, locale: Locale) -> String {
    let folders = fs::read_dir(profile).into_iter().flatten().filter_map(Result::ok);
    let is_files = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(FILES);
    let bytes = folders.filter(is_files).map(|folder| backup::size(&folder.path())).sum();
    size_words(bytes, locale == Locale::Ru)
}

/// Does the desk take connections where it says that it listens?
pub(super) fn hosting(shell: &Shell) -> Finding {
    let Ok(desk) = shell.desk() else { return Finding::warn("check_hosting_none") };
    let own = desk.own_link();
    let (_, answers) = knock(&own);
    let listens = desk.listens();
    match answers {
        Reachable::Yes if listens.ip().is_loopback() => {
            Finding::good("check_hosting_local").about(listens.to_string())
        }
        Reachable::Yes => Finding::good("check_hosting_good").about(listens.to_string()),
        _ => Finding::bad("check_hosting_silent").about(listens.to_string()),
    }
}
