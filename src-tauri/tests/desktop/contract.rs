//! The app answers its page as the page's own tests take it to: the contract that their twin of the app
//! keeps, asked of the app.

use std::path::Path;
use std::process::Command;

use agora_demo_market::people::SELLER;

use super::opener::Opener;
use super::stage::Stage;

/// The contract as a script that defines `contract`.
fn contract() -> String {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/tests/contract-window.mjs");
    let made = Command::new("node").arg(program).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_keeps_the_contract_that_its_twin_keeps() {
    let contract = contract();
    let stage = Stage::set(&[]).await;
    let opener = Opener::install(&stage.session);
    let mut environment = stage.environment(&SELLER);
    environment.push(opener.variable());
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    for title in ["first", "second", "third", "fourth", "fifth"] {
        stage.emit(&SELLER, &format!(r#"{{"title":"{title}","link":"/orders/20418"}}"#));
    }
    app.wait_for_texts("alert-row", |rows| rows.len() == 5).await;

    let script = format!(
        "const [done] = arguments; {contract}
         contract.broken().then(done, (error) => done([String(error)]));"
    );
    let broken = app.client.execute_async(&script, vec![]).await.unwrap();
    assert_eq!(broken, serde_json::json!([]), "{broken:#}");
    app.end().await;
}
