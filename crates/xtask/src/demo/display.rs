//! Is there a screen to open a window on?

use std::path::Path;

use crate::stop::{Result, Stop};

const ADVICE: &str = "\
Start this command in a terminal of your desktop, or over `ssh -X`, or without any screen:
  xvfb-run -a -s \"-screen 0 1680x1050x24\" cargo xtask run
(Debian's package `xvfb`; `cargo xtask setup --tests` installs it.)";

/// Says what to do where there is none.
pub(crate) fn check() -> Result<()> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match absence(named("DISPLAY").as_deref(), named("WAYLAND_DISPLAY").is_some(), &|path| path.exists()) {
        None => Ok(()),
        Some(why) => Err(Stop::because(format!("{why}\n{ADVICE}"))),
    }
}

fn absence(display: Option<&str>, wayland: bool, exists: &dyn Fn(&Path) -> bool) -> Option<String> {
    match display {
        _ if wayland => None,
        None => Some(
            "Deskbell opens windows, and there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."
                .to_owned(),
        ),
        Some(display) => {
            // Only a display of this machine (":0", ":0.1") has a socket that one can look at.
            let number = display.strip_prefix(':')?.split('.').next()?;
            let socket = format!("/tmp/.X11-unix/X{number}");
            (!exists(Path::new(&socket))).then(|| {
                format!("DISPLAY is {display}, and no X server answers there ({socket} does not exist).")
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_is_wayland_or_an_x_server_that_is_there() {
        let there = |path: &Path| path == Path::new("/tmp/.X11-unix/X99");
        assert!(absence(None, false, &there).unwrap().contains("no display"));
        assert_eq!(absence(None, true, &there), None);
        assert_eq!(absence(Some(":99"), false, &there), None);
        assert_eq!(absence(Some(":99.0"), false, &there), None);
        assert_eq!(absence(Some("localhost:10.0"), false, &there), None, "over ssh");
        assert!(absence(Some(":7"), false, &there).unwrap().contains("X7 does not exist"));
    }
}
