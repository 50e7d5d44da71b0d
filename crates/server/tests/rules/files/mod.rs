//! Files at the desk's machine, in virtual time: their bytes are always right here.

mod life;
mod machine;
mod rights;
mod shop;
mod site;
mod truth;
pub(crate) mod uploads;
mod words;
