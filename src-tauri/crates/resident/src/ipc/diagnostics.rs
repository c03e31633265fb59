//! How well alerts come, for the page's diagnostics.

use agora_doctor::{Day, Part, Verdict, Versions};
use serde::Serialize;
use ts_rs::TS;

/// What the diagnostics begin with.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct DiagnosticsView {
    /// The connection's last day.
    pub(crate) day: Day,
    /// What takes part. The webview's is the window's to know.
    pub(crate) versions: Versions,
}

/// What a check found, in the person's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub(crate) struct CheckView {
    /// Of what.
    pub(crate) part: Part,
    /// Whether it is as it should be.
    pub(crate) verdict: Verdict,
    /// What was found, as a code.
    pub(crate) code: String,
    /// The same in a sentence.
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) advice: Option<String>,
    /// The system's or the market's own words, to be shown as they are.
    pub(crate) detail: Option<String>,
}

/// What a check found: of one part, or of the three that the market's answer tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub(crate) struct Checked(pub(crate) Vec<CheckView>);
