//! The plot, written by hand: a panel an outage, connects a second over the time since the server is
//! back, on a logarithmic scale. It follows the reader's light or dark theme.

use std::fmt::Write;

use crate::schedules::Kind;
use crate::simulation::Result;

const WIDTH: f64 = 860.0;
const PANEL_HEIGHT: f64 = 190.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 20.0;
const HEAD: f64 = 64.0;
const GAP: f64 = 62.0;

/// The seconds shown, from before the server's return to when the last clients are back.
const SECONDS: std::ops::RangeInclusive<i64> = -40..=320;

/// The scale's end: four decades.
const DECADES: f64 = 4.0;

const STYLE: &str = "
  svg { --ground: #ffffff; --text: #1f2328; --faint: #d0d7de; --away: #f0f2f5;
        --agora: #0550ae; --fixed: #bc4c00; --exponential: #6e40aa }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --text: #e6edf3; --faint: #30363d; --away: #1c222b;
          --agora: #58a6ff; --fixed: #f0883e; --exponential: #bc8cff }
  }
  .ground { fill: var(--ground) } .away { fill: var(--away) }
  text { fill: var(--text); font: 13px system-ui, sans-serif }
  .title { font-weight: 600 } .number { text-anchor: end } .middle { text-anchor: middle }
  .grid { stroke: var(--faint); stroke-width: 1 }
  .agora { stroke: var(--agora); stroke-width: 2.2 }
  .fixed { stroke: var(--fixed) } .exponential { stroke: var(--exponential); stroke-dasharray: 5 3 }
  polyline, .key { fill: none; stroke-width: 1.5 }
";

/// Draws a panel for each title and its results.
pub(crate) fn draw(panels: &[(String, Vec<(Kind, Result)>)]) -> String {
    let mut svg = String::new();
    let mut top = HEAD;
    let mut body = String::new();
    for (title, results) in panels {
        panel(&mut body, title, results, top);
        top += PANEL_HEIGHT + GAP;
    }
    add(
        &mut svg,
        format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img" aria-label="Connects a second after outages of 1 s, 30 s, 5 min and 1 h"><style>{STYLE}</style>"#
        ),
    );
    add(&mut svg, format_args!(r#"<rect class="ground" width="{WIDTH}" height="{top}"/>"#));
    legend(&mut svg);
    svg.push_str(&body);
    svg.push_str("</svg>\n");
    svg
}

fn legend(svg: &mut String) {
    let mut left = LEFT;
    for kind in Kind::ALL {
        let (class, name) = (class(kind), kind.name());
        let (end, text) = (left + 30.0, left + 38.0);
        add(
            svg,
            format_args!(
                r#"<path class="key {class}" d="M{left} 22H{end}"/><text x="{text}" y="26">{name}</text>"#
            ),
        );
        left += 170.0;
    }
    let axes = "connects a second, over seconds since the return";
    let end = WIDTH - RIGHT;
    add(svg, format_args!(r#"<text class="number" x="{end}" y="26">{axes}</text>"#));
}

fn panel(svg: &mut String, title: &str, results: &[(Kind, Result)], top: f64) {
    let bottom = top + PANEL_HEIGHT;
    let back = x(0);
    add(svg, format_args!(r#"<text class="title" x="{LEFT}" y="{}">{title}</text>"#, top - 10.0));
    add(
        svg,
        format_args!(
            r#"<rect class="away" x="{LEFT}" y="{top}" width="{}" height="{PANEL_HEIGHT}"/>"#,
            back - LEFT
        ),
    );
    for decade in 0..=4 {
        let (y, number) = (y(f64::from(decade), top), 10_u32.pow(decade));
        let (end, text) = (WIDTH - RIGHT, LEFT - 8.0);
        add(
            svg,
            format_args!(
                r#"<path class="grid" d="M{LEFT} {y:.1}H{end}"/><text class="number" x="{text}" y="{:.1}">{number}</text>"#,
                y + 4.0
            ),
        );
    }
    for second in SECONDS.filter(|second| second % 40 == 0) {
        let (x, text) = (x(second), bottom + 18.0);
        add(
            svg,
            format_args!(
                r#"<path class="grid" d="M{x:.1} {bottom}v4"/><text class="middle" x="{x:.1}" y="{text}">{second} s</text>"#
            ),
        );
    }
    // The app's own line lies on top.
    for (kind, result) in results.iter().rev() {
        let mut points = String::new();
        for second in SECONDS {
            let height = f64::from(u32::try_from(result.at(second)).unwrap_or(u32::MAX)).max(1.0);
            add(&mut points, format_args!("{:.1},{:.1} ", x(second), y(height.log10(), top)));
        }
        let class = class(*kind);
        add(svg, format_args!(r#"<polyline class="{class}" points="{}"/>"#, points.trim_end()));
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Agora => "agora",
        Kind::Fixed => "fixed",
        Kind::Exponential => "exponential",
    }
}

fn x(second: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "hundreds of seconds")]
    let share = (second - SECONDS.start()) as f64 / (SECONDS.end() - SECONDS.start()) as f64;
    LEFT + share * (WIDTH - LEFT - RIGHT)
}

fn y(decade: f64, top: f64) -> f64 {
    top + PANEL_HEIGHT * (1.0 - decade / DECADES)
}

fn add(svg: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string doesn't fail.
    let _written = svg.write_fmt(text);
    svg.push('\n');
}
