//! Ten thousand clients whose server goes away and comes back: how hard they knock, and how soon they
//! are all there again. The app's own schedule against a fixed delay and against plain doubling.
//!
//! Simulated, without sockets, and the same in each run. It writes `docs/fleet.md` and
//! `docs/fleet.svg`, and prints the table.

#![expect(clippy::print_stdout, reason = "the table is the bench's result")]

mod plot;
mod schedules;
mod simulation;

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use schedules::Kind;
use simulation::{CLIENTS, Outage, Result as Measured};

/// How long the server is away, in words and in seconds.
const OUTAGES: [(&str, u64); 4] = [("1 s", 1), ("30 s", 30), ("5 min", 300), ("1 h", 3600)];

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs");

const ABOUT: &str = "\
# Ten thousand clients come back

What the market's server meets when it goes away and comes back, from the schedule that the app uses
(`agora_client::connection::Backoff`, not a copy of it), from a browser's `EventSource` (3 s after
each failure), and from plain doubling (1 s, 2 s, 4 s … 30 s, no jitter).

![Connects a second, over the time since the server is back](fleet.svg)

The model:

- 10,000 clients, each connected for an hour, are cut off at the same moment: the worst case.
- A client has a round trip of its own, 10 ms to 200 ms. It takes that long to learn of the cut, of a
  refusal, and of a success.
- While the server is away it refuses every connect. Once back it accepts every one at once, and
  none is dropped again: what a server with less room does is not in the model.
- *Peak* is the most connects within one of the tenths of a second that are counted from the server's
  return: clients that are in step come within the spread of their round trips, and it is these that
  a server's queue has to hold. Behind it, the most within a whole second.
- A client that is back tells the server goodbye for its stream from before: a short call more, after
  its connect was accepted. It is not counted.
- The numbers are seeded: each run gives the same.

`./dev bench fleet` writes this page and the plot anew.

";

const READING: &str = "
What it shows:

- Once the server is back, the app's clients spread over the cap of their waits: 30 s, and 5 min after
  more than ten minutes of failure. The server meets hundreds a second, then tens. A fixed delay
  brings thousands a second whatever came before; doubling brings all at once while the clients
  are in step, and spreads them only as far as their round trips have moved them apart.
- The price is time: nobody waits longer than the cap, but most wait for a part of it. *Reconnect now*
  passes it.
- The first tries after a cut are spread over 5 s, as they are after an end in good order, and those
  behind them over no less: the most that come at once are less than a tenth of a fixed delay's. By
  whole seconds they are a third: ten thousand over 5 s are two thousand a second, whatever comes
  behind them.
- A server that is back after 1 s has most of them a few seconds later than a fixed delay would bring
  them, which all come at the same moment. Who looks at the window is back at once by *Reconnect now*.
";

fn main() -> Result<(), Box<dyn Error>> {
    let mut panels = Vec::new();
    let mut table = String::from(
        "| away | schedule | peak while away, 0.1 s / 1 s | peak once back, 0.1 s / 1 s | 99 % back after | connects in all |\n\
         | --- | --- | ---: | ---: | ---: | ---: |\n",
    );
    for (name, seconds) in OUTAGES {
        let outage = Outage { length: Duration::from_secs(seconds) };
        let results: Vec<(Kind, Measured)> =
            Kind::ALL.into_iter().map(|kind| (kind, simulation::run(kind, outage))).collect();
        for (kind, result) in &results {
            let ((away, away_second), (back, back_second)) =
                (result.peak_while_away(), result.peak_once_back());
            writeln!(
                table,
                "| {name} | {} | {away} / {away_second} | {back} / {back_second} | {:.1} s | {} |",
                kind.name(),
                result.nearly_all_back.as_secs_f64(),
                result.connects(),
            )?;
        }
        panels.push((format!("{CLIENTS} clients, server away for {name}"), results));
    }
    print!("{table}");
    let docs = Path::new(DOCS);
    fs::create_dir_all(docs)?;
    fs::write(docs.join("fleet.md"), format!("{ABOUT}{table}{READING}"))?;
    fs::write(docs.join("fleet.svg"), plot::draw(&panels))?;
    Ok(())
}
