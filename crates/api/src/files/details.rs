//! A picture, a film or a recording without what it says of its maker, made before it is sent.
//!
//! What must always hold: a picture is one by its bytes, whatever its name ends in; the picture itself stays what it was,
//! and so does the copy that the person chose; where none can be made, the picture is not sent unless the person says so.

use std::io::{self, Write};

use deskbell_vault::{Blob, Part, Vault};
use deskbell_wire::FileCard;
use deskbell_wire::file::{Kind, kind_of};
use uuid::Uuid;

use super::pictures::Pictures;
use super::staged::Clean;

/// Makes it, where there is something to take out and somebody who can.
pub(super) fn clean(vault: &Vault, card: &FileCard, pictures: Option<&dyn Pictures>) -> Clean {
    let Some(pictures) = pictures.filter(|_| is_looked_into(card)) else {
        return Clean::Same;
    };
    make(vault, card, pictures).unwrap_or_else(|error| {
        tracing::warn!(kind = ?error.kind(), "what a file says of its maker was not taken out");
        if is_pdf(card) { Clean::Same } else { Clean::Failed }
    })
}

/// A camera's own formats, and copies under endings that nobody knows, hold as much as a JPEG.
fn is_looked_into(card: &FileCard) -> bool {
    let families = ["image/", "video/", "audio/"];
    let kind = kind_of(&card.media, &card.name);
    families.iter().any(|family| card.media.starts_with(family))
        || matches!(kind, Kind::Image | Kind::Video | Kind::Audio | Kind::Pdf)
}

/// Its author may stand anywhere in it, and a signature covers it: it goes as it is.
fn is_pdf(card: &FileCard) -> bool {
    card.media == "application/pdf"
}

fn make(vault: &Vault, card: &FileCard, pictures: &dyn Pictures) -> io::Result<Clean> {
    if !pictures.has_details(&mut opened(vault, card)?, &card.media)? {
        return Ok(Clean::Same);
    }
    if is_pdf(card) {
        return Ok(Clean::Told);
    }
    let id = Uuid::new_v4();
    let mut made = Made(vault.begin(id)?);
    let written = pictures.without_details(&mut opened(vault, card)?, &card.media, &mut made);
    if let Err(error) = written {
        drop(made);
        drop(vault.drop_part(id));
        return Err(error);
    }
    let size = made.0.len();
    let digest = made.0.finish(None, size)?;
    Ok(Clean::Without(FileCard { size, digest, ..card.clone() }))
}

fn opened(vault: &Vault, card: &FileCard) -> io::Result<Blob> {
    vault.blob(&card.digest, card.size)?.ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Bytes on their way into the vault.
struct Made(Part);

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
