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
        ("THE U.S. AND ITS ALLIES CAME.", &["THE U.S. AND ITS ALLIES CAME."]),
        ("One\nline.\n\nNext", &["One\nline.", "Next"]),
    ] {
        check_sentences(text, expected);
    }
}

/// The dateline's place, date and publisher; dashes for what is missing.
fn check_dateline(text: &str, expected: Option<(&str, &str, &str)>) {
    check_tiling(text);
    let report = report(text);
    let document = segment(&RESOURCES, &report);
    let words = |range: &Option<Range<TokenId>>| range.as_ref().map_or("-", |range| document.words(range));
    let found = document.dateline.as_ref().map(|d| (words(&d.place), words(&d.date), words(&d.publisher)));
    assert_eq!(found, expected, "{text:?}");
    if let Some(dateline) = &document.dateline {
        let behind = dateline.tokens.end;
        assert!(
            document
                .sentences
                .iter()
                .all(|sentence| { !(sentence.tokens.start < behind && behind < sentence.tokens.end) }),
            "the body of {text:?} begins amid a sentence"
        );
    }
}

#[test]
fn datelines() {
    let body = "Gunmen attacked a post near the river on Monday, and two soldiers were wounded.";
    let upper = "GUNMEN ATTACKED A POST NEAR THE RIVER ON MONDAY, AND TWO SOLDIERS WERE WOUNDED.";
    for (head, expected) in [
        ("BEYA, 4 JAN 90 (EFE) -- [TEXT] ", Some(("BEYA", "4 JAN 90", "EFE"))),
        (
            "OLD TARNA (ARU), 16 MAR 90 (RADIO ARU 1) -- [EXCERPT] ",
            Some(("OLD TARNA (ARU)", "16 MAR 90", "RADIO ARU 1")),
        ),
        ("BEYA, NO DATE (DOMESTIC SERVICE) -- [TEXT] ", Some(("BEYA", "-", "DOMESTIC SERVICE"))),
        ("BEYA, 7 FEB --\n[TEXT] ", Some(("BEYA", "7 FEB", "-"))),
    ] {
        check_dateline(&format!("{head}{upper}"), expected);
    }
    for (head, expected) in [
        ("TARNA, Aru (Jan. 25, 2013)\n", Some(("TARNA, Aru", "Jan. 25, 2013", "-"))),
        (
            "2013-01-S-025\nFor Immediate Release\n\nTARNA, Aru (Jan. 25) – ",
            Some(("TARNA, Aru", "Jan. 25", "-")),
        ),
        ("TARNA, March 12 (Agency) - ", Some(("TARNA", "March 12", "Agency"))),
        ("TARNA (Agency) — ", Some(("TARNA", "-", "Agency"))),
        ("GENEVA/TARNA (12 March 2014) – ", Some(("GENEVA/TARNA", "12 March 2014", "-"))),
        ("Beya — ", Some(("Beya", "-", "-"))),
        ("Gol-au-Lodo, 3 May 2019 (Agency) - ", Some(("Gol-au-Lodo", "3 May 2019", "Agency"))),
        ("BEYA: ", Some(("BEYA", "-", "-"))),
        ("Headline of the day\n\nTarna, 3 May 2019\n\n", Some(("Tarna", "3 May 2019", "-"))),
        ("Tarna, 2019-05-03 - ", Some(("Tarna", "2019-05-03", "-"))),
        ("Morning Operational Update, Feb. 22, 2011\n\n", Some(("-", "Feb. 22, 2011", "-"))),
        ("Apr. 23: Posts attacked in Aru\n\n", Some(("-", "Apr. 23", "-"))),
        ("UPDATE: ", None),
        ("Police - who came late - said: ", None),
        ("", None),
    ] {
        check_dateline(&format!("{head}{body}"), expected);
    }
}

/// Kinds of the blocks with their levels, parents and first words.
fn check_blocks(text: &str, title: Option<&str>, expected: &[(BlockKind, u8, Option<u32>, &str)]) {
    check_tiling(text);
    let report = Report { title: title.map(str::to_owned), ..report(text) };
    let document = segment(&RESOURCES, &report);
    let found: Vec<_> = document
        .blocks
        .iter()
        .map(|block| {
            (
                block.kind,
                block.level,
                block.heading,
                document.words(&block.tokens).trim_start().lines().next().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn blocks() {
    use BlockKind::{Heading, ListItem, Paragraph, Title};
    let long = "Gunmen attacked a post near the river on Monday, and two soldiers were wounded there.";
    check_blocks(
        &format!("# Weekly report\n\n## Aru\n{long}\n\n- Beya: two dead\n- Lodo: none\n\n## Moro\n{long}"),
        None,
        &[
            (Title, 1, None, "# Weekly report"),
            (Heading, 2, Some(0), "## Aru"),
            (Paragraph, 0, Some(1), long),
            (ListItem, 1, Some(1), "- Beya: two dead"),
            (ListItem, 1, Some(1), "- Lodo: none"),
            (Heading, 2, Some(0), "## Moro"),
            (Paragraph, 0, Some(5), long),
        ],
    );
    check_blocks(
        &format!(
            "Two hurt near the river\n\nARU PROVINCE:\n{long}\n\nMonday, 3 May:\n{long}\n\nKile district\n\n{long}"
        ),
        None,
        &[
            (Title, 1, None, "Two hurt near the river"),
            (Heading, 2, Some(0), "ARU PROVINCE:"),
            (Paragraph, 0, Some(1), long),
            (Heading, 4, Some(1), "Monday, 3 May:"),
            (Paragraph, 0, Some(3), long),
            (Heading, 3, Some(1), "Kile district"),
            (Paragraph, 0, Some(5), long),
        ],
    );
    // Lines broken to a width, paragraphs set off by an indent.
    check_blocks(
        "   Gunmen attacked a post near the river on Monday, and two\nsoldiers were wounded there. A third one fled to the hills of\nKile.\n   The army said that it had sent more men to the post, and\nthat all was quiet.\n",
        None,
        &[
            (Paragraph, 0, None, "Gunmen attacked a post near the river on Monday, and two"),
            (Paragraph, 0, None, "The army said that it had sent more men to the post, and"),
        ],
    );
    check_blocks(
        &format!("Events\n======\n{long}\n\n1. {long}\n2. {long}\n  a) Beya\n"),
        Some("events ======"),
        &[
            (Title, 1, None, "Events"),
            (Paragraph, 0, Some(0), long),
            (ListItem, 1, Some(0), &format!("1. {long}")),
            (ListItem, 1, Some(0), &format!("2. {long}")),
            (ListItem, 2, Some(0), "a) Beya"),
        ],
    );
}

#[test]
fn quotations() {
    for (text, quoted) in [
        ("He said \"we came\" and left.", "we came"),
        ("“We came.\n\n“We left,” he said.", "We came . We left ,"),
        ("He said \"we came. They left.", "we came ."),
        ("The \"post\" and the \"men\" fled.", "post men"),
        ("Five farmers' homes burned.", ""),
    ] {
        check_tiling(text);
        let report = report(text);
        let document = segment(&RESOURCES, &report);
        let found: Vec<&str> = (0..document.tokens.len() as u32)
            .filter(|&token| document.tokens[token as usize].quoted)
            .map(|token| document.word(token))
            .collect();
        assert_eq!(found.join(" "), quoted, "{text:?}");
    }
}

#[test]
fn norms() {
    for (text, expected) in [
        ("GUNMEN", "gunmen"),
        ("Sana’a", "sana'a"),
        ("١٬٢٠٠", "1,200"),
        ("“x” – —", "\" x \" - --"),
        ("so\u{ad}lo", "solo"),
        ("نعم؟", "نعم ?"),
    ] {
        let report = report(text);
        let document = segment(&RESOURCES, &report);
        let norms: Vec<&str> = (0..document.tokens.len() as u32).map(|token| document.norm(token)).collect();
        assert_eq!(norms.join(" "), expected, "{text:?}");
    }
}

#[test]
fn casing_and_language() {
    for (text, casing, language) in [
        ("Gunmen killed two men in the village of Beya, the police said.", Casing::Mixed, Some("en")),
        ("GUNMEN KILLED TWO MEN IN THE VILLAGE OF BEYA, THE POLICE SAID.", Casing::Upper, Some("en")),
        ("gunmen killed two men in the village of beya, the police said.", Casing::Lower, Some("en")),
        (
            "Hombres armados mataron a dos campesinos en la aldea de Beya, según la policía, que no dio más detalles sobre el ataque.",
            Casing::Mixed,
            Some("es"),
        ),
        ("قتل مسلحون رجلين في القرية مساء أمس وفروا إلى الجبال القريبة", Casing::None, Some("ar")),
        ("Beya 14", Casing::Mixed, None),
        ("", Casing::None, None),
    ] {
        let report = report(text);
        let document = segment(&RESOURCES, &report);
        assert_eq!((document.casing, document.language), (casing, language), "{text:?}");
    }
    let given = Report { language: Some("fr-CD".into()), ..report("The men were killed in the village.") };
    assert_eq!(segment(&RESOURCES, &given).language, Some("fr"));
}

#[test]
fn tags() {
    use Tag::{Noun, NounPlural, Possessive, VerbParticiple, VerbPast};
    for (text, word, tag) in [
        ("Two men were killed near the river on Monday.", "killed", VerbParticiple),
        ("TWO MEN WERE KILLED NEAR THE RIVER ON MONDAY.", "KILLED", VerbParticiple),
        ("gunmen killed two farmers near the river.", "killed", VerbPast),
        ("THE ATTACK ON THE POST LASTED TWO HOURS.", "ATTACK", Noun),
        ("Five farmers' homes burned down.", "'", Possessive),
        ("THE REBELS SET FIRE TO TWO HOUSES.", "HOUSES", NounPlural),
    ] {
        let report = report(text);
        let document = segment(&RESOURCES, &report);
        let at =
            (0..document.tokens.len() as u32).find(|&token| document.word(token) == word).expect("the word");
        assert_eq!(document.tokens[at as usize].tag, tag, "{word:?} in {text:?}");
    }
}

/// A small generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn any_text_is_tiled() {
    const PIECES: &[&str] = &[
        "Gunmen",
        "KILLED",
        "14",
        "1,2",
        "1,200",
        "3.5.6",
        ".",
        "..",
        "...",
        "!",
        "\"",
        "'",
        "''",
        "`",
        "“",
        "”",
        "(",
        ")",
        "[",
        "]",
        "-",
        "--",
        "—",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "\u{0}",
        "\u{200b}",
        "\u{2028}",
        "\u{301}",
        "\u{200d}",
        "é",
        "İ",
        "ß",
        "٣",
        "٬",
        "。",
        "北",
        "กา",
        "م",
        "؟",
        "🔥",
        "www.",
        "http://",
        "a@b",
        "U.S.",
        "Gen.",
        "Jan.",
        "No.",
        "#",
        "=====",
        "* ",
        "1. ",
        "a) ",
        "BEYA, 4 JAN 90 (EFE) -- ",
        "\u{feff}",
        "½",
        "²",
        "$",
        "can't",
        "cannot",
        "I.",
        "x",
    ];
    let mut random = Random(0x1234_5678_9abc_def1);
    for _ in 0..3000 {
        let length = random.below(30);
        let mut text: String = (0..length).map(|_| PIECES[random.below(PIECES.len())]).collect();
        for _ in 0..random.below(3) {
            let at = text.char_indices().nth(random.below(text.len() + 1)).map_or(text.len(), |(at, _)| at);
            text.insert(at, char::from_u32(random.below(0x11_0000) as u32).unwrap_or('\u{fffd}'));
        }
        check_tiling(&text);
    }
}

/// Ten times the text may take little more than ten times as long.
#[test]
fn long_texts_take_linear_time() {
    for unit in [
        "a", "\"", "\n", " ", "'", "1,", "1.", "1,22", ".", "a.", "A. ", "No. ", "I'", "(", "[", "U.S. ",
        "a@b", "北", "\u{301}", "x\n", "1. x\n", "Aa Bb, ", "- ", "“a ", "BEYA, ",
    ] {
        let time = |bytes: usize| {
            let report = report(&unit.repeat(bytes / unit.len()));
            let start = std::time::Instant::now();
            let document = segment(&RESOURCES, &report);
            assert!(document.sentences.iter().all(|sentence| sentence.tokens.len() <= 420), "{unit:?}");
            start.elapsed().as_secs_f64()
        };
        let small = time(20_000).max(0.004);
        let large = time(400_000);
        assert!(large < small * 20.0 * 6.0, "{unit:?}: {small} s, then {large} s for twenty times as much");
    }
}
