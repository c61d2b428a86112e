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
