//! The window as a hand arranges it: its size, its place, whether it is maximised, and the width of its
//! columns are the same when it comes back, and Ctrl+K leads on by real keys.

use agora_demo_market::people::SELLER;

use super::session::{Session, within};
use super::stage::{APP, Stage, eventually};

async fn run(session: &Session, program: &str, arguments: &str) -> String {
    let ran = session.command(program).args(arguments.split(' ')).output().await.unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

/// Corner and size of the window, as the X server has them.
async fn place(session: &Session) -> [i32; 4] {
    let told =
        run(session, "xdotool", "search --onlyvisible --name Agora$ getwindowgeometry --shell")
            .await;
    let read = |name: &str| {
        told.lines().find_map(|line| line.strip_prefix(name)).map_or(0, |it| it.parse().unwrap())
    };
    [read("X="), read("Y="), read("WIDTH="), read("HEIGHT=")]
}

async fn until(session: &Session, what: &str, is_so: impl Fn([i32; 4]) -> bool) -> [i32; 4] {
    within(what, async {
        loop {
            let now = place(session).await;
            if is_so(now) {
                return now;
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_comes_back_as_it_was_left() {
    let stage = Stage::set(&[]).await;
    let session = &stage.session;
    let mut app = stage.app(&SELLER).await;
    assert_eq!(place(session).await[2..], [980, 680]);
    run(session, "wmctrl", "-r Agora -e 0,90,50,1100,620").await;
    let moved =
        until(session, "the new size", |[.., width, height]| (width, height) == (1100, 620)).await;

    let reopen = async || {
        let mut second = stage.session.logged(APP);
        second.arg("--show").envs(stage.environment(&SELLER));
        assert!(second.status().await.unwrap().success());
    };
    app.close(session).await;
    reopen().await;
    app.wait_until_open().await;
    let near = |[left, top, width, height]: [i32; 4]| {
        (left - moved[0]).abs() < 40
            && (top - moved[1]).abs() < 40
            && (width, height) == (moved[2], moved[3])
    };
    until(session, "the same place", near).await;

    run(session, "wmctrl", "-r Agora -b add,maximized_vert,maximized_horz").await;
    until(session, "the maximised window", |[.., width, _]| width == 1280).await;
    app.close(session).await;
    reopen().await;
    app.wait_until_open().await;
    until(session, "a maximised window again", |[.., width, _]| width == 1280).await;
    run(session, "wmctrl", "-r Agora -b remove,maximized_vert,maximized_horz").await;
    until(session, "its own size", near).await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_is_dragged_and_a_word_leads_on() {
    let stage = Stage::set(&[]).await;
    let session = &stage.session;
    let mut app = stage.app(&SELLER).await;
    let width = "return document.querySelector('section.list').offsetWidth";
    let before: i32 = app.evaluate(width).await;
    let [left, top, ..] = place(session).await;
    let (x, y) = (left + 224 + before - 1, top + 400);
    run(session, "xdotool", &format!("mousemove {x} {y} mousedown 1 mousemove {} {y}", x - 20))
        .await;
    run(session, "xdotool", &format!("mousemove {} {y} mouseup 1", x - 50)).await;
    app.wait_for("divider-list@aria-valuenow", |now| now == (before - 50).to_string()).await;

    run(session, "xdotool", "key ctrl+k").await;
    app.wait_for("palette-input", |_| true).await;
    run(session, "xdotool", "type dark").await;
    app.wait_for("palette-entry", |entry| entry.contains("Dark")).await;
    run(session, "xdotool", "key Return").await;
    eventually("the dark theme", || {
        std::fs::read_to_string(stage.home().join("settings.json"))
            .is_ok_and(|kept| kept.contains("dark"))
    })
    .await;
    app.close(session).await;
    let mut second = stage.session.logged(APP);
    second.arg("--show").envs(stage.environment(&SELLER));
    assert!(second.status().await.unwrap().success());
    app.wait_until_open().await;
    app.wait_for("divider-list@aria-valuenow", |now| now == (before - 50).to_string()).await;
    app.end().await;
}
