//! Which ASCII names can be taken for another at a glance. Names in other scripts, where most of
//! the likenesses are, are not for here: they don't open at all.

/// A name shorter than this, folded, is in many others by chance.
const SHORTEST: usize = 8;

/// Whether a host's name, which is neither `own` nor below it, can be taken for it: it has it in
/// itself, at any place and however it is divided, or its domain is `own`'s but for its letters.
pub(super) fn looks_like(name: &str, own: &str) -> bool {
    let folded = fold(own);
    if folded.len() < SHORTEST {
        return false;
    }
    let (domain, own_domain) = (domain(name), domain(own));
    fold(name).contains(&folded) || (domain != own_domain && fold(domain) == fold(own_domain))
}

/// The last two labels.
fn domain(name: &str) -> &str {
    let dot = name.rmatch_indices('.').nth(1);
    dot.map_or(name, |(at, _)| &name[at + 1..])
}

/// Letters that look alike become one; what divides them goes.
fn fold(name: &str) -> String {
    let letters = name.chars().filter_map(|c| match c.to_ascii_lowercase() {
        '.' | '-' | '_' => None,
        '0' => Some('o'),
        '1' | 'i' | 'j' => Some('l'),
        '5' => Some('s'),
        'q' | '9' => Some('g'),
        'v' => Some('u'),
        c => Some(c),
    });
    let letters: String = letters.collect();
    letters.replace("rn", "m").replace("uu", "w").replace("cl", "d")
}
