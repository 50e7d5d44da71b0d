//! A site at the desk: its settings, who works in which group, and who is told of it.
//!
//! What must always hold: what is told of settings is durable; the mail server's password leaves this thread towards
//! the mail server alone; a group's number is never used again, and an operator whose groups are gone does not come
//! to work in all of them by that.

use std::collections::HashMap;
use std::sync::LazyLock;

use deskbell_db::DbError;
use deskbell_wire::limits::{FRAME_BYTES, GROUPS};
use deskbell_wire::{
    Availability, DeskFrame, GroupId, OperatorId, OperatorSeat, Refusal, Site, SiteSettings, Timestamp, Told,
};

use super::Desk;
use super::ask::refused;
use super::conn::Operator;
use super::fanout::encoded;
use super::io::{Class, ConnId, Output};
use super::person::PersonKey;
use super::presence::GATHER_MS;
use crate::store::SiteRow;

/// The largest settings, in bytes of JSON: the rest of a frame is for those who work there.
const SETTINGS_BYTES: usize = 48 * 1024;
/// Bytes of a `site` frame beside settings and operators.
const AROUND_BYTES: usize = 256;

static DEFAULT: LazyLock<SiteSettings> = LazyLock::new(SiteSettings::default);

/// What a desk keeps of its sites besides their settings. By the site's row.
#[derive(Default)]
pub(super) struct Sites {
    next_group: HashMap<i64, u32>,
    /// Who is there, as the visitors were last told.
    pub(super) presence: HashMap<i64, Availability>,
    /// Since when operators are to be told of their colleagues.
    pub(super) news: Option<Timestamp>,
}

impl Sites {
    pub(super) fn of(rows: &[SiteRow]) -> Self {
        Self { next_group: rows.iter().map(|site| (site.row, site.next_group)).collect(), ..Self::default() }
    }

    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        self.news.map(|since| Timestamp(since.0 + GATHER_MS))
    }
}

impl Desk {
    /// The settings of the visitor's site.
    pub(super) fn site_of(&self, key: PersonKey) -> &SiteSettings {
        self.settings_of(key.site)
    }

    /// The settings of the site of this row.
    pub(super) fn settings_of(&self, site: i64) -> &SiteSettings {
        self.settings.get(&site).unwrap_or(&DEFAULT)
    }

    /// The site that a desk has from its first start.
    pub(super) fn main_site(&self) -> i64 {
        self.sites.values().copied().min().unwrap_or(0)
    }

    /// Changes the settings of the desk's site, durably.
    pub(super) fn save_site(&mut self, wished: SiteSettings) -> Told {
        let site = self.main_site();
        let (settings, next_group) = match self.settled(site, wished) {
            Ok(settled) => settled,
            Err(told) => return told,
        };
        match self.alone(|store| store.save_site(site, &settings, next_group)) {
            Ok(()) => {
                self.take_settings(site, settings, next_group);
                Told::Done {}
            }
            Err(error) => unwritten(&error),
        }
    }

    /// The settings as they would be, and the number of the next group.
    fn settled(&self, site: i64, mut wished: SiteSettings) -> Result<(SiteSettings, u32), Told> {
        let invalid = |path: &str| Told::Refused { code: Refusal::Invalid, detail: Some(path.to_owned()) };
        let kept = self.settings_of(site);
        if wished.version != kept.version {
            return Err(refused(Refusal::Stale));
        }
        if let Some(flaw) = wished.flaw() {
            return Err(invalid(flaw.0));
        }
        let mut next = self.site_book.next_group.get(&site).copied().unwrap_or(1);
        for group in &mut wished.form.groups {
            if group.id == GroupId(0) {
                group.id = GroupId(next);
                next += 1;
            } else if !kept.form.groups.iter().any(|known| known.id == group.id) {
                return Err(invalid("form.groups"));
            }
        }
        // A group that is gone takes its rules with it.
        let groups = &wished.form.groups;
        wished.form.files.groups.retain(|own| groups.iter().any(|group| group.id == own.group));
        if let (Some(mail), Some(before)) = (wished.mail.as_mut(), kept.mail.as_ref())
            && mail.password.is_none()
        {
            mail.password.clone_from(&before.password);
        }
        wished.form.mail = wished.mail.is_some();
        // It comes with a file, not with settings.
        wished.form.pack = None;
        wished.version += 1;
        let size = serde_json::to_vec(&shown(&wished)).map_or(usize::MAX, |json| json.len());
        if size > SETTINGS_BYTES { Err(invalid("settings")) } else { Ok((wished, next)) }
    }

    /// Goes by these settings from now on, and tells everybody whom they concern.
    fn take_settings(&mut self, site: i64, settings: SiteSettings, next_group: u32) {
        self.settings.insert(site, settings);
        self.site_book.next_group.insert(site, next_group);
        self.tell_form(site);
        self.look_who_is_there();
        self.tell_availability(site);
        self.set_alarms(site);
        self.tell_site();
    }

    /// Tells all visitors of the site who are there what it is now.
    pub(super) fn tell_form(&mut self, site: i64) {
        let Some(new) = encoded(&DeskFrame::Form(Box::new(self.form(site)))) else { return };
        let untold = self.packs.untold();
        let before = match untold.is_empty() {
            true => None,
            false => encoded(&DeskFrame::Form(Box::new(self.form_before(site)))),
        };
        let there = self.people.iter().filter(|(key, _)| key.site == site);
        for to in there.flat_map(|(_, person)| &person.conns) {
            let text = before.as_ref().filter(|_| untold.contains(to)).unwrap_or(&new);
            self.outputs.push(Output::Frame { to: *to, text: text.clone(), class: Class::Answer });
        }
    }

    /// Reads all settings and places again, after a commit of unknown outcome (S5).
    pub(super) fn reread_sites(&mut self) -> Result<(), DbError> {
        for SiteRow { row, settings, next_group, .. } in self.store.sites()? {
            if *self.settings_of(row) != settings {
                self.take_settings(row, settings, next_group);
            }
        }
        let mut changed = false;
        for (row, operator) in &mut self.operators {
            let places = self.store.places(*row)?;
            changed |= std::mem::replace(&mut operator.rights.places, places.clone()) != places;
        }
        if changed {
            self.rights_changed();
        }
        Ok(())
    }

    /// Puts an operator into groups of the desk's site, durably; none: all.
    pub(super) fn set_groups(&mut self, operator: OperatorId, groups: &[GroupId]) -> Told {
        let invalid = |path: &str| Told::Refused { code: Refusal::Invalid, detail: Some(path.to_owned()) };
        let site = self.main_site();
        let known = &self.settings_of(site).form.groups;
        let are_known = groups.iter().all(|group| known.iter().any(|known| known.id == *group));
        if groups.len() > GROUPS || !are_known {
            return invalid("groups");
        }
        let row = match self.store.operator_row(operator) {
            Ok(Some(row)) => row,
            Ok(None) => return invalid("operator"),
            Err(error) => return unwritten(&error),
        };
        let written = self.alone(|store| {
            store.set_places(row, site, groups)?;
            store.places(row)
        });
        match written {
            Ok(places) => {
                if let Some(operator) = self.operators.get_mut(&row) {
                    operator.rights.places = places;
                }
                self.rights_changed();
                Told::Done {}
            }
            Err(error) => unwritten(&error),
        }
    }

    /// Who may see what is different now.
    fn rights_changed(&mut self) {
        self.lists.look_again();
        self.requests.look_again();
        self.look_who_is_there();
        self.tell_site();
    }

    /// Tells every operator what the site is now.
    pub(super) fn tell_site(&mut self) {
        self.site_book.news = None;
        let all: Vec<ConnId> = self.at_work.iter().map(|post| post.conn).collect();
        self.tell_site_to(&all);
    }

    /// Tells these operators what the site is now.
    pub(super) fn tell_site_to(&mut self, conns: &[ConnId]) {
        let settings = shown(self.settings_of(self.main_site()));
        let operators = match self.seats(&settings) {
            Ok(operators) => operators,
            Err(error) => {
                tracing::warn!(%error, "the operators cannot be read; they are told again when somebody comes");
                return;
            }
        };
        let mut site = Site { settings, operators, admin: false };
        for admin in [false, true] {
            site.admin = admin;
            let is_one = |conn: &&ConnId| self.rights_of(**conn).is_some_and(|rights| rights.admin == admin);
            let them: Vec<ConnId> = conns.iter().filter(is_one).copied().collect();
            if them.is_empty() {
                continue;
            }
            let Some(text) = encoded(&DeskFrame::Site(Box::new(site.clone()))) else { return };
            for to in them {
                self.outputs.push(Output::Frame { to, text: text.clone(), class: Class::Answer });
            }
        }
    }

    /// Everybody who works there, as many as fit into a frame beside the settings.
    fn seats(&self, settings: &SiteSettings) -> Result<Vec<OperatorSeat>, DbError> {
        let taken = serde_json::to_vec(settings).map_or(FRAME_BYTES, |json| json.len());
        let (mut room, site) = (FRAME_BYTES.saturating_sub(taken + AROUND_BYTES), self.main_site());
        let mut seats = Vec::new();
        for (account, _) in self.store.operators()? {
            let places = self.store.places(account.row)?.into_iter();
            let seat = OperatorSeat {
                groups: places.filter(|(place, _)| *place == site).map(|(_, group)| group).collect(),
                admin: account.admin,
                online: self.operators.get(&account.row).is_some_and(Operator::is_available),
                card: account.card,
            };
            let size = serde_json::to_vec(&seat).map_or(usize::MAX, |json| json.len() + 1);
            if size > room {
                tracing::warn!("there are more operators than one frame can name");
                break;
            }
            room -= size;
            seats.push(seat);
        }
        Ok(seats)
    }
}

/// Settings as they may be told: without the mail server's password.
fn shown(settings: &SiteSettings) -> SiteSettings {
    let mut shown = settings.clone();
    if let Some(mail) = &mut shown.mail {
        mail.password = None;
    }
    shown
}

fn unwritten(error: &DbError) -> Told {
    tracing::warn!(%error, "a question could not be answered");
    refused(Refusal::Storage)
}
