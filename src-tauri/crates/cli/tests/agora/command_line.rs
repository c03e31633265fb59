//! The command line as a whole: help, the environment, and the log.

use crate::support::*;
use agora_demo_market::people::SELLER;
use rustix::process::Signal;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

#[tokio::test]
async fn help_tells_the_exit_codes_the_environment_and_examples() {
    let home = Home::new();
    let ran = home.run(&["--help"]).await;
    assert_eq!(ran.code, Some(0));
    for told in ["4  the answer was lost", "AGORA_TOKEN", "AGORA_HOME", "listen", "doctor"] {
        assert!(ran.out.contains(told), "{told} is not in {}", ran.out);
    }
    for command in [
        &["listen"][..],
        &["send"],
        &["broadcast"],
        &["account"],
        &["account", "set"],
        &["inbox"],
        &["inbox", "list"],
        &["doctor"],
    ] {
        let ran = home.run(&[command, &["--help"]].concat()).await;
        assert!(ran.code == Some(0) && ran.out.contains("Example"), "{ran:#?}");
    }
}

#[tokio::test]
async fn wrong_use_writes_no_data() {
    let home = Home::new();
    for arguments in [
        &[][..],
        &["nonsense"],
        &["listen", "--token", "x"],
        &["listen", "--last-event-id", "a\u{7}"],
    ] {
        home.run(arguments).await.assert_refused(2, "");
    }
}

#[tokio::test]
async fn a_wrong_variable_is_named_with_its_rule() {
    for (name, value, said) in [
        ("AGORA_BASE_URL", "http://market.example", "AGORA_BASE_URL: The base URL must begin with"),
        ("AGORA_CLIENT_ID", "..", "AGORA_CLIENT_ID: The client id must not be"),
        ("AGORA_TOKEN", "a b", "AGORA_TOKEN: The token must be visible ASCII"),
        ("AGORA_LOG", "loud", "AGORA_LOG: It must be off, error, warn, info, debug or trace."),
        ("AGORA_LOG", "info,zbus=trace", "AGORA_LOG: It must be off"),
    ] {
        let ran = Home::new().with(name, value).run(&["listen"]).await;
        ran.assert_refused(2, said);
    }
}

#[tokio::test]
async fn a_variable_that_is_no_text_is_named_and_not_shown() {
    for (name, said) in [
        ("AGORA_BASE_URL", "AGORA_BASE_URL: It must be UTF-8."),
        ("AGORA_CLIENT_ID", "AGORA_CLIENT_ID: It must be UTF-8."),
        ("AGORA_TOKEN", "AGORA_TOKEN: It must be UTF-8."),
        ("AGORA_LOG", "AGORA_LOG: It must be"),
    ] {
        let home = Home::new();
        let mut command = home.command(&["account", "show"]);
        let output = command.env(name, OsStr::from_bytes(b"secret\xff")).output().await.unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && err.contains(said), "{err}");
        assert!(!err.contains("secret"), "{err}");
    }
}

#[tokio::test]
async fn the_finest_log_goes_to_standard_error_without_the_token_and_the_user() {
    let market = market().await;
    let home = Home::of(&market, &SELLER).with("AGORA_LOG", "trace");
    market.fail_next(agora_demo_market::Fault::Reset, 1);
    let mut listen = home.start(&["listen", "--status"]);
    listen.line_with("status", "waiting").await;
    listen.signal(Signal::TERM);
    let ran = listen.end().await;
    assert!(ran.err.contains("agora_client") && !ran.err.contains("hyper"), "{}", ran.err);
    assert!(!ran.err.contains(SELLER.token) && !ran.err.contains("user_4021"), "{}", ran.err);
}
