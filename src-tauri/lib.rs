//! The desktop shell: the operating system on one side, crates/api on the other, and as little as can be between.

mod again;
mod arguments;
mod autostart;
mod backup;
mod channels;
mod closing;
mod commands;
mod crash;
mod deeds;
mod deep_links;
mod desktop;
mod diagnostics;
mod dialogs;
mod display;
mod engine;
mod export;
mod files;
mod folders;
mod forward;
mod handover;
mod host;
mod launch;
mod leaving;
mod links;
mod logs;
#[cfg(test)]
mod manual;
mod memory;
mod pack_folder;
mod pack_protocol;
mod packs;
mod pause;
mod preferences;
mod problem;
mod profile;
mod profiles;
mod protocol;
mod questions;
mod quitting;
mod ranges;
mod reach;
mod secrets;
mod settings;
mod shell;
mod signals;
mod site_file;
mod slot;
mod system;
mod texts;
mod tray;
mod unlocking;
#[cfg(feature = "updates")]
mod updates;
mod watch;
mod whole;
mod window_state;
mod windows;

use std::ffi::OsString;
use std::process::ExitCode;

use deskbell_api::doors::link_problem;
use deskbell_api::dto::Locale;
use tauri::{AppHandle, Manager, RunEvent};

use arguments::Refusal;
use shell::Shell;

/// Runs the program until its last window is closed or a signal ends it. `words` is the command line, with the
/// program's own name first.
///
/// The exit code is 0, or 1 where the program could not do what it is for, or 2 for a wrong command line.
pub fn run(words: impl Iterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.collect();
    if words.get(1).is_some_and(|word| word == files::WORKER) {
        return deskbell_preview::child::main();
    }
    let request = match arguments::read(words.into_iter()) {
        Ok(request) => request,
        Err(Refusal::Usage(error)) => return usage(&error),
        Err(Refusal::Desk(bad, locale)) => {
            return problem::on_terminal(&link_problem(bad, locale), 2);
        }
        Err(Refusal::Pack(folder, locale)) => {
            let sentence = problem::say_of("pack_folder", &folder.display().to_string(), locale);
            return problem::on_terminal(&sentence, 2);
        }
    };
    let locale = request.locale;
    if !display::is_named() {
        return problem::on_terminal(&problem::say("no_display", locale), 1);
    }
    let profile = match handover::profile(&request) {
        Ok(profile) => profile,
        Err(ended) => return ended,
    };
    let folder = profile.as_ref().ok().map(|profile| profile.folder.clone());
    let logs = logs::begin(folder.as_deref());
    folder.as_deref().inspect(|folder| crash::watch(folder));
    folder.as_deref().inspect(|folder| files::sweep(folder));
    tracing::info!(version = env!("CARGO_PKG_VERSION"), system = std::env::consts::OS, "the program begins");
    let (code, leaving) = open(Shell::new(request, profile), locale);
    folder.as_deref().inspect(|folder| files::sweep(folder));
    tracing::info!("the program ends");
    drop(logs);
    match leaving.map(|plan| leaving::finish(&plan)) {
        Some(Err(error)) => problem::on_terminal(&leaving::kept(&error, locale), 1),
        _ => code,
    }
}

/// Runs until the end; what is to be erased then comes with the exit code.
fn open(shell: Shell, locale: Locale) -> (ExitCode, Option<leaving::Plan>) {
    let (desktop, heard) = desktop::Desktop::waiting();
    shell.run_desktop(desktop.clone());
    // The keys and the desk take their time beside the toolkit, which takes as long.
    let begun = launch::begin_early(&shell);
    let app = tauri::Builder::default()
        .manage(shell.clone())
        .invoke_handler(commands::handler())
        .register_asynchronous_uri_scheme_protocol("desk", protocol::handle)
        .register_asynchronous_uri_scheme_protocol("pack", pack_protocol::handle)
        .setup(move |app| {
            desktop.start(app.handle().clone(), heard)?;
            app.state::<Shell>().run_tray(tray::Tray::start(app.handle().clone())?);
            system::start(app.handle());
            tauri::async_runtime::spawn(signals::end_on_signal(app.handle().clone()));
            pack_folder::watch(app.handle());
            #[cfg(feature = "updates")]
            updates::watch(app.handle())?;
            open_door(app.handle());
            begin(app.handle(), begun);
            Ok(())
        });
    let app = match display::reach(locale, || app.build(tauri::generate_context!())) {
        Ok(app) => app,
        Err(error) => {
            tracing::error!(%error, "the windows' system did not start");
            shell.stop();
            return (problem::on_terminal(&problem::say("unexpected", locale), 1), None);
        }
    };
    let handle = app.handle().clone();
    let code = app.run_return(|app, event| match event {
        RunEvent::Exit => {
            window_state::keep(app);
            app.state::<Shell>().stop();
        }
        // Elsewhere a link comes as an argument.
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => urls.iter().for_each(|url| deep_links::open(app, url.as_str())),
        _ => {}
    });
    let shell = handle.state::<Shell>();
    let failed = code != 0 || shell.failed();
    (
        if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS },
        shell.leaving().cloned().or_else(|| leaving::after_session(&shell)),
    )
}

/// Without it a second start ends with a sentence, as if this one were stuck.
fn open_door(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let Some(profile) = shell.profile() else { return };
    if let Err(error) = handover::listen(app, &profile.folder, deep_links::take) {
        tracing::warn!(%error, "second starts are not heard");
    }
}

/// Tauri answers an error of its setup by a panic: this one ends the program instead.
fn begin(app: &AppHandle, begun: Option<launch::Begun>) {
    if let Err(error) = launch::begin(app, begun) {
        tracing::error!(%error, "the first window did not open");
        app.exit(1);
    }
}

/// clap's text, where it belongs: help to the output, a refusal to the errors.
fn usage(error: &clap::Error) -> ExitCode {
    drop(error.print());
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
