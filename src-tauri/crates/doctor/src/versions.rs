//! What takes part, in which version. Nothing of it is this machine's or this person's own: no host's name,
//! no user's, no path.

use crate::Outline;
use serde::Serialize;

/// The versions, as far as each is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Versions {
    /// This program's.
    pub app: String,
    /// The system's name and version, and its kernel's.
    pub system: String,
    /// The desktop, and the kind of its session.
    pub desktop: Option<String>,
    /// Who shows toasts.
    pub daemon: Option<String>,
    /// What the window's page runs in.
    pub webview: Option<String>,
    /// What keeps the inbox.
    pub sqlite: String,
}

impl Versions {
    /// Those of this program and its surroundings. Daemon and webview are others' to find out.
    pub fn of_here() -> Self {
        Self {
            app: env!("CARGO_PKG_VERSION").to_owned(),
            system: system(),
            desktop: desktop(),
            daemon: None,
            webview: None,
            sqlite: agora_inbox::sqlite_version().to_owned(),
        }
    }

    /// With the daemon that a check found.
    #[must_use]
    pub fn with_daemon(self, checks: &[Outline]) -> Self {
        let mut figures = checks.iter().flat_map(|check| &check.figures);
        let daemon = figures.find(|(name, _)| *name == "daemon");
        Self { daemon: daemon.map(|(_, daemon)| daemon.to_string()), ..self }
    }

    /// Each by its name, where it is known.
    pub fn listed(&self) -> Vec<(&'static str, &str)> {
        [
            ("app", Some(&self.app)),
            ("system", Some(&self.system)),
            ("desktop", self.desktop.as_ref()),
            ("notification daemon", self.daemon.as_ref()),
            ("webview", self.webview.as_ref()),
            ("SQLite", Some(&self.sqlite)),
        ]
        .into_iter()
        .filter_map(|(name, version)| Some((name, &**version?)))
        .collect()
    }
}

/// A name with its version as others give it: letters, digits and what stands between them, of some length;
/// `None` where nothing of it is left.
pub fn named(text: &str) -> Option<String> {
    // One stands in names such as GNU/Linux; more are a path.
    let is_path = text.matches('/').count() > 1;
    let is_plain = |letter: &char| {
        let between = if is_path { " ._-+:()#~," } else { " ._-+:()#~,/" };
        letter.is_ascii_alphanumeric() || between.contains(*letter)
    };
    let plain: String = text.chars().filter(is_plain).take(80).collect();
    Some(plain.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(target_os = "linux")]
fn system() -> String {
    let kernel = rustix::system::uname();
    let kernel = format!(
        "{} {} {}",
        kernel.sysname().to_string_lossy(),
        kernel.release().to_string_lossy(),
        kernel.machine().to_string_lossy()
    );
    // os-release(5).
    let release = ["/etc/os-release", "/usr/lib/os-release"]
        .into_iter()
        .find_map(|path| pretty_name(&std::fs::read_to_string(path).ok()?));
    let told = release.map_or_else(|| kernel.clone(), |name| format!("{name}, {kernel}"));
    named(&told).unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn system() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}

#[cfg(target_os = "linux")]
fn pretty_name(release: &str) -> Option<String> {
    let line = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    named(line.trim_matches(['"', '\'']))
}

fn desktop() -> Option<String> {
    let variable = |name| std::env::var(name).ok().and_then(|value| named(&value));
    let (desktop, session) = (variable("XDG_CURRENT_DESKTOP"), variable("XDG_SESSION_TYPE"));
    match (desktop, session) {
        (Some(desktop), Some(session)) => Some(format!("{desktop} ({session})")),
        (desktop, session) => desktop.or(session),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_outside_is_plain_and_short() {
        assert_eq!(named("dunst 1.9.2").as_deref(), Some("dunst 1.9.2"));
        assert_eq!(named("\u{202e}evil\n| /home/mei |").as_deref(), Some("evil homemei"));
        assert_eq!(named(&"x".repeat(1_000)).unwrap().len(), 80);
        assert_eq!(named("  \n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_systems_name_is_the_one_for_people() {
        let release = "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nVERSION_ID=13\n";
        assert_eq!(pretty_name(release).as_deref(), Some("Debian GNU/Linux 13 (trixie)"));
        assert_eq!(pretty_name("ID=nixos\n"), None);
    }
}
