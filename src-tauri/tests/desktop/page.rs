//! The page stays the app's own: whatever is dropped on it, whatever runs in it, and when its process
//! dies.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use agora_demo_market::people::{ADMINISTRATOR, Person, SELLER};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdout};
use tokio::sync::mpsc;

use super::fates::{wait_for_fates, wait_until_read};
use super::own_daemon::OwnDaemon;
use super::session::{Session, signal, within};
use super::stage::{APP, Stage};
use super::window::{App, page_process};

/// Another web site, on this machine. A connection that asks for nothing is no visit: the webview
/// makes one to where a link leads before anybody has said that it may.
struct Elsewhere {
    address: SocketAddr,
    asked: mpsc::UnboundedReceiver<String>,
}

impl Elsewhere {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, asked) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let tell = tell.clone();
                tokio::spawn(async move {
                    if let Ok(Some(line)) = BufReader::new(socket).lines().next_line().await {
                        // Nobody listens any more at the test's end.
                        let _ = tell.send(line);
                    }
                });
            }
        });
        Self { address, asked }
    }

    fn url(&self) -> String {
        format!("http://{}/taken?secret", self.address)
    }

    /// Says that nobody has asked for anything: our own question is the first.
    async fn assert_nobody_came(&mut self, why: &str) {
        let mut own = TcpStream::connect(self.address).await.unwrap();
        own.write_all(b"our own\n").await.unwrap();
        let first = within("our own question", self.asked.recv()).await.unwrap();
        assert_eq!(first, "our own", "{why} led here");
    }
}

/// A window to drag a link from.
struct DragSource {
    said: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl DragSource {
    async fn open(session: &Session, link: &str, forms: &str) -> Self {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/tests/desktop/drag-source.py");
        let mut python = session.command("/usr/bin/python3");
        let mut process = python
            .arg(script)
            .arg(link)
            .args(forms.split(' '))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut source = Self { said, _process: process };
        source.wait_for("ready").await;
        source
    }

    /// Waits until it says so; all that it said until then.
    async fn wait_for(&mut self, word: &str) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let line = within("the drag's source", self.said.next_line()).await.unwrap();
            heard.push(line.expect("it stays"));
            if heard.last().is_some_and(|line| line.starts_with(word)) {
                return heard;
            }
        }
    }
}

async fn mouse(session: &Session, words: &str) {
    let mut xdotool = session.command("xdotool");
    assert!(xdotool.args(words.split(' ')).status().await.unwrap().success(), "{words}");
}

/// Whether the page is the app's own still, and works.
async fn assert_own(app: &App) {
    let href: String = app.evaluate("return location.href").await;
    assert!(href.starts_with("tauri://localhost"), "{href}");
    app.click("nav-settings").await;
    app.find("settings").await;
    app.click("nav-inbox").await;
    assert_eq!(app.client.windows().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_dropped_on_the_window_leads_nowhere() {
    let stage = Stage::set(&[]).await;
    let mut elsewhere = Elsewhere::start().await;
    let app = stage.app(&SELLER).await;
    let mut place = stage.session.command("wmctrl");
    assert!(place.args(["-r", "Agora", "-e", "0,0,0,900,600"]).status().await.unwrap().success());
    // As Firefox offers a link, as Chromium does, and as a file manager.
    for (forms, to) in [
        ("text/x-moz-url _NETSCAPE_URL text/html text/plain", "300 300"),
        ("_NETSCAPE_URL text/plain", "700 400"),
        ("text/uri-list text/x-moz-url _NETSCAPE_URL text/html text/plain", "60 560"),
        ("text/uri-list", "300 300"),
    ] {
        let mut source = DragSource::open(&stage.session, &elsewhere.url(), forms).await;
        mouse(&stage.session, "mousemove 1150 740 mousedown 1").await;
        mouse(&stage.session, "mousemove --sync 1100 690 mousemove --sync 1000 500").await;
        source.wait_for("begun").await;
        for step in ["800 450", "500 350", to] {
            mouse(&stage.session, &format!("mousemove --sync {step}")).await;
            app.wait_until_drawn().await;
        }
        mouse(&stage.session, "mouseup 1").await;
        let heard = source.wait_for("ended").await;
        assert!(heard.iter().any(|line| line.starts_with("asked")), "{forms}: {heard:?}");
        assert_own(&app).await;
        elsewhere.assert_nobody_came(forms).await;
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_runs_in_the_page_leads_it_elsewhere() {
    let stage = Stage::set(&[]).await;
    let mut elsewhere = Elsewhere::start().await;
    let app = stage.app(&SELLER).await;
    let url = elsewhere.url();
    for script in [
        "location = url",
        "location.replace(url)",
        "location.href = 'tauri://localhost/elsewhere.html'",
        "location = 'data:text/html,elsewhere'",
        "location = 'file:///etc/passwd'",
        "location = URL.createObjectURL(new Blob(['elsewhere'], { type: 'text/html' }))",
        "window.open(url)",
        "window.open(url, '_self')",
        "window.open('', '_blank')",
        "const a = document.createElement('a'); a.href = url; document.body.append(a); a.click()",
        "const a = document.createElement('a'); a.href = url; a.target = '_blank'; a.click()",
        "const a = document.createElement('a'); a.href = url; a.download = 'taken'; a.click()",
        "const a = document.createElement('a'); a.href = 'data:,taken'; a.download = 'taken'; a.click()",
        "const a = document.createElement('a'); a.href = '/'; a.download = 'taken'; a.click()",
        "const a = document.createElement('a'); a.download = 'taken';
         a.href = URL.createObjectURL(new Blob(['taken'])); a.click()",
        "const f = document.createElement('form'); f.action = url; document.body.append(f); f.submit()",
        "const f = document.createElement('iframe'); f.src = url; document.body.append(f)",
        "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = `0;${url}`;
         document.head.append(m)",
        "fetch(url).catch(() => {})",
        "new Image().src = url",
        "navigator.sendBeacon(url, 'secret')",
    ] {
        let script = format!("const [url] = arguments; {script};");
        // One that the policy stops may answer with an error of its own.
        let _ = app.client.execute(&script, vec![json!(url)]).await;
        app.wait_until_drawn().await;
        assert_own(&app).await;
        elsewhere.assert_nobody_came(&script).await;
    }
    let taken = std::process::Command::new("find")
        .arg(stage.session.folder())
        .args(["-name", "*taken*"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(taken.stdout).unwrap(), "", "nothing was loaded down");
    app.end().await;
}

/// Kills the process that draws the page, and waits until the app has noticed.
async fn kill_page(app: u32) {
    let killed = page_process(app).await.expect("the window is open");
    signal(killed, "KILL");
    let noticed = async { while page_process(app).await == Some(killed) {} };
    within("another process, or none", noticed).await;
}

/// Waits until the page is there, and works: only then is an alert read that was asked for by its
/// toast.
pub(crate) async fn until_at_work(
    stage: &Stage,
    daemon: &OwnDaemon,
    person: &Person,
    title: &'static str,
) {
    stage.emit(person, &format!(r#"{{"title":"{title}"}}"#));
    let toast = daemon.wait_for(title).await;
    wait_for_fates(stage, &[(title, r#""shown""#)]).await;
    daemon.act(&toast, "default").await;
    wait_until_read(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_is_killed_comes_back_with_its_draft() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let app = stage.app(&ADMINISTRATOR).await;
    app.click("nav-compose").await;
    app.type_into("compose-title", "今晚維護").await;
    app.type_into("compose-content", "02:00 到 03:00").await;
    // The driver's session ends with that page.
    kill_page(app.process).await;
    until_at_work(&stage, &daemon, &ADMINISTRATOR, "after").await;
    app.end().await;

    // What came back would have kept an empty draft, if it had had one.
    let app = stage.app(&ADMINISTRATOR).await;
    app.click("nav-compose").await;
    app.wait_for("compose-title", |title| title == "今晚維護").await;
    app.wait_for("compose-content", |content| content == "02:00 到 03:00").await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_dies_again_and_again_takes_its_window_along_and_can_be_opened_anew() {
    let stage = Stage::set(&[]).await;
    let daemon = OwnDaemon::quick(&stage.session).await;
    let mut app = stage.session.logged(APP).envs(stage.environment(&SELLER)).spawn().unwrap();
    let process = app.id().unwrap();
    stage.connected(&SELLER).await;
    for title in ["once", "twice", "three times"] {
        until_at_work(&stage, &daemon, &SELLER, title).await;
        kill_page(process).await;
    }
    let gone = async { while page_process(process).await.is_some() {} };
    within("the end of the window", gone).await;
    until_at_work(&stage, &daemon, &SELLER, "anew").await;
    signal(process, "TERM");
    within("the end of the app", app.wait()).await.unwrap();
}
