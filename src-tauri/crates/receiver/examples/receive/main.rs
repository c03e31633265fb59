//! Receives into an inbox and prints the key of each alert after it was announced, one a line: what
//! was printed is what whoever reads it may rely on.
//!
//! Where and for whom say the environment's `AGORA_HOME`, `AGORA_BASE_URL`, `AGORA_CLIENT_ID` and
//! `AGORA_TOKEN`. It ends when it is killed, or when its output is closed.

mod receiving;

use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    receiving::receive().await
}
