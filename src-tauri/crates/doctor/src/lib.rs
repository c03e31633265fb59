//! How well alerts come, and what is in the way: the checks of everything that they need, the journal of
//! the connection's last day, the versions of all that takes part, and a report of it in which nothing is
//! private.
//!
//! The app and the command line both use it, and say what it finds in words of their own: a [`Finding`] has
//! a code and figures, and the words of others beside them. The actor isn't known here: whoever listens to
//! it tells the [`Journal`].

mod checks;
mod finding;
mod journal;
mod report;
mod versions;

pub use checks::{
    LIMIT, Probed, desktop, disk, do_not_disturb, inbox, keyring, market, stream, within,
};
pub use finding::{Beside, Check, Figure, Finding, Outline, Part, Verdict};
pub use journal::{
    Beat, Day, Happening, Journal, Kept, Mark, Moment, Said, Standing, State, Stretch, Total,
};
pub use report::{MarketKind, Report};
pub use versions::{Versions, named};
