//! One local time for window, toasts and exports. The environment's `TZ` may hold a rule such as `CST-8`
//! or a file's path; Rust and the C library read it, and WebKit, which knows zones by their names alone,
//! takes it for UTC. So the process gets the name of a zone that shows the same.

use jiff::tz::{Offset, TimeZone, db};
use jiff::{Timestamp, ToSpan};

/// Sees to it before any thread is there that reads the environment.
pub(super) fn prepare() {
    let Some(tz) = std::env::var_os("TZ") else { return };
    let Some(name) = tz.to_str().and_then(|tz| name_for(tz, Timestamp::now())) else { return };
    if let Err(error) = gtk::glib::setenv("TZ", &name, true) {
        tracing::warn!(%error, "the window's local time may be another");
    }
}

/// The name of a zone that shows what `tz` says, where that isn't a name itself.
fn name_for(tz: &str, now: Timestamp) -> Option<String> {
    let tz = tz.strip_prefix(':').unwrap_or(tz);
    if tz.is_empty() || db().get(tz).is_ok() {
        return None;
    }
    if let Some((_, name)) = tz.rsplit_once("zoneinfo/") {
        return db().get(name).is_ok().then(|| name.to_owned());
    }
    let zone = TimeZone::posix(tz).ok()?;
    // Half a month apart, from two years ago to two years ahead.
    let half_months = (-50..=50).map(|n: i64| now + (n * 15 * 24).hours());
    let shown: Vec<_> = half_months.map(|at| (at, zone.to_offset(at))).collect();
    let first = shown[0].1;
    let is_fixed = shown.iter().all(|(_, offset)| *offset == first);
    fixed(first).filter(|_| is_fixed).or_else(|| alike(&shown))
}

/// The zone that always has an offset, if it is one of whole hours. Its name has the sign of POSIX.
fn fixed(offset: Offset) -> Option<String> {
    let (hours, rest) = (offset.seconds() / 3_600, offset.seconds() % 3_600);
    let name = match hours {
        0 => "Etc/UTC".to_owned(),
        _ => format!("Etc/GMT{:+}", -hours),
    };
    (rest == 0 && db().get(&name).is_ok()).then_some(name)
}

/// The first zone by name that has such offsets at such times.
fn alike(shown: &[(Timestamp, Offset)]) -> Option<String> {
    let is_alike = |name: &str| {
        let other = db().get(name);
        other.is_ok_and(|other| shown.iter().all(|(at, offset)| other.to_offset(*at) == *offset))
    };
    let mut names: Vec<String> = db().available().map(|name| name.to_string()).collect();
    names.sort_unstable();
    names.into_iter().find(|name| name.contains('/') && is_alike(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_and_a_path_become_the_name_of_a_zone_that_shows_the_same() {
        let now: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        for (tz, expected) in [
            ("CST-8", Some("Etc/GMT-8")),
            (":CST-8", Some("Etc/GMT-8")),
            ("<+08>-8", Some("Etc/GMT-8")),
            ("PST8", Some("Etc/GMT+8")),
            ("UTC0", Some("Etc/UTC")),
            ("/usr/share/zoneinfo/Asia/Taipei", Some("Asia/Taipei")),
            (":../zoneinfo/Asia/Taipei", Some("Asia/Taipei")),
            ("Asia/Taipei", None),
            (":Asia/Taipei", None),
            ("", None),
            ("nowhere", None),
            ("XXX-7:13", None),
        ] {
            assert_eq!(name_for(tz, now).as_deref(), expected, "{tz}");
        }
        // Which names there are for these, systems differ in: some leave the old ones out.
        for (tz, summer, winter) in
            [("IST-5:30", 19_800, 19_800), ("CST6CDT,M3.2.0,M11.1.0", -18_000, -21_600)]
        {
            let name = name_for(tz, now).unwrap();
            let zone = db().get(&name).unwrap();
            let offset = |time: &str| zone.to_offset(time.parse().unwrap()).seconds();
            let shown = (offset("2026-07-01T00:00:00Z"), offset("2026-12-01T00:00:00Z"));
            assert_eq!(shown, (summer, winter), "{tz} became {name}");
        }
    }

    #[test]
    fn every_whole_hour_there_is_has_a_name_that_is_as_far_from_utc() {
        for hours in -12..=14 {
            let name = name_for(&format!("XXX{}", -hours), Timestamp::now()).unwrap();
            let zone = db().get(&name).unwrap();
            let offset = zone.to_offset(Timestamp::now());
            assert_eq!(offset.seconds(), hours * 3_600, "{name}");
        }
    }
}
