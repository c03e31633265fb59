//! Generates what Tauri needs: the context's resources, and one permission a command, so that the
//! page may call those and nothing else.

fn main() {
    let commands =
        tauri_build::AppManifest::new().commands(&["attach", "painted", "paste", "call"]);
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
