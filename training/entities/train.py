"""Trains the model of entities and writes its model file.

    pip install -r training/entities/requirements.txt
    python training/entities/train.py --data ../shared/data --out data/entities/model.safetensors

The first layers of MiniLM, a table of case shapes (MiniLM is uncased) and a linear head for each way of marking: `re3d`
(what an analyst of a conflict marks: names, titles and descriptions, pronouns, weapons, times, quantities) and `names`
(names alone, of persons, organisations and places). Other sets and a treebank have heads of their own,
which teach the layers and are not kept. MODEL.md beside the weights says what came out.
"""

import argparse
import os
import random
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F
from transformers import BertModel

import sets

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from casus_export import export
from minilm import CLS, MASK, SEP, SHAPES, model_folder, shape

IGNORE = -100
WINDOW = 126  # pieces of a window, without [CLS] and [SEP]; as in the engine
HEADS = {"re3d": "re3d", "uner": "names", "wikigold": "names", "politics": "names", "wnut": "names", "btc": "btc", "ewt": "part"}
KEPT = ["re3d", "names"]


CASED = [SHAPES.index(s) for s in ("lower", "title", "upper", "letter", "mixed")]


def caseless(shapes):
    """Now and then a text in capitals, or without any."""
    draw = random.random()
    if draw < 0.06:
        return [SHAPES.index("upper") if s in CASED else s for s in shapes]
    if draw < 0.1:
        return [SHAPES.index("lower") if s in CASED else s for s in shapes]
    return shapes


class Read:
    """A passage in pieces and words: a word is a run of letters and digits, or one sign."""

    def __init__(self, passage, tokenizer):
        self.passage, text = passage, passage.text
        encoded = tokenizer.encode(text, add_special_tokens=False)
        self.ids, offsets = encoded.ids, encoded.offsets
        self.words = []  # (first piece, start, end)
        word = None
        for k, ((start, end), at) in enumerate(zip(offsets, encoded.word_ids)):
            if at == word:
                self.words[-1] = (*self.words[-1][:2], end)
            else:
                self.words.append((k, start, end))
                word = at
        self.shapes = []
        for w, (first, start, end) in enumerate(self.words):
            behind = self.words[w + 1][0] if w + 1 < len(self.words) else len(self.ids)
            self.shapes += [shape(text[start:end])] * (behind - first)
        # Words after which a window may end.
        self.ends = [
            w + 1 == len(self.words)
            or "\n" in text[end : self.words[w + 1][1]]
            or text[end - 1] in ".!?" and self.words[w + 1][1] > end
            for w, (_, _, end) in enumerate(self.words)
        ]

    def windows(self, limit):
        """Ranges of words: whole sentences, as many as fit."""
        out, start, last = [], 0, 0
        first = [w[0] for w in self.words] + [len(self.ids)]
        for w in range(len(self.words)):
            if first[w + 1] - first[start] > limit and w > start:
                stop = last if last > start else w
                out.append((start, stop))
                start = stop
            if self.ends[w]:
                last = w + 1
        if start < len(self.words):
            out.append((start, len(self.words)))
        return out

    def broken(self, w):
        """Whether a line ends behind a word."""
        return "\n" in self.passage.text[self.words[w][2] : self.words[w + 1][1]]

    def touched(self, a, b):
        return [w for w, (_, x, y) in enumerate(self.words) if x < b and a < y]

    def spans(self, labels, names):
        """What labels of words say, as spans."""
        tags = [names[label] for label in labels]
        return [(self.words[a][1], self.words[b - 1][2], kind) for a, b, kind in sets.entities(tags)]


def labels_of(kinds):
    return ["O"] + [f"{p}-{k}" for k in kinds for p in "BI"]


class Learner:
    """All sets in pieces, with the labels of each head."""

    def __init__(self, passages, tokenizer):
        self.reads = {s: [Read(p, tokenizer) for p in found] for s, found in passages.items()}
        kinds = {}
        for source, reads in self.reads.items():
            kinds.setdefault(HEADS[source], set()).update(k for r in reads for _, _, k in r.passage.spans)
        self.labels = {head: labels_of(sorted(found)) for head, found in kinds.items() if head != "part"}
        parts = [part for r in self.reads.get("ewt", []) for part in r.passage.parts]
        self.tags, self.relations = sorted({p[2] for p in parts}), sorted({p[3] for p in parts})
        for source, reads in self.reads.items():
            for read in reads:
                self.mark(source, read)

    def mark(self, source, read):
        n = len(read.words)
        if source == "ewt":
            at = {start: (self.tags.index(t), self.relations.index(r)) for start, _, t, r in read.passage.parts}
            read.targets = [at.get(start, (IGNORE, IGNORE)) for _, start, _ in read.words]
            return
        index = {label: k for k, label in enumerate(self.labels[HEADS[source]])}
        read.targets = [0] * n
        for a, b in read.passage.blank:
            for w in read.touched(a, b):
                read.targets[w] = IGNORE
        for a, b, kind in read.passage.spans:
            for k, w in enumerate(read.touched(a, b)):
                read.targets[w] = index[f"{'I' if k else 'B'}-{kind}"]


class Tagger(nn.Module):
    def __init__(self, learner, layers):
        super().__init__()
        self.bert = BertModel.from_pretrained(model_folder(), add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        hidden = self.bert.config.hidden_size
        self.shape = nn.Embedding(len(SHAPES), hidden)
        nn.init.zeros_(self.shape.weight)
        outputs = {head: len(labels) for head, labels in learner.labels.items()}
        if learner.tags:
            outputs["part"] = len(learner.tags) + len(learner.relations)
        self.heads = nn.ModuleDict({head: nn.Linear(hidden, n) for head, n in outputs.items()})
        self.drop = nn.Dropout(0.1)

    def forward(self, windows, masked=0.0):
        """States of the first pieces of all words of some windows (read, first word, behind the last), in a row. `masked` is the share of pieces
        that are hidden, so that what stands around a name and how it is written must tell, too."""
        pieces = []
        for read, a, b in windows:
            first = read.words[a][0]
            behind = read.words[b][0] if b < len(read.words) else len(read.ids)
            pieces.append((first, behind))
        longest = max(b - a for a, b in pieces) + 2
        ids = torch.zeros(len(windows), longest, dtype=torch.long)
        shapes = torch.zeros(len(windows), longest, dtype=torch.long)
        mask = torch.zeros(len(windows), longest)
        rows, columns = [], []
        shapes_of = caseless if self.training else list
        for row, ((read, a, b), (first, behind)) in enumerate(zip(windows, pieces)):
            n = behind - first
            ids[row, : n + 2] = torch.tensor([CLS] + read.ids[first:behind] + [SEP])
            shapes[row, 1 : n + 1] = torch.tensor(shapes_of(read.shapes[first:behind]))
            mask[row, : n + 2] = 1
            columns += [read.words[w][0] - first + 1 for w in range(a, b)]
            rows += [row] * (b - a)
        if masked:
            hidden = (torch.rand(ids.shape) < masked) & (shapes > 0)
            ids = torch.where(hidden, torch.tensor(MASK), ids)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            given = self.bert.embeddings.word_embeddings(ids) + self.shape(shapes)
            states = self.bert(inputs_embeds=given, attention_mask=mask).last_hidden_state.float()
        return states[rows, columns]


def loss_of(model, learner, source, windows, masked):
    logits = model.heads[HEADS[source]](model.drop(model(windows, masked)))
    targets = torch.tensor([t for read, a, b in windows for t in read.targets[a:b]])
    if source == "ewt":
        n = len(learner.tags)
        tag = F.cross_entropy(logits[:, :n], targets[:, 0], ignore_index=IGNORE)
        return 0.5 * tag + 0.5 * F.cross_entropy(logits[:, n:], targets[:, 1], ignore_index=IGNORE)
    return F.cross_entropy(logits, targets, ignore_index=IGNORE)


def decode(logits, labels):
    """The best labels in which no entity goes on that did not begin."""
    n = len(labels)
    allowed = np.zeros((n, n), np.float32)
    for j, label in enumerate(labels):
        if label[0] == "I":
            allowed[:, j] = -np.inf
            for i, before in enumerate(labels):
                if before[0] != "O" and before[2:] == label[2:]:
                    allowed[i, j] = 0
    score = logits[0] + np.where([label[0] == "I" for label in labels], -np.inf, 0)
    back = []
    for row in logits[1:]:
        step = score[:, None] + allowed
        back.append(step.argmax(0))
        score = step.max(0) + row
    best = [int(score.argmax())]
    for pointers in reversed(back):
        best.append(int(pointers[best[-1]]))
    return best[::-1]


def predict(model, reads, head, labels, limit=WINDOW):
    model.eval()
    out = []
    with torch.inference_mode():
        for read in reads:
            found = []
            for a, b in read.windows(limit):
                logits = F.log_softmax(model.heads[head](model([(read, a, b)])), -1).numpy()
                run = a  # nothing goes on from one line into the next
                for w in range(a, b):
                    if w + 1 == b or read.broken(w):
                        found += decode(logits[run - a : w + 1 - a], labels)
                        run = w + 1
            out.append(read.spans(found, labels))
    model.train()
    return out


def score(reads, predicted, kinds=None):
    """Exact span and type: F1, precision, recall over all documents."""
    right = found = due = 0
    for read, spans in zip(reads, predicted):
        gold = {s for s in read.passage.spans if kinds is None or s[2] in kinds}
        spans = {s for s in spans if kinds is None or s[2] in kinds}
        right, found, due = right + len(gold & spans), found + len(spans), due + len(gold)
    return 2 * right / max(1, found + due), right / max(1, found), right / max(1, due)


def train(model, learner, recipe, epochs, rate, masked=0.0, batch=600, mean_of=2, log=print):
    """`recipe` says how often a set is read in an epoch. Gives the mean of the weights after the last epochs."""
    slow = [p for n, p in model.named_parameters() if n.startswith("bert") and p.requires_grad]
    fast = [p for n, p in model.named_parameters() if not n.startswith("bert")]
    groups = [{"params": slow, "base": rate}, {"params": fast, "base": 1e-3}]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
    began, mean = time.process_time(), {}
    model.train()
    plan = []
    for epoch in range(epochs):
        batches = []
        for source, times in recipe.items():
            reads = learner.reads[source]
            if HEADS[source] not in KEPT:  # what only teaches the layers comes first
                times = 2 * times if epoch < epochs // 2 else 0
            if not times:
                continue
            chosen = reads * int(times) + random.sample(reads, int(len(reads) * (times % 1)))
            windows = [(r, a, b) for r in chosen for a, b in r.windows(random.choice([40, 80, WINDOW]))]
            windows.sort(key=lambda w: (w[2] - w[1]) * (1 + 0.2 * random.random()))
            run, most = [], 0
            for window in windows:
                most = max(most, window[2] - window[1])
                if run and most * (len(run) + 1) > batch:
                    batches.append((source, run))
                    run, most = [], window[2] - window[1]
                run.append(window)
            batches.append((source, run))
        random.shuffle(batches)
        plan.append(batches)
    steps, step = sum(map(len, plan)), 0
    for epoch, batches in enumerate(plan):
        sums = {}
        for source, windows in batches:
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * min(1, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps)
            loss = loss_of(model, learner, source, windows, masked)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1
            sums.setdefault(source, []).append(float(loss.detach()))
        if epoch >= epochs - mean_of:
            for name, value in model.state_dict().items():
                mean[name] = mean.get(name, 0) + value.float() / mean_of
        told = ", ".join(f"{s} {np.mean(v):.3f}" for s, v in sums.items())
        log(f"epoch {epoch + 1}: {told}; {time.process_time() - began:.0f} s", flush=True)
    return mean


def write(weights, labels, path):
    """The kept heads, the layers and the shapes. Words are those of the learned reader, which is made from the same
    MiniLM with the same frozen table."""
    tensors = {}
    for name, value in weights.items():
        value = value.float().numpy()
        if name.startswith("bert."):
            tensors[name.removeprefix("bert.")] = value
        elif name == "shape.weight":
            tensors["embeddings.shape"] = value
        elif name.split(".")[1] in KEPT:
            tensors[name.removeprefix("heads.")] = value.astype(np.float16)
    kinds = {head: ",".join(label[2:] for label in labels[head] if label[0] == "B") for head in KEPT}
    export(tensors, None, {"heads": "12", **kinds}, path)


# How often each set is read in an epoch; the treebank, which only teaches the layers, in the first half alone.
FIRST = {"re3d": 1.8, "uner": 1.0, "wikigold": 0.2, "politics": 0.05, "ewt": 0.06}
# Then more kinds of text, with pieces hidden, since the first part knows its few names by heart.
SECOND = {"re3d": 1.0, "uner": 1.0, "wikigold": 0.8, "politics": 0.3, "wnut": 0.35, "ewt": 0.1}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with entities/ and treebanks/")
    parser.add_argument("--out", required=True, help="model file to write")
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--epochs", type=int, nargs=2, default=[8, 3])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="one gives the same weights each time")
    parser.add_argument("--measure", action="store_true", help="measure in 32 bits on the parts that are not learned from")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    tokenizer = Tokenizer.from_file(model_folder() + "/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    passages = sets.learned(options.data)
    learner = Learner({source: passages[source] for source in SECOND}, tokenizer)
    model = Tagger(learner, options.layers)
    model.load_state_dict(train(model, learner, FIRST, options.epochs[0], 2e-4))
    weights = train(model, learner, SECOND, options.epochs[1], 1.5e-4, masked=0.1)
    write(weights, learner.labels, options.out)
    if options.measure:
        model.load_state_dict(weights)
        for source, found in sets.measured(options.data).items():
            reads, head = [Read(passage, tokenizer) for passage in found], HEADS[source]
            figures = score(reads, predict(model, reads, head, learner.labels[head]))
            print(source, "F1 {:.4f}, precision {:.4f}, recall {:.4f}".format(*figures))


if __name__ == "__main__":
    main()
