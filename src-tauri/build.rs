//! Generates what Tauri needs: the context's resources, and one permission a command, so that the
//! page may call those and nothing else.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&[
        "attach",
        "painted",
        "inbox_page",
        "alert",
        "mark",
        "delete_alerts",
        "undo_delete",
        "delete_everything",
        "export_inbox",
        "show_export",
        "set_inbox_aside",
        "open_link",
        "snooze",
        "preview_rules",
        "send_test",
        "pause",
        "reconnect",
        "save_account",
        "forget_account",
        "set_preferences",
        "check_draft",
        "send",
    ]);
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
