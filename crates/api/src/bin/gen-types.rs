//! Writes the pages' types: `gen-types DIR`. Called by `cargo xtask gen`.

use std::process::ExitCode;

use deskbell_api::dto::{
    AppBoot, Check, Connected, Conversation, CrashReport, DesktopSettings, Device, ExportFiles, ExportFormat,
    ExportProgress, Exported, FileWords, FilesHeld, FilesPage, FlawReport, LinkAnswer, LinkCode,
    MessagesPage, NewPiece, OperatorBoot, OperatorUpdate, OperatorWish, PackAnswer, PersonCard, Reach, Saved,
    SecretsSettings, VisitorBoot, VisitorUpdate, VisitorWish,
};
use ts_rs::{Config, ExportError, TS};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: gen-types DIR");
        return ExitCode::from(2);
    };
    match export(&Config::new().with_out_dir(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the types were not written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The roots; everything that they mention comes with them.
fn export(config: &Config) -> Result<(), ExportError> {
    SecretsSettings::export_all(config)?;
    VisitorBoot::export_all(config)?;
    VisitorUpdate::export_all(config)?;
    OperatorBoot::export_all(config)?;
    OperatorUpdate::export_all(config)?;
    Conversation::export_all(config)?;
    MessagesPage::export_all(config)?;
    VisitorWish::export_all(config)?;
    LinkCode::export_all(config)?;
    Device::export_all(config)?;
    PackAnswer::export_all(config)?;
    FlawReport::export_all(config)?;
    OperatorWish::export_all(config)?;
    PersonCard::export_all(config)?;
    DesktopSettings::export_all(config)?;
    Check::export_all(config)?;
    CrashReport::export_all(config)?;
    Saved::export_all(config)?;
    FilesPage::export_all(config)?;
    FileWords::export_all(config)?;
    NewPiece::export_all(config)?;
    ExportFormat::export_all(config)?;
    ExportFiles::export_all(config)?;
    ExportProgress::export_all(config)?;
    Exported::export_all(config)?;
    FilesHeld::export_all(config)?;
    Reach::export_all(config)?;
    Connected::export_all(config)?;
    LinkAnswer::export_all(config)?;
    AppBoot::export_all(config)
}
