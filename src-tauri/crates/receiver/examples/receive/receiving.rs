//! The receiver as a program of its own, in whatever runtime; the bench `flood` has it too.

use agora_account::{Accounts, Environment, Files};
use agora_receiver::{Change, Choices, Receiver};
use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// Receives, and prints the key of each alert.
pub(crate) async fn receive() -> Result<(), Box<dyn Error>> {
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
