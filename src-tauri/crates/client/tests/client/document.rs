//! `docs/connection.md` names a test for each thing that it says. Each of them is there.

use std::fs;
use std::path::{Path, PathBuf};

/// The first word of a test's name, and where its modules are, from the crates' folder.
const PLACES: [(&str, &str); 8] = [
    ("agora_client", "client/src"),
    ("client", "client/tests/client"),
    ("decoder", "eventsource-stream/tests/decoder"),
    ("agora_receiver", "receiver/src"),
    ("receiver", "receiver/tests/receiver"),
    ("agora", "cli/tests/agora"),
    ("power", "power/tests/power"),
    ("desktop", "../tests/desktop"),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document() -> String {
    fs::read_to_string(crates().join("../../docs/connection.md")).unwrap()
}

/// The rows of the document's table of cases, without its head.
fn rows(document: &str) -> Vec<&str> {
    let table = document.lines().skip_while(|line| !line.starts_with("| case "));
    table.skip(2).take_while(|line| line.starts_with("| ")).collect()
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
    let module = crates().join(folder).join(parts.join("/"));
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", module.display()));
    [beside(".rs"), beside("_tests.rs"), module.join("mod.rs")]
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .any(|source| has_test(&source, test))
}

fn has_test(source: &str, test: &str) -> bool {
    let declared = format!("fn {test}(");
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.windows(2).any(|two| {
        let is_marked = two[0].starts_with("#[") && two[0].contains("test");
        is_marked && two[1].contains(&declared)
    })
}

#[test]
fn each_test_that_the_document_names_exists() {
    let document = document();
    let names = rows(&document).into_iter().flat_map(named);
    let missing: Vec<_> = names.filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn each_row_of_the_document_names_a_test() {
    let document = document();
    let rows = rows(&document);
    assert!(rows.len() > 50, "{} rows", rows.len());
    let bare: Vec<_> = rows.into_iter().filter(|row| named(row).is_empty()).collect();
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn a_name_is_only_good_where_its_test_is() {
    assert!(exists("client::document::a_name_is_only_good_where_its_test_is"));
    assert!(exists("agora_client::http::tests::the_token_is_not_in_a_requests_debug"));
    for wrong in ["client::document::named", "client::document::gone", "client::gone::x", "gone::x"]
    {
        assert!(!exists(wrong), "{wrong}");
    }
}
