//! Which ASCII names can be taken for another. Names in other scripts, where most of the likenesses
//! are, are not for here: they don't open at all.

use strsim::osa_distance;

/// A name shorter than this, folded, is in many others by chance.
const SHORTEST: usize = 8;
/// A part of a name shorter than this, folded, says nothing of whose it is.
const SHORTEST_PART: usize = 5;

/// Whether a host's name, which is neither `own` nor below it, can't be told from it at a glance: it
/// has it in itself, at any place and however it is divided, or its domain is `own`'s but for its
/// letters.
pub(super) fn looks_like(name: &str, own: &str) -> bool {
    let folded = fold(own);
    if folded.len() < SHORTEST {
        return false;
    }
    let (domain, own_domain) = (domain(name), domain(own));
    fold(name).contains(&folded) || (domain != own_domain && fold(domain) == fold(own_domain))
}

/// Whether a host's name, which is neither `own` nor below it, can be taken for it by who doesn't
/// know it by heart: it is `own` with another ending, or has a part of it in itself, however that is
/// divided, or as it is but for one letter.
///
/// What both names end in says nothing: many markets share the domain of a host.
pub(super) fn resembles(name: &str, own: &str) -> bool {
    let own = own.strip_prefix("www.").unwrap_or(own);
    let (mut theirs, mut ours) = (labels(name), labels(own));
    let mut ends_alike = false;
    while theirs.last().is_some_and(|label| ours.last() == Some(label)) {
        theirs.pop();
        ours.pop();
        ends_alike = true;
    }
    if !ends_alike {
        ours.pop();
    }
    if theirs.is_empty() || ours.is_empty() {
        return false;
    }
    let begins_alike = theirs.iter().zip(&ours).all(|(a, b)| fold(a) == fold(b));
    // Two letters that look like one are one, but next to a wrong one they are none.
    begins_alike
        || [single, fold].into_iter().any(|read: fn(&str) -> String| {
            let theirs_has = |part: &&str| is_part_of(&theirs, &read(part), read);
            ours.iter().any(theirs_has)
        })
}

/// Whether a part of a name is in another name. A short one that is nearly there has to be all of
/// what stands between dots and hyphens; a longer one is in none by chance.
fn is_part_of(theirs: &[&str], part: &str, read: fn(&str) -> String) -> bool {
    let whole = read(&theirs.concat());
    let is_close = |other: &str| osa_distance(other, part) <= 1;
    if part.len() < SHORTEST_PART {
        false
    } else if part.len() < SHORTEST {
        let mut words = theirs.iter().flat_map(|label| label.split('-'));
        whole.contains(part) || words.any(|word| is_close(&read(word)))
    } else {
        let lengths = part.len() - 1..=part.len() + 1;
        let mut places =
            (0..whole.len()).flat_map(|at| lengths.clone().map(move |len| at..at + len));
        places.any(|place| whole.get(place).is_some_and(is_close))
    }
}

fn labels(name: &str) -> Vec<&str> {
    name.split('.').collect()
}

/// The last two labels.
fn domain(name: &str) -> &str {
    let dot = name.rmatch_indices('.').nth(1);
    dot.map_or(name, |(at, _)| &name[at + 1..])
}

/// Letters that look alike become one, two of them as well; what divides them goes.
fn fold(name: &str) -> String {
    single(name).replace("rn", "m").replace("uu", "w").replace("cl", "d")
}

/// Single letters that look alike become one; what divides them goes.
fn single(name: &str) -> String {
    let letters = name.chars().filter_map(|c| match c.to_ascii_lowercase() {
        '.' | '-' | '_' => None,
        '0' => Some('o'),
        '1' | 'i' | 'j' => Some('l'),
        '5' => Some('s'),
        'q' | '9' => Some('g'),
        'v' => Some('u'),
        c => Some(c),
    });
    letters.collect()
}
