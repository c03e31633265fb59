//! JSON set anew, every value as it was written. Only white space comes and goes.

use super::scan::string_end;

/// On as few lines as can be.
pub fn compact(json: &str) -> String {
    set(json, None)
}

/// A member or an element a line, two spaces a level.
pub fn indented(json: &str) -> String {
    set(json, Some(0))
}

fn set(json: &str, mut level: Option<usize>) -> String {
    let mut set = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let end = if c == '"' { string_end(rest.as_bytes()).0 } else { c.len_utf8() };
        let (token, behind) = rest.split_at(end);
        rest = behind.trim_start();
        match c {
            '{' | '[' if rest.starts_with(['}', ']']) => set.push(c),
            '{' | '[' => {
                set.push(c);
                level = level.map(|level| level + 1);
                break_line(&mut set, level);
            }
            '}' | ']' if set.ends_with(['{', '[']) => set.push(c),
            '}' | ']' => {
                level = level.map(|level| level.saturating_sub(1));
                break_line(&mut set, level);
                set.push(c);
            }
            ',' => {
                set.push(c);
                break_line(&mut set, level);
            }
            ':' => set.push_str(if level.is_some() { ": " } else { ":" }),
            _ => set.push_str(token),
        }
    }
    set
}

fn break_line(set: &mut String, level: Option<usize>) {
    if let Some(level) = level {
        set.push('\n');
        set.extend(std::iter::repeat_n("  ", level));
    }
}
