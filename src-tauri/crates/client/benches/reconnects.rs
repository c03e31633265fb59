//! A hundred thousand reconnects over real sockets, through every kind of end: the memory and the open
//! files of the process stay what they were after the first ten thousand. Prints a table; fails
//! where they grow.

#![expect(clippy::print_stdout, reason = "the table is the bench's result")]

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use agora_client::connection::{
    Config, ConnectionStatus, Target, Timing, Update, Updates, queue, run,
};
use agora_client::{BaseUrl, ClientId, Endpoint, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// After how many connects is measured. The first time is where everything has its size.
const MEASURED: [usize; 5] = [10_000, 25_000, 50_000, 75_000, 100_000];

/// What the memory may grow by after that, in KiB: a leak of a dozen bytes a reconnect is seen.
const MOST_GROWTH: usize = 1024;

/// The answers, by turns; each ends its connection.
const ANSWERS: [(&str, End); 5] = [
    (
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: 7\ndata:{\"type\":\"HEARTBEAT\"}\nevent:HEARTBEAT\n\n",
        End::Clean,
    ),
    (
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 1\ndata: half an ev",
        End::Reset,
    ),
    (
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n: cut",
        End::Clean,
    ),
    (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 20\r\n\r\n{\"message\":\"asleep\"}",
        End::Clean,
    ),
    (
        "HTTP/1.1 302 Found\r\nLocation: https://other.test/\r\nContent-Length: 0\r\n\r\n",
        End::Clean,
    ),
];

#[derive(Clone, Copy)]
enum End {
    Clean,
    Reset,
}

/// No wait at all, and no fuse.
fn at_once() -> Timing {
    let zero = Duration::ZERO;
    Timing {
        least: zero,
        base: zero,
        base_bounds: (zero, zero),
        spread: zero,
        slow: zero,
        fuse_window: zero,
        same_client_gap: zero,
        ..Timing::default()
    }
}

/// Resident memory in KiB and open files, where the system tells.
fn measure() -> Option<(usize, usize)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes = resident.trim().strip_suffix(" kB")?.parse().ok()?;
    Some((kibibytes, fs::read_dir("/proc/self/fd").ok()?.count()))
}

async fn answer(mut socket: TcpStream, nth: usize) -> std::io::Result<()> {
    let mut head = Vec::with_capacity(1024);
    while !head.ends_with(b"\r\n\r\n") && socket.read_buf(&mut head).await? > 0 {}
    let (text, end) = ANSWERS[nth % ANSWERS.len()];
    socket.write_all(text.as_bytes()).await?;
    match end {
        End::Clean => socket.shutdown().await,
        End::Reset => socket.set_zero_linger(),
    }
}

async fn serve(listener: TcpListener) -> std::io::Result<()> {
    for nth in 0.. {
        // One client: the next connect comes after this one's end.
        answer(listener.accept().await?.0, nth).await?;
    }
    Ok(())
}

/// Takes the updates, and measures on the way.
async fn watch(mut updates: Updates) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let mut connects = 0;
    let mut first = None;
    println!("| connects | resident KiB | open files | seconds |");
    println!("| ---: | ---: | ---: | ---: |");
    while let Some(update) = updates.recv().await {
        if update != Update::Status(ConnectionStatus::Connecting) {
            continue;
        }
        connects += 1;
        if !MEASURED.contains(&connects) {
            continue;
        }
        let (memory, files) = measure().ok_or("no /proc here: nothing can be measured")?;
        let seconds = started.elapsed().as_secs_f64();
        println!("| {connects} | {memory} | {files} | {seconds:.1} |");
        let (memory_first, files_first) = *first.get_or_insert((memory, files));
        assert!(memory <= memory_first + MOST_GROWTH, "the memory grows");
        assert!(files <= files_first + 4, "files stay open");
        if MEASURED.last() == Some(&connects) {
            return Ok(());
        }
    }
    Err("the connection ended by itself".into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = Endpoint {
        base: BaseUrl::parse(&format!("http://{}/api", listener.local_addr()?))?,
        client_id: ClientId::parse("user_1_bench-device")?,
        token: Some(Token::parse("bench-token")?),
    };
    let config = Config { timing: at_once(), ..Config::new(Target::market(endpoint)) };
    let (sender, updates) = queue();
    let (_control, controls) = mpsc::channel(1);
    let run = run(config, sender, controls, CancellationToken::new());
    tokio::select! {
        measured = watch(updates) => measured,
        ended = run => Err(format!("the connection ended: {ended:?}").into()),
        served = serve(listener) => Err(format!("the server ended: {served:?}").into()),
    }
}
