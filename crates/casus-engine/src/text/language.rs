//! Whether letter case tells anything, and which language a text is in.

use super::{Casing, Shape, Token, TokenKind, lexicon::Lexicon};
use whatlang::{Lang, Script};

/// Words looked at to tell the language.
const SAMPLE: usize = 400;

/// Whether letter case tells anything in a run of tokens.
pub(super) fn casing(tokens: &[Token]) -> Casing {
    let mut counts = [0usize; 5];
    for token in tokens {
        counts[token.shape as usize] += usize::from(token.kind == TokenKind::Word);
    }
    let count = |shape: Shape| counts[shape as usize];
    let (upper, lower, caseless) = (count(Shape::Upper), count(Shape::Lower), count(Shape::Caseless));
    let title = count(Shape::Title) + count(Shape::Mixed);
    let cased = upper + lower + title;
    if cased == 0 || cased * 9 < caseless {
        Casing::None
    } else if upper * 10 >= cased * 8 {
        Casing::Upper
    } else if (upper + title) * 100 <= cased {
        Casing::Lower
    } else {
        Casing::Mixed
    }
}

/// Whether letter case tells anything in a sentence of a text where it does as a rule: not in a line
/// in capitals, nor in a headline that capitalises its every long word.
pub(super) fn case_tells(sentence: &[Token]) -> bool {
    let (mut upper, mut lower, mut title) = (0usize, 0usize, 0usize);
    for token in sentence.iter().filter(|token| token.kind == TokenKind::Word && token.span.len() > 3) {
        match token.shape {
            Shape::Upper => upper += 1,
            Shape::Lower => lower += 1,
            Shape::Title | Shape::Mixed => title += 1,
            Shape::Caseless => {}
        }
    }
    let cased = upper + lower + title;
    cased < 4 || (upper * 10 < cased * 7 && (upper + title) * 10 < cased * 8)
}

/// The language given with the report, or the one recognised; None if in doubt.
pub(super) fn language<'t>(
    lexicon: &Lexicon,
    given: Option<&str>,
    tokens: &[Token],
    norm: impl Fn(&Token) -> &'t str,
) -> Option<&'static str> {
    if let Some(given) = given {
        let primary = given.split(['-', '_']).next().unwrap_or_default();
        if let Some(code) = known_code(primary) {
            return Some(code);
        }
    }
    let words = || tokens.iter().filter(|token| token.kind == TokenKind::Word).take(SAMPLE).map(&norm);
    if let Some(code) = lexicon.language(words()) {
        return known_code(code);
    }
    // Normal forms are in lower case, without which the detector takes capitals for another language.
    let sample: Vec<&str> = words().collect();
    let info = whatlang::detect(&sample.join(" "))?;
    let sure = info.is_reliable() && sample.len() >= 8 || info.script() != Script::Latin;
    // The detector is often sure of a few short sentences: no text is in a language without a common word of it.
    sure.then(|| bcp47(info.lang())).flatten().filter(|code| !lexicon.lacks(code, words()))
}

/// The static form of a two-letter code.
fn known_code(code: &str) -> Option<&'static str> {
    CODES
        .iter()
        .find(|(two, three)| two.eq_ignore_ascii_case(code) || three.eq_ignore_ascii_case(code))
        .map(|(two, _)| *two)
}

fn bcp47(lang: Lang) -> Option<&'static str> {
    known_code(lang.code())
}

/// ISO 639-1 and 639-3 codes of the languages that can be recognised or given.
const CODES: &[(&str, &str)] = &[
    ("af", "afr"),
    ("ak", "aka"),
    ("am", "amh"),
    ("ar", "ara"),
    ("az", "aze"),
    ("be", "bel"),
    ("bg", "bul"),
    ("bm", "bam"),
    ("bn", "ben"),
    ("bo", "bod"),
    ("bs", "bos"),
    ("ca", "cat"),
    ("ckb", "ckb"),
    ("cs", "ces"),
    ("cy", "cym"),
    ("da", "dan"),
    ("de", "deu"),
    ("din", "din"),
    ("dv", "div"),
    ("el", "ell"),
    ("en", "eng"),
    ("eo", "epo"),
    ("es", "spa"),
    ("et", "est"),
    ("eu", "eus"),
    ("fa", "pes"),
    ("fa", "fas"),
    ("prs", "prs"),
    ("ff", "ful"),
    ("fi", "fin"),
    ("fil", "fil"),
    ("fr", "fra"),
    ("ga", "gle"),
    ("gu", "guj"),
    ("ha", "hau"),
    ("he", "heb"),
    ("hi", "hin"),
    ("hr", "hrv"),
    ("ht", "hat"),
    ("hu", "hun"),
    ("hy", "hye"),
    ("id", "ind"),
    ("ig", "ibo"),
    ("is", "isl"),
    ("it", "ita"),
    ("ja", "jpn"),
    ("jv", "jav"),
    ("ka", "kat"),
    ("kk", "kaz"),
    ("km", "khm"),
    ("kn", "kan"),
    ("ko", "kor"),
    ("kr", "kau"),
    ("ku", "kur"),
    ("ky", "kir"),
    ("la", "lat"),
    ("lg", "lug"),
    ("ln", "lin"),
    ("lo", "lao"),
    ("lt", "lit"),
    ("lv", "lav"),
    ("mg", "mlg"),
    ("mk", "mkd"),
    ("ml", "mal"),
    ("mn", "mon"),
    ("mr", "mar"),
    ("ms", "msa"),
    ("my", "mya"),
    ("ne", "nep"),
    ("nl", "nld"),
    ("no", "nob"),
    ("nus", "nus"),
    ("ny", "nya"),
    ("om", "orm"),
    ("or", "ori"),
    ("pa", "pan"),
    ("pl", "pol"),
    ("ps", "pus"),
    ("pt", "por"),
    ("rn", "run"),
    ("ro", "ron"),
    ("ru", "rus"),
    ("rw", "kin"),
    ("sd", "snd"),
    ("sg", "sag"),
    ("si", "sin"),
    ("sk", "slk"),
    ("sl", "slv"),
    ("sn", "sna"),
    ("so", "som"),
    ("sq", "sqi"),
    ("sr", "srp"),
    ("sv", "swe"),
    ("sw", "swa"),
    ("ta", "tam"),
    ("te", "tel"),
    ("tg", "tgk"),
    ("th", "tha"),
    ("ti", "tir"),
    ("tk", "tuk"),
    ("tl", "tgl"),
    ("tr", "tur"),
    ("ug", "uig"),
    ("uk", "ukr"),
    ("ur", "urd"),
    ("uz", "uzb"),
    ("vi", "vie"),
    ("wo", "wol"),
    ("xh", "xho"),
    ("yi", "yid"),
    ("yo", "yor"),
    ("zh", "cmn"),
    ("zh", "zho"),
    ("zu", "zul"),
];
