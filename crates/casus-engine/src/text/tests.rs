use super::*;
use std::sync::LazyLock;

static RESOURCES: LazyLock<Resources> = LazyLock::new(|| Resources::embedded().expect("built-in data"));

fn report(text: &str) -> Report {
    Report { text: text.to_owned(), ..Report::default() }
}

fn check_tiling(text: &str) {
    let report = report(text);
    let document = segment(&RESOURCES, &report);
    let mut at = 0;
    for (index, token) in document.tokens.iter().enumerate() {
        assert_eq!(token.span.start, at, "tile {index} of {text:?}");
        assert!(token.span.start <= token.span.end);
        assert!(!token.span.is_empty() || token.kind == TokenKind::Start, "empty token in {text:?}");
        assert!(text.get(token.span.range()).is_some(), "token {index} of {text:?} splits a character");
        at = document.tokens.get(index + 1).map_or(text.len() as u32, |next| next.span.start);
    }
    assert_eq!(at as usize, text.len(), "tokens do not reach the end of {text:?}");
    let mut at = 0;
    for (index, sentence) in document.sentences.iter().enumerate() {
        assert_eq!(sentence.tokens.start, at, "sentence {index} of {text:?}");
        assert!(!sentence.tokens.is_empty());
        assert!(sentence.tokens.clone().all(|token| document.sentence_of(token) == index as u32));
        let block = &document.blocks[sentence.block as usize].tokens;
        assert!(block.start <= sentence.tokens.start && sentence.tokens.end <= block.end);
        at = sentence.tokens.end;
    }
    assert_eq!(at as usize, document.tokens.len(), "sentences do not reach the end of {text:?}");
    let mut at = 0;
    for block in &document.blocks {
        assert_eq!(block.tokens.start, at, "blocks of {text:?}");
        assert!(!block.tokens.is_empty());
        at = block.tokens.end;
    }
    assert_eq!(at as usize, document.tokens.len(), "blocks do not reach the end of {text:?}");
}

/// Tokens of a text, parted by `|`.
fn check_tokens(text: &str, expected: &str) {
    check_tiling(text);
    let report = report(text);
    let document = segment(&RESOURCES, &report);
    let words: Vec<&str> = (0..document.tokens.len() as u32).map(|token| document.word(token)).collect();
    assert_eq!(words.join("|"), expected);
}

/// Sentences of a text, each without the white space behind it.
fn check_sentences(text: &str, expected: &[&str]) {
    check_tiling(text);
    let report = report(text);
    let document = segment(&RESOURCES, &report);
    let sentences: Vec<&str> =
        document.sentences.iter().map(|sentence| document.words(&sentence.tokens)).collect();
    assert_eq!(sentences, expected);
}

#[test]
fn tokens() {
    for (text, expected) in [
        ("", ""),
        ("  \n", ""),
        (" Beya", "|Beya"),
        ("Gunmen killed 14.", "Gunmen|killed|14|."),
        ("1,200 men, 3.5 km", "1,200|men|,|3.5|km"),
        ("1.200.000 or 1,00,000", "1.200.000|or|1,00,000"),
        ("on 12,13 and 14 May", "on|12|,|13|and|14|May"),
        ("2014-03-12 11/14 12.03.2014 14:30", "2014|-|03|-|12|11|/|14|12|.|03|.|2014|14|:|30"),
        ("٢٠١٤ ١٬٢٠٠", "٢٠١٤|١٬٢٠٠"),
        ("the 11th, at 5pm, 122mm", "the|11th|,|at|5|pm|,|122|mm"),
        ("in the 1990s", "in|the|1990s"),
        ("Roa's men don't, cannot, they'll", "Roa|'s|men|do|n't|,|can|not|,|they|'ll"),
        ("O’Brien of Sana'a, Sa'd", "O’Brien|of|Sana'a|,|Sa'd"),
        ("two-year-old in al-Aru", "two|-|year|-|old|in|al|-|Aru"),
        ("the U.S. on Jan. 5 at 5 a.m.", "the|U.S.|on|Jan.|5|at|5|a.m."),
        ("N.W.F.P. Gen. J. Roa, No. 5", "N.W.F.P.|Gen.|J.|Roa|,|No.|5"),
        ("No. He sat in the sun. Then", "No|.|He|sat|in|the|sun|.|Then"),
        ("BEYA -- [TEXT] ...", "BEYA|--|[|TEXT|]|..."),
        (
            "see https://example.org/a?b=1, ab@example.org.",
            "see|https://example.org/a?b=1|,|ab@example.org|.",
        ),
        ("a\u{0}b\u{200b}c", "a|b|c"),
        ("$5, 10%", "$|5|,|10|%"),
        ("北京。", "北|京|。"),
        ("کتاب\u{200c}ها", "کتاب\u{200c}ها"),
    ] {
        check_tokens(text, expected);
    }
}

#[test]
fn sentences() {
    for (text, expected) in [
        ("Gunmen came. They left.", &["Gunmen came.", "They left."] as &[_]),
        ("GUNMEN CAME.  THEY LEFT.", &["GUNMEN CAME.", "THEY LEFT."]),
        ("gunmen came. they left.", &["gunmen came.", "they left."]),
        ("Gen. Roa of the U.S. Army came. He left.", &["Gen. Roa of the U.S. Army came.", "He left."]),
        ("He fled to the U.S. The army came.", &["He fled to the U.S.", "The army came."]),
        (
            "\"Who came?\" he asked. \"They.\" So it was.",
            &["\"Who came?\" he asked.", "\"They.\"", "So it was."],
        ),
        ("It fell 3.5 km off. No. 5 stayed.", &["It fell 3.5 km off.", "No. 5 stayed."]),
        ("They came.The army left.", &["They came.", "The army left."]),
        ("Two died. al-Aru is quiet.", &["Two died.", "al-Aru is quiet."]),
        ("قتل رجلان. هرب آخرون؟ نعم", &["قتل رجلان.", "هرب آخرون؟", "نعم"]),
        ("他们来了。走了。", &["他们来了。", "走了。"]),
        ("One\nline.\n\nNext", &["One\nline.", "Next"]),
    ] {
        check_sentences(text, expected);
    }
}
