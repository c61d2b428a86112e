//! Reading never panics and keeps its promises on any text: random bytes, and invented reports that
//! are cut, spliced and strewn with what breaks parsers. The seed is fixed; `CASUS_FUZZ_SECONDS` goes
//! on with others.

mod invariants;

use casus_engine::{Casus, Options, Profile};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// Texts that are mutated. Their phenomena matter, not their records.
const SEEDS: &[&str] = &[
    "On the night of 11-12 March gunmen attacked Old Tarna village, killing at least 14 people, including three children, the district head said. Police put the toll at 11. Some 300 households fled to Gol.",
    "BEYA, 4 JAN 90 (EFE) -- [TEXT] A CAR BOMB EXPLODED NEAR THE LODO BRIDGE TODAY, INJURING BETWEEN 12 AND 20 SOLDIERS. NO GROUP HAS CLAIMED RESPONSIBILITY.",
    "On 12 Safar 1437 our units attacked the post at Hadda; 10 enemy were killed, a vehicle taken.",
    "Weekly review\n=============\n\nAru district\n------------\n- 3 May: shelling of Gol (2 dead)\n- 4 May: none\n\n1. Moro\n2. Kile\n",
    "قُتل ١٤ شخصا على الأقل في هجوم على قرية بيا يوم الثلاثاء، قال مسؤول محلي.",
    "\u{201c}We did not attack Lodo,\u{201d} the rebels\u{2019} spokesman said on Monday; witnesses counted more than 20 bodies, $500 and 3.5% of 1,200,000 houses 17 km north-west of the Tarna\u{2013}Gol road.",
    "Three nurses taken on 2 June at Kile were freed unharmed on 19 June at Moro. The third attack since March 1998 (a March raid killed 12) was planned by five men aged 20, 21 and 24-year-old Tarna Moro, 30, of the 1st Battalion.",
];

/// What breaks parsers.
const STREWN: &[&str] = &[
    "\0",
    "\u{feff}",
    "\u{200f}",
    "\u{202e}",
    "\u{301}",
    "\u{1f9e8}",
    "\r\n",
    "\n\n",
    "\t",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "..",
    "--",
    "((((",
    "\"",
    "\u{201c}",
    "'s",
    "n't",
    "-",
    "- ",
    "* ",
    "# ",
    "1.",
    "0",
    "99999999999999999999999",
    "1,2,3,4,5",
    "1-2-3",
    "½",
    "٣٤",
    "३",
    "Ⅷ",
    "İ",
    "ß",
    "ﬃ",
    "\u{10ffff}",
    "a\u{308}\u{323}",
    "between",
    "between 5 and",
    "at least",
    "no",
    "a",
    "killed",
    "and",
    "of the",
    "on",
    "in",
    "including",
    "said",
    "near",
    " , ",
    ";",
    "%",
    "$",
    "February 30",
    "1437",
    "0000-00-00",
    "31 November 9999",
    "<b>",
    "&amp;",
    "https://a.b/c?d=e",
    "A/RES/1325",
    "日本",
    "ก",
    "fleeing to the the",
];

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A boundary between characters.
    fn boundary(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn bytes(&mut self) -> String {
        let length = self.below(300);
        let bytes: Vec<u8> = (0..length).map(|_| self.next() as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn mutated(&mut self) -> String {
        let mut text = self.pick(SEEDS).to_owned();
        for _ in 0..=self.below(8) {
            let (a, b) = (self.boundary(&text), self.boundary(&text));
            let (start, end) = (a.min(b), a.max(b));
            match self.below(8) {
                0 => text.truncate(start),
                1 => text.replace_range(start..end, ""),
                2 => {
                    let piece = text[start..end].to_owned();
                    text.insert_str(start, &piece);
                }
                3 => {
                    let other = self.pick(SEEDS);
                    let from = self.boundary(other);
                    text.insert_str(start, &other[from..]);
                }
                4 => text = text.to_uppercase(),
                5 => text = text.replace(' ', self.pick(&["", "  ", "\n", "\u{a0}", "-"])),
                _ => text.insert_str(start, self.pick(STREWN)),
            }
        }
        text
    }
}

fn run(casus: &Casus, seed: u64, texts: usize) {
    let mut random = Random(seed);
    for _ in 0..texts {
        let text = if random.below(4) == 0 { random.bytes() } else { random.mutated() };
        invariants::check(casus, &text);
    }
}

#[test]
fn any_text_is_read() {
    let casus = Casus::embedded().unwrap();
    run(&casus, 1, 600);
    let seconds =
        std::env::var("CASUS_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    let (start, mut seed) = (Instant::now(), 2);
    while start.elapsed() < Duration::from_secs(seconds) {
        run(&casus, seed, 100);
        seed += 1;
    }
}

#[test]
fn texts_at_the_edges_are_read() {
    let casus = Casus::embedded().unwrap();
    let texts = [
        "",
        " ",
        "\n",
        "\0",
        ".",
        "\u{feff}",
        "\u{10ffff}",
        "no",
        "between",
        "1",
        "-",
        "at least",
        "killed",
        "(",
        "\"",
        "# ",
        // Signs and words that what stands beside them is read for, with nothing beside them.
        ") were killed ",
        "the \" the ' ",
        "were \" killed \" ",
        "killing a post were freed ",
        "Four ( were killed ) ",
        "Four, including, who killed ",
        "Four, one of them ",
        "Kabul: Oct.\nKabul: ",
        "its its fighters ",
        "over the killing, for the arrest, ",
        "confirmed an attack ",
        "resultaron heridos dos fueron muertos atribuido a ",
        "Two guards were among",
        "Four of the dead were",
    ];
    for text in texts.iter().chain(SEEDS).chain(STREWN) {
        invariants::check(&casus, text);
        invariants::check(&casus, &text.repeat(50));
        invariants::check(&casus, &format!("{text} "));
    }
}

/// The reports of the specification, broken off behind every word: a rule reads the word behind its own, and there may be none.
#[test]
fn reports_that_break_off_are_read() {
    let casus =
        Casus::embedded().unwrap().with_options(Options { profile: Profile::Fast, ..Options::default() });
    for file in ["losses.md", "passages.md", "voices.md"] {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus").join(file);
        for line in fs::read_to_string(corpus).unwrap().lines().filter(|line| line.contains(' ')) {
            let line = line.trim_start_matches("| ");
            for (end, _) in line.match_indices(' ') {
                invariants::check(&casus, &line[..end]);
            }
        }
    }
}

/// The reports of the specification, cut at every tenth character.
#[test]
fn cut_reports_are_read() {
    let casus = Casus::embedded().unwrap();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/passages.md");
    let text = fs::read_to_string(corpus).unwrap();
    for (at, _) in text.char_indices().step_by(10) {
        let mut end = text.len().min(at + 200);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        invariants::check(&casus, &text[at..end]);
    }
}
