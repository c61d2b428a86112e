//! The whole program: what goes in, what comes out, what is said and which status it ends with.

use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

const BEYA: &str = "Gunmen killed four farmers at Beya on 3 May 2023.";
const GOL: &str = "Soldiers shot dead two men near Gol on 4 May 2023.";

/// A run of `casus` in a new folder that holds `files`.
#[derive(Default)]
struct Run<'a> {
    files: &'a [(&'a str, &'a [u8])],
    args: &'a [&'a str],
    stdin: &'a [u8],
}

/// What a run is expected to do. Of standard output and standard error the parts that they must hold.
#[derive(Default)]
struct Expected<'a> {
    status: i32,
    stdout: &'a [&'a str],
    stderr: &'a [&'a str],
}

#[track_caller]
fn check(run: &Run<'_>, expected: &Expected<'_>) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, content) in run.files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("within the folder")).expect("folder");
        fs::write(path, content).expect("file");
    }
    check_in(folder.path(), run, expected);
    folder
}

#[track_caller]
fn check_in(folder: &Path, run: &Run<'_>, expected: &Expected<'_>) -> Output {
    let mut child = casus(folder, run.args).spawn().expect("casus starts");
    // A run that needs no input may have ended by now.
    let _ = child.stdin.take().expect("piped").write_all(run.stdin);
    let output = child.wait_with_output().expect("casus ends");
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(expected.status), "{:?}\n{stderr}", run.args);
    for part in expected.stdout {
        assert!(stdout.contains(part), "{:?}: no {part:?} in\n{stdout}", run.args);
    }
    for part in expected.stderr {
        assert!(stderr.contains(part), "{:?}: no {part:?} in\n{stderr}", run.args);
    }
    assert!(!stderr.contains("panicked") && !stderr.contains("internal error"), "{:?}\n{stderr}", run.args);
    output
}

fn casus(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casus"));
    command.args(args).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
}

fn rows(count: usize) -> String {
    let row = |n: usize| {
        let text = if n.is_multiple_of(3) { GOL } else { BEYA };
        format!("{{\"id\": \"r{n}\", \"text\": \"{text}\"}}\n")
    };
    (1..=count).map(row).collect()
}

/// The manifest beside an output, without what differs from version to version.
fn manifest(folder: &Path, output: &str) -> serde_json::Value {
    let path = folder.join(format!("{output}.manifest.json"));
    serde_json::from_slice(&fs::read(path).expect("a manifest")).expect("JSON")
}

#[test]
fn inputs_of_every_shape() {
    let page = format!("<html><nav>Home</nav><main><p>{BEYA}</p></main></html>");
    let (markdown, array) = (format!("# Beya\n\n{BEYA}\n"), format!("[{{\"body\": \"{GOL}\"}}]"));
    let tsv = format!("text\tid\n{GOL}\tz\n");
    let jsonl = rows(3);
    let csv = format!("id,date,text\nc1,2023-05-05,\"{BEYA}\"\nc2,2023-05-06,\"{GOL}\"\n");
    let run = Run {
        files: &[
            ("in/a.txt", BEYA.as_bytes()),
            ("in/b.md", markdown.as_bytes()),
            ("in/c.html", page.as_bytes()),
            ("in/d.jsonl", jsonl.as_bytes()),
            ("in/e.csv", csv.as_bytes()),
            ("in/f.json", array.as_bytes()),
            ("in/g/h.txt.gz", &gzip(GOL.as_bytes())),
            ("in/g/i.tsv.zst", &zstd::encode_all(tsv.as_bytes(), 3).expect("memory")),
            ("in/README.md", b"passed over"),
            ("in/.hidden", b"passed over"),
        ],
        args: &["read", "in", "-o", "out.jsonl"],
        ..Run::default()
    };
    let folder = check(&run, &Expected { stderr: &["11 reports"], ..Expected::default() });
    let manifest = manifest(folder.path(), "out.jsonl");
    let paths: Vec<_> =
        manifest["inputs"].as_array().expect("inputs").iter().map(|i| i["path"].as_str()).collect();
    let names = ["a.txt", "b.md", "c.html", "d.jsonl", "e.csv", "f.json", "g/h.txt.gz", "g/i.tsv.zst"];
    assert_eq!(paths, names.map(|name| Some(format!("in/{name}"))).each_ref().map(Option::as_deref));
    assert_eq!(manifest["complete"], true);
    assert_eq!(manifest["read"], 11);
    assert!(!folder.path().join("out.jsonl.progress").exists());
}

#[test]
fn what_is_laid_over_the_data_is_named() {
    let register = "[[actor]]\nid = \"xaa-front\"\nname = \"Front of Beya\"\nclass = \"rebel\"\n\
                    source = \"own\"\n";
    let run = Run {
        files: &[("a.txt", BEYA.as_bytes()), ("mine.toml", register.as_bytes())],
        args: &["read", "a.txt", "--register", "mine.toml", "-o", "out.jsonl"],
        ..Run::default()
    };
    let folder = check(&run, &Expected::default());
    let options = &manifest(folder.path(), "out.jsonl")["options"];
    let named = options["register"].as_str().expect("a register");
    let (name, hash) = named.split_once(' ').expect("name and checksum");
    assert_eq!((name, hash.len()), ("mine.toml", 16));
    // Records leave the machine: the checksum alone.
    let records = fs::read_to_string(folder.path().join("out.jsonl")).expect("records");
    assert!(records.contains(&format!("register={hash}")) && !records.contains("mine.toml"), "{records}");
}

#[test]
fn paths_patterns_and_standard_input() {
    let files: &[(&str, &[u8])] = &[("a1.txt", BEYA.as_bytes()), ("a2.txt", GOL.as_bytes()), ("b.txt", b"x")];
    let one = |args: &[&str], stdin: &[u8], stderr: &str| {
        check(&Run { files, args, stdin }, &Expected { stderr: &[stderr], ..Expected::default() });
    };
    one(&["read", "a*.txt", "-o", "-", "--manifest", "m"], b"", "2 reports");
    one(&["read", "b.txt", "a1.txt", "a1.txt", "-o", "out.csv"], b"", "3 reports");
    one(&["read", "-", "-o", "out.csv"], BEYA.as_bytes(), "1 report,");
    one(&["read", "-", "-o", "out.csv"], rows(5).as_bytes(), "5 reports");
    one(&["read", "-", "-o", "out.csv"], &gzip(rows(5).as_bytes()), "5 reports");
}

#[test]
fn encodings_are_detected_and_said() {
    let arabic = "قتل ثلاثة أشخاص في هجوم على قرية بيا يوم الخميس، وقال مسؤول محلي إن المهاجمين فروا.";
    let (windows, ..) = encoding_rs::WINDOWS_1256.encode(arabic);
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(BEYA.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let broken = [arabic.as_bytes(), b"\xff\xff"].concat();
    let run = Run {
        files: &[("a.txt", &windows), ("b.txt", &utf16), ("c.txt", &broken), ("d.txt", arabic.as_bytes())],
        args: &["read", ".", "-o", "out.csv"],
        ..Run::default()
    };
    let said = [
        "a.txt: decoded from windows-1256 (guessed)",
        "b.txt: decoded from UTF-16LE (byte order mark)",
        "c.txt: 2 characters could not be decoded and were replaced",
        "4 reports",
    ];
    check(&run, &Expected { stderr: &said, ..Expected::default() });
}

#[test]
fn what_cannot_be_read_costs_only_itself() {
    let nested = format!("{}{BEYA}", "<div>".repeat(20_000));
    let long = format!("{{\"text\": \"{}\"}}\n{{\"text\": \"{GOL}\"}}\n", "x ".repeat(1 << 20));
    let run = Run {
        files: &[
            ("empty.txt", b""),
            ("blank.txt", b" \n "),
            ("paper.pdf", b"%PDF-1.7\n"),
            ("letter.docx", b"PK\x03\x04.."),
            ("table.csv", b"a,b\n1,2\n"),
            ("rows.jsonl", b"{\"text\": \"Beya\"}\n{\"text\": \n{\"text\": \"Gol\"}\n"),
            ("long.jsonl", long.as_bytes()),
            ("bomb.jsonl.gz", &gzip(&vec![b' '; 50 << 20])),
            ("cut.gz", &gzip(BEYA.as_bytes())[..30]),
            ("nested.html", nested.as_bytes()),
            ("nul.txt", b"Gunmen \0 at Beya\0.\n"),
            ("right-to-left.txt", "هاجم مسلحون قرية بيا\u{202e}".as_bytes()),
        ],
        args: &["read", ".", "gone.txt", "none*.txt", "--max-report-bytes", "1M", "-o", "out.jsonl"],
        ..Run::default()
    };
    let said = [
        "empty.txt: the file is empty",
        "blank.txt: the report is empty",
        "paper.pdf: a PDF: not supported yet, convert it to text",
        "letter.docx: an Office document: not supported yet",
        "table.csv:1: no field text or body or content (there is: a, b)",
        "rows.jsonl:2:9: not JSON",
        "long.jsonl:1: the report is larger than 1 MiB",
        "bomb.jsonl.gz:1: the gzip data swells",
        "cut.gz: the gzip data ends early",
        "gone.txt: cannot open: no such file or directory",
        "none*.txt: no file matches",
        "17 reports",
        "11 not read",
    ];
    let folder = check(&run, &Expected { status: 1, stderr: &said, ..Expected::default() });
    let manifest = manifest(folder.path(), "out.jsonl");
    assert_eq!([&manifest["read"], &manifest["failed"]], [6, 11]);
    assert_eq!(manifest["errors"].as_array().map(Vec::len), Some(11));
}

#[test]
fn wrong_commands_are_told_with_a_way_out() {
    let files: &[(&str, &[u8])] =
        &[("report.txt", BEYA.as_bytes()), ("story.csv", b"id,stroy\n1,Beya\n"), ("list.json", b"[]")];
    let one = |args: &[&str], stderr: &[&str]| {
        check(&Run { files, args, ..Run::default() }, &Expected { status: 2, stderr, ..Expected::default() });
    };
    one(&[], &["Usage: casus"]);
    one(&["raed", "x"], &["similar subcommand", "'read'"]);
    one(&["read"], &["name reports to read"]);
    one(&["read", "report.txt", "--formt", "csv"], &["a similar argument exists: '--format'"]);
    one(&["read", "report.txt", "--format", "jsnl"], &["a similar value exists: 'jsonl'"]);
    one(&["read", "report.txt", "--field", "txt=x"], &["no field \"txt\": expected one of text"]);
    one(&["read", "report.txt", "--published", "May"], &["--published"]);
    one(&["read", "report.txt", "--max-report-bytes", "4G"], &["from 1 byte to 1G"]);
    one(&["read", "report.txt", "--base-rate", "3"], &["as in 0.03 or 3%"]);
    one(&["read", "report.txt", "--base-rate", "3%", "--scope", "all"], &["give one of them"]);
    one(&["read", "reprot.txt"], &["did you mean report.txt?", "1 not read"]);
    one(&["read", "story.csv", "--field", "text=story"], &["did you mean --field text=stroy?"]);
    one(&["read", "list.json"], &["no report in the input"]);
    one(&["read", "report.txt", "--resume"], &["--output"]);
    one(&["read", "report.txt", "-o", "x.csv", "--resume"], &["only jsonl can be resumed"]);
    one(&["read", "report.txt", "-o", "report.txt"], &["an input and the output at once"]);
    one(
        &["read", "report.txt", "-o", "no/such/folder.csv"],
        &["no/such/folder.csv: cannot write: no such file"],
    );
    one(&["explain", "gone.txt"], &["gone.txt: cannot open"]);
}

#[test]
fn a_base_rate_leaves_out_what_likely_tells_of_no_violence() {
    let doubtful = "The mayor spoke in Beya. He said that two men had died in a shooting there in May 2019.";
    let events = |args: &[&str], stdout: &[&str], stderr: &[&str]| {
        let files: &[(&str, &[u8])] =
            &[("clear.txt", BEYA.as_bytes()), ("doubtful.txt", doubtful.as_bytes())];
        check(&Run { files, args, ..Run::default() }, &Expected { stdout, stderr, ..Expected::default() });
    };
    events(&["read", "doubtful.txt"], &["two men"], &[]);
    events(&["read", "doubtful.txt", "--base-rate", "90%"], &["two men"], &[]);
    events(&["read", "doubtful.txt", "--base-rate", "0.0001"], &[], &["left out 1 event", "less than 0.2"]);
    events(
        &["read", "clear.txt", "--base-rate", "3%", "--least-relevance", "99.99%"],
        &[],
        &["less than 0.9999"],
    );
    events(&["read", "clear.txt", "--base-rate", "3%", "-f", "jsonl"], &["base-rate=0.03"], &[]);
}

#[test]
fn columns_and_dates() {
    let csv = format!("key;story;day\nk1;{BEYA};05/13/2023\nk2;{GOL};03/04/2023\n");
    let run = Run {
        files: &[("a.csv", csv.as_bytes())],
        args: &[
            "read",
            "a.csv",
            "--field",
            "text=story",
            "--field",
            "id=key",
            "--field",
            "date=day",
            "-o",
            "x.csv",
        ],
        ..Run::default()
    };
    let said = ["date of publication not understood: \"03/04/2023\"", "2 reports"];
    check(&run, &Expected { stderr: &said, ..Expected::default() });
}

#[test]
fn the_same_bytes_for_any_number_of_jobs() {
    let rows = rows(400);
    let folder = check(
        &Run {
            files: &[("in.jsonl", rows.as_bytes())],
            args: &["read", "in.jsonl", "-j", "1", "-o", "one.jsonl"],
            ..Run::default()
        },
        &Expected::default(),
    );
    for jobs in ["2", "7"] {
        let run = Run { args: &["read", "in.jsonl", "-j", jobs, "-o", "many.jsonl"], ..Run::default() };
        check_in(folder.path(), &run, &Expected::default());
        for ending in ["", ".manifest.json"] {
            let read = |name| fs::read(folder.path().join(format!("{name}.jsonl{ending}"))).expect("output");
            assert!(read("one") == read("many"), "{jobs} jobs{ending}");
        }
    }
}

#[test]
fn an_output_that_cannot_be_written() {
    let files: &[(&str, &[u8])] = &[("a.txt", BEYA.as_bytes())];
    let full =
        Run { files, args: &["read", "a.txt", "--format", "csv", "-o", "/dev/full"], ..Run::default() };
    check(
        &full,
        &Expected { status: 2, stderr: &["/dev/full: cannot write", "no space left"], ..Expected::default() },
    );
    // A reader that has seen enough is no error.
    let folder = TempDir::new().expect("a temporary folder");
    let mut child = casus(folder.path(), &["read", "-", "--format", "csv"]).spawn().expect("casus starts");
    drop(child.stdout.take());
    let _ = child.stdin.take().expect("piped").write_all(rows(2000).as_bytes());
    let output = child.wait_with_output().expect("casus ends");
    assert_eq!((output.status.code(), text(&output.stderr).contains("panicked")), (Some(0), false));
}

/// Reads a pipe as if it were a file, interrupts when half of it has come, and goes on with the whole.
#[test]
fn an_interrupted_run_goes_on() {
    let folder = TempDir::new().expect("a temporary folder");
    let at = folder.path();
    // More than the head that is looked at before reading begins.
    let content = format!("{}not json\n{}", rows(1000), rows(50));
    fs::write(at.join("in.jsonl"), &content).expect("file");
    let whole = Run { args: &["read", "in.jsonl", "-o", "whole.jsonl"], ..Run::default() };
    check_in(at, &whole, &Expected { status: 1, ..Expected::default() });
    fs::remove_file(at.join("in.jsonl")).expect("file");

    let run = ["read", "in.jsonl", "-o", "out.jsonl"];
    assert!(Command::new("mkfifo").arg(at.join("in.jsonl")).status().expect("mkfifo").success());
    let mut child = casus(at, &run).spawn().expect("casus starts");
    let mut pipe = fs::File::create(at.join("in.jsonl")).expect("pipe");
    let half = content.find("not json").expect("there") + "not json\n".len();
    pipe.write_all(&content.as_bytes()[..half]).expect("pipe");
    // The broken line is told when all before it have been written; then casus waits for the pipe.
    let mut said = String::new();
    let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
    stderr.read_line(&mut said).expect("told");
    assert!(said.contains("in.jsonl:1001:"), "{said}");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    assert_eq!(child.wait().expect("casus ends").code(), Some(130));
    drop(pipe);
    let written = fs::read(at.join("out.jsonl")).expect("output");
    assert!(written.is_empty() || written.ends_with(b"\n"), "ends with a whole line");

    fs::remove_file(at.join("in.jsonl")).expect("pipe");
    fs::write(at.join("in.jsonl"), content.replace("r7", "r8")).expect("file");
    let refused = |args: &[&str], reason: &str| {
        let expected = Expected { status: 2, stderr: &[reason], ..Expected::default() };
        check_in(at, &Run { args, ..Run::default() }, &expected);
    };
    refused(&run, "holds 1001 reports of an interrupted run: go on with --resume");
    refused(&[run.as_slice(), &["--resume"]].concat(), "the inputs have changed");
    fs::write(at.join("in.jsonl"), &content).expect("file");
    refused(&[run.as_slice(), &["--resume", "--with-text"]].concat(), "--with-text was false, is true");
    refused(&["read", "in.jsonl", ".", "-o", "out.jsonl", "--resume"], "the inputs are not the same");
    fs::write(at.join("out.jsonl"), [&written[..], b"{\"half"].concat()).expect("output");
    let resume = [run.as_slice(), &["--resume"]].concat();
    check_in(at, &Run { args: &resume, ..Run::default() }, &Expected { status: 1, ..Expected::default() });
    for ending in ["", ".manifest.json"] {
        let read = |name| fs::read(at.join(format!("{name}.jsonl{ending}"))).expect("output");
        assert!(read("whole") == read("out"), "{ending}");
    }
    check_in(
        at,
        &Run { args: &resume, ..Run::default() },
        &Expected { stderr: &["is complete"], ..Expected::default() },
    );
}

#[test]
fn register_is_searched_and_added_to() {
    let files: &[(&str, &[u8])] =
        &[("a.txt", b"Gol Front fighters killed four farmers at Beya on 3 May 2023.")];
    let one = |args: &[&str], stdout: &[&str]| {
        check(&Run { files, args, ..Run::default() }, &Expected { stdout, ..Expected::default() })
    };
    let wrong = |args: &[&str], stderr: &[&str]| {
        check(&Run { files, args, ..Run::default() }, &Expected { status: 2, stderr, ..Expected::default() });
    };
    one(&["register", "find", "FMLN"], &["slv-fmln\t"]);
    one(&["register", "find", "Nusra", "--on", "2018-05-01"], &["syr-hts\t"]);
    one(&["register", "show", "slv-army"], &["Armed forces of El Salvador"]);
    one(&["register", "show", "syr-ypg"], &["syr-sdf (2015-10-10 to now)", "source"]);
    one(&["register", "list", "--source", "editorial", "--country", "EE"], &["est-riigikogu"]);
    wrong(
        &["register", "find", "Boko Haran"],
        &["no actor is named \"Boko Haran\"", "is it \"Boko Haram\"?"],
    );
    wrong(&["register", "show", "slv-fmnl"], &["is it slv-fmln?"]);
    wrong(&["register", "list", "--source", "hearsay"], &["sources are"]);
    let add = [
        "register",
        "add",
        "mine.toml",
        "--id",
        "mli-gol-front",
        "--name",
        "Front of Gol",
        "--country",
        "ML",
    ];
    wrong(&[&add[..], &["--class", "army"]].concat(), &["mli-gol-front: unknown class \"army\""]);
    let folder = one(
        &[&add[..], &["--class", "rebel", "--alias", "Gol Front"]].concat(),
        &["name = \"Front of Gol\""],
    );
    let read = ["read", "a.txt", "--format", "jsonl", "--register", "mine.toml"];
    let expected = Expected { stdout: &["\"register\":\"mli-gol-front\""], ..Expected::default() };
    check_in(folder.path(), &Run { args: &read, ..Run::default() }, &expected);
}

#[test]
fn times_are_listed_with_their_reasons() {
    let text = "On 12 Safar 1437 a shop burned. It burned again two days later.";
    let files: &[(&str, &[u8])] = &[("a.txt", text.as_bytes())];
    let one = |args: &[&str], stdout: &[&str]| {
        check(&Run { files, args, ..Run::default() }, &Expected { stdout, ..Expected::default() });
    };
    one(
        &["time", "a.txt"],
        &[
            "12 Safar 1437   2015-11-24  2015-11-24  islamic-umalqura",
            "two days later  2015-11-26  2015-11-26",
            "counted from 2015-11-24, the day last told",
        ],
    );
    one(
        &["time", "a.txt", "--format", "jsonl"],
        &[r#""pattern":"hijri-day-month-year""#, r#""basis":"anchored""#],
    );
    one(&["time", "a.txt", "--hijri", "tabular-civil"], &["islamic-tabular", "2015-11-25"]);
    // Of several reports each is named; what no day is told for is said once.
    let files: &[(&str, &[u8])] =
        &[("f/a.txt", b"It rained until 3 March 2014."), ("f/b.txt", b"It rained yesterday.")];
    check(
        &Run { files, args: &["time", "f"], ..Run::default() },
        &Expected {
            stdout: &["a.txt\nat", "until 2014-03-03", "\n\n", "b.txt\nat"],
            stderr: &["--published"],
            ..Expected::default()
        },
    );
    let files: &[(&str, &[u8])] = &[("a.txt", b"It rained.")];
    check(
        &Run { files, args: &["time", "a.txt"], ..Run::default() },
        &Expected { stdout: &["no times"], ..Expected::default() },
    );
}

#[test]
fn entities_are_listed_with_their_names() {
    let text = "The mayor of Beya, Ana Mora, said on Friday that rebels had fired mortars at Lodo airport.";
    let files: &[(&str, &[u8])] = &[("a.txt", text.as_bytes()), ("b.txt", b"...")];
    let one = |args: &[&str], stdout: &[&str]| {
        check(&Run { files, args, ..Run::default() }, &Expected { stdout, ..Expected::default() });
    };
    one(&["entities", "a.txt"], &["person", "Ana Mora", "group", "rebels", "weapon", "mortars", "Friday"]);
    one(&["entities", "a.txt", "--kind", "facility"], &["Lodo airport"]);
    one(
        &["entities", "a.txt", "--names", "--kind", "person", "--format", "jsonl"],
        &[r#""text":"Ana Mora""#],
    );
    one(&["entities", "b.txt"], &["no entities"]);
    one(&["entities", "--help"], &["Examples:", "--names", "military_platform"]);
    check(
        &Run { files, args: &["entities", "a.txt", "--kind", "ship"], ..Run::default() },
        &Expected { status: 2, stderr: &["possible values"], ..Expected::default() },
    );
}

#[test]
fn an_utterance_counts_from_the_moment_it_was_said() {
    let one = |words: &str, stdout: &[&str]| {
        let args: &[&str] = &["time", "--utterance", words, "--now", "2024-03-14T23:30"];
        check(&Run { args, ..Run::default() }, &Expected { stdout, ..Expected::default() });
    };
    one("in 45 minutes", &["2024-03-15T00:15"]);
    one("from 4 to 5pm", &["2024-03-14 16:00 to 17:00"]);
    one("third Tuesday of September", &["2024-09-17"]);
}

#[test]
fn smaller_commands() {
    let politics = b"Lodia said it would suspend aid to Gollia.";
    let files: &[(&str, &[u8])] = &[("a.txt", BEYA.as_bytes()), ("b.txt", politics)];
    let one = |args: &[&str], stdout: &[&str]| {
        check(&Run { files, args, ..Run::default() }, &Expected { stdout, ..Expected::default() });
    };
    one(&["--version"], &[concat!("casus ", env!("CARGO_PKG_VERSION")), "data pack"]);
    one(&["--help"], &["Examples:", "casus read report.txt"]);
    one(&["read", "--help"], &["Exit status", "--resume"]);
    one(&["explain", "a.txt"], &[BEYA]);
    one(&["explain", "b.txt", "--scope", "all"], &["act ", "THREATEN", "theme \"aid\""]);
    one(&["time", "a.txt"], &["words", "calendar"]);
    one(&["time", "--help"], &["Examples:", "--hijri", "jsonl"]);
    one(&["places", "a.txt"], &[]);
    one(&["schema"], &["casus-event/1"]);
    one(&["codebook"], &["status"]);
    one(&["completions", "bash"], &["_casus"]);
}
