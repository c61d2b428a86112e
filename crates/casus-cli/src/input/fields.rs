//! Names of columns and keys: which of them holds the text, the date, and so on.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

/// What a column or key can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Field {
    Text,
    Id,
    Published,
    Publisher,
    Title,
    Url,
    Language,
    Genre,
}

impl Field {
    const ALL: [Field; 8] = [
        Field::Text,
        Field::Id,
        Field::Published,
        Field::Publisher,
        Field::Title,
        Field::Url,
        Field::Language,
        Field::Genre,
    ];

    /// Its own name, first, and the other names it goes by, best first.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Field::Text => &["text", "body", "content"],
            Field::Id => &["id", "docid"],
            Field::Published => &["published", "date", "dct"],
            Field::Publisher => &["publisher", "source"],
            Field::Title => &["title", "headline"],
            Field::Url => &["url", "link"],
            Field::Language => &["language", "lang"],
            Field::Genre => &["genre"],
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names()[0])
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(name: &str) -> Result<Field, String> {
        Field::ALL.into_iter().find(|field| field.names().contains(&name)).ok_or_else(|| {
            let own: Vec<_> = Field::ALL.iter().map(|field| field.names()[0]).collect();
            format!("no field {name:?}: expected one of {}", own.join(", "))
        })
    }
}

/// Columns named by the user (`--field text=COLUMN`), over the names that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<Field, String>);

impl Fields {
    /// The user's own names; a field named twice takes the last.
    pub fn new(named: impl IntoIterator<Item = (Field, String)>) -> Fields {
        Fields(named.into_iter().collect())
    }

    /// The columns that may hold `field`, best first.
    pub fn names(&self, field: Field) -> Vec<&str> {
        match self.0.get(&field) {
            Some(name) => vec![name],
            None => field.names().to_vec(),
        }
    }

    /// Which of `columns` holds `field`: by exact name, else whatever the case.
    pub fn find<'c>(&self, field: Field, columns: impl Iterator<Item = &'c str> + Clone) -> Option<usize> {
        let names = self.names(field);
        names.iter().find_map(|name| columns.clone().position(|column| column == *name)).or_else(|| {
            names.iter().find_map(|n| columns.clone().position(|c| c.trim().eq_ignore_ascii_case(n)))
        })
    }

    /// All that a row or object holds. `columns` are its keys; `value` gives the value of one by position.
    ///
    /// # Errors
    /// If no column can be the text.
    pub(super) fn values<'c>(
        &self,
        columns: impl Iterator<Item = &'c str> + Clone,
        mut value: impl FnMut(usize) -> Option<String>,
    ) -> Result<Values, String> {
        if self.find(Field::Text, columns.clone()).is_none() {
            return Err(self.no_text(columns));
        }
        let mut get = |field| {
            self.find(field, columns.clone()).and_then(&mut value).filter(|text| !text.trim().is_empty())
        };
        Ok(Values {
            text: get(Field::Text),
            id: get(Field::Id),
            published: get(Field::Published),
            publisher: get(Field::Publisher),
            title: get(Field::Title),
            url: get(Field::Url),
            language: get(Field::Language),
            genre: get(Field::Genre),
        })
    }

    /// Says that none of `columns` is the text, what there is, and what was perhaps meant.
    pub(super) fn no_text<'c>(&self, columns: impl Iterator<Item = &'c str>) -> String {
        const SHOWN: usize = 12;
        let columns: Vec<&str> = columns.collect();
        let shown: Vec<Cow<'_, str>> = columns.iter().take(SHOWN).map(|c| short(c)).collect();
        let more = if columns.len() > SHOWN { ", …" } else { "" };
        let wanted = self.names(Field::Text);
        let meant = wanted.iter().find_map(|name| crate::similar(name, columns.iter().copied()));
        let hint = meant.map_or_else(
            || "name it with --field text=COLUMN".to_owned(),
            |column| format!("did you mean --field text={column}?"),
        );
        let there =
            if shown.is_empty() { "nothing".to_owned() } else { format!("{}{more}", shown.join(", ")) };
        format!("no field {} (there is: {there}); {hint}", wanted.join(" or "))
    }
}

fn short(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(30) {
        Some((cut, _)) => format!("{}…", &name[..cut]).into(),
        None => name.into(),
    }
}

/// The values of one report, as they stand in the input.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) text: Option<String>,
    pub(super) id: Option<String>,
    pub(super) published: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) title: Option<String>,
    pub(super) url: Option<String>,
    pub(super) language: Option<String>,
    pub(super) genre: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(named: &[(Field, &str)], columns: &[&str], expected: Result<[Option<&str>; 2], &str>) {
        let fields = Fields::new(named.iter().map(|(field, name)| (*field, (*name).to_owned())));
        let values = fields.values(columns.iter().copied(), |i| Some(format!("value of {}", columns[i])));
        let found = values.map(|values| [values.text, values.published]);
        let expected = expected.map(|e| e.map(|column| column.map(|column| format!("value of {column}"))));
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn known_names_best_first() {
        check(&[], &["body", "text", "date"], Ok([Some("text"), Some("date")]));
        check(&[], &["dct", "Content"], Ok([Some("Content"), Some("dct")]));
        check(&[], &[" Text ", "x"], Ok([Some(" Text "), None]));
    }

    #[test]
    fn named_by_the_user() {
        check(&[(Field::Text, "story")], &["text", "story"], Ok([Some("story"), None]));
        check(
            &[(Field::Text, "stroy")],
            &["text", "story"],
            Err("no field stroy (there is: text, story); did you mean --field text=story?"),
        );
        check(
            &[],
            &["a", "b"],
            Err("no field text or body or content (there is: a, b); name it with --field text=COLUMN"),
        );
    }
}
