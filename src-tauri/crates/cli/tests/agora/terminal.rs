//! What people see on a terminal of their own, and that programs get what they always got.

use crate::inbox::{add_hostile, inbox};
use crate::support::*;
use agora_demo_market::people::SELLER;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;
use unicode_width::UnicodeWidthStr;

/// What a command's standard output shows on a terminal of so many columns.
async fn shown(home: &Home, columns: u16, arguments: &[&str]) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let path = std::ffi::OsStr::from_bytes(name.as_bytes());
    let screen = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut command = home.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::from(screen)).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    drop(command);
    let reading = tokio::task::spawn_blocking(move || {
        let mut shown = Vec::new();
        // With nobody on its other side, a terminal ends with an error.
        let _ = File::from(terminal).read_to_end(&mut shown);
        String::from_utf8(shown).unwrap().replace("\r\n", "\n")
    });
    tokio::time::timeout(LIMIT, child.wait_with_output()).await.unwrap().unwrap();
    reading.await.unwrap()
}

/// Without what only colours.
fn plain(shown: &str) -> String {
    let mut parts = shown.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[tokio::test]
async fn alerts_are_lines_as_wide_as_the_terminal_and_json_where_a_program_reads() {
    let home = Home::new();
    let _open = inbox(&home, 11).await;
    for columns in [40, 60, 80, 120, 200] {
        let shown = plain(&shown(&home, columns, &["inbox", "list"]).await);
        assert_eq!(shown.lines().count(), 11, "{shown}");
        for line in shown.lines() {
            assert!(line.width() <= usize::from(columns).max(58), "{columns}: {line}");
        }
        assert!(shown.lines().all(|line| line.contains("Order #")), "{columns}: {shown}");
        assert_eq!(shown.contains("第一行"), columns >= 60, "{columns}: {shown}");
    }
    let list = shown(&home, 80, &["inbox", "list"]).await;
    let first = plain(list.lines().next().unwrap());
    assert!(first.starts_with("!• ") && first.contains("Orders"), "{first}");
    let in_json = shown(&home, 80, &["inbox", "list", "--json"]).await;
    let piped = home.run(&["inbox", "list"]).await;
    assert_eq!(in_json, piped.out);
    assert!(in_json.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

#[tokio::test]
async fn what_was_looked_for_is_marked_in_colour_where_colour_may_be() {
    let home = Home::new().with("TERM", "xterm");
    let _open = inbox(&home, 3).await;
    let search = ["inbox", "search", "rder"];
    let coloured = shown(&home, 100, &search).await;
    assert!(coloured.contains("\u{1b}[1m\u{1b}[33mrder\u{1b}[0m"), "{coloured:?}");
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb"), ("CLICOLOR", "0")] {
        let home = Home::new().with("TERM", "xterm").with(name, value);
        let _open = inbox(&home, 3).await;
        let shown = shown(&home, 100, &search).await;
        assert!(shown.contains("Order #3") && !shown.contains('\u{1b}'), "{name}: {shown:?}");
    }
    // What only another language says is shown in place of the content.
    let other = plain(&shown(&home, 100, &["inbox", "search", "訂單"]).await);
    assert!(other.lines().all(|line| line.contains("訂單 #")), "{other}");
    assert_eq!(shown(&home, 100, &["inbox", "search", "nowhere"]).await, "");
}

#[tokio::test]
async fn nothing_that_came_steers_a_table_either() {
    let home = Home::new();
    let inbox = inbox(&home, 0).await;
    add_hostile(&inbox).await;
    for arguments in [&["inbox", "list"][..], &["inbox", "search", "order"]] {
        let shown = shown(&home, 200, arguments).await;
        let steers = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
        assert!(shown.contains("Order \u{FFFD}[31m") && !shown.contains(steers), "{shown:?}");
    }
}

#[tokio::test]
async fn the_accounts_are_sentences_and_a_table() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    let account = plain(&shown(&home, 80, &["account", "show"]).await);
    let market = market.base_url();
    for line in [format!("market     {market}"), "token      from AGORA_TOKEN".to_owned()] {
        assert!(account.lines().any(|shown| shown == line), "{line:?} in {account}");
    }
    assert!(account.starts_with("user       4021\n"), "{account}");
    let set =
        home.run(&["account", "set", "--user-id", "7", "--base-url", "https://a.example/api"]);
    assert_eq!(set.await.code, Some(0));
    let list = plain(&shown(&home, 80, &["account", "list"]).await);
    assert_eq!(
        list,
        "NAME  CALLED  USER  ROLE  MARKET\nmain  7       7           https://a.example/api\n"
    );
    let in_json = shown(&home, 80, &["account", "list", "--json"]).await;
    assert_eq!(in_json, home.run(&["account", "list"]).await.out);
}

#[tokio::test]
async fn the_doctor_says_each_thing_once() {
    let market = market().await;
    let home = Home::of(&market, &SELLER);
    let shown = plain(&shown(&home, 80, &["doctor"]).await);
    assert!(shown.lines().any(|line| line.starts_with("✓ market    http://127.0.0.1:")), "{shown}");
    assert!(shown.lines().any(|line| line.starts_with("✗ toasts ")), "{shown}");
    assert!(!shown.contains('{') && !shown.contains("NOT OK"), "{shown}");
}
