//! Receives into an inbox and prints the key of each alert after it was announced, one a line: what
//! was printed is what whoever reads it may rely on.
//!
//! Where and for whom say the environment's `AGORA_HOME`, `AGORA_BASE_URL`, `AGORA_CLIENT_ID` and
//! `AGORA_TOKEN`. It ends when it is killed, or when its output is closed.

use agora_account::{Accounts, Environment, Files};
use agora_receiver::{Change, Choices, Receiver};
use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let environment = Environment::of_process()?;
    let files = Files::find(environment.home.as_deref())?;
    let accounts = Arc::new(Accounts::new(files, environment));
    let receiver = Receiver::start(accounts.clone(), accounts, Choices::default());
    let mut changes = receiver.changes();
    loop {
        match changes.recv().await {
            Ok(Change::Arrived { alerts, .. }) => {
                let mut output = stdout().lock();
                for alert in alerts.iter() {
                    writeln!(output, "{}", alert.id)?;
                }
                output.flush()?;
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}
