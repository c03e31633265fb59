//! The tray's menu as a hand opens it: with the pointer, in Xfce's panel. What a panel makes of a menu is
//! not to be read off the bus.

use std::time::Duration;

use agora_demo_market::people::SELLER;
use tokio::time::sleep;

use super::session::{Part, Session, within};
use super::stage::Stage;
use super::tray::Item;

/// A menu on the screen.
#[derive(Debug, PartialEq)]
struct Menu {
    left: i32,
    top: i32,
    height: i32,
}

async fn xdotool(session: &Session, arguments: &[&str]) -> String {
    let ran = session.command("xdotool").args(arguments).output().await.unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

async fn click(session: &Session, (x, y): (i32, i32), button: &str) {
    xdotool(session, &["mousemove", &x.to_string(), &y.to_string(), "click", button]).await;
}

/// The menu that is open: of the panel's windows that are seen, the one that is higher than the panel.
async fn seen(session: &Session) -> Option<Menu> {
    const WINDOWS: [&str; 7] = [
        "search",
        "--onlyvisible",
        "--name",
        "^wrapper-2.0$",
        "getwindowgeometry",
        "--shell",
        "%@",
    ];
    let all = xdotool(session, &WINDOWS).await;
    all.split("WINDOW=").find_map(|window| {
        let read =
            |name: &str| window.lines().find_map(|line| line.strip_prefix(name)?.parse().ok());
        let menu = Menu { left: read("X=")?, top: read("Y=")?, height: read("HEIGHT=")? };
        (menu.height > 60).then_some(menu)
    })
}

/// Opens the menu under the icon, which is the panel's first, and points at a line of it.
async fn choose(session: &Session, tray: &Item, label: &str) {
    let menu = within("the menu on the screen", async {
        loop {
            click(session, (12, 14), "3").await;
            for _ in 0..20 {
                if let Some(menu) = seen(session).await {
                    return menu;
                }
                sleep(Duration::from_millis(50)).await;
            }
        }
    });
    let (menu, lines) = (menu.await, tray.menu().await);
    // The lines between them are a pixel high.
    let count = i32::try_from(lines.len()).unwrap();
    let each = menu.height / count;
    assert!((20..40).contains(&each), "{menu:?} has no room for, or more than, {lines:#?}");
    let at = lines.iter().position(|line| line.label == label);
    let at = i32::try_from(at.unwrap_or_else(|| panic!("no {label:?} in {lines:#?}"))).unwrap();
    click(session, (menu.left + 40, menu.top + (2 * at + 1) * menu.height / (2 * count)), "1")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_that_a_pointer_opens_has_all_its_lines_and_snoozes() {
    let stage = Stage::set(&[Part::Tray]).await;
    let app = stage.app(&SELLER).await;
    let tray = Item::wait(&stage.session).await;
    let connected = tray.wait_until(|state| state.tooltip.1 == "Connected").await;
    choose(&stage.session, &tray, "Snooze for 2 hours").await;
    app.wait_for("snoozed", |text| text.contains("snoozed until")).await;
    tray.wait_until(|state| state.tooltip.1.contains("\nNotifications snoozed until ")).await;

    // The lines have changed since the panel first read them.
    choose(&stage.session, &tray, "Show notifications again").await;
    app.wait_for_texts("snoozed", <[String]>::is_empty).await;
    tray.wait_until(|state| *state == connected).await;
    app.end().await;
}
