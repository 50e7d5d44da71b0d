//! An operator's session in this process: sets the site up before the run, or looks in from outside.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deskbell_api::desktop::Newsroom;
use deskbell_api::dto::{Locale, OperatorUpdate};
use deskbell_api::operator::{OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_wire::{DeviceId, FileQuota, Group, GroupId, JoinLink, Secret};

use super::app::say_problem;
use crate::torture::Trouble;
use crate::torture::desk::PASSWORD;

/// Nothing at the start takes that long.
const LIMIT: Duration = Duration::from_secs(30);

/// An operator who is signed in.
pub(super) struct Operator {
    pub(super) app: OperatorApp,
    pub(super) device: DeviceId,
    news: Receiver<OperatorUpdate>,
    token: Arc<Mutex<Option<Secret>>>,
    desk: DeskKey,
    secrets: ProfileSecrets,
}

impl Operator {
    /// Signs in. `folder`: where the history is kept; without one in memory.
    pub(super) fn start(link: &JoinLink, folder: Option<&Path>, login: &str) -> Result<Self, Trouble> {
        let secrets = ProfileSecrets::generate(Locale::En).map_err(say_problem)?;
        let (desk, token, device) = (DeskKey::of(link), Arc::new(Mutex::new(None)), secrets.device_id);
        let kept = Arc::clone(&token);
        let options = OperatorOptions {
            desk: desk.clone(),
            link: link.clone(),
            secrets: secrets.clone(),
            keep: folder.map_or(Keep::SessionOnly, |folder| Keep::Disk { folder: folder.to_owned() }),
            locale: Locale::En,
            newsroom: Newsroom::silent(),
            hosting: None,
            needs_setup: false,
            // One that is forgotten here is what a thief would have.
            keep_token: Box::new(move |new| {
                if new.is_some() {
                    *kept.lock().unwrap_or_else(PoisonError::into_inner) = new;
                }
            }),
        };
        let app = OperatorApp::start(options).map_err(say_problem)?;
        let (told, news) = channel();
        let listener = Box::new(move |update| {
            // Nobody listens at the very end.
            let _ = told.send(update);
        });
        app.boot(listener).map_err(say_problem)?;
        app.sign_in(login, PASSWORD).map_err(say_problem)?;
        Ok(Self { app, device, desk, secrets, news, token })
    }

    /// Ends, and gives its profile, which is signed in.
    pub(super) fn into_secrets(self) -> Result<ProfileSecrets, Trouble> {
        let token = self.token()?;
        self.app.stop();
        let mut secrets = self.secrets;
        secrets.operator_tokens.insert(self.desk, token);
        Ok(secrets)
    }

    /// Takes the limits for days off and makes two groups; gives their numbers.
    pub(super) fn set_site_up(&self) -> Result<Vec<GroupId>, Trouble> {
        let mut settings = self.site(|_| true)?.0;
        let group = |name: &str| Group { id: GroupId(0), name: name.to_owned() };
        settings.form.groups = vec![group("Sales"), group("Support")];
        settings.quota = FileQuota { visitor_day_bytes: 1 << 40, site_bytes: 1 << 40 };
        self.app.save_site(settings).map_err(say_problem)?;
        let groups = self.site(|groups| groups.len() == 2)?.1;
        Ok(groups)
    }

    fn site(
        &self,
        is_it: impl Fn(&[GroupId]) -> bool,
    ) -> Result<(deskbell_wire::SiteSettings, Vec<GroupId>), Trouble> {
        let until = Instant::now() + LIMIT;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if let OperatorUpdate::Site { site } =
                self.news.recv_timeout(left).map_err(|_| "the site never came")?
            {
                let groups: Vec<GroupId> = site.settings.form.groups.iter().map(|group| group.id).collect();
                if is_it(&groups) {
                    return Ok((site.settings, groups));
                }
            }
        }
    }

    /// Signs out. The desk is to hear of it, so it waits until the line is there.
    pub(super) fn sign_out(&self) -> Result<(), Trouble> {
        self.site(|_| true)?;
        self.app.sign_out().map_err(say_problem)
    }

    /// Which operator it is.
    pub(super) fn id(&self) -> Result<String, Trouble> {
        let boot = self.app.boot(Box::new(|_| {})).map_err(say_problem)?;
        Ok(boot.operator.ok_or("nobody is signed in")?.id)
    }

    /// The proof that the desk gave.
    pub(super) fn token(&self) -> Result<Secret, Trouble> {
        Ok(self.token.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or("no token")?)
    }
}
