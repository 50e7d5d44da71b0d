//! Starting by itself after a person has signed in to the computer, hidden in the tray.
//!
//! What must always hold: it is off until a person turns it on; each profile has an entry of its own, which names the
//! program and the profile exactly, whatever characters are in their paths.

use std::io;

use sha2::{Digest, Sha256};

use crate::again::program;
use crate::arguments::Request;

/// What a start after signing in is told: the profile, and to stay in the tray.
fn words(request: &Request) -> Vec<String> {
    let mut words = vec![request.face.word().to_owned(), "--profile".to_owned(), request.profile.clone()];
    if let Some(data) = &request.data {
        words.extend(["--data".to_owned(), absolute(data)]);
    }
    if let Some(file) = request.site.named() {
        words.extend(["--site".to_owned(), absolute(file)]);
    }
    words.push("--hidden".to_owned());
    words
}

fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

/// What the entry is called: like the program, the profile, and the folder of profiles where it is not the usual one.
fn name(request: &Request) -> String {
    let program = program().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    let name = format!("{}-{}", program.as_deref().unwrap_or("deskbell"), request.profile);
    match &request.data {
        Some(data) => {
            let digest = Sha256::digest(absolute(data).as_bytes());
            digest.iter().take(4).fold(name + "-", |name, byte| format!("{name}{byte:02x}"))
        }
        None => name,
    }
}

/// Does the profile start by itself?
pub(crate) fn is_on(request: &Request) -> bool {
    entry::is_on(&name(request))
}

/// Turns it on or off.
///
/// # Errors
/// Where the system's folder or registry cannot be written.
pub(crate) fn set(request: &Request, on: bool) -> io::Result<()> {
    if on {
        let title = format!("{}: {}", request.site.name().unwrap_or("Deskbell"), request.profile);
        entry::write((&name(request), &title), &program()?, &words(request))
    } else {
        entry::remove(&name(request))
    }
}

/// Desktop files in the folder that XDG says. The library writes them without quoting, and into another folder.
#[cfg(target_os = "linux")]
mod entry {
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};

    fn file(name: &str) -> io::Result<PathBuf> {
        let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let config = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")));
        let config = config.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home folder"))?;
        Ok(config.join("autostart").join(format!("{name}.desktop")))
    }

    /// Desktops turn an entry off by a line in it.
    pub(super) fn is_on(name: &str) -> bool {
        let text = file(name).and_then(fs::read_to_string).unwrap_or_default();
        let off = |line: &str| {
            matches!(line.replace(' ', "").as_str(), "Hidden=true" | "X-GNOME-Autostart-enabled=false")
        };
        !text.is_empty() && !text.lines().any(off)
    }

    pub(super) fn write((name, title): (&str, &str), program: &Path, words: &[String]) -> io::Result<()> {
        let file = file(name)?;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let draft = file.with_extension("desktop.new");
        fs::write(&draft, text(title, program, words))?;
        fs::rename(draft, file)
    }

    pub(super) fn remove(name: &str) -> io::Result<()> {
        match fs::remove_file(file(name)?) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    pub(super) fn text(title: &str, program: &Path, words: &[String]) -> String {
        let icon = program.file_stem().unwrap_or_default().to_string_lossy();
        let program = program.to_string_lossy();
        let exec: Vec<_> =
            std::iter::once(program.as_ref()).chain(words.iter().map(String::as_str)).map(quoted).collect();
        // `TryExec` is a path, not a command line: an entry whose program is gone is left out.
        format!(
            "[Desktop Entry]\nType=Application\nVersion=1.5\nName={}\nIcon={}\nExec={}\nTryExec={}\n\
             Terminal=false\nStartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
            escaped(title),
            escaped(&icon),
            exec.join(" "),
            escaped(&program),
        )
    }

    /// A word of `Exec`, by the rules of the desktop entry specification: quoted, then escaped as any value is.
    fn quoted(word: &str) -> String {
        let mut quoted = String::from('"');
        for c in word.chars() {
            match c {
                '"' | '`' | '$' | '\\' => quoted.extend(['\\', c]),
                '%' => quoted.push_str("%%"),
                c => quoted.push(c),
            }
        }
        quoted.push('"');
        escaped(&quoted)
    }

    fn escaped(value: &str) -> String {
        value.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
    }
}

/// A registry value or a login item.
#[cfg(not(target_os = "linux"))]
mod entry {
    use std::io;
    use std::path::Path;

    use auto_launch::{AutoLaunch, AutoLaunchBuilder};

    fn launch(name: &str, program: &Path, words: &[String]) -> io::Result<AutoLaunch> {
        // On Windows the value is a command line; on macOS the arguments are a list.
        let word = |word: &String| if cfg!(windows) { format!("\"{word}\"") } else { word.clone() };
        let program = program.to_string_lossy();
        let program = if cfg!(windows) { format!("\"{program}\"") } else { program.into_owned() };
        let words: Vec<_> = words.iter().map(word).collect();
        let mut builder = AutoLaunchBuilder::new();
        builder.set_app_name(name).set_app_path(&program).set_args(&words);
        builder.build().map_err(io::Error::other)
    }

    pub(super) fn is_on(name: &str) -> bool {
        launch(name, Path::new("deskbell"), &[]).is_ok_and(|launch| launch.is_enabled().unwrap_or(false))
    }

    pub(super) fn write((name, _): (&str, &str), program: &Path, words: &[String]) -> io::Result<()> {
        launch(name, program, words)?.enable().map_err(io::Error::other)
    }

    pub(super) fn remove(name: &str) -> io::Result<()> {
        if !is_on(name) {
            return Ok(());
        }
        launch(name, Path::new("deskbell"), &[])?.disable().map_err(io::Error::other)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::entry;

    fn exec(program: &str, words: &[&str]) -> String {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        let text = entry::text("Deskbell: visitor", Path::new(program), &words);
        text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap_or_default().to_owned()
    }

    #[test]
    fn the_program_is_named_exactly_whatever_is_in_its_path() {
        assert_eq!(exec("/usr/bin/deskbell", &["visitor"]), r#""/usr/bin/deskbell" "visitor""#);
        assert_eq!(exec("/a b/deskbell", &["50%"]), r#""/a b/deskbell" "50%%""#);
        assert_eq!(exec(r#"/a"b$c`d\e"#, &[]), r#""/a\\"b\\$c\\`d\\\\e""#);
        assert_eq!(exec("/a\nb", &["Анна"]), "\"/a\\nb\" \"Анна\"");
    }
}
