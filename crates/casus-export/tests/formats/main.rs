//! Every format, written from readings made by hand.
//!
//! Golden files stand in `tests/golden`; `UPDATE_GOLDEN=1 cargo test -p casus-export` writes them
//! anew, and the diff shows what changed. The page and the Parquet file are left in the target
//! folder's `tmp`, to be opened.

mod sample;
mod validate;

use casus_export::{Format, Item, Options, writer};
use sample::Sample;
use std::{
    fs,
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex},
};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no other holder panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn render(format: Format, options: Options, samples: &[Sample]) -> Vec<u8> {
    let out = Shared::default();
    let mut writer = writer(format, options, Box::new(out.clone())).expect("a head is written");
    for (index, Sample { report, reading }) in samples.iter().enumerate() {
        writer.report(&Item { report, reading, number: index + 1 }).expect("a report is written");
    }
    writer.finish().expect("the output is closed");
    out.0.lock().expect("no other holder panicked").clone()
}

/// Leaves an output in the target folder, to be opened in its own program.
fn leave(name: &str, bytes: &[u8]) {
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).expect("tmp can be written");
}

fn text(format: Format, options: Options, samples: &[Sample]) -> String {
    String::from_utf8(render(format, options, samples)).expect("text formats are UTF-8")
}

/// Compares what is written with the golden file of this name.
fn check(name: &str, format: Format, options: Options, samples: &[Sample]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let found = text(format, options, samples);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &found).expect("golden files can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} changed: UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn golden() {
    let samples = sample::all();
    let narrow = Options { width: 60, colour: true, ..Options::default() };
    check("all.txt", Format::Table, Options::default(), &samples);
    check("narrow-colour.txt", Format::Table, narrow, &samples[..1]);
    check("empty.txt", Format::Table, Options::default(), &[]);
    check("all.jsonl", Format::Jsonl, Options::default(), &samples);
    check("all.csv", Format::Csv, Options::default(), &samples);
    check("all.geojson", Format::Geojson, Options::default(), &samples);
    check("empty.geojson", Format::Geojson, Options::default(), &[]);
}

#[test]
fn parquet_reads_back() {
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::RowAccessor,
    };
    let samples = sample::all();
    let events: Vec<_> = samples.iter().flat_map(|sample| &sample.reading.events).collect();
    let bytes = render(Format::Parquet, Options { with_text: true, ..Options::default() }, &samples);
    leave("sample.parquet", &bytes);
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).expect("the file opens");
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let column = |name: &str| {
        schema.columns().iter().position(|column| column.name() == name).expect("the column is there")
    };
    let rows: Vec<_> = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), events.len());
    for (row, event) in rows.iter().zip(&events) {
        assert_eq!(row.get_string(column("event_id")).ok(), Some(&event.id));
    }
    let first = &rows[0];
    let date = first.get_column_iter().nth(column("date_earliest")).map(|(_, field)| field.to_string());
    assert_eq!(date.as_deref(), Some("2024-03-11"));
    assert_eq!(first.get_long(column("killed")).ok(), Some(14));
    assert_eq!(first.get_long(column("killed_low")).ok(), Some(11));
    assert_eq!(first.get_double(column("confidence")).ok(), Some(0.83));
    assert!(first.get_long(column("killed_high")).is_err(), "an open bound is null");
    assert_eq!(first.get_string(column("report_text")).ok(), Some(&samples[0].report.text));
}

#[test]
fn geojson_has_a_feature_for_each_place() {
    let samples = sample::all();
    let json: serde_json::Value =
        serde_json::from_str(&text(Format::Geojson, Options::default(), &samples)).expect("GeoJSON parses");
    let features = json["features"].as_array().expect("features");
    let shapes: Vec<_> = features.iter().map(|f| f["geometry"]["type"].as_str().unwrap_or("-")).collect();
    assert_eq!(shapes, ["-", "-", "Point", "LineString", "Point", "Point", "-"]);
    assert_eq!(features[2]["geometry"]["coordinates"], serde_json::json!([20.25, 10.5]), "longitude first");
}

#[test]
fn csv_reads_back_and_holds_no_formula() {
    let csv = text(Format::Csv, Options::default(), &sample::all());
    let body = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(body.as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        rows += 1;
        for field in &record.expect("every row has every column") {
            let number = field.parse::<f64>().is_ok();
            assert!(number || !field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field:?}");
        }
    }
    assert_eq!(rows, 7);
    assert!(!csv.contains('\0'));
}

#[test]
fn json_lines_read_back() {
    use casus_record::{Event, Offsets};
    let samples = sample::all();
    let events: Vec<_> = samples.iter().flat_map(|sample| sample.reading.events.clone()).collect();
    let parse = |line: &str| serde_json::from_str::<Event>(line).expect("a line is an event");
    let lines = text(Format::Jsonl, Options::default(), &samples);
    assert_eq!(lines.lines().map(parse).collect::<Vec<_>>(), events);

    let with_text = text(Format::Jsonl, Options { with_text: true, ..Options::default() }, &samples);
    assert_eq!(with_text.lines().map(parse).collect::<Vec<_>>(), events);
    let first: serde_json::Value =
        serde_json::from_str(with_text.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["report"]["text"], samples[0].report.text.as_str());
    assert!(with_text.contains("\"confidence\":0.83"), "floats keep their digits");

    let arabic = &samples[2..3];
    let code_points = Options { offsets: Offsets::CodePoints, ..Options::default() };
    let event = parse(text(Format::Jsonl, code_points, arabic).trim_end());
    let trigger = event.action.triggers[0];
    let word: String =
        arabic[0].report.text.chars().skip(trigger.start as usize).take(trigger.len() as usize).collect();
    assert_eq!(word, "هاجموا");
}

#[test]
fn the_terminal_obeys_nothing_in_a_report() {
    let table = text(Format::Table, Options::default(), &[sample::hostile()]);
    let steering = |c: &char| c.is_control() && *c != '\n' || matches!(c, '\u{202a}'..='\u{202e}');
    assert_eq!(table.chars().find(steering), None);
    for width in [40, 60, 101] {
        let table = text(Format::Table, Options { width, ..Options::default() }, &sample::all());
        assert_eq!(table.lines().map(unicode_width::UnicodeWidthStr::width).max(), Some(width));
        assert_eq!(table.lines().find(|line| line.trim_start().starts_with([',', '.', ';'])), None);
    }
}

#[test]
fn the_committed_codebook_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../CODEBOOK.md");
    let found = casus_export::codebook_markdown().expect("the data pack opens");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &found).expect("the codebook can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == committed, "CODEBOOK.md is old: `casus codebook > CODEBOOK.md` writes it anew");
}

#[test]
fn the_page_loads_nothing_and_runs_nothing_of_a_report() {
    let page = text(Format::Html, Options::default(), &sample::all());
    leave("sample.html", page.as_bytes());
    assert_eq!(page.matches("<script").count(), 5 + 3, "a block a report, the page's own, outlines, program");
    assert_eq!(page.matches("</script").count(), 5 + 3);
    assert_eq!(page.matches("<style").count(), 1);
    assert!(!page.contains("<img") && !page.contains("alert(1)</script>"));
    for reference in ["src=\"", "href=\"http", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML"] {
        assert!(!page.contains(reference), "{reference}");
    }
    assert!(page.contains("Content-Security-Policy") && page.contains("default-src 'none'"));
    assert!(!page.contains('\0') && !page.contains('\u{202e}'), "controls stand escaped in the JSON");
    assert!(page.contains("\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e"));
}

#[test]
fn every_line_is_valid_by_the_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(&casus_export::schema_json()).expect("the schema is JSON");
    let check = |line: &str| {
        let value = serde_json::from_str(line).expect("a line is JSON");
        validate::validate(&schema, &schema, &value, "")
    };
    let lines = text(Format::Jsonl, Options { with_text: true, ..Options::default() }, &sample::all());
    for line in lines.lines() {
        assert_eq!(check(line), Ok(()));
    }
    let first = lines.lines().next().expect("a line");
    let broken = [
        ("\"happened\"", "\"hapened\""),
        ("casus-event/1", "casus-event/0"),
        ("[[35,43]]", "[[35]]"),
        ("\"lat\":null,", ""),
    ];
    for (right, wrong) in broken {
        assert!(first.contains(right) && check(&first.replace(right, wrong)).is_err(), "{wrong}");
    }
}
