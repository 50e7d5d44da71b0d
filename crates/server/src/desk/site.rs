//! A site's settings at the desk.

use std::sync::LazyLock;

use deskbell_wire::SiteSettings;

use super::Desk;
use super::person::PersonKey;

static DEFAULT: LazyLock<SiteSettings> = LazyLock::new(SiteSettings::default);

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
}
