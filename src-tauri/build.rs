//! Generates what Tauri needs: the context's resources, and one permission a command, so that the
//! page may call those and nothing else. And the launcher's entry in every language, for the packages.

use serde_json::Value;
use std::error::Error;
use std::fmt::Write as _;
use std::{env, fs};

/// The entry in English, and where the packages take it from; see `tauri.linux.conf.json`.
const ENTRY: &str = "src-tauri/market.agora.notifier.desktop";
const MADE: &str = "gen/market.agora.notifier.desktop";
const MESSAGES: &str = "ui/messages";

fn main() {
    let commands =
        tauri_build::AppManifest::new().commands(&["attach", "painted", "paste", "close", "call"]);
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
    if env::var_os("CARGO_CFG_TARGET_OS").is_some_and(|system| system == "linux")
        && let Err(error) = write_entry()
    {
        println!("cargo::error=the launcher's entry can't be written: {error}");
    }
}

/// Puts each language's words behind the English ones: those of `launcher` in its catalogue, `name` and
/// `comment`, and an action's by its id.
fn write_entry() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ENTRY}");
    println!("cargo::rerun-if-changed={MESSAGES}");
    let mut languages = Vec::new();
    for file in fs::read_dir(MESSAGES)? {
        let path = file?.path();
        // A locale of POSIX has an underscore where a tag has a hyphen.
        let locale =
            path.file_stem().and_then(|tag| tag.to_str()).ok_or("no tag")?.replace('-', "_");
        let catalogue: Value = serde_json::from_slice(&fs::read(&path)?)?;
        languages.push((locale, catalogue));
    }
    languages.retain(|(locale, _)| locale != "en");
    languages.sort_by(|(one, _), (other, _)| one.cmp(other));
    let (mut made, mut action) = (String::new(), None);
    let entry = fs::read_to_string(ENTRY)?;
    for line in entry.lines() {
        writeln!(made, "{line}")?;
        if line.starts_with('[') {
            action = line.strip_prefix("[Desktop Action ").map(|id| id.trim_end_matches(']'));
        }
        let Some((key @ ("Name" | "Comment"), _)) = line.split_once('=') else { continue };
        let path = action.map_or_else(|| key.to_lowercase(), str::to_owned);
        for (locale, catalogue) in &languages {
            if let Some(text) = catalogue["launcher"][&path].as_str() {
                writeln!(made, "{key}[{locale}]={text}")?;
            }
        }
    }
    fs::create_dir_all("gen")?;
    // What is as it was keeps its time.
    if fs::read_to_string(MADE).ok().as_ref() != Some(&made) {
        fs::write(MADE, made)?;
    }
    Ok(())
}
