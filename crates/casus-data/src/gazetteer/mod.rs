//! How a gazetteer is laid out, how names are folded into its keys, and how it is written.
//!
//! The section `gazetteer` of the pack and the files that `casus gazetteer build` makes are one
//! format. The build script compiles this module too, so that what it writes and what the engine reads
//! are one definition. Numbers are little-endian; `W` is the width, 3 for packs of up to two million
//! places, else 4. The parts are, in this order:
//!
//! | part | content |
//! |---|---|
//! | header | [`MAGIC`], then `W`, then the lengths of the [`PARTS`] in bytes, u64 each |
//! | places | records of `RECORD + W` bytes: the fields of [`field`] |
//! | divisions | records of [`DIVISION`] bytes: country, first and second order division |
//! | names | names that are not their key with capitals, each behind its length in one byte |
//! | keys | fst: names folded by [`fold`], numbered in their order |
//! | meanings | `W` bytes a key: an entry, or with the top bit set the index of a list |
//! | lists | `W` bytes each: a count, then that many entries, largest population first |
//! | skeletons | fst: names folded by [`skeletons`], `|` and the country, numbered in their order |
//! | skeleton meanings | `W` bytes a skeleton: a key's number, or the index of a list |
//! | skeleton lists | `W` bytes each: a count, then that many numbers of keys |
//!
//! An entry is `place << 2 | use`, `use` one of [`usage`]. Only the first level has keys with places;
//! what is equal at levels 2 to 5 has one skeleton, and the reader compares the keys behind it.
//!
//! ```
//! use casus_data::gazetteer::{bare, fold, loose, skeleton};
//! let key = fold("Jisr ash-Shughūr");
//! assert_eq!((key.as_str(), loose(&key).as_str()), ("jisr ash shughur", "jisr shughur"));
//! assert_eq!(skeleton(&bare(&loose(&key))), "gsrsgr");
//! ```

mod fold;
mod write;

#[allow(unused_imports)] // the build script needs fewer
pub use fold::{bare, behind_kind, fold, fold_into, is_article, loose, skeleton, skeletons, without_article};
#[allow(unused_imports)]
pub use write::{Division, NewPlace, Sorter, Watch, Writer, capitalised};

/// First bytes of a gazetteer, with the version of its layout.
pub const MAGIC: [u8; 8] = *b"casusGZ\x03";

/// Parts behind the header.
pub const PARTS: usize = 9;

/// Bytes of the header.
pub const HEADER: usize = 8 + 8 + 8 * PARTS;

/// Bytes of a place record without its name's offset, which is as wide as the pack's numbers.
pub const RECORD: usize = 16;

/// Bytes of a division record.
pub const DIVISION: usize = 10;

/// No place: in a division's `admin1` and `admin2`.
pub const NONE: u32 = u32::MAX;

/// Most places of a pack whose numbers have three bytes.
pub const NARROW: usize = 1 << 21;

/// Offsets of a place record's fields.
pub mod field {
    /// i24, of 2^23 - 1 for 90 degrees.
    pub const LAT: usize = 0;
    /// i24, of 2^23 - 1 for 180 degrees.
    pub const LON: usize = 3;
    /// u16, people, as [`super::population`] reads it.
    pub const POPULATION: usize = 6;
    /// u32, id in the source, which the marks tell.
    pub const ID: usize = 8;
    /// u24, index of the division that the place lies in.
    pub const DIVISION: usize = 12;
    /// One of [`super::kind`] in the low four bits, bits of [`super::mark`] in the high ones.
    pub const KIND: usize = 15;
    /// Offset of the name in the names, or with the top bit set the number of a key that
    /// [`super::capitalised`] turns into it.
    pub const NAME: usize = 16;
}

/// Offsets of a division record's fields.
pub mod division {
    /// Two ASCII letters, zeros for none.
    pub const COUNTRY: usize = 0;
    /// u32, the place that is the first order division, or [`super::NONE`].
    pub const ADMIN1: usize = 2;
    /// u32, the place that is the second order division, or [`super::NONE`].
    pub const ADMIN2: usize = 6;
}

/// People, from eleven bits and an exponent of five: exact below 2,048, else to 0.05 %.
pub fn population(stored: u16) -> u32 {
    u32::from(stored & 0x7ff).checked_shl(u32::from(stored >> 11)).unwrap_or(u32::MAX)
}

/// The inverse of [`population`], rounded down.
pub fn stored_population(people: u32) -> u16 {
    let shift = (32 - people.leading_zeros()).saturating_sub(11);
    (people >> shift) as u16 | (shift as u16) << 11
}

/// Kinds of places.
#[allow(missing_docs)]
pub mod kind {
    pub const TOWN: u8 = 0;
    pub const COUNTRY: u8 = 1;
    pub const ADMIN1: u8 = 2;
    pub const ADMIN2: u8 = 3;
    pub const REGION: u8 = 4;
    pub const CONTINENT: u8 = 5;
    pub const WATER: u8 = 6;
    pub const QUARTER: u8 = 7;
    pub const MOUNTAIN: u8 = 8;
    pub const ADMIN3: u8 = 9;
    pub const ROAD: u8 = 10;
    pub const FACILITY: u8 = 11;
    pub const CAMP: u8 = 12;
    pub const BASE: u8 = 13;
    pub const BORDER: u8 = 14;
    /// As the tables write them, in the order of the numbers.
    pub const NAMES: [&str; 15] = [
        "town",
        "country",
        "admin1",
        "admin2",
        "region",
        "continent",
        "water",
        "quarter",
        "mountain",
        "admin3",
        "road",
        "facility",
        "camp",
        "base",
        "border",
    ];
}

/// Marks of places, in the high bits of a record's kind.
pub mod mark {
    /// A country's capital.
    pub const CAPITAL: u8 = 1 << 4;
    /// The point is the mean of the division's towns, or that of the division above.
    pub const MEAN: u8 = 2 << 4;
    /// The id is Who's On First's, not GeoNames'.
    pub const WOF: u8 = 4 << 4;
    /// The id is a number in `data/places/regions.toml` or `units.tsv`.
    pub const OWN: u8 = 8 << 4;
}

/// What a key is to its place.
pub mod usage {
    /// The gazetteer's own name.
    pub const MAIN: u8 = 0;
    /// Another name.
    pub const OTHER: u8 = 1;
    /// Adjective or people: `syrian`, `syrians`.
    pub const DEMONYM: u8 = 2;
    /// Abbreviation, which must be written with capitals or a full stop: `Ky.`, `UAE`.
    pub const ABBREVIATION: u8 = 3;
}
