//! From what the user named to the files that are read, in an order that does not depend on the
//! machine.

use super::{Input, InputError, plain};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The inputs that `paths` name, in the order given: a file, `-`, a folder (all that is in it, by name,
/// folders within folders too), or a pattern such as `2024-*/*.txt` where no file has that very name.
///
/// In a folder, hidden files, files called `README…` and links to folders are passed over, and so are
/// the files of `own`, which casus itself writes.
pub fn locate(paths: &[PathBuf], own: &[PathBuf]) -> Vec<Result<Input, InputError>> {
    let own: Vec<PathBuf> = own.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    paths.iter().flat_map(|path| named(path, &own)).collect()
}

fn named(path: &Path, own: &[PathBuf]) -> Vec<Result<Input, InputError>> {
    if path == Path::new("-") {
        return vec![Ok(Input::stdin())];
    }
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => folder(path, own),
        Ok(_) => vec![Ok(Input::file(path.to_owned()))],
        Err(cause) => match path.to_str().filter(|name| name.contains(['*', '?', '['])) {
            Some(pattern) => glob(pattern, own),
            None => vec![Err(missing(path, &cause))],
        },
    }
}

fn glob(pattern: &str, own: &[PathBuf]) -> Vec<Result<Input, InputError>> {
    let fail = |reason: String| vec![Err(InputError::new(pattern, reason))];
    let matches = match glob::glob(pattern) {
        Ok(matches) => matches,
        Err(error) => return fail(format!("not a pattern: {}", error.msg)),
    };
    let mut found = Vec::new();
    for entry in matches {
        match entry {
            Ok(path) if path.is_dir() => found.extend(folder(&path, own)),
            Ok(path) => found.push(Ok(Input::file(path))),
            Err(error) => {
                found.push(Err(InputError::new(&error.path().to_string_lossy(), plain(error.error()))))
            }
        }
    }
    if found.is_empty() { fail("no file matches".to_owned()) } else { found }
}

fn folder(root: &Path, own: &[PathBuf]) -> Vec<Result<Input, InputError>> {
    let mut found = Vec::new();
    // The last one is next: what a folder holds is pushed in reverse.
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        let cannot = |cause: &io::Error| {
            InputError::new(&path.to_string_lossy(), format!("cannot open: {}", plain(cause)))
        };
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(cause) => {
                found.push(Err(cannot(&cause)));
                continue;
            }
        };
        if meta.is_file() {
            if !fs::canonicalize(&path).is_ok_and(|path| own.contains(&path)) {
                found.push(Ok(Input::file(path)));
            }
        } else if !meta.is_dir() {
            // Opening a pipe or a device that nobody feeds would wait for ever.
            found
                .push(Err(InputError::new(&path.to_string_lossy(), "not a file: name it itself to read it")));
        } else if path == root || !path.is_symlink() {
            match fs::read_dir(&path).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
                Ok(entries) => {
                    let mut entries: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
                    entries.retain(|entry| !is_passed_over(entry));
                    entries.sort_unstable_by(|a, b| b.cmp(a));
                    open.extend(entries);
                }
                Err(cause) => found.push(Err(cannot(&cause))),
            }
        }
    }
    if found.is_empty() {
        found.push(Err(InputError::new(&root.to_string_lossy(), "no file in the folder")));
    }
    found
}

fn is_passed_over(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.to_ascii_lowercase().starts_with("readme")
}

/// Says that nothing has this name, and what was perhaps meant.
fn missing(path: &Path, cause: &io::Error) -> InputError {
    let mut reason = format!("cannot open: {}", plain(cause));
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cause.kind() == io::ErrorKind::NotFound
        && let (Some(name), Ok(entries)) = (path.file_name().and_then(|n| n.to_str()), fs::read_dir(folder))
    {
        let mut there: Vec<String> =
            entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
        there.sort_unstable();
        if let Some(meant) = crate::similar(name, there.iter().map(String::as_str)) {
            reason = format!("{reason}; did you mean {}?", path.with_file_name(meant).display());
        }
    }
    InputError::new(&path.to_string_lossy(), reason)
}
