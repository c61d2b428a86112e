/// Part of speech: the Penn Treebank's tags, as far as reading needs them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
#[repr(u8)]
pub enum Tag {
    /// NN
    Noun,
    /// NNS
    NounPlural,
    /// NNP
    Proper,
    /// NNPS
    ProperPlural,
    /// JJ JJR JJS
    Adjective,
    /// RB RBR RBS
    Adverb,
    /// VB
    VerbBase,
    /// VBD
    VerbPast,
    /// VBN
    VerbParticiple,
    /// VBG
    VerbIng,
    /// VBP
    VerbPresent,
    /// VBZ
    VerbThird,
    /// MD
    Modal,
    /// TO
    To,
    /// DT PDT
    Determiner,
    /// PRP
    Pronoun,
    /// PRP$
    PossessivePronoun,
    /// IN
    Preposition,
    /// CC
    Conjunction,
    /// CD
    Number,
    /// WDT WP WP$ WRB
    Wh,
    /// POS
    Possessive,
    /// RP
    Particle,
    /// EX
    Existential,
    /// Punctuation and brackets
    Punctuation,
    /// The rest: FW UH SYM LS, and words of languages without a tagger
    Other,
}

impl Tag {
    /// All tags, in the order of their numbers.
    pub const ALL: [Tag; 26] = [
        Tag::Noun,
        Tag::NounPlural,
        Tag::Proper,
        Tag::ProperPlural,
        Tag::Adjective,
        Tag::Adverb,
        Tag::VerbBase,
        Tag::VerbPast,
        Tag::VerbParticiple,
        Tag::VerbIng,
        Tag::VerbPresent,
        Tag::VerbThird,
        Tag::Modal,
        Tag::To,
        Tag::Determiner,
        Tag::Pronoun,
        Tag::PossessivePronoun,
        Tag::Preposition,
        Tag::Conjunction,
        Tag::Number,
        Tag::Wh,
        Tag::Possessive,
        Tag::Particle,
        Tag::Existential,
        Tag::Punctuation,
        Tag::Other,
    ];

    /// The tag that stands for one of the Penn Treebank (as used in English Web Treebank).
    pub fn from_penn(tag: &str) -> Tag {
        match tag {
            "NN" => Tag::Noun,
            "NNS" => Tag::NounPlural,
            "NNP" => Tag::Proper,
            "NNPS" => Tag::ProperPlural,
            "JJ" | "JJR" | "JJS" | "AFX" => Tag::Adjective,
            "RB" | "RBR" | "RBS" => Tag::Adverb,
            "VB" => Tag::VerbBase,
            "VBD" => Tag::VerbPast,
            "VBN" => Tag::VerbParticiple,
            "VBG" => Tag::VerbIng,
            "VBP" => Tag::VerbPresent,
            "VBZ" => Tag::VerbThird,
            "MD" => Tag::Modal,
            "TO" => Tag::To,
            "DT" | "PDT" => Tag::Determiner,
            "PRP" => Tag::Pronoun,
            "PRP$" => Tag::PossessivePronoun,
            "IN" => Tag::Preposition,
            "CC" => Tag::Conjunction,
            "CD" => Tag::Number,
            "WDT" | "WP" | "WP$" | "WRB" => Tag::Wh,
            "POS" => Tag::Possessive,
            "RP" => Tag::Particle,
            "EX" => Tag::Existential,
            "." | "," | ":" | "``" | "''" | "-LRB-" | "-RRB-" | "HYPH" | "NFP" => Tag::Punctuation,
            _ => Tag::Other,
        }
    }

    /// Whether this is a common or proper noun, in singular or plural.
    pub fn is_noun(self) -> bool {
        matches!(self, Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural)
    }

    /// Whether this is a form of a verb; modals are not.
    pub fn is_verb(self) -> bool {
        matches!(
            self,
            Tag::VerbBase
                | Tag::VerbPast
                | Tag::VerbParticiple
                | Tag::VerbIng
                | Tag::VerbPresent
                | Tag::VerbThird
        )
    }
}
