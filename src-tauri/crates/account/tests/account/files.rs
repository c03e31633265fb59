//! What else may lie where our files are, and who may read and write them.

use agora_account::{
    Account, AccountError, Accounts, Environment, Settings, SettingsError, TokenChange,
};
use agora_client::{BaseUrl, ClientId};
use agora_home::{Claim, Files, FilesError, make_private_folder, open_to_append};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn files(home: &TempDir) -> Files {
    Files::find(Some(home.path())).unwrap()
}

fn accounts(home: &TempDir) -> Accounts {
    Accounts::new(files(home), Environment::default())
}

fn account(user: u32) -> Account {
    Account {
        base: BaseUrl::parse("https://market.example/api").unwrap(),
        client_id: ClientId::parse(&format!("user_{user}_device01")).unwrap(),
    }
}

async fn save(accounts: &Accounts, user: u32) -> Result<(), AccountError> {
    accounts.save(account(user), TokenChange::Remove).await
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// Puts something at a place.
type Put<'a> = &'a dyn Fn(&Path);

/// Puts a pipe, a device, a socket or a folder at each place in turn. Who opens one and waits fails the
/// test by its time.
fn each_that_is_no_file(place: &Path, check: impl Fn(&str)) {
    let pipe =
        |place: &Path| assert!(Command::new("mkfifo").arg(place).status().unwrap().success());
    let kinds: [(&str, Put<'_>); 5] = [
        ("a pipe", &pipe),
        ("an endless device", &|place| symlink("/dev/zero", place).unwrap()),
        ("a device that never answers", &|place| symlink("/dev/tty", place).unwrap()),
        ("a socket", &|place| drop(UnixListener::bind(place).unwrap())),
        ("a folder", &|place| fs::create_dir(place).unwrap()),
    ];
    for (kind, put) in kinds {
        put(place);
        check(kind);
        assert!(!place.metadata().unwrap().is_file(), "{kind} is left alone");
        if fs::remove_file(place).is_err() {
            fs::remove_dir(place).unwrap();
        }
    }
}

#[tokio::test]
async fn what_is_no_file_is_refused_at_once_in_place_of_settings() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home);
    each_that_is_no_file(&accounts.files().settings, |kind| {
        for error in [
            accounts.account().map(drop).unwrap_err(),
            accounts.save_preferences(super::chosen(serde_json::json!({}))).unwrap_err(),
        ] {
            assert!(matches!(error, SettingsError::Read(..)), "{kind}: {error}");
            assert!(error.to_string().contains("it is no file: move it away"), "{kind}: {error}");
        }
    });
}

#[tokio::test]
async fn what_is_no_file_is_refused_at_once_in_place_of_lock_device_id_and_log() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home);
    let files = accounts.files().clone();
    let refused = |kind: &str, what: &str, error: &dyn std::fmt::Display| {
        assert!(error.to_string().contains("it is no file"), "{kind} as {what}: {error}");
    };
    each_that_is_no_file(&files.inbox.with_file_name("receiving.lock"), |kind| {
        refused(kind, "lock", &Claim::take(&files).unwrap_err());
    });
    each_that_is_no_file(&files.device_id, |kind| {
        refused(kind, "device id", &accounts.device_id().unwrap_err());
    });
    each_that_is_no_file(&home.path().join("log"), |kind| {
        refused(kind, "log", &open_to_append(&home.path().join("log")).unwrap_err());
    });
}

#[tokio::test]
async fn an_endless_file_is_not_read_to_its_end_and_is_set_aside_as_damaged() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home);
    let files = accounts.files();
    // Without blocks: as large as any, and no larger on the disk.
    let endless = |place: &Path| File::create(place).unwrap().set_len(1 << 40).unwrap();
    endless(&files.settings);
    let error = accounts.account().unwrap_err();
    assert!(matches!(error, SettingsError::Damaged(..)), "{error}");
    assert!(error.to_string().contains("larger than 1024 KiB"), "{error}");
    save(&accounts, 7).await.unwrap();
    assert_eq!(accounts.account().unwrap(), Some(account(7)));
    assert_eq!(home.path().join("settings.damaged-1.json").metadata().unwrap().len(), 1 << 40);

    endless(&files.device_id);
    let id = accounts.device_id().unwrap();
    assert_eq!(accounts.device_id().unwrap(), id);
    assert!(home.path().join("device-id.damaged-1").exists());
}

#[tokio::test]
async fn a_settings_file_that_is_a_link_stays_one_and_its_target_is_written() {
    let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let accounts = accounts(&home);
    let link = &accounts.files().settings;
    let target = elsewhere.path().join("agora.json");
    // By way of another link, which leads there from its own folder, and to what isn't there yet.
    symlink("agora.json", elsewhere.path().join("current")).unwrap();
    symlink(elsewhere.path().join("current"), link).unwrap();
    for user in [7, 8] {
        save(&accounts, user).await.unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert!(target.symlink_metadata().unwrap().is_file());
        assert_eq!(accounts.account().unwrap(), Some(account(user)));
        assert_eq!(mode(&target), 0o600);
    }
    // A damaged one is set aside where it lies, and the link goes on.
    fs::write(&target, "{oops").unwrap();
    save(&accounts, 9).await.unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(accounts.account().unwrap(), Some(account(9)));
    let aside = elsewhere.path().join("agora.damaged-1.json");
    assert_eq!(fs::read_to_string(aside).unwrap(), "{oops");
}

#[tokio::test]
async fn a_link_into_a_folder_that_isnt_there_is_an_error_and_stays() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home);
    symlink("away/settings.json", &accounts.files().settings).unwrap();
    let error = save(&accounts, 7).await.unwrap_err();
    assert!(error.to_string().contains("can't be written"), "{error}");
    assert!(accounts.files().settings.symlink_metadata().unwrap().is_symlink());
    assert!(!home.path().join("away").exists());
}

#[tokio::test]
async fn a_byte_order_mark_is_read_over() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home);
    save(&accounts, 7).await.unwrap();
    let id = accounts.device_id().unwrap();
    for file in [&accounts.files().settings, &accounts.files().device_id] {
        let marked = [b"\xEF\xBB\xBF", fs::read(file).unwrap().as_slice()].concat();
        fs::write(file, marked).unwrap();
    }
    assert_eq!(accounts.account().unwrap(), Some(account(7)));
    assert_eq!(accounts.device_id().unwrap(), id);
    save(&accounts, 8).await.unwrap();
    let names = fs::read_dir(home.path()).unwrap().map(|file| file.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_str().unwrap().contains("damaged")));
}

#[tokio::test]
async fn what_is_broken_is_set_aside_before_anything_is_written_and_nothing_before_it_is_lost() {
    let home = tempfile::tempdir().unwrap();
    let accounts = accounts(&home);
    let files = accounts.files();
    let broken: [&[u8]; 5] =
        [b"", b"{oops", b"[]", b"{\"token\":\"nowhere\"}", b"\xFF\xFE{\x00}\x00"];
    for (n, bytes) in (1..).zip(broken) {
        fs::write(&files.settings, bytes).unwrap();
        accounts.save_preferences(super::chosen(serde_json::json!({ "n": n }))).unwrap();
        let aside = files.settings.with_file_name(format!("settings.damaged-{n}.json"));
        assert_eq!(fs::read(aside).unwrap(), bytes, "{n}");
        assert_eq!(Settings::read(&files.settings).unwrap().preferences["n"], n);
    }
    for (n, bytes) in (1..).zip([b"".as_slice(), b"\n", b"no id!", b"\xFF\xFE"]) {
        fs::write(&files.device_id, bytes).unwrap();
        let id = accounts.device_id().unwrap();
        assert_eq!(accounts.device_id().unwrap(), id, "it is kept");
        let aside = files.device_id.with_file_name(format!("device-id.damaged-{n}"));
        assert_eq!(fs::read(aside).unwrap(), bytes, "{n}");
    }
}

/// Makes all that is made, for the test below; by itself it does nothing.
#[tokio::test]
async fn second_process() {
    let Some(home) = std::env::var_os("ACCOUNT_TEST_HOME") else { return };
    let files = Files::find(Some(Path::new(&home))).unwrap();
    let accounts = Accounts::new(files.clone(), Environment::default());
    save(&accounts, 7).await.unwrap();
    accounts.device_id().unwrap();
    assert!(Claim::take(&files).unwrap().is_some());
    open_to_append(&files.logs.join("a.log")).unwrap().write_all(b"x").unwrap();
}

#[test]
fn everything_is_its_owners_only_under_any_umask() {
    for umask in ["000", "002", "022", "077", "0177", "0277", "0777"] {
        let place = tempfile::tempdir().unwrap();
        let home = place.path().join("made/home");
        let program = std::env::current_exe().unwrap();
        let ran = Command::new("sh")
            .args(["-c", "umask $0; exec \"$@\"", umask])
            .arg(program)
            .args(["--exact", "files::second_process"])
            .env("ACCOUNT_TEST_HOME", &home)
            .output()
            .unwrap();
        assert!(ran.status.success(), "{umask}: {ran:?}");
        let names = ["settings.json", "device-id", "receiving.lock", "logs/a.log"];
        for name in names {
            assert_eq!(mode(&home.join(name)), 0o600, "{name} under {umask}");
        }
        for folder in [&home, &home.join("logs"), &place.path().join("made")] {
            assert_eq!(mode(folder), 0o700, "{} under {umask}", folder.display());
        }
    }
}

#[test]
fn a_lock_and_a_log_that_others_could_read_are_taken_from_them() {
    let home = tempfile::tempdir().unwrap();
    let files = files(&home);
    let (lock, log) = (home.path().join("receiving.lock"), files.logs.join("a.log"));
    make_private_folder(&files.logs).unwrap();
    for file in [&lock, &log] {
        fs::write(file, "kept").unwrap();
        fs::set_permissions(file, PermissionsExt::from_mode(0o666)).unwrap();
    }
    drop(Claim::take(&files).unwrap());
    drop(open_to_append(&log).unwrap());
    for file in [&lock, &log] {
        assert_eq!((mode(file), fs::read_to_string(file).unwrap()), (0o600, "kept".to_owned()));
    }
}

#[test]
fn a_prepared_home_that_others_can_write_is_refused_with_what_to_do() {
    for (access, is_refused) in [
        (0o700, false),
        (0o755, false),
        (0o750, false),
        (0o770, true),
        (0o775, true),
        (0o707, true),
        (0o1777, true),
    ] {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), PermissionsExt::from_mode(access)).unwrap();
        let found = Files::find(Some(home.path()));
        if is_refused {
            let error = found.unwrap_err();
            assert_eq!(error, FilesError::OthersWrite(home.path().to_owned()));
            let advice = format!("chmod go-w {}", home.path().display());
            assert!(error.to_string().contains(&advice), "{error}");
        } else {
            assert!(found.is_ok(), "{access:o}");
        }
        // The folder of the logs counts as well.
        fs::set_permissions(home.path(), PermissionsExt::from_mode(0o700)).unwrap();
        let logs = home.path().join("logs");
        fs::create_dir(&logs).unwrap();
        fs::set_permissions(&logs, PermissionsExt::from_mode(access)).unwrap();
        assert_eq!(Files::find(Some(home.path())).is_err(), is_refused, "logs {access:o}");
        assert_eq!(logs.metadata().unwrap().mode() & 0o7777, access, "left as it was");
    }
}
