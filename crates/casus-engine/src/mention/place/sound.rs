//! How alike two romanised names sound.
//!
//! One name in Arabic or Kurdish letters comes romanised in English, French, German and scholarly ways:
//! letters that stand for one sound are one here (`sh` and French `ch`, `ou` and `u`), and an edit costs
//! as little as it tells: a vowel for a vowel, a `q` for a `k`, a silent `h` are hardly one, another
//! consonant is one in full. The costs are set by hand on spellings of places of Iraq, Syria and Yemen.
//!
//! This module must not know the gazetteer.

use std::sync::OnceLock;

/// Letters written for one sound, longest first, and the sign that stands for it.
const SOUNDS: [(&str, &str); 25] = [
    ("tch", "C"),
    ("sch", "S"),
    ("sh", "S"),
    ("ch", "S"),
    ("kh", "X"),
    ("gh", "G"),
    ("th", "T"),
    ("dh", "D"),
    ("dj", "j"),
    ("ph", "f"),
    ("ou", "u"),
    ("oo", "u"),
    ("uw", "u"),
    ("ee", "i"),
    ("iy", "i"),
    ("yi", "i"),
    ("ie", "i"),
    ("ai", "Y"),
    ("ay", "Y"),
    ("ei", "Y"),
    ("ey", "Y"),
    ("aw", "W"),
    ("au", "W"),
    ("ow", "W"),
    ("aa", "a"),
];

/// What it costs to write one sound for another, for pairs in either order.
const SWAPS: [(&str, f32); 29] = [
    ("ae ie oe", 0.2),
    ("ou", 0.1),
    ("ai ao", 0.3),
    ("au", 0.35),
    ("iu eu", 0.4),
    ("Yi Ye Ya Wo Wu Wa", 0.2),
    ("Tt Ts Td", 0.25),
    ("TS", 0.5),
    ("Dd Dz", 0.2),
    ("DT", 0.4),
    ("Xk Xh", 0.3),
    ("XG", 0.6),
    ("Gg Gk Gq", 0.35),
    ("qk ck cq", 0.12),
    ("qg kg", 0.4),
    ("Ss SC", 0.4),
    ("jg Cj", 0.3),
    ("zj", 0.6),
    ("vw wf vf", 0.25),
    ("bp bf", 0.35),
    ("zs", 0.4),
    ("dt", 0.4),
    ("iy ey Yy", 0.2),
    ("uw ow Ww", 0.2),
    ("cs", 0.4),
    ("Sk", 0.4),
    ("cS", 0.5),
    ("YW", 0.45),
    ("Yo Yu Wi We", 0.45),
];

const VOWELS: &[u8] = b"aeiouYW";

/// Longer names are not compared.
const LONGEST: usize = 80;

/// One less what it costs to turn one name into the other by the longer's sounds: 1 for names that sound
/// the same. Both are keys of level 3, in ASCII letters.
pub(super) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (sounds(a), sounds(b));
    let longest = a.len().max(b.len());
    if longest == 0 || longest > LONGEST {
        return 0.0;
    }
    let swaps = swaps();
    let mut row = [0.0_f32; LONGEST + 1];
    for j in 0..b.len() {
        row[j + 1] = row[j] + left_out(&b, j);
    }
    for i in 0..a.len() {
        let gone = left_out(&a, i);
        let mut diagonal = row[0];
        row[0] += gone;
        for j in 0..b.len() {
            let swap = swaps[usize::from(a[i] & 127)][usize::from(b[j] & 127)];
            let kept = (diagonal + swap).min(row[j] + left_out(&b, j));
            diagonal = row[j + 1];
            row[j + 1] = kept.min(diagonal + gone);
        }
    }
    1.0 - row[b.len()] / longest as f32
}

/// A name by its sounds; the same one twice is one.
fn sounds(name: &str) -> Vec<u8> {
    let mut name = name.to_owned();
    for (from, to) in SOUNDS {
        if name.contains(from) {
            name = name.replace(from, to);
        }
    }
    let mut out = name.into_bytes();
    out.dedup();
    out
}

/// What it costs to leave a sound out.
fn left_out(name: &[u8], at: usize) -> f32 {
    let last = name.get(at + 1).is_none_or(|&next| next == b' ');
    match name[at] {
        b' ' => 0.15,
        b'h' if last => 0.15,
        b'h' => 0.3,
        b'y' | b'w' => 0.4,
        sound if VOWELS.contains(&sound) && last => 0.25,
        sound if VOWELS.contains(&sound) => 0.35,
        _ => 1.0,
    }
}

fn swaps() -> &'static [[f32; 128]; 128] {
    static SWAPPED: OnceLock<Box<[[f32; 128]; 128]>> = OnceLock::new();
    SWAPPED.get_or_init(|| {
        let mut table = Box::new([[1.0; 128]; 128]);
        for sound in 0..128 {
            table[sound][sound] = 0.0;
        }
        let mut put = |a: u8, b: u8, cost: f32| {
            table[usize::from(a & 127)][usize::from(b & 127)] = cost;
            table[usize::from(b & 127)][usize::from(a & 127)] = cost;
        };
        for (at, &a) in VOWELS.iter().enumerate() {
            VOWELS[at + 1..].iter().for_each(|&b| put(a, b, 0.45));
        }
        for (pairs, cost) in SWAPS {
            for pair in pairs.split(' ') {
                if let [a, b] = *pair.as_bytes() {
                    put(a, b, cost);
                }
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_sound_more_alike_than_other_names() {
        for (name, spelling, other) in [
            ("shuhah", "chouha", "suha"),
            ("dawudiyah", "daoudiye", "jarudiyah"),
            ("kafr jawaya", "kefer jouaya", "kafr laha"),
            ("naqqarin", "naqqarine", "nahrin"),
            ("qamishli", "kamechliye", "kafr shams"),
        ] {
            let (near, far) = (likeness(name, spelling), likeness(name, other));
            assert!(near > far && near > 0.75, "{name}: {spelling} {near}, {other} {far}");
        }
        assert!((likeness("beya", "beya") - 1.0).abs() < 1e-6);
        assert_eq!(likeness("", ""), 0.0);
        assert_eq!(likeness(&"ab".repeat(60), "a"), 0.0);
    }
}
