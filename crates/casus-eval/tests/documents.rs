//! The documents name no path that does not exist.

use std::{fs, path::Path};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "DESIGN.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "NOTICE",
    "corpus/README.md",
];

/// First parts of a path that say that it is one of the repository, also where it does not exist.
const ROOTS: &[&str] = &[
    ".ci", "benches", "corpus", "crates", "data", "docs", "examples", "fuzz", "results", "src", "tests",
    "training", "xtask",
];

/// Paths that a document names: in `code` and in links. Globs and placeholders end a path.
fn paths(document: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut fenced = false;
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        for (index, code) in line.split('`').enumerate() {
            if index % 2 == 1 {
                out.extend(code.split([' ', ',', '(', ')']).filter_map(local));
            } else {
                let links = code.split("](").skip(1).filter_map(|link| link.split(')').next());
                out.extend(
                    links
                        .filter(|link| !link.contains(':') && !link.starts_with('#'))
                        .map(|link| link.split('#').next().unwrap_or_default().to_owned()),
                );
            }
        }
    }
    out
}

/// A word as a path of the repository, up to its first glob or placeholder.
fn local(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| matches!(c, '.' | ';' | '"' | '\'') && !word.starts_with(".ci"));
    let first = word.split('/').next().unwrap_or_default();
    let is_file = ["md", "rs", "toml", "py"].iter().any(|end| word.ends_with(&format!(".{end}")));
    let is_path = word.contains('/') && (ROOTS.contains(&first) || is_file);
    let is_document = !word.contains('/') && word.ends_with(".md") && word.len() > 3;
    if !(is_path || is_document) || word.starts_with("../") || word.starts_with('/') || word.contains("://") {
        return None;
    }
    let fixed: Vec<&str> =
        word.split('/').take_while(|part| !part.contains(['*', '<', '{', '…', '$'])).collect();
    (!fixed.is_empty()).then(|| fixed.join("/"))
}

#[test]
fn named_paths_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut gone = Vec::new();
    for name in DOCUMENTS {
        let Ok(document) = fs::read_to_string(root.join(name)) else { continue };
        let beside = root.join(name).parent().map(Path::to_owned).unwrap_or_default();
        for path in paths(&document) {
            // ARCHITECTURE.md names stages as paths within the engine.
            let engine = root.join("crates/casus-engine/src");
            if ![&root, &beside, &engine].iter().any(|folder| folder.join(&path).exists()) {
                gone.push(format!("{name}: {path}"));
            }
        }
    }
    assert!(gone.is_empty(), "paths that do not exist:\n{}", gone.join("\n"));
}

#[test]
fn paths_are_found() {
    let check = |document: &str, expected: &[&str]| assert_eq!(paths(document), expected, "{document:?}");
    check("see `crates/none/src/lib.rs` and `data/<set>/SOURCE.toml`", &["crates/none/src/lib.rs", "data"]);
    check("[a](docs/a.md#b), [c](https://d/e), `and/or`, `text/html`", &["docs/a.md"]);
    check("`cargo run -- read examples/` and `.ci/run`", &["examples/", ".ci/run"]);
    check("`data/codes/*.toml`, `../shared/data`", &["data/codes"]);
    check("```\ncat data/none\n```", &[]);
}
