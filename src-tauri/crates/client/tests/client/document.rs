//! `docs/connection.md` and `docs/security.md` name a test for each thing that they say. Each of them
//! is there.

use std::fs;
use std::path::{Path, PathBuf};

/// The documents, how the head of a table of theirs begins that names tests, and how many rows they
/// have at least.
const DOCUMENTS: [(&str, &str, usize); 3] = [
    ("connection.md", "| case ", 50),
    ("security.md", "| could ", 20),
    ("keyring.md", "| case ", 10),
];

/// The first word of a test's name, and where its modules are, from the crates' folder.
const PLACES: [(&str, &str); 27] = [
    ("agora_client", "client/src"),
    ("client", "client/tests/client"),
    ("decoder", "eventsource-stream/tests/decoder"),
    ("agora_wire", "wire/src"),
    ("agora_alert", "alert/src"),
    ("agora_rules", "rules/src"),
    ("agora_link", "link/src"),
    ("agora_receiver", "receiver/src"),
    ("receiver", "receiver/tests/receiver"),
    ("agora_inbox", "inbox/src"),
    ("inbox", "inbox/tests/inbox"),
    ("agora_home", "home/src"),
    ("agora_doctor", "doctor/src"),
    ("agora_account", "account/src"),
    ("account", "account/tests/account"),
    ("market", "demo-market/tests/market"),
    ("agora", "cli/tests/agora"),
    ("agora_do_not_disturb", "do-not-disturb/src"),
    ("agora_ledger", "ledger/src"),
    ("agora_sending", "sending/src"),
    ("sending", "sending/tests/sending"),
    ("agora_power", "power/src"),
    ("power", "power/tests/power"),
    ("agora_notifier", "../src"),
    ("agora_resident", "resident/src"),
    ("agora_socket", "socket/src"),
    ("desktop", "../tests/desktop"),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows of a document's tables with this head.
fn rows(name: &str, head: &str) -> Vec<String> {
    let document = fs::read_to_string(crates().join("../../docs").join(name)).unwrap();
    let mut lines = document.lines();
    let mut rows = Vec::new();
    while lines.by_ref().any(|line| line.starts_with(head)) {
        let table = lines.by_ref().skip(1).take_while(|line| line.starts_with("| "));
        rows.extend(table.map(ToOwned::to_owned));
    }
    rows
}

/// The tests that a row names: `` `place::module::test` ``.
fn named(row: &str) -> Vec<&str> {
    let quoted = row.split('`').skip(1).step_by(2);
    quoted.filter(|quoted| quoted.contains("::")).collect()
}

/// Whether there is a test of this name.
fn exists(name: &str) -> bool {
    let mut parts: Vec<&str> = name.split("::").filter(|part| *part != "tests").collect();
    let (Some(test), place) = (parts.pop(), parts.remove(0)) else { return false };
    let Some((_, folder)) = PLACES.iter().find(|(name, _)| *name == place) else { return false };
    let folder = crates().join(folder);
    let is_in = |parts: &[&str]| sources(&folder, parts).any(|source| has_test(&source, test));
    is_in(&parts)
        || parts.split_last().is_some_and(|(inner, parts)| {
            // A module within another's file.
            let has_inner = |source: &str| source.contains(&format!("mod {inner} {{"));
            sources(&folder, parts).any(|source| has_inner(&source)) && is_in(parts)
        })
}

/// What a module's files say.
fn sources(folder: &Path, parts: &[&str]) -> impl Iterator<Item = String> {
    let module = folder.join(parts.join("/"));
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", module.display()));
    let within = ["mod.rs", "tests.rs", "lib.rs", "main.rs"].map(|file| module.join(file));
    let files = [beside(".rs"), beside("_tests.rs")].into_iter().chain(within);
    files.filter_map(|file| fs::read_to_string(file).ok())
}

fn has_test(source: &str, test: &str) -> bool {
    let declared = format!("fn {test}(");
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().filter(|(_, line)| line.contains(&declared)).any(|(at, _)| {
        let mut attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
        attributes.any(|line| line.contains("test"))
    })
}

#[test]
fn each_test_that_the_documents_name_exists() {
    for (document, head, _) in DOCUMENTS {
        let rows = rows(document, head);
        let names = rows.iter().flat_map(|row| named(row));
        let missing: Vec<_> = names.filter(|name| !exists(name)).collect();
        assert!(missing.is_empty(), "{document}: {missing:#?}");
    }
}

#[test]
fn each_row_of_the_documents_names_a_test() {
    for (document, head, least) in DOCUMENTS {
        let rows = rows(document, head);
        assert!(rows.len() > least, "{document}: {} rows", rows.len());
        let bare: Vec<_> = rows.iter().filter(|row| named(row).is_empty()).collect();
        assert!(bare.is_empty(), "{document}: {bare:#?}");
    }
}

/// `docs/fleet.md` has what a server meets that goes away: of the app's clients at most a tenth of what
/// comes at once by a fixed delay.
#[test]
fn the_fleet_comes_back_in_at_most_a_tenth_of_the_crowd_of_a_fixed_delay() {
    let outages = rows("fleet.md", "| away ");
    let most_at_once = |away: &str, schedule: &str| -> u32 {
        let mut outages =
            outages.iter().map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
        let row = outages.find(|cells| cells[1..3] == [away, schedule]).unwrap();
        let of = |cell: &str| cell.split(" / ").next().unwrap().parse::<u32>().unwrap();
        of(row[3]).max(of(row[4]))
    };
    for away in ["1 s", "30 s", "5 min", "1 h"] {
        let (app, fixed) = (most_at_once(away, "this app"), most_at_once(away, "fixed 3 s"));
        assert!(app > 0 && app * 10 <= fixed, "{away}: {app} of {fixed}");
    }
}

#[test]
fn a_name_is_only_good_where_its_test_is() {
    for right in [
        "client::document::a_name_is_only_good_where_its_test_is",
        "agora_client::http::tests::the_token_is_not_in_a_requests_debug",
        "agora_link::tests::hostile_links_stay_closed_and_say_why",
        "agora_resident::system::opener::platform::tests::an_opener_gets_the_clicks_token_and_not_the_markets",
        "agora_notifier::linux::zone::tests::every_whole_hour_there_is_has_a_name_that_is_as_far_from_utc",
        "account::folders_are_made_for_their_owner_only_whoever_makes_them",
    ] {
        assert!(exists(right), "{right}");
    }
    for wrong in [
        "client::document::named",
        "client::document::gone",
        "client::gone::x",
        "client::document::gone::a_name_is_only_good_where_its_test_is",
        "gone::x",
    ] {
        assert!(!exists(wrong), "{wrong}");
    }
}
