//! Linux, outside of Flatpak: a desktop entry in the person's folder for what starts with the desktop
//! (Desktop Application Autostart Specification). One a home, by the name that it has on the bus.

use super::{AT_LOGIN, value};
use crate::system::child;
use agora_alert::catalogue::{self, Language};
use agora_home::{Files, home_of_process, private};
use agora_socket::bus_name;
use anyhow::Context;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The app's entry among the programs, in English, which this one's name and icon are taken from.
const PROGRAM: &str = include_str!("../../../../market.agora.notifier.desktop");
/// How large an entry may be, in bytes. It holds a few hundred.
const LIMIT: u64 = 64 * 1024;
/// The lines by which desktops switch an entry off: the specification's, and GNOME's and its kin's.
const SWITCHES: [(&str, &str); 3] = [
    ("Hidden", "true"),
    ("X-GNOME-Autostart-enabled", "false"),
    ("X-MATE-Autostart-enabled", "false"),
];

/// The entry, whether it is there or not.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// `None`: this user has no home.
    file: Option<PathBuf>,
    /// The folder of everything, where it isn't the platform's.
    home: Option<PathBuf>,
    /// Where the program is, or what keeps that from being known.
    program: Result<PathBuf, String>,
}

/// Its name and what it is for, in a language.
fn words(language: Language) -> [String; 2] {
    // A locale of POSIX has an underscore where a tag has a hyphen.
    let locale = language.tag().replace('-', "_");
    [("Name", "name"), ("Comment", "comment")].map(|(key, name)| {
        format!("{key}[{locale}]={}", catalogue::text(language, &format!("launcher.{name}")))
    })
}

impl Entry {
    pub(super) fn of(files: &Files) -> Self {
        let file = dirs::config_dir()
            .map(|folder| folder.join("autostart").join(bus_name(files) + ".desktop"));
        let home = home_of_process().and_then(|home| std::path::absolute(home).ok());
        Self { file, home, program: program().map_err(|error| error.to_string()) }
    }

    /// Whether the desktop starts the app by it.
    pub(super) fn is_on(&self) -> anyhow::Result<bool> {
        Ok(self.read()?.is_some_and(|text| is_on(&text)))
    }

    /// Writes it, or deletes it.
    pub(super) fn set(&self, on: bool) -> anyhow::Result<()> {
        let file = self.file()?;
        let done = if on {
            private::replace(file, &self.written()?)
        } else {
            match fs::remove_file(file) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                removed => removed,
            }
        };
        done.with_context(|| format!("{} can't be changed", file.display()))
    }

    /// Has one that is on, and leads to a program that is gone, lead to this one. What else stands in it
    /// stays.
    pub(super) fn mend(&self) -> anyhow::Result<()> {
        let Some(text) = self.read()?.filter(|text| is_on(text)) else { return Ok(()) };
        let leads_to = key(&text, "Exec").map(value::words).and_then(program_of);
        if !leads_to.is_some_and(|program| program.is_absolute() && !program.exists()) {
            return Ok(());
        }
        let exec = self.exec()?;
        let lines = in_group(&text).map(|(line, is_ours)| {
            if is_ours && is_key(line, "Exec") { format!("Exec={exec}") } else { line.to_owned() }
        });
        let file = self.file()?;
        private::replace(file, &lines.collect::<Vec<_>>().join("\n"))
            .with_context(|| format!("{} can't be changed", file.display()))?;
        tracing::info!(file = %file.display(), "the entry by which the app starts was mended");
        Ok(())
    }

    fn read(&self) -> anyhow::Result<Option<String>> {
        let file = self.file()?;
        let bytes = private::read(file, LIMIT)
            .with_context(|| format!("{} can't be read", file.display()))?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn file(&self) -> anyhow::Result<&Path> {
        self.file.as_deref().context("this user has no home folder")
    }

    fn written(&self) -> anyhow::Result<String> {
        let of_program = in_group(PROGRAM).filter_map(|(line, is_ours)| {
            let said = ["Type", "Name", "Comment", "Icon"];
            (is_ours && said.iter().any(|name| is_key(line, name))).then_some(line)
        });
        let mut lines = vec!["[Desktop Entry]".to_owned()];
        lines.extend(of_program.map(str::to_owned));
        lines.extend(Language::ALL.into_iter().filter(|one| *one != Language::EN).flat_map(words));
        lines.push(format!("Exec={}", self.exec()?));
        lines.push("Terminal=false".to_owned());
        lines.push("X-GNOME-Autostart-enabled=true".to_owned());
        Ok(lines.join("\n"))
    }

    fn exec(&self) -> anyhow::Result<String> {
        let program = self.program.as_ref().map_err(|error| anyhow::anyhow!("{error}"))?;
        let text = |path: &Path| path.to_str().map(str::to_owned).context("a path is no text");
        let program = text(program)?;
        let home = self.home.as_deref().map(text).transpose()?;
        let home = home.map(|home| format!("AGORA_HOME={home}"));
        let words: Vec<&str> = match &home {
            Some(home) => vec!["env", home, &program, AT_LOGIN],
            None => vec![&program, AT_LOGIN],
        };
        value::written(&words).context("a path has a line break in it")
    }
}

/// The program that is to be started: of an image (`AppImage`) the image, which stays when
/// what it mounts is gone.
fn program() -> std::io::Result<PathBuf> {
    match std::env::var_os("APPIMAGE").map(PathBuf::from) {
        Some(image) if image.is_absolute() => Ok(image),
        _ => child::own(),
    }
}

/// What a command starts, after what is set for it.
fn program_of(words: Vec<String>) -> Option<PathBuf> {
    let is_before = |word: &String| word == "env" || word.contains('=');
    words.into_iter().find(|word| !is_before(word)).map(PathBuf::from)
}

fn is_on(text: &str) -> bool {
    let is_off = SWITCHES
        .iter()
        .any(|(name, off)| key(text, name).is_some_and(|value| value.eq_ignore_ascii_case(off)));
    !is_off && key(text, "Exec").is_some_and(|exec| !exec.is_empty())
}

/// The value of a key of the entry's own group.
fn key<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = in_group(text).filter_map(|(line, is_ours)| is_ours.then_some(line));
    let line = lines.find(|line| is_key(line, name))?;
    line.split_once('=').map(|(_, value)| value.trim())
}

fn is_key(line: &str, name: &str) -> bool {
    line.split_once('=').is_some_and(|(key, _)| key.trim() == name)
}

/// Each line, and whether it is of the entry's own group.
fn in_group(text: &str) -> impl Iterator<Item = (&str, bool)> {
    text.lines().scan(false, |is_ours, line| {
        if line.starts_with('[') {
            *is_ours = line.trim_end() == "[Desktop Entry]";
        }
        Some((line, *is_ours))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;

    struct Place {
        folder: TempDir,
        entry: Entry,
    }

    fn place() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("bin/agora-notifier");
        fs::create_dir(program.parent().unwrap()).unwrap();
        fs::write(&program, "").unwrap();
        let file = Some(folder.path().join("config/autostart/market.agora.notifier.desktop"));
        let entry = Entry { file, home: None, program: Ok(program) };
        Place { folder, entry }
    }

    impl Place {
        fn text(&self) -> String {
            fs::read_to_string(self.entry.file().unwrap()).unwrap()
        }

        fn put(&self, text: &str) {
            fs::write(self.entry.file().unwrap(), text).unwrap();
        }
    }

    #[test]
    fn it_is_written_for_its_owner_alone_and_taken_away_whole() {
        let place = place();
        assert!(!place.entry.is_on().unwrap());
        place.entry.set(false).unwrap();
        place.entry.set(true).unwrap();
        assert!(place.entry.is_on().unwrap());
        let text = place.text();
        let program = place.entry.program.clone().unwrap();
        assert!(text.starts_with("[Desktop Entry]\nType=Application\n"), "{text}");
        assert!(text.contains(&format!("\nExec={} --at-login\n", program.display())), "{text}");
        assert!(text.contains("\nName[zh_TW]=Agora 市集通知\n"), "{text}");
        let file = place.entry.file().unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        place.entry.set(false).unwrap();
        assert!(!place.entry.is_on().unwrap() && !file.exists());
    }

    #[test]
    fn the_programs_entry_says_in_english_what_the_catalogue_says() {
        let mut action = None;
        let mut said = 0;
        for line in PROGRAM.lines() {
            if line.starts_with('[') {
                action = line.strip_prefix("[Desktop Action ").map(|id| id.trim_end_matches(']'));
            }
            if let Some((key @ ("Name" | "Comment"), text)) = line.split_once('=') {
                let path = action.map_or_else(|| key.to_lowercase(), str::to_owned);
                let path = format!("launcher.{path}");
                assert_eq!(catalogue::text(Language::EN, &path), text, "{path}");
                said += 1;
            }
        }
        assert_eq!(said, 5);
    }

    #[test]
    fn the_desktops_own_switch_is_read_and_not_fought() {
        let place = place();
        place.entry.set(true).unwrap();
        let on = place.text();
        for (name, text, expected) in [
            ("the specification's", on.clone() + "Hidden=true\n", false),
            ("in any case", on.clone() + "Hidden = True\n", false),
            ("Hidden=false", on.clone() + "Hidden=false\n", true),
            ("GNOME's", on.replace("enabled=true", "enabled=false"), false),
            ("MATE's", on.clone() + "X-MATE-Autostart-enabled=false\n", false),
            ("another group's", on.clone() + "[Desktop Action x]\nHidden=true\n", true),
            ("without a command", on.replace("Exec=", "Other="), false),
            ("empty", String::new(), false),
        ] {
            // Its program is gone, too: what is off isn't mended either.
            let text = text.replace("/bin/", "/gone/");
            place.put(&text);
            assert_eq!(place.entry.is_on().unwrap(), expected, "{name}");
            place.entry.mend().unwrap();
            assert_eq!(place.text() == text, !expected, "{name}");
        }
        // Who asks for it in the window has it.
        place.put(&(on + "Hidden=true\n"));
        place.entry.set(true).unwrap();
        assert!(place.entry.is_on().unwrap());
    }

    #[test]
    fn one_that_leads_nowhere_is_mended_and_one_that_leads_elsewhere_is_not() {
        let place = place();
        place.entry.set(true).unwrap();
        let (ours, gone) = (place.text(), place.folder.path().join("old 1.0.AppImage"));
        let elsewhere = ours.replace("Name=Agora Notifier", "Name=Mine\nX-GNOME-Autostart-Delay=7");
        let leads_to = |program: &str| {
            let exec = value::written(&["env", "A=b", program, "--hidden"]).unwrap();
            let lines = elsewhere.lines().map(|line| {
                if is_key(line, "Exec") { format!("Exec={exec}") } else { line.to_owned() }
            });
            lines.collect::<Vec<_>>().join("\n") + "\n"
        };
        place.put(&leads_to(gone.to_str().unwrap()));
        place.entry.mend().unwrap();
        assert_eq!(place.text(), elsewhere);
        for other in ["/bin/sh", "agora-notifier"] {
            place.put(&leads_to(other));
            place.entry.mend().unwrap();
            assert_eq!(place.text(), leads_to(other));
        }
        fs::remove_file(place.entry.file().unwrap()).unwrap();
        place.entry.mend().unwrap();
        assert!(!place.entry.is_on().unwrap());
    }

    #[test]
    fn what_is_no_file_in_its_place_is_said() {
        let place = place();
        fs::create_dir_all(place.entry.file().unwrap()).unwrap();
        for result in [place.entry.is_on().map(drop), place.entry.set(true), place.entry.set(false)]
        {
            let error = format!("{:#}", result.unwrap_err());
            assert!(error.contains("market.agora.notifier.desktop"), "{error}");
        }
    }

    #[test]
    fn a_home_of_its_own_is_started_with_it() {
        let place = place();
        let entry = Entry { home: Some("/a home".into()), ..place.entry.clone() };
        entry.set(true).unwrap();
        assert!(place.text().contains("\nExec=env \"AGORA_HOME=/a home\" /"), "{}", place.text());
    }
}
