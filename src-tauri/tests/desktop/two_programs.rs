//! The app and its window are two programs: what each is made of, and what becomes of the one when
//! something happens to the other.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use agora_demo_market::people::SELLER;
use agora_home::Files;
use agora_socket::{FromWindow, ToWindow};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::fates::wait_for_fates;
use super::leftovers::until_shown;
use super::own_daemon::OwnDaemon;
use super::page::until_at_work;
use super::session::{Session, signal, within};
use super::stage::{APP, Stage, eventually};
use super::window::{children, ended, page_process, window_process};

const WINDOW: &str = env!("CARGO_BIN_EXE_agora-notifier-window");
const NO_WINDOW: &str = "The window can't be opened";

fn libraries(program: &str) -> String {
    let ldd = std::process::Command::new("ldd").arg(program).output().unwrap();
    String::from_utf8(ldd.stdout).unwrap()
}

#[test]
fn the_app_links_no_toolkit_and_its_window_no_inbox() {
    let (app, window) = (libraries(APP), libraries(WINDOW));
    for library in ["libgtk", "libgdk", "libwebkit", "libjavascriptcore", "libX11", "libwayland"] {
        assert!(!app.contains(library), "{app}");
    }
    assert!(window.contains("libwebkit2gtk"), "it is looked at rightly: {window}");
    let holds = |program: &str, text: &str| {
        let bytes = fs::read(program).unwrap();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    };
    for text in ["SQLite format 3", "sse/disconnect"] {
        assert!(holds(APP, text), "it is looked at rightly: {text}");
        assert!(!holds(WINDOW, text), "{text}");
    }
}

/// The app with a window that somebody looks at.
async fn app(stage: &Stage) -> Child {
    let app = stage.session.logged(APP).envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    until_shown(&stage.session).await;
    app
}

async fn window_of(app: &Child) -> u32 {
    window_process(app.id().unwrap()).await.expect("there is a window")
}

async fn end(mut app: Child) {
    signal(app.id().unwrap(), "TERM");
    let status = within("the end of the app", app.wait()).await.unwrap();
    assert!(status.success(), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_killed_comes_back_once_and_then_when_it_is_asked_for() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = app(&stage).await;
    until_at_work(&stage, &daemon, &SELLER, "before").await;
    let first = window_of(&app).await;
    signal(first, "KILL");
    stage.emit(&SELLER, r#"{"title":"meanwhile"}"#);
    daemon.wait_for("meanwhile").await;
    let is_anew = async {
        loop {
            match window_process(app.id().unwrap()).await {
                Some(window) if window != first => return window,
                _ => {}
            }
        }
    };
    let second = within("another window", is_anew).await;
    until_shown(&stage.session).await;
    stage.emit(&SELLER, r#"{"title":"after"}"#);
    let toast = daemon.wait_for("after").await;
    wait_for_fates(&stage, &[("after", r#""shown""#)]).await;
    daemon.act(&toast, "default").await;
    let read = || !stage.unread().contains(&"after".to_owned());
    eventually("a page at work", read).await;

    signal(second, "KILL");
    let gone = async { while !children(app.id().unwrap()).await.is_empty() {} };
    within("the end of the window", gone).await;
    // What would come by itself comes at once: here an alert goes all its way first.
    stage.emit(&SELLER, r#"{"title":"still"}"#);
    let toast = daemon.wait_for("still").await;
    wait_for_fates(&stage, &[("still", r#""shown""#)]).await;
    assert_eq!(window_process(app.id().unwrap()).await, None, "it would die for ever");
    daemon.act(&toast, "default").await;
    until_shown(&stage.session).await;
    let read = || !stage.unread().contains(&"still".to_owned());
    eventually("a page at work", read).await;
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_toast_comes_when_the_display_is_gone() {
    let mut stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = app(&stage).await;
    until_at_work(&stage, &daemon, &SELLER, "before").await;
    stage.session.end_display().await;
    // It is opened anew, which fails.
    daemon.wait_for(NO_WINDOW).await;
    stage.emit(&SELLER, r#"{"title":"without a display"}"#);
    daemon.wait_for("without a display").await;
    end(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_started_by_hand_finds_the_app_or_starts_it() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let mut window = stage.session.logged(WINDOW);
    let mut window = window.envs(stage.environment(&SELLER)).spawn().unwrap();
    stage.connected(&SELLER).await;
    until_shown(&stage.session).await;
    until_at_work(&stage, &daemon, &SELLER, "by hand").await;
    // There is one window: another one shows it.
    let mut second = stage.session.logged(WINDOW);
    let second = second.envs(stage.environment(&SELLER)).status();
    assert!(within("the second one's end", second).await.unwrap().success());
    let mut quit = stage.session.logged(APP);
    let quit = quit.arg("--quit").envs(stage.environment(&SELLER)).status();
    assert!(within("the end of the app", quit).await.unwrap().success());
    let status = within("the end of the window", window.wait()).await.unwrap();
    assert!(status.success(), "it goes with the app: {status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_whose_app_is_killed_starts_it_again_and_goes_on() {
    let stage = Stage::set(&[]).await;
    let mut window = stage.session.logged(WINDOW);
    let mut window = window.env("AGORA_HOME", stage.home()).spawn().unwrap();
    until_shown(&stage.session).await;
    let app = async {
        loop {
            let found = children(window.id().unwrap()).await;
            if let Some((app, _)) = found.into_iter().find(|(_, name)| name == "agora-notifier") {
                return app;
            }
        }
    };
    let first = within("the app", app).await;
    signal(first, "KILL");
    let anew = async {
        loop {
            let found = children(window.id().unwrap()).await;
            let app = found.into_iter().find(|(id, name)| name == "agora-notifier" && *id != first);
            if let Some((app, _)) = app {
                return app;
            }
        }
    };
    let second = within("the app anew", anew).await;
    signal(second, "TERM");
    within("the end of the window", window.wait()).await.unwrap();
}

/// A copy of the app in a folder of the session's, beside another program in place of its window.
fn with_window(session: &Session, script: &str) -> PathBuf {
    let folder = session.folder().join("programs");
    fs::create_dir(&folder).unwrap();
    let app = folder.join("agora-notifier");
    fs::copy(APP, &app).unwrap();
    let window = folder.join("agora-notifier-window");
    fs::write(&window, script).unwrap();
    fs::set_permissions(&window, fs::Permissions::from_mode(0o755)).unwrap();
    app
}

fn start(stage: &Stage, app: &Path) -> Command {
    let mut app = stage.session.logged(app);
    app.envs(stage.environment(&SELLER));
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_ends_at_once_or_never_paints_is_said_in_a_toast() {
    for (script, word) in
        [("#!/bin/sh\nexit 3\n", NO_WINDOW), ("#!/bin/sh\nsleep 600\n", "The window stays empty")]
    {
        let stage = Stage::set(&[]).await;
        let daemon = OwnDaemon::quick(&stage.session).await;
        let program = with_window(&stage.session, script);
        let app = start(&stage, &program).spawn().unwrap();
        let toast = daemon.wait_for(word).await;
        assert_eq!(toast.actions, ["default", "Open"]);
        let first = window_process(app.id().unwrap()).await;
        stage.connected(&SELLER).await;
        wait_until_on_screen(&stage).await;
        daemon.act(&toast, "default").await;
        if first.is_some() {
            let renewed = async {
                loop {
                    let next = window_process(app.id().unwrap()).await;
                    if next.is_some() && next != first {
                        return;
                    }
                }
            };
            within("another window", renewed).await;
        } else {
            daemon.wait_for_count(3).await;
        }
        end(app).await;
    }
}

fn files(stage: &Stage) -> Files {
    Files::find(Some(&stage.home())).unwrap()
}

/// What the app answers a window of another version.
async fn greeting(stage: &Stage) -> ToWindow {
    let socket = stage.session.folder().join("run").join(agora_socket::bus_name(&files(stage)));
    let (mut reader, mut writer) = agora_socket::connect_at(&socket.join("window")).await.unwrap();
    writer.send(&FromWindow::Hello { version: "0.0.1".into() }).await.unwrap();
    within("an answer", reader.next()).await.unwrap().expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_another_version_is_told_so_and_after_an_upgrade_the_app_restarts() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let program =
        with_window(&stage.session, "#!/bin/sh\ntouch \"$AGORA_HOME/shown\"\nexec sleep 600\n");
    let app = start(&stage, &program).arg("--hidden").spawn().unwrap();
    let process = app.id().unwrap();
    stage.connected(&SELLER).await;
    assert!(
        matches!(greeting(&stage).await, ToWindow::OtherVersion { version } if version == "0.1.0")
    );
    // Nothing was installed: there is nothing to start again.
    daemon.wait_for(NO_WINDOW).await;

    // As a package manager does it.
    let new = program.with_file_name("new");
    fs::copy(APP, &new).unwrap();
    fs::rename(&new, &program).unwrap();
    assert!(matches!(greeting(&stage).await, ToWindow::OtherVersion { .. }));
    let toast = daemon.wait_for("Agora was updated").await;
    wait_until_on_screen(&stage).await;
    daemon.act(&toast, "default").await;
    // The same process is another program now, and shows its window.
    eventually("the new one's window", || stage.home().join("shown").exists()).await;
    let running = fs::read_link(format!("/proc/{process}/exe")).unwrap();
    assert_eq!(running, program);
    stage.connected(&SELLER).await;
    end(app).await;
}

/// An alert's toast comes after all that were to come before.
async fn wait_until_on_screen(stage: &Stage) {
    stage.emit(&SELLER, r#"{"title":"a later one"}"#);
    wait_for_fates(stage, &[("a later one", r#""shown""#)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_user_is_refused_even_where_the_folder_lets_them_in() {
    let stage = Stage::set(&[]).await;
    let app = start(&stage, Path::new(APP)).arg("--hidden").spawn().unwrap();
    stage.connected(&SELLER).await;
    let folder = stage.session.folder().join("run").join(agora_socket::bus_name(&files(&stage)));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    eventually("the socket", || folder.join("window").exists()).await;
    assert_eq!((mode(&folder), mode(&folder.join("window"))), (0o700, 0o600));
    if is_root() {
        for open in [stage.session.folder(), &stage.session.folder().join("run"), &folder] {
            fs::set_permissions(open, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::set_permissions(folder.join("window"), fs::Permissions::from_mode(0o666)).unwrap();
        // It says hello as a window does: only who it is can be held against it.
        let script = "import socket, struct, sys\n\
            hello = b'{\"type\":\"hello\",\"version\":\"%s\"}' % sys.argv[2].encode()\n\
            s = socket.socket(socket.AF_UNIX)\n\
            s.connect(sys.argv[1])\n\
            s.settimeout(60)\n\
            try: s.sendall(struct.pack('>I', len(hello)) + hello); print(len(s.recv(1)))\n\
            except ConnectionError: print(0)";
        let mut other = stage.session.command("setpriv");
        other.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
        other.args(["/usr/bin/python3", "-c", script]).arg(folder.join("window"));
        other.arg(agora_socket::VERSION);
        let said = within("its end", other.stderr(Stdio::inherit()).output()).await.unwrap();
        assert_eq!(String::from_utf8(said.stdout).unwrap(), "0\n", "it is hung up on");
    }
    end(app).await;
}

fn is_root() -> bool {
    std::process::Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_window_nothing_of_it_stays() {
    let stage = Stage::set(&[]).await;
    let app = app(&stage).await;
    let window = window_of(&app).await;
    let page = page_process(app.id().unwrap()).await.unwrap();
    let started: Vec<_> = children(window).await.into_iter().map(|(id, _)| id).collect();
    assert!(started.contains(&page));
    let mut wmctrl = stage.session.command("wmctrl");
    assert!(wmctrl.args(["-c", "Agora"]).status().await.unwrap().success());
    for process in started {
        within("the end of what the window started", ended(process)).await;
    }
    // Nor does its entry stay until something else wakes the app, as the market does every 30 s.
    assert!(timeout(Duration::from_secs(15), ended(window)).await.is_ok(), "it stays a zombie");
    end(app).await;
}
