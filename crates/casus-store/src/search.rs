//! Full-text search over the reports.

use crate::{
    error::{Fault, Result},
    project::Project,
    readings::{from_json, text},
};
use casus_record::{Report, Span};
use rusqlite::params;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Bytes of text that are shown on either side of a word found.
const AROUND: usize = 70;

/// A report that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The report.
    pub report: Report,
    /// How many copies of it there are.
    pub copies: u64,
    /// The part of its text to be shown.
    pub excerpt: Span,
    /// The words in it that were asked for.
    pub words: Vec<Span>,
}

impl Project {
    /// The reports that hold all `words`, best first, at most `limit`. `"two words"` in quotation marks must
    /// stand together, `attack*` is the beginning of a word, `-word` must not occur, `one OR other` is
    /// either. Case and diacritics do not matter.
    ///
    /// # Errors
    /// If there is no word in `words`, or the file cannot be read.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>> {
        let query = Query::new(words);
        self.ask(|connection| {
            let Some(phrases) = query.fts() else {
                return Err(Fault::Request(format!("{words:?} has no word to search for")));
            };
            let sql = "SELECT r.id, r.text, c.given, (SELECT count(*) FROM copy n WHERE n.report = r.id)
                 FROM words w JOIN report r ON r.id = w.rowid JOIN copy c ON c.id = (SELECT min(id) FROM copy WHERE report = r.id)
                 WHERE words MATCH ?1 ORDER BY bm25(words, 4.0, 1.0), r.id LIMIT ?2";
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query(params![phrases, limit as i64])?;
            let mut hits = Vec::new();
            while let Some(row) = rows.next()? {
                let number: i64 = row.get(0)?;
                let text = text(number, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
                let given: Report = from_json(&row.get::<_, String>(2)?, &format_args!("report {number}"))?;
                let (excerpt, words) = query.excerpt(&text);
                let copies = row.get::<_, i64>(3)? as u64;
                hits.push(Hit { report: Report { text, ..given }, copies, excerpt, words });
            }
            Ok(hits)
        })
    }
}

/// What is asked for: groups of alternatives, all of which must occur.
#[derive(Debug, Default)]
struct Query {
    wanted: Vec<Vec<Phrase>>,
    unwanted: Vec<Phrase>,
}

#[derive(Debug)]
struct Phrase {
    words: Vec<String>,
    /// The last word is a beginning.
    open: bool,
}

impl Query {
    fn new(text: &str) -> Query {
        let mut query = Query::default();
        let mut either = false;
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let negated = rest.starts_with('-');
            rest = rest.strip_prefix('-').unwrap_or(rest);
            let (piece, behind) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => rest.split_at(rest.find([' ', '\t', '\n', '"']).unwrap_or(rest.len())),
            };
            let bare = rest.len() - behind.len() == piece.len();
            if bare && piece == "OR" {
                either = true;
            } else {
                let open = piece.ends_with('*') || behind.starts_with('*');
                let words: Vec<String> = words(piece).map(|(_, word)| word).collect();
                if !words.is_empty() {
                    let phrase = Phrase { words, open };
                    match query.wanted.last_mut() {
                        _ if negated => query.unwanted.push(phrase),
                        Some(last) if either => last.push(phrase),
                        _ => query.wanted.push(vec![phrase]),
                    }
                    either = false;
                }
            }
            rest = behind.trim_start_matches('*').trim_start();
        }
        query
    }

    /// In the language of FTS5. Its words are only letters and digits between quotation marks, so nothing
    /// in them is syntax.
    fn fts(&self) -> Option<String> {
        let phrase = |p: &Phrase| format!("\"{}\"{}", p.words.join(" "), if p.open { "*" } else { "" });
        let group = |g: &Vec<Phrase>| format!("({})", g.iter().map(phrase).collect::<Vec<_>>().join(" OR "));
        let mut out = self.wanted.iter().map(group).collect::<Vec<_>>().join(" AND ");
        if out.is_empty() {
            return None;
        }
        for unwanted in &self.unwanted {
            out = format!("({out}) NOT {}", phrase(unwanted));
        }
        Some(out)
    }

    /// The part of `text` around the first place where a word stands, and the words in that part.
    fn excerpt(&self, text: &str) -> (Span, Vec<Span>) {
        let asked = |word: &str| {
            self.wanted.iter().flatten().any(|phrase| {
                phrase.words.iter().enumerate().any(|(at, own)| {
                    own == word || phrase.open && at + 1 == phrase.words.len() && word.starts_with(own)
                })
            })
        };
        let found: Vec<Span> =
            words(text).filter(|(_, word)| asked(word)).map(|(span, _)| span).take(1000).collect();
        let first = found.first().copied().unwrap_or(Span::new(0, 0));
        let start = text.floor_char_boundary((first.start as usize).saturating_sub(AROUND));
        let end = text.ceil_char_boundary((first.end as usize + AROUND).min(text.len()));
        // Whole words look better.
        let start = if start == 0 { 0 } else { text[start..].find(' ').map_or(start, |at| start + at + 1) };
        let start = start.min(first.start as usize);
        let end = if end == text.len() { end } else { text[..end].rfind(' ').unwrap_or(end) };
        let excerpt = Span::new(start as u32, end.max(first.end as usize) as u32);
        (excerpt, found.into_iter().filter(|span| excerpt.contains(*span)).collect())
    }
}

/// The words of a text, folded as FTS5's `unicode61` does: lower case, without diacritics.
fn words(text: &str) -> impl Iterator<Item = (Span, String)> {
    let word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(word)?;
        let end = text[start..].find(|c| !word(c)).map_or(text.len(), |length| start + length);
        at = end;
        let fold = text[start..end].nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
        Some((Span::new(start as u32, end as u32), fold.collect()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: &str) {
        assert_eq!(Query::new(query).fts().unwrap_or_default(), expected, "{query}");
    }

    #[test]
    fn queries_are_never_syntax_errors() {
        check("gunmen Beya", "(\"gunmen\") AND (\"beya\")");
        check("\"old Tarna\" attack*", "(\"old tarna\") AND (\"attack\"*)");
        check("Béya OR Gol -Lodo", "((\"beya\" OR \"gol\")) NOT \"lodo\"");
        check("NEAR( a:b ^c", "(\"near\") AND (\"a b\") AND (\"c\")");
        check("\"open", "(\"open\")");
        check("OR", "");
        check("-only", "");
        check("  ** \"\" ", "");
        check("\"OR\"", "(\"or\")");
    }

    #[test]
    fn excerpts_are_whole_words() {
        let text = format!("{}Gunmen came to Béya at night. {}", "é ".repeat(100), "Later ".repeat(100));
        let (excerpt, words) = Query::new("beya").excerpt(&text);
        assert!(text[excerpt.range()].contains("Gunmen came to Béya at night. Later"));
        assert_eq!(words.iter().map(|w| &text[w.range()]).collect::<Vec<_>>(), ["Béya"]);
        assert_eq!(Query::new("beya").excerpt("").0, Span::new(0, 0));
    }
}
