//! The files of a package, laid out as they will lie on a person's computer.
//!
//! What must always hold: every file bears the brand's id or lies in a folder that does, so that no two packages of
//! ours have one in common; nothing lies outside /usr, and no package needs a script to come or go.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::brand::Brand;
use super::fill;
use super::release::Release;
use crate::stop::{Result, Stop};
use crate::{places, process, sources};

/// The icon's sizes that desktops look for, in pixels.
const SIZES: &[u32] = &[16, 24, 32, 48, 64, 128, 256, 512];

/// A package's tree and what its control files say.
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Where its files were laid out.
    pub(crate) root: PathBuf,
    /// The program in it, below the root.
    pub(crate) program: PathBuf,
    /// One line.
    pub(crate) summary: String,
    /// Some sentences.
    pub(crate) long: String,
    /// Who gives it to people.
    pub(crate) vendor: String,
    /// Debian's section.
    pub(crate) section: &'static str,
    /// Has it windows?
    pub(crate) windows: bool,
}

/// What the app's package says of itself at more length than in one line.
const ABOUT: &str = "Visitors write in one window, operators answer in the other, and the desk between them runs inside an \
operator's program or on a server of your own. What a person saw leave their hands is never lost, doubled or reordered: \
not by a crash, not by a dead network, not by kill -9.";
const ABOUT_SERVER: &str = "The desk that Deskbell's visitors and operators connect to, without a window: one program, one \
folder, one port. It keeps the conversations in an encrypted database and needs nothing else.";

/// The app under a brand, with its pictures in `icons`.
pub(crate) fn app(brand: &Brand, release: &Release, icons: &Path, to: &Path) -> Result<Package> {
    let root = fresh(&to.join(&brand.id))?;
    let values = Values::of(brand, release)?;
    let program = PathBuf::from("usr/bin").join(&brand.id);
    copy(&places::program("release", "deskbell")?, &root.join(&program), 0o755)?;
    let share = root.join("usr/share");
    write(&share.join(format!("applications/{}.desktop", brand.id)), &values.desktop_file()?)?;
    write(&share.join(format!("metainfo/{}.metainfo.xml", brand.identifier)), &values.metainfo()?)?;
    pictures(brand, icons, &share.join("icons/hicolor"))?;
    papers(&values, &root, "deskbell.1", &brand.id)?;
    if let Some(site) = brand.site_json() {
        // Where the program looks for it: by its own name.
        let folder = root.join("usr/lib").join(&brand.id);
        write(&folder.join("site.json"), &site)?;
        if let Some(pack) = brand.pack() {
            copy_folder(pack, &folder.join("pack"))?;
        }
    }
    Ok(Package {
        name: brand.id.clone(),
        root,
        program,
        summary: brand.summary.clone(),
        long: brand.description.clone().unwrap_or_else(|| ABOUT.to_owned()),
        vendor: brand.company.clone(),
        section: "net",
        windows: true,
    })
}

/// The desk on its own; there is one of it, under no brand.
pub(crate) fn server(release: &Release, to: &Path) -> Result<Package> {
    let (own, name) = (Brand::own(), "deskbell-server");
    let root = fresh(&to.join(name))?;
    let program = PathBuf::from("usr/bin").join(name);
    copy(&places::program("release", name)?, &root.join(&program), 0o755)?;
    papers(&Values::of(&own, release)?, &root, "deskbell-server.1", name)?;
    Ok(Package {
        name: name.to_owned(),
        root,
        program,
        summary: "The desk of Deskbell's live chat".to_owned(),
        long: ABOUT_SERVER.to_owned(),
        vendor: own.company,
        section: "net",
        windows: false,
    })
}

/// The manual, the licence, the changes.
fn papers(values: &Values, root: &Path, manual: &str, name: &str) -> Result<()> {
    let share = root.join("usr/share");
    let page = share.join(format!("man/man1/{name}.1"));
    write(&page, &values.manual(manual)?)?;
    let folder = share.join("doc").join(name);
    write(&folder.join("copyright"), &values.copyright()?)?;
    let changes = folder.join("changelog");
    write(&changes, &sources::text(&places::root().join("CHANGELOG.md"))?)?;
    process::run(process::command("gzip").args(["-9", "-n", "-f"]).args([&page, &changes]))
}

/// The icon in every size, as the desktops look for it.
fn pictures(brand: &Brand, icons: &Path, hicolor: &Path) -> Result<()> {
    for size in SIZES {
        let drawn = icons.join(format!("hicolor/{size}x{size}.png"));
        copy(&drawn, &hicolor.join(format!("{size}x{size}/apps/{}.png", brand.id)), 0o644)?;
    }
    if brand.icon.extension().is_some_and(|ending| ending == "svg") {
        copy(&brand.icon, &hicolor.join(format!("scalable/apps/{}.svg", brand.id)), 0o644)?;
    }
    Ok(())
}

/// Draws the icon: what Tauri compiles in and gives to Windows and macOS, and what goes into hicolor.
pub(crate) fn draw(brand: &Brand, to: &Path) -> Result<PathBuf> {
    let to = fresh(&to.join(format!("{}-icons", brand.id)))?;
    let draw = |folder: &Path| {
        let mut draw = process::command(places::ui().join("node_modules/.bin/tauri"));
        draw.arg("icon").arg(&brand.icon).arg("--output").arg(folder).stdout(std::process::Stdio::null());
        // It reports each picture there.
        draw.stderr(std::process::Stdio::null());
        draw
    };
    let mut sized = draw(&to.join("hicolor"));
    for size in SIZES {
        sized.args(["--png", &size.to_string()]);
    }
    for mut command in [draw(&to), sized] {
        process::run(&mut command).map_err(|stop| Stop {
            words: format!(
                "{} cannot be drawn; it must be a square SVG or PNG. {}",
                brand.icon.display(),
                stop.words
            ),
            ..stop
        })?;
    }
    Ok(to)
}

/// What stands for the names in the templates of packaging/linux and packaging/man.
pub(crate) struct Values {
    brand: Brand,
    version: String,
    date: String,
}

impl Values {
    /// Of a brand at a release.
    pub(crate) fn of(brand: &Brand, release: &Release) -> Result<Self> {
        Ok(Self { brand: brand.clone(), version: release.version.clone(), date: release.date.clone() })
    }

    /// The launcher. Only Deskbell's own offers both windows: a company's is for those who write to it.
    pub(crate) fn desktop_file(&self) -> Result<String> {
        let brand = &self.brand;
        let own = brand.site.is_none();
        let actions =
            if own { fill::template("linux/actions.in", &[("id", &brand.id)])? } else { String::new() };
        let text = fill::template(
            "linux/desktop.in",
            &[
                ("id", &brand.id),
                ("name", &fill::entry(&brand.name)),
                ("summary", &fill::entry(&brand.summary)),
                ("summary_ru", &fill::entry(&self.summary_ru())),
                ("scheme", &brand.id),
                ("actions", &actions),
            ],
        )?;
        Ok(text.trim_end().to_owned() + "\n")
    }

    fn summary_ru(&self) -> String {
        match self.brand.site {
            None => "Онлайн-чат в виде обычной программы".to_owned(),
            Some(_) => self.brand.summary.clone(),
        }
    }

    /// What software centres read.
    pub(crate) fn metainfo(&self) -> Result<String> {
        let brand = &self.brand;
        let description = match &brand.description {
            Some(text) => format!("    <p>{}</p>", fill::xml(text)),
            None => fill::template("linux/description.xml.in", &[])?.trim_end().to_owned(),
        };
        let developer = format!("  <developer_name>{}</developer_name>", fill::xml(&brand.company));
        fill::template(
            "linux/metainfo.xml.in",
            &[
                ("identifier", &brand.identifier),
                ("id", &brand.id),
                ("name", &fill::xml(&brand.name)),
                ("summary", &fill::xml(&brand.summary)),
                ("summary_ru", &fill::xml(&self.summary_ru())),
                ("developer", &developer),
                ("description", &description),
                ("scheme", &brand.id),
                ("version", &self.version),
                ("date", &self.date),
            ],
        )
    }

    /// A page of the manual.
    pub(crate) fn manual(&self, file: &str) -> Result<String> {
        let brand = &self.brand;
        fill::template(
            &format!("man/{file}"),
            &[
                ("ID", &fill::troff(&brand.id.to_uppercase())),
                ("id", &fill::troff(&brand.id)),
                ("name", &fill::troff(&brand.name)),
                ("version", &self.version),
                ("date", &self.date),
            ],
        )
    }

    /// What Windows' installer does for links.
    pub(crate) fn hooks(&self) -> Result<String> {
        // A quote ends a text there, and a dollar begins a variable.
        let name = self.brand.name.replace('$', "$$").replace('"', "");
        fill::template("windows/hooks.nsh.in", &[("scheme", &self.brand.id), ("name", &name)])
    }

    /// What macOS is told of links.
    pub(crate) fn property_list(&self) -> Result<String> {
        let brand = &self.brand;
        fill::template("macos/Info.plist.in", &[("identifier", &brand.identifier), ("scheme", &brand.id)])
    }

    fn copyright(&self) -> Result<String> {
        let licence = sources::text(&places::root().join("LICENSE-MIT"))?;
        // The first lines are its title and who has the rights.
        let text = licence.lines().skip_while(|line| !line.starts_with("Permission"));
        let text = text.map(|line| if line.is_empty() { " .".to_owned() } else { format!(" {line}") });
        fill::template("linux/copyright.in", &[("mit", &text.collect::<Vec<_>>().join("\n"))])
    }
}

/// An empty folder at that place.
pub(crate) fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    Ok(folder.to_owned())
}

/// A file with rights for everybody to read.
pub(crate) fn write(to: &Path, text: &str) -> Result<()> {
    make_folder(to)?;
    fs::write(to, text).map_err(|error| unwritable(to, &error))?;
    allow(to, 0o644)
}

fn copy(from: &Path, to: &Path, rights: u32) -> Result<()> {
    make_folder(to)?;
    fs::copy(from, to)
        .map_err(|error| Stop::because(format!("{} cannot be copied: {error}.", from.display())))?;
    allow(to, rights)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for path in sources::list(from)? {
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { copy_folder(&path, &to)? } else { copy(&path, &to, 0o644)? }
    }
    Ok(())
}

fn make_folder(file: &Path) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))
}

#[cfg(unix)]
fn allow(file: &Path, rights: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(rights)).map_err(|error| unwritable(file, &error))
}

#[cfg(not(unix))]
fn allow(_file: &Path, _rights: u32) -> Result<()> {
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::because(format!("{} cannot be written: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a checker of the desktop's own says of a text; `None` where it is not installed.
    fn checked(checker: &str, words: &[&str], name: &str, text: &str) -> Option<String> {
        let folder = std::env::temp_dir().join(format!("deskbell-papers-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        let said = process::command(checker).args(words).arg(&file).output().ok();
        fs::remove_dir_all(&folder).unwrap();
        let said = said?;
        let all = [said.stdout, said.stderr].concat();
        let all = String::from_utf8_lossy(&all).into_owned();
        Some(if said.status.success() { all } else { format!("{}\n{all}", said.status) })
    }

    fn values(brand: &Brand) -> Values {
        let release =
            Release { version: "1.2.3".to_owned(), date: "2026-01-31".to_owned(), epoch: String::new() };
        Values::of(brand, &release).unwrap()
    }

    fn brands() -> [Brand; 2] {
        let example = Brand::read(&places::root().join("packaging/example/brand.json")).unwrap();
        [Brand::own(), example]
    }

    #[test]
    fn the_desktops_own_checkers_find_nothing() {
        for brand in brands() {
            let (values, id) = (values(&brand), &brand.id);
            let file = format!("{}.metainfo.xml", brand.identifier);
            let words = ["validate", "--no-net", "--explain"];
            let said = checked("appstreamcli", &words, &file, &values.metainfo().unwrap());
            if let Some(said) = said {
                assert!(
                    !said.contains("W:") && !said.contains("E:") && !said.starts_with("exit"),
                    "{id}: {said}"
                );
            }
            let file = format!("{id}.desktop");
            let said = checked("desktop-file-validate", &[], &file, &values.desktop_file().unwrap());
            assert!(said.as_deref().is_none_or(str::is_empty), "{id}: {said:?}");
            let manual = values.manual("deskbell.1").unwrap();
            let said = checked("groff", &["-man", "-Tutf8", "-ww", "-z"], "page.1", &manual);
            assert!(said.as_deref().is_none_or(str::is_empty), "{id}: {said:?}");
        }
    }

    #[test]
    fn two_brands_have_no_file_in_common() {
        let [own, other] = brands();
        let named = |brand: &Brand| (brand.id.clone(), brand.identifier.clone(), brand.name.clone());
        let ((a, b, c), (x, y, z)) = (named(&own), named(&other));
        assert!(a != x && b != y && c != z);
        let text = values(&other).desktop_file().unwrap();
        assert!(text.contains(&format!("x-scheme-handler/{x};")) && !text.contains("deskbell"), "{text}");
        assert!(!text.contains("Actions="), "a company's visitors are no operators");
    }
}
