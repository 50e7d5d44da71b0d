//! A site's settings at the desk.

use std::sync::LazyLock;

use deskbell_wire::SiteSettings;

use super::Desk;
use super::person::PersonKey;

static DEFAULT: LazyLock<SiteSettings> = LazyLock::new(SiteSettings::default);

impl Desk {
    /// The settings of the visitor's site.
    pub(super) fn site_of(&self, key: PersonKey) -> &SiteSettings {
        self.settings.get(&key.site).unwrap_or(&DEFAULT)
    }
}
