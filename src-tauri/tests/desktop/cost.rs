//! What the app costs on a desktop with nothing on it but a window manager: its memory before a window,
//! with one and after it, and how soon it is there. Measures, and asserts nothing of it: `./dev bench
//! window` runs it with the programs as they are released, and prints a table.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use agora_demo_market::To;
use agora_demo_market::people::SELLER;
use serde_json::json;

use super::session::{Session, signal, within};
use super::stage::{APP, SOON, Stage, client_id};
use super::window::children;

/// What settles by itself has settled by then: a heartbeat's time and more.
const REST: Duration = Duration::from_secs(40);

/// The program to be measured.
fn program() -> PathBuf {
    std::env::var_os("AGORA_MEASURED").map_or_else(|| APP.into(), PathBuf::from)
}

/// The share of memory that is a process's, in KiB: proc(5), `smaps_rollup`.
fn share(process: u32) -> u32 {
    let smaps = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"));
    let smaps = smaps.expect("run it as root: the memory of the app is its own");
    let line = smaps.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// That of all that a process has started, too.
async fn share_of_all(process: u32) -> u32 {
    let (mut all, mut waiting) = (0, vec![process]);
    while let Some(process) = waiting.pop() {
        all += share(process);
        waiting.extend(children(process).await.into_iter().map(|(id, _)| id));
    }
    all
}

fn row(what: &str, kib: u32) {
    println!("| {what} | {:.1} |", f64::from(kib) / 1024.0);
}

/// Looks again and again: the program's own waiting looks once a second.
async fn until_seen(session: &Session) {
    let mut xdotool = session.command("xdotool");
    xdotool.args(["search", "--onlyvisible", "--name", "Agora$"]).stdout(Stdio::null());
    while !xdotool.status().await.unwrap().success() {}
}

/// Starts the app in the tray with so many accounts, a stream and some alerts each, and gives its memory in
/// KiB once it has come to rest.
async fn share_with_accounts(number: u64) -> u32 {
    let stage = Stage::set(&[]).await;
    for user in 1..=number {
        let home = stage.home();
        let folder = if user == 1 { home } else { home.join("accounts").join(user.to_string()) };
        let client_id = format!("user_{user}_desktop-test");
        let settings = json!({ "base_url": stage.market.base_url(), "client_id": client_id });
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("settings.json"), settings.to_string()).unwrap();
    }
    let mut app = stage.session.logged(program());
    let mut app = app.arg("--hidden").env("AGORA_HOME", stage.home()).spawn().unwrap();
    for user in 1..=number {
        let client_id = format!("user_{user}_desktop-test");
        stage.market.wait_for_client(&client_id, SOON).await.expect("it connects");
        for alert in 0..20 {
            stage.market.emit(&To::user(user), None, &format!(r#"{{"title":"alert {alert}"}}"#));
        }
    }
    tokio::time::sleep(REST).await;
    let share = share_of_all(app.id().unwrap()).await;
    signal(app.id().unwrap(), "TERM");
    within("the end of the app", app.wait()).await.unwrap();
    share
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it measures: ./dev bench window"]
async fn memory_of_accounts_beside_the_first() {
    let (one, six) = (share_with_accounts(1).await, share_with_accounts(6).await);
    println!("| | share of memory (PSS), MiB |\n| --- | ---: |");
    row("one account, connected", one);
    row("six accounts, connected", six);
    row("each beside the first", six.saturating_sub(one) / 5);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it measures: ./dev bench window"]
async fn memory_alone_on_a_display_and_the_time_to_a_window() {
    let stage = Stage::set(&[]).await;
    let mut starts = Vec::new();
    for _ in 0..10 {
        let begun = Instant::now();
        let mut app = stage.session.logged(program());
        let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
        stage.connected(&SELLER).await;
        starts.push(begun.elapsed());
        signal(app.id().unwrap(), "TERM");
        within("the end of the app", app.wait()).await.unwrap();
        stage.market.wait_for_client_gone(&client_id(&SELLER), REST).await;
    }
    starts.sort_unstable();

    let mut app = stage.session.logged(program());
    let mut app = app.arg("--hidden").envs(stage.environment(&SELLER)).spawn().unwrap();
    let process = app.id().unwrap();
    stage.connected(&SELLER).await;
    tokio::time::sleep(REST).await;
    println!("| | share of memory (PSS), MiB |\n| --- | ---: |");
    row("connected, no window yet", share_of_all(process).await);
    let mut shown = Vec::new();
    for time in 1..=10 {
        let begun = Instant::now();
        let mut second = stage.session.logged(program());
        second.arg("--show").envs(stage.environment(&SELLER));
        assert!(second.status().await.unwrap().success());
        within("the window", until_seen(&stage.session)).await;
        shown.push(begun.elapsed());
        if time == 1 {
            tokio::time::sleep(REST).await;
            row("with a window, all its processes", share_of_all(process).await);
        }
        let mut wmctrl = stage.session.command("wmctrl");
        assert!(wmctrl.args(["-c", "Agora"]).status().await.unwrap().success());
        let ended = async { while !children(process).await.is_empty() {} };
        within("the end of the window", ended).await;
        if time == 1 || time == 10 {
            tokio::time::sleep(REST).await;
            row(&format!("after {time} windows"), share_of_all(process).await);
        }
    }
    shown.sort_unstable();
    println!(
        "\nfrom exec to connected {:?} (median of {}, {:?} to {:?}); from a second start to a window \
         that can be seen {:?} (median of {}, {:?} to {:?})",
        starts[5],
        starts.len(),
        starts[0],
        starts[9],
        shown[5],
        shown.len(),
        shown[0],
        shown[9]
    );
    signal(process, "TERM");
    within("the end of the app", app.wait()).await.unwrap();
}
