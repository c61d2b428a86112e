//! Seconds against events, both logarithmic, with a line of slope one through the first point.

use std::fmt::Write as _;

const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 74.0;
/// Room for half of the last label below the axis.
const RIGHT: f64 = 48.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 54.0;

/// Name, colour and points of a line.
pub(super) type Series = (String, &'static str, Vec<(f64, f64)>);

/// Draws from 10,000 to a million events, and from the tenth of a second to as long as it took.
pub(super) fn plot(title: &str, series: &[Series]) -> String {
    let (least, most) = (1e4f64, 1e6f64);
    let longest =
        series.iter().flat_map(|(.., points)| points).map(|(_, seconds)| *seconds).fold(300.0, f64::max);
    let (low, high) = (0.1f64, longest * 1.5);
    let x = |events: f64| LEFT + (events / least).ln() / (most / least).ln() * (WIDTH - LEFT - RIGHT);
    let y = |seconds: f64| {
        HEIGHT - BOTTOM - (seconds.max(low) / low).ln() / (high / low).ln() * (HEIGHT - TOP - BOTTOM)
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>{title}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"14\" font-weight=\"600\">{title}</text>\n"
    );
    for (events, label) in [(1e4, "10,000"), (1e5, "100,000"), (1e6, "1,000,000")] {
        let _ = writeln!(
            out,
            "<line x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{TOP}\" y2=\"{1:.1}\" stroke=\"#ddd\"/><text x=\"{0:.1}\" y=\"{2:.1}\" text-anchor=\"middle\">{label}</text>",
            x(events),
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 18.0
        );
    }
    for seconds in [0.1, 1.0, 10.0, 100.0, 300.0, 1000.0].into_iter().filter(|seconds| *seconds <= high) {
        let _ = writeln!(
            out,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{1:.1}\" y2=\"{1:.1}\" stroke=\"#ddd\"/><text x=\"{2:.1}\" y=\"{3:.1}\" text-anchor=\"end\">{seconds} s</text>",
            WIDTH - RIGHT,
            y(seconds),
            LEFT - 8.0,
            y(seconds) + 4.0
        );
    }
    let first = series.iter().filter_map(|(.., points)| points.first()).copied().next();
    let linear = first.map(|(events, seconds)| {
        let line = vec![(events, seconds), (most, seconds * most / events)];
        ("in proportion to the first".to_owned(), "#888", line)
    });
    for (at, (label, colour, points)) in series.iter().chain(&linear).enumerate() {
        let dash = if at == series.len() { "5 4" } else { "none" };
        let path: Vec<String> = points.iter().map(|(e, s)| format!("{:.1},{:.1}", x(*e), y(*s))).collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>",
            path.join(" ")
        );
        for (e, s) in points.iter().filter(|_| at < series.len()) {
            let _ = writeln!(
                out,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{colour}\"/>",
                x(*e),
                y(*s)
            );
        }
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{label}</text>",
            LEFT + 14.0,
            TOP + 18.0 + 18.0 * at as f64
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">events</text>\n</svg>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 12.0
    );
    out
}
