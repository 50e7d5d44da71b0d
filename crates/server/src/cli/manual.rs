//! The page of the manual beside the program: an option that one of them does not know is a mistake.

use std::collections::BTreeSet;

use clap::{Command, CommandFactory};

use super::Cli;

/// Every option of the program and of its commands, as it is typed; what is hidden is nobody's business.
fn options(command: &Command) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .filter_map(|argument| Some(format!("--{}", argument.get_long()?)))
        .collect();
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        all.extend(options(below));
    }
    all
}

/// What stands in bold at the head of an entry of the page.
fn described(page: &str) -> BTreeSet<String> {
    let heads = page.lines().zip(page.lines().skip(1)).filter(|(before, _)| *before == ".TP");
    let words = heads.flat_map(|(_, head)| head.split(['"', ',', ' ']));
    words.map(|word| word.replace('\\', "")).filter(|word| word.starts_with("--")).collect()
}

#[test]
fn the_manual_describes_each_option_and_no_other() {
    let mut command = Cli::command();
    command.build();
    assert_eq!(options(&command), described(include_str!("../../../../packaging/man/deskbell-server.1")));
}

#[test]
fn the_manual_describes_each_command() {
    let page =
        include_str!("../../../../packaging/man/deskbell-server.1").replace("\"", "").replace(".BI", ".B");
    for command in Cli::command().get_subcommands() {
        let below: Vec<_> = command
            .get_subcommands()
            .map(|below| format!("{} {}", command.get_name(), below.get_name()))
            .collect();
        let names = if below.is_empty() { vec![command.get_name().to_owned()] } else { below };
        for name in names {
            assert!(page.contains(&format!(".TP\n.B {name}")), "{name}");
        }
    }
}
