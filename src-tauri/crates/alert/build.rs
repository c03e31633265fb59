//! Makes a table of each catalogue in `ui/messages`, so that a language is a file there and nothing
//! else, and so that nothing is parsed or allocated where a text is looked up.
//!
//! With the feature `further-languages` the catalogues in the folder `AGORA_MESSAGES` are taken too: tests
//! make one up, to see that this is so.

use serde_json::Value;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const MESSAGES: &str = "../../../ui/messages";
/// The language that stands in for a text that another hasn't.
const ENGLISH: &str = "en";

fn main() -> Result<(), Box<dyn Error>> {
    let mut folders = vec![PathBuf::from(MESSAGES)];
    if env::var_os("CARGO_FEATURE_FURTHER_LANGUAGES").is_some() {
        println!("cargo::rerun-if-env-changed=AGORA_MESSAGES");
        folders.extend(env::var_os("AGORA_MESSAGES").map(PathBuf::from));
    }
    let mut catalogues = Vec::new();
    for folder in folders {
        println!("cargo::rerun-if-changed={}", folder.display());
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                catalogues.push(read(&path).map_err(|why| format!("{}: {why}", path.display()))?);
            }
        }
    }
    catalogues
        .sort_by(|(one, _), (other, _)| (one != ENGLISH, one).cmp(&(other != ENGLISH, other)));
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    fs::write(out.join("catalogues.rs"), written(&catalogues)?)?;
    Ok(())
}

/// A catalogue by its file's name, which is its language's tag.
fn read(path: &Path) -> Result<(String, Value), Box<dyn Error>> {
    let tag = path.file_stem().and_then(|tag| tag.to_str()).unwrap_or_default();
    if !tag
        .split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        return Err("a catalogue is named by its language's tag, such as zh-TW.json".into());
    }
    Ok((tag.to_owned(), serde_json::from_slice(&fs::read(path)?)?))
}

/// The tables, and a name for each of them.
fn written(catalogues: &[(String, Value)]) -> Result<String, Box<dyn Error>> {
    if catalogues.first().is_none_or(|(tag, _)| tag != ENGLISH) {
        return Err(format!("there is no {ENGLISH}.json").into());
    }
    let mut text = format!("static CATALOGUES: [Catalogue; {}] = [\n", catalogues.len());
    let (mut names, mut all) = (String::new(), Vec::new());
    for (at, (tag, catalogue)) in catalogues.iter().enumerate() {
        let head = |name: &str| catalogue["language"][name].as_str().ok_or(name.to_owned());
        let answers: Option<Vec<&str>> = catalogue["language"]["answers"]
            .as_array()
            .and_then(|all| all.iter().map(Value::as_str).collect());
        let missing = |name: String| format!("{tag}.json: its head, \"language\", has no {name}");
        let locale = head("locale").map_err(missing)?;
        let answers = answers.ok_or("answers".to_owned()).map_err(missing)?;
        let mut texts = Vec::new();
        flatten(catalogue, "", &mut texts);
        texts.sort();
        writeln!(
            text,
            "Catalogue {{ tag: {tag:?}, locale: {locale:?}, answers: &{answers:?}, texts: &["
        )?;
        for (path, variants) in texts {
            writeln!(text, "({path:?}, &{variants:?}),")?;
        }
        text.push_str("] },\n");
        let name = tag.to_uppercase().replace('-', "_");
        writeln!(names, "/// That of `{tag}.json`.\npub const {name}: Self = Self({at});")?;
        all.push(format!("Self::{name}"));
    }
    let (all, count) = (all.join(", "), catalogues.len());
    write!(text, "];\nimpl Language {{\n{names}")?;
    writeln!(text, "/// Every one that has a catalogue, English first.")?;
    writeln!(text, "pub const ALL: [Self; {count}] = [{all}];\n}}")?;
    Ok(text)
}

/// Every text by its path, with its variants: one, or those of a list.
fn flatten<'a>(value: &'a Value, path: &str, texts: &mut Vec<(String, Vec<&'a str>)>) {
    match value {
        Value::Object(section) => {
            for (name, value) in section {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(value, &path, texts);
            }
        }
        Value::Array(list) => {
            texts.push((path.to_owned(), list.iter().filter_map(Value::as_str).collect()));
        }
        Value::String(text) => texts.push((path.to_owned(), vec![text])),
        _ => {}
    }
}
