//! The app's window, driven through `WebDriver`: the real page in the real webview, in the window's
//! program that the app has started as for any person.
//!
//! Owns the app, the driver (`WebKitWebDriver`, which joins a window that is there) and finds elements
//! by their `data-testid`. Leaves out an app without a driver, for tests that need no
//! page: that is a plain program of the session's, `session.logged(APP).spawn()`.

use std::ffi::OsStr;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use super::session::{LIMIT, Session, signal, within};

/// The texts of all elements of a name, in the order of the page: what a field holds,
/// or what can be read elsewhere; of `name@attribute`, the attributes in their place. A part of
/// both scripts below.
const READ: &str = "
    const [id, attribute] = name.split('@');
    const text = e => e.matches('input, textarea, select') ? e.value : e.innerText;
    const read = () => [...document.querySelectorAll(`[data-testid=\"${id}\"]`)]
        .map(e => attribute ? e.getAttribute(attribute) ?? '' : text(e));";

/// Answers with the texts as soon as they differ from those already known.
const READ_CHANGED: &str = "
    const unless = JSON.stringify(known);
    const answer = () => {
        if (JSON.stringify(read()) === unless) return;
        observer.disconnect();
        removeEventListener('input', answer);
        done(read());
    };
    const observer = new MutationObserver(answer);
    observer.observe(document,
        { subtree: true, childList: true, characterData: true, attributes: true });
    addEventListener('input', answer);
    answer();";

/// Answers whether an element was in the same place throughout three frames.
const STAYS: &str = "
    const [element, done] = arguments;
    const place = () => JSON.stringify(element.getBoundingClientRect());
    const [first, frame] = [place(), requestAnimationFrame];
    frame(() => frame(() => frame(() => done(place() === first))));";

/// Notes whether the next click is on an element.
const WATCH: &str = "
    const [element] = arguments;
    window.wasClicked = false;
    addEventListener('click', event => window.wasClicked = event.composedPath().includes(element),
        { capture: true, once: true });";

/// The app with a window that a test can read and use. Dropping it leaves app and driver
/// to the end of the session: see [`App::end`].
#[derive(Debug)]
pub(crate) struct App {
    /// The `WebDriver` session, for what isn't a matter of one element.
    pub(crate) client: Client,
    /// The app's process id.
    pub(crate) process: u32,
    program: Child,
    driver: Child,
    /// Where the driver listens.
    address: String,
}

impl App {
    /// Starts `program` in the session, and joins its window once it has made one.
    ///
    /// # Panics
    /// When the app makes no window in time.
    pub(crate) async fn start(
        session: &Session,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &OsStr)],
    ) -> Self {
        let (port, inspector) = (free_port().await, free_port().await);
        let mut app = session.logged(program);
        // The window inherits it from the app; wry lets itself be driven only when it is asked to.
        app.args(arguments).envs(environment.iter().copied());
        app.env("TAURI_WEBVIEW_AUTOMATION", "true");
        app.env("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspector}"));
        let app = app.spawn().expect("the app starts");
        let mut driver = session.logged("WebKitWebDriver");
        driver.arg(format!("--port={port}")).arg(format!("--target=127.0.0.1:{inspector}"));
        // A window that is opened anew is another one to it.
        driver.arg("--replace-on-new-session");
        let driver = driver.spawn().expect("WebKitWebDriver starts");
        within("the driver's port", until_open(port)).await;
        let address = format!("http://127.0.0.1:{port}");
        let client = join(&address).await;
        let process = app.id().expect("the app runs");
        Self { client, process, program: app, driver, address }
    }

    /// The first element of this name, once there is one.
    pub(crate) async fn find(&self, name: &str) -> Element {
        self.wait_for(name, |_| true).await;
        let selector = format!("[data-testid=\"{name}\"]");
        let element = self.client.find(Locator::Css(&selector)).await;
        element.unwrap_or_else(|error| panic!("no element {name:?}: {error}"))
    }

    /// What the first element of this name says, or holds if it is a field.
    pub(crate) async fn text(&self, name: &str) -> String {
        let text = self.texts(name).await.into_iter().next();
        text.unwrap_or_else(|| panic!("no element {name:?}"))
    }

    /// What each element of this name says, or holds.
    pub(crate) async fn texts(&self, name: &str) -> Vec<String> {
        let script = format!("const [name] = arguments; {READ} return read();");
        texts(self.client.execute(&script, vec![json!(name)]).await)
    }

    /// What a script in the page answers.
    pub(crate) async fn evaluate<T: DeserializeOwned>(&self, script: &str) -> T {
        let answer = self.client.execute(script, vec![]).await.expect("the page answers");
        serde_json::from_value(answer).expect("what the script is to answer")
    }

    /// Presses keys, as on a keyboard, wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("the page has a focus");
        focused.send_keys(keys).await.expect("the keys are pressed");
    }

    /// Clicks the first element of this name.
    pub(crate) async fn click(&self, name: &str) {
        let element = self.find(name).await;
        // The driver reads the place and presses there later: what moves between is missed.
        let moves = async {
            while self
                .client
                .execute_async(STAYS, vec![json!(element)])
                .await
                .is_ok_and(|it| it == false)
            {}
        };
        within("an element that stays where it is", moves).await;
        // What moves all the same is clicked again, as a person does.
        let hit = async {
            loop {
                let watched = self.client.execute(WATCH, vec![json!(element)]).await;
                watched.unwrap_or_else(|error| panic!("no element {name:?}: {error}"));
                let clicked = element.click().await;
                clicked.unwrap_or_else(|error| panic!("can't click {name:?}: {error}"));
                // A page that is gone by it was hit.
                let was_hit = self.client.execute("return window.wasClicked", vec![]).await;
                if was_hit.map_or(true, |was_hit| was_hit != false) {
                    return;
                }
            }
        };
        within("a click that hits", hit).await;
    }

    /// Opens what is folded away under the summary of this name.
    pub(crate) async fn unfold(&self, name: &str) {
        let is_open =
            format!("return document.querySelector('[data-testid={name}]').parentElement.open");
        let opened = async {
            // A click that is counted as missed and then comes after all would close it again.
            while !self.evaluate::<bool>(&is_open).await {
                self.click(name).await;
            }
        };
        within("what is folded away", opened).await;
    }

    /// Clicks the row that says this, once it is there.
    pub(crate) async fn click_row(&self, text: &str) {
        let rows =
            self.wait_for_texts("alert-row", |rows| rows.iter().any(|row| row.contains(text)));
        let at = rows.await.iter().position(|row| row.contains(text)).expect("it was there");
        let id = &self.texts("alert-row@data-id").await[at];
        let row = format!("[data-testid=alert-row][data-id='{id}']");
        let row = self.client.find(Locator::Css(&row)).await.expect("the row stays");
        let click = async {
            // A row that is still on its way to its place can't be hit.
            while row.click().await.is_err() {
                pause().await;
            }
        };
        within("a row to click", click).await;
    }

    /// Types into a field in place of what it held.
    pub(crate) async fn type_into(&self, name: &str, text: &str) {
        let field = self.find(name).await;
        let typed = async {
            if !self.text(name).await.is_empty() {
                // Unlike typing, this doesn't bring it into view, and fails where it isn't.
                let show = "arguments[0].scrollIntoView({ block: 'nearest' })";
                self.client.execute(show, vec![json!(field)]).await?;
                field.clear().await?;
            }
            field.send_keys(text).await
        };
        typed.await.unwrap_or_else(|error| panic!("can't type into {name:?}: {error}"));
    }

    /// Waits until there is an element of this name for whose text `wanted` holds.
    ///
    /// # Panics
    /// When there isn't in time.
    pub(crate) async fn wait_for(&self, name: &str, wanted: impl Fn(&str) -> bool) -> String {
        let found = self.wait_for_texts(name, |texts| texts.iter().any(|text| wanted(text))).await;
        found.into_iter().find(|text| wanted(text)).expect("it was there")
    }

    /// Waits, woken by the page's changes, until `wanted` holds for the texts of all
    /// elements of this name. None at all is an empty slice.
    ///
    /// # Panics
    /// When it doesn't in time, with the last texts.
    pub(crate) async fn wait_for_texts(
        &self,
        name: &str,
        wanted: impl Fn(&[String]) -> bool,
    ) -> Vec<String> {
        let script = format!("const [name, known, done] = arguments; {READ} {READ_CHANGED}");
        let mut known = self.texts(name).await;
        let wait = async {
            while !wanted(&known) {
                let arguments = vec![json!(name), json!(known)];
                known = texts(self.client.execute_async(&script, arguments).await);
            }
        };
        let in_time = tokio::time::timeout(LIMIT, wait).await.is_ok();
        assert!(in_time, "waited in vain for {name:?}; it says {known:?}");
        known
    }

    /// Waits until the page as it is now has been drawn, for a picture of the screen.
    pub(crate) async fn wait_until_drawn(&self) {
        let script = "const [done] = arguments;
            requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        let drawn = within("a drawn page", self.client.execute_async(script, vec![])).await;
        drawn.expect("the page answers");
    }

    /// Writes a picture of the page into `docs`, with `AGORA_WRITE_DOCS=1` alone.
    pub(crate) async fn picture(&self, name: &str) {
        if std::env::var_os("AGORA_WRITE_DOCS").is_some() {
            self.wait_until_drawn().await;
            let picture = self.client.screenshot().await.expect("a picture of the page");
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
            std::fs::write(file, picture).expect("the docs can be written");
        }
    }

    /// Waits until the app has no window left: its program, and what that has started, are gone.
    ///
    /// # Panics
    /// When it keeps one too long.
    pub(crate) async fn wait_until_closed(&self) {
        let wait = async {
            while !children(self.process).await.is_empty() {
                pause().await;
            }
        };
        within("the end of the window", wait).await;
    }

    /// Waits until the app has a window again and joins it.
    ///
    /// # Panics
    /// When there is none in time.
    pub(crate) async fn wait_until_open(&mut self) {
        self.client = join(&self.address).await;
    }

    /// Closes the window as a person does, through the window manager, and waits until its page
    /// is gone. (The driver's own way to close the last window ends the driver's session too.)
    pub(crate) async fn close(&self, session: &Session) {
        self.wait_until_drawn().await;
        let mut wmctrl = session.command("wmctrl");
        let closed = within("the window manager", wmctrl.args(["-c", "Agora"]).status()).await;
        assert!(closed.expect("wmctrl runs").success(), "the window can't be closed");
        self.wait_until_closed().await;
    }

    /// Asks the app to end (SIGTERM) and waits for it, then for its driver.
    pub(crate) async fn end(mut self) {
        signal(self.process, "TERM");
        self.ended().await;
        // SIGKILL would leave what the driver started behind.
        signal(self.driver.id().expect("the driver runs"), "TERM");
        within("the end of the driver", self.driver.wait()).await.expect("the driver ends");
    }

    /// Waits for the app's end.
    pub(crate) async fn ended(&mut self) {
        let status = within("the end of the app", self.program.wait()).await.expect("the app ends");
        assert!(status.success(), "the app ended: {status}");
    }

    /// The window's program.
    pub(crate) async fn window_process(&self) -> u32 {
        window_process(self.process).await.expect("the window is open")
    }

    /// The process that draws the page.
    pub(crate) async fn webview_process(&self) -> u32 {
        page_process(self.process).await.expect("the window is open")
    }
}

/// The names of the window's program and of the process that draws its page, as far as the kernel
/// keeps them.
const WINDOW: &str = "agora-notifier-";
const PAGE: &str = "WebKitWebProces";

/// The window's program of an app.
pub(crate) async fn window_process(app: u32) -> Option<u32> {
    child(app, WINDOW).await
}

/// The process that draws the page of an app.
pub(crate) async fn page_process(app: u32) -> Option<u32> {
    child(window_process(app).await?, PAGE).await
}

async fn child(parent: u32, name: &str) -> Option<u32> {
    let children = children(parent).await;
    children.into_iter().find(|(_, found)| found.starts_with(name)).map(|(id, _)| id)
}

/// Joins the window through the driver, once there is one. The driver refuses as long as there is none.
async fn join(address: &str) -> Client {
    let wait = async {
        loop {
            // A script that waits for the page is given up by whoever waits for it, not by the driver.
            let timeouts = json!({ "script": 2 * LIMIT.as_millis() });
            let Value::Object(capabilities) = json!({ "timeouts": timeouts }) else {
                unreachable!("it is written as an object")
            };
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities).connect(address).await {
                Ok(client) => return client,
                Err(_) => pause().await,
            }
        }
    };
    within("the app's window", wait).await
}

/// A port that nobody listens on.
async fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// The driver doesn't say when it listens: knock until it does.
async fn until_open(port: u16) {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        pause().await;
    }
}

/// Between two questions about what nothing reports by itself.
pub(crate) async fn pause() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Waits for the end of a process that isn't a child of the test's.
pub(crate) async fn ended(process: u32) {
    let mut tail = Command::new("tail");
    tail.args(["-f", "/dev/null", "-s", "0.02", "--pid"]).arg(process.to_string());
    tail.kill_on_drop(true).status().await.expect("tail runs");
}

/// Id and name (its first 15 bytes, see proc(5)) of each process that `parent` started.
pub(crate) async fn children(parent: u32) -> Vec<(u32, String)> {
    let mut pgrep = Command::new("pgrep");
    let output = pgrep.args(["--list-name", "--parent"]).arg(parent.to_string()).output().await;
    let output = String::from_utf8(output.expect("pgrep runs").stdout).expect("text");
    let child = |line: &str| {
        let (id, name) = line.split_once(' ')?;
        Some((id.parse().ok()?, name.to_owned()))
    };
    output.lines().filter_map(child).collect()
}

fn texts(answer: Result<Value, fantoccini::error::CmdError>) -> Vec<String> {
    let texts = answer.expect("the page answers");
    serde_json::from_value(texts).expect("a list of texts")
}
