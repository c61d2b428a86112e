"""Reads the sets that the entity model learns from, as passages: a text with marked spans.

Spans are in code points. Which part of a set is measured is decided here and in `casus-eval` (tasks/entities.rs) by the
same two rules: of re3d every fourth document of a folder by its id, of UNER English-EWT the test file. Neither is
ever given to training.
"""

import json
import os
from dataclasses import dataclass, field

# What the types of sets with names alone are called in common. Types that are not listed are no names of these
# kinds, and are left unmarked; "?" is a type that may be one of them or none, so that nothing is learned from it.
NAMES = {
    "PER": "PER", "LOC": "LOC", "ORG": "ORG", "MISC": "O",
    "person": "PER", "location": "LOC", "corporation": "ORG", "group": "?", "creative-work": "O", "product": "O",
    "politician": "PER", "country": "LOC", "organisation": "ORG", "politicalparty": "ORG",
    "election": "O", "event": "O", "misc": "?",
}


@dataclass
class Passage:
    """Some text that is read at once.

    `spans` are (start, end, type). `parts` are (start, end, part of speech, relation) of words, where a
    treebank tells them. `blank` are spans from which nothing is learned.
    """

    source: str
    document: str
    text: str
    spans: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    blank: list = field(default_factory=list)


def outermost(spans):
    """Of spans that overlap, the longest; of equal ones the first."""
    kept = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[0], s[2])):
        if all(span[1] <= a or b <= span[0] for a, b, _ in kept):
            kept.append(span)
    return sorted(kept)


def re3d(root):
    """Documents of re3d, and whether each is measured. Marks that the crowd did not confirm (confidence below a half)
    are none: most were proposed by a program and refused. Of nested marks the outermost stands."""
    learned, measured = [], []
    for folder in sorted(os.listdir(root)):
        where = os.path.join(root, folder)
        if not os.path.isdir(where):
            continue
        marks = {}
        for mark in lines(os.path.join(where, "entities.json")):
            if mark["confidence"] >= 0.5:
                marks.setdefault(mark["documentId"], []).append((mark["begin"], mark["end"], mark["type"]))
        documents = sorted(lines(os.path.join(where, "documents.json")), key=lambda d: d["_id"])
        for index, document in enumerate(documents):
            spans = outermost(marks.get(document["_id"], []))
            passage = Passage("re3d", document["_id"], document["text"], spans)
            (measured if index % 4 == 3 else learned).append(passage)
    return learned, measured


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def columns(path):
    """Sentences of a file in columns: comments, and rows of fields."""
    comments, rows = {}, []
    with open(path, encoding="utf-8") as file:
        for line in list(file) + [""]:
            line = line.rstrip("\r\n")
            if not line.strip():
                if rows:
                    yield comments, rows
                comments, rows = {}, []
            elif line.startswith("# ") and " = " in line and not rows:
                key, _, value = line[2:].partition(" = ")
                comments[key] = value
            elif not (line.startswith("# ") and not rows):
                rows.append(line)


def entities(tags):
    """Spans of words by their tags: IOB1, IOB2, or I- alone."""
    spans, start, kind = [], None, None
    for index, tag in enumerate(list(tags) + ["O"]):
        prefix, _, this = tag.partition("-")
        if start is not None and (prefix != "I" or this != kind):
            spans.append((start, index, kind))
            start = None
        if prefix in ("B", "I") and start is None:
            start, kind = index, this
    return spans


def names_of(source, path, separator):
    """A set with a word and a tag a line."""
    for number, (_, rows) in enumerate(columns(path)):
        words = [row.rsplit(separator, 1) for row in rows]
        words = [(w[0].strip(), w[1].strip()) for w in words if len(w) == 2 and w[0].strip()]
        if not words or words[0][0].startswith("-DOCSTART-"):
            continue
        text, at = "", []
        for word, _ in words:
            at.append((len(text), len(text) + len(word)))
            text += word + " "
        passage = Passage(source, f"{os.path.basename(path)}:{number}", text.rstrip())
        for first, behind, kind in entities(tag for _, tag in words):
            kind, span = NAMES[kind], (at[first][0], at[behind - 1][1])
            if kind == "?":
                passage.blank.append(span)
            elif kind != "O":
                passage.spans.append((*span, kind))
        yield passage


def place(text, forms):
    """Where each word stands in the text of its sentence."""
    found, at = [], 0
    for form in forms:
        start = text.find(form, at)
        if start < 0:
            return None
        at = start + len(form)
        found.append((start, at))
    return found


def uner(path):
    """Documents of UNER English-EWT: sentences a line."""
    documents = {}
    for comments, rows in columns(path):
        name = comments["sent_id"].rsplit("-", 1)[0]
        rows = [row.split("\t") for row in rows]
        text = comments["text"]
        at = place(text, [row[1] for row in rows])
        if at is None:  # a few texts differ from their words
            text = " ".join(row[1] for row in rows)
            at = place(text, [row[1] for row in rows])
        document = documents.setdefault(name, Passage("uner", name, ""))
        offset = len(document.text)
        document.text += text + "\n"
        for first, behind, kind in entities(row[2] for row in rows):
            if kind in ("PER", "LOC", "ORG"):
                document.spans.append((offset + at[first][0], offset + at[behind - 1][1], kind))
    return list(documents.values())


def ewt(path):
    """Documents of English-EWT with the part of speech of each word and its relation to its head."""
    documents = {}
    for comments, rows in columns(path):
        name = comments["sent_id"].rsplit("-", 1)[0]
        rows = [row.split("\t") for row in rows]
        rows = [row for row in rows if row[0].isdigit()]
        text = comments["text"]
        at = place(text, [row[1] for row in rows])
        if at is None:
            continue
        document = documents.setdefault(name, Passage("ewt", name, ""))
        offset = len(document.text)
        document.text += text + "\n"
        for (start, end), row in zip(at, rows):
            document.parts.append((offset + start, offset + end, row[3], row[7].partition(":")[0]))
    return list(documents.values())


def learned(data):
    """Everything that may be learned from, by set."""
    entities = os.path.join(data, "entities")
    trees = os.path.join(data, "treebanks")
    wnut = ["wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated"]
    return {
        "re3d": re3d(os.path.join(entities, "re3d"))[0],
        "uner": uner(os.path.join(trees, "uner_ewt", "en_ewt-ud-dev.iob2")),
        "wikigold": list(names_of("wikigold", os.path.join(entities, "wikigold", "wikigold.conll.txt"), " ")),
        "wnut": [p for f in wnut for p in names_of("wnut", os.path.join(entities, "wnut17", f), "\t")],
        "btc": [p for f in "abefgh" for p in names_of("btc", os.path.join(entities, "btc", f + ".conll"), "\t")],
        "politics": [
            p
            for f in ("train", "dev", "test")
            for p in names_of("politics", os.path.join(entities, "crossner", "politics", f + ".txt"), "\t")
        ],
        "ewt": ewt(os.path.join(trees, "ewt", "en_ewt-ud-train.conllu")),
    }


def measured(data):
    """What is measured, and never learned from."""
    return {
        "re3d": re3d(os.path.join(data, "entities", "re3d"))[1],
        "uner": uner(os.path.join(data, "treebanks", "uner_ewt", "en_ewt-ud-test.iob2")),
    }
