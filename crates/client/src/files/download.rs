//! A message's file from the desk, from where it stands here.
//!
//! What must always hold: nothing is given out before its digest fits; nothing grows beyond what the message says; what
//! came before a cut is not asked for again.

use std::time::{Duration, Instant};

use deskbell_core::transfers::{CarrierReport, DiskTrouble, Trouble, Voice};
use deskbell_vault::{Part, Vault, VaultError};
use deskbell_wire::{FileCard, FileRefusal, MessageId};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONTENT_RANGE, IF_RANGE, RANGE};
use hyper::{Method, Response, StatusCode};

use super::body::Payload;
use super::counted::Progress;
use super::http::{Http, patient};
use super::said::refusal;
use super::{Line, aside, disk};

/// Between two words of how far it is.
const PACE: Duration = Duration::from_millis(100);
/// Bytes that are left to whatever else this computer does.
const RESERVE: u64 = 64 * 1024 * 1024;

/// How often it is looked whether a part is free.
const LOOK: Duration = Duration::from_millis(20);
/// How many times.
const LOOKS: u32 = 500;

/// A file on its way here. Its part has the message's name.
pub(super) struct Fetch {
    pub(super) message: MessageId,
    pub(super) run: u64,
    pub(super) voice: Voice,
    pub(super) card: FileCard,
}

impl Fetch {
    pub(super) async fn bring(&self, line: &Line) -> Result<(), Trouble> {
        if line.vault.has(&self.card.digest) {
            return Ok(());
        }
        let mut part = self.part(&line.vault).await?;
        if part.len() < self.card.size {
            let mut http = Http::open(&line.link).await?;
            let answer = self.ask(&mut http, part.len()).await?;
            if !goes_on(&answer, part.len(), self.card.size) {
                part = self.anew(&line.vault, part).await?;
            }
            self.take(line, &http.progress, (answer, &mut part)).await?;
        }
        self.finish(part).await
    }

    /// What came before, as far as it is sound.
    async fn part(&self, vault: &Vault) -> Result<Part, Trouble> {
        let (vault, id, size) = (vault.clone(), self.message.0, self.card.size);
        let_go(&vault, self.message).await?;
        aside(move || {
            if let Some(part) = vault.resume(id)? {
                if part.len() <= size {
                    return Ok(part);
                }
                drop(part);
            }
            if vault.free().is_ok_and(|free| free < size.saturating_add(RESERVE)) {
                return Err(VaultError::Full);
            }
            vault.begin(id)
        })
        .await
    }

    async fn anew(&self, vault: &Vault, part: Part) -> Result<Part, Trouble> {
        let (vault, id) = (vault.clone(), self.message.0);
        aside(move || {
            drop(part);
            vault.begin(id)
        })
        .await
    }

    async fn ask(&self, http: &mut Http, from: u64) -> Result<Response<Incoming>, Trouble> {
        let mut request = http.request(Method::GET, &format!("/v1/files/{}", self.message), &self.voice)?;
        if from > 0 {
            request = request
                .header(RANGE, format!("bytes={from}-"))
                .header(IF_RANGE, format!("\"{}\"", self.card.digest));
        }
        let answer = http.ask(request, Payload::empty()).await?;
        match answer.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(answer),
            // What is there is not what the message says: nothing that comes can fit.
            StatusCode::RANGE_NOT_SATISFIABLE => Err(Trouble::Refused(FileRefusal::Checksum)),
            _ => Err(refusal(answer).await),
        }
    }

    async fn take(
        &self,
        line: &Line,
        progress: &Progress,
        (answer, part): (Response<Incoming>, &mut Part),
    ) -> Result<(), Trouble> {
        let (mut body, mut told) = (answer.into_body(), None::<Instant>);
        while let Some(frame) = patient(progress, body.frame()).await? {
            let Ok(bytes) = frame.map_err(|_| Trouble::Line)?.into_data() else { continue };
            if part.len().saturating_add(bytes.len() as u64) > self.card.size {
                return Err(Trouble::Refused(FileRefusal::Checksum));
            }
            part.append(&bytes).map_err(disk)?;
            if told.is_none_or(|told| told.elapsed() >= PACE) {
                told = Some(Instant::now());
                let (message, run, done) = (self.message, self.run, part.len());
                line.say(CarrierReport::Fetched { message, run, done });
            }
        }
        if part.len() < self.card.size { Err(Trouble::Line) } else { Ok(()) }
    }

    async fn finish(&self, part: Part) -> Result<(), Trouble> {
        let FileCard { digest, size, .. } = self.card;
        let finished = tokio::task::spawn_blocking(move || part.finish(Some(&digest), size)).await;
        match finished.map_err(|_| Trouble::Disk(DiskTrouble::Other))? {
            Ok(_) => Ok(()),
            Err(VaultError::Digest) => Err(Trouble::Refused(FileRefusal::Checksum)),
            Err(error) => Err(disk(error)),
        }
    }
}

/// A run that was stopped while it waited for the disk lets go of the part only when the disk has answered.
async fn let_go(vault: &Vault, message: MessageId) -> Result<(), Trouble> {
    for _ in 0..LOOKS {
        if !vault.is_open(message.0) {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
    Err(Trouble::Line)
}

/// Does the answer go on from there? If not, it is the whole file.
fn goes_on(answer: &Response<Incoming>, from: u64, size: u64) -> bool {
    if answer.status() == StatusCode::OK {
        return from == 0;
    }
    let said = answer.headers().get(CONTENT_RANGE).and_then(|said| said.to_str().ok());
    said.is_some_and(|said| said == format!("bytes {from}-{}/{size}", size.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{DeviceId, FileDigest, Identity, Secret};
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn a_run_that_was_stopped_may_still_wait_for_the_disk_with_the_part_in_its_hands() {
        let (vault, message) = (Vault::passing().unwrap(), MessageId(Uuid::from_u128(7)));
        let mut held = vault.begin(message.0).unwrap();
        held.append(b"so much came").unwrap();
        let who = Identity::Operator { token: Secret::new([1; 32]) };
        let fetch = Fetch {
            message,
            run: 2,
            voice: Voice { who, device: DeviceId(Uuid::from_u128(9)) },
            card: FileCard {
                name: "a.txt".into(),
                size: 20,
                media: "text/plain".into(),
                digest: FileDigest([1; 32]),
            },
        };
        let answers = async {
            tokio::time::sleep(LOOK).await;
            drop(held);
        };
        let (part, ()) = tokio::join!(fetch.part(&vault), answers);
        assert_eq!(part.map(|part| part.len()), Ok(12));
    }
}
