//! What the tests share: a place for the program to live in, and the running program.

use agora_demo_market::people::Person;
use agora_demo_market::{Config, DemoMarket, Recorded};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

/// Longer than anything that is expected to happen; only a failing test waits that long.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// A heartbeat short enough to wait for.
pub(crate) const BEAT: Duration = Duration::from_millis(40);

pub(crate) async fn market() -> DemoMarket {
    market_with(Config { heartbeat: BEAT, ..Config::default() }).await
}

pub(crate) async fn market_with(config: Config) -> DemoMarket {
    DemoMarket::start(config).await.unwrap()
}

pub(crate) fn device(person: &Person) -> String {
    format!("user_{}_test-device", person.id)
}

/// Waits until the market has answered a request of that method whose path holds `part`.
pub(crate) async fn request(market: &DemoMarket, method: &str, part: &str) -> Recorded {
    let wanted = |request: &Recorded| {
        request.method == method && request.path.contains(part) && request.status.is_some()
    };
    market.wait_for_request(wanted, LIMIT).await.unwrap_or_else(|| {
        panic!("no {method} with {part} in {:#?}", market.requests());
    })
}

/// A body as it was given: without the reference that each gets, which is another in each.
pub(crate) fn given(body: &str) -> String {
    let (given, reference) = body.split_once("\"agoraReference\":\"").expect("it has a reference");
    assert_eq!(reference.len(), 32 + 2, "{reference}");
    given.strip_suffix(',').unwrap_or(given).to_owned() + "}"
}

/// How many requests of that method there were.
pub(crate) fn count(market: &DemoMarket, method: &str) -> usize {
    market.requests().iter().filter(|request| request.method == method).count()
}

/// A folder for everything the program keeps, and an environment without a session bus.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    /// A home with an account at the market, as that person with their token.
    pub(crate) fn of(market: &DemoMarket, person: &Person) -> Self {
        Self::new()
            .with("AGORA_BASE_URL", &market.base_url())
            .with("AGORA_CLIENT_ID", &device(person))
            .with("AGORA_TOKEN", person.token)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agora"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("AGORA_HOME", self.folder.path().join("agora"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "").await
    }

    /// Runs a command to its end, with that text on standard input.
    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // Whoever needs no input may be gone before it is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
        let output = timeout(LIMIT, child.wait_with_output()).await.expect("it ends").unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts a command that doesn't end by itself.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Self::spawn(self.command(arguments))
    }

    /// The same under another program, which takes a command line behind arguments of its own.
    pub(crate) fn start_under(&self, program: &str, own: &[&str], arguments: &[&str]) -> Running {
        let command = self.command(arguments);
        let command = command.as_std();
        let mut under = Command::new(program);
        under
            .args(own)
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Self::spawn(under)
    }

    fn spawn(mut command: Command) -> Running {
        let mut child = command.spawn().unwrap();
        let lines = Some(BufReader::new(child.stdout.take().unwrap()).lines());
        let err = child.stderr.take().unwrap();
        Running { child, lines, err }
    }

    /// Whether a file under the home holds that text.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap())
                    .contains(text)
                {
                    return true;
                }
            }
        }
        false
    }
}

/// A command that came to its end.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The lines of standard output, each of which must be a JSON object.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(object).collect()
    }

    /// Ended with that code, said that, and wrote no data.
    #[track_caller]
    pub(crate) fn assert_refused(&self, code: i32, said: &str) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(self.err.contains(said), "{said:?} is not in {self:#?}");
        assert_eq!(self.out, "");
    }
}

/// A command that is running.
pub(crate) struct Running {
    child: Child,
    /// Standard output, until it is closed.
    lines: Option<Lines<BufReader<ChildStdout>>>,
    err: ChildStderr,
}

impl Running {
    /// The next line of standard output.
    pub(crate) async fn line(&mut self) -> Value {
        let line = timeout(LIMIT, self.lines.as_mut().unwrap().next_line())
            .await
            .expect("a line")
            .unwrap();
        object(&line.expect("a line before the end"))
    }

    /// The next line that has this in this field.
    pub(crate) async fn line_with(&mut self, field: &str, value: &str) -> Value {
        loop {
            let line = self.line().await;
            if line[field] == value {
                return line;
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Waits until a line has begun to come, and takes none of it.
    pub(crate) async fn beginning(&mut self) {
        let begun = self.lines.as_mut().unwrap().get_mut().fill_buf();
        assert!(!timeout(LIMIT, begun).await.expect("a line begins").unwrap().is_empty());
    }

    /// Closes standard output, as `head` does.
    pub(crate) fn close_output(&mut self) {
        self.lines = None;
    }

    /// Waits for the end; what standard output still held, which is read only when it has come.
    pub(crate) async fn end(mut self) -> Ran {
        let status = timeout(LIMIT, self.child.wait()).await.expect("it ends").unwrap();
        let (mut out, mut err) = (String::new(), String::new());
        if let Some(mut lines) = self.lines {
            while let Some(line) = lines.next_line().await.unwrap() {
                out.push_str(&line);
                out.push('\n');
            }
        }
        self.err.read_to_string(&mut err).await.unwrap();
        Ran { code: status.code(), out, err }
    }
}

fn object(line: &str) -> Value {
    let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
    assert!(value.is_object(), "{line}");
    value
}
