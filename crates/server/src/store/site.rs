//! Sites: their settings, and who works in which group.

use deskbell_db::DbError;
use deskbell_wire::{GroupId, OperatorId, SiteSettings};
use rusqlite::params;
use zeroize::Zeroizing;

use super::Store;

/// A site as it is kept.
pub(crate) struct SiteRow {
    pub(crate) row: i64,
    pub(crate) key: String,
    /// With the mail server's password.
    pub(crate) settings: SiteSettings,
    /// The number of the next group: no number is used again.
    pub(crate) next_group: u32,
}

impl Store {
    /// Every site.
    pub(crate) fn sites(&self) -> Result<Vec<SiteRow>, DbError> {
        let kept = self.all("SELECT id, key, settings, mail_password, next_group FROM sites", [], |row| {
            let password: String = row.get(3)?;
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, Zeroizing::new(password), row.get(4)?))
        })?;
        let read = |(row, key, json, password, next_group): (_, _, String, Zeroizing<String>, _)| {
            let mut settings = match json.as_str() {
                "" => SiteSettings::default(),
                json => serde_json::from_str(json).map_err(|_| DbError::Corrupt)?,
            };
            if let Some(mail) = settings.mail.as_mut().filter(|_| !password.is_empty()) {
                mail.password = Some((*password).clone());
            }
            Ok(SiteRow { row, key, settings, next_group })
        };
        kept.into_iter().map(read).collect()
    }

    /// Keeps a site's settings; the mail server's password stands beside them.
    pub(crate) fn save_site(
        &self,
        site: i64,
        settings: &SiteSettings,
        next_group: u32,
    ) -> Result<(), DbError> {
        let mut shown = settings.clone();
        let password = shown.mail.as_mut().and_then(|mail| mail.password.take());
        let password = Zeroizing::new(password.unwrap_or_default());
        let json =
            serde_json::to_string(&shown).map_err(|_| DbError::Io("settings that are no JSON".to_owned()))?;
        self.change(
            "UPDATE sites SET settings = ?2, mail_password = ?3, next_group = ?4 WHERE id = ?1",
            params![site, json, *password, next_group],
        )
        .map(drop)
    }

    /// The groups in which an operator works, by site. A site that is not among them: in all its groups.
    pub(crate) fn places(&self, operator: i64) -> Result<Vec<(i64, GroupId)>, DbError> {
        self.all("SELECT site, grp FROM places WHERE operator = ?1 ORDER BY site, grp", [operator], |row| {
            Ok((row.get(0)?, GroupId(row.get(1)?)))
        })
    }

    /// Inside a transaction: puts an operator into these groups of a site and no others.
    pub(crate) fn set_places(&self, operator: i64, site: i64, groups: &[GroupId]) -> Result<(), DbError> {
        self.change("DELETE FROM places WHERE operator = ?1 AND site = ?2", [operator, site])?;
        for group in groups {
            self.change(
                "INSERT OR IGNORE INTO places (operator, site, grp) VALUES (?1, ?2, ?3)",
                params![operator, site, group.0],
            )?;
        }
        Ok(())
    }

    /// The row of an operator.
    pub(crate) fn operator_row(&self, id: OperatorId) -> Result<Option<i64>, DbError> {
        self.one("SELECT id FROM operators WHERE operator_id = ?1", [id.0.as_bytes()], |row| row.get(0))
    }
}
