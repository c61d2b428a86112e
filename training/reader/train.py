"""Trains the learned reader and writes its model file.

    pip install -r training/reader/requirements.txt
    cargo build --release -p casus-eval
    python training/reader/train.py --data ../shared/data/muc4 --out data/reader/model.safetensors

Six layers of MiniLM with linear heads: the part that a candidate takes, its attributes, and whether the report tells of an
incident, asked after three layers too. First the encoder learns to label pieces (a head that is not kept), then everything
learns on the candidates that `casus-eval candidates` gives; two more heads learn from what the rules know of them
(`evidence.py`). An hour and a half on one core; `--weights` takes kept weights of the encoder and learns only the last two
heads, in two minutes. MODEL.md beside the weights says what came out.
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

import evidence
import muc
from muc import ATTRIBUTES, ROLES

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from casus_export import WORDS as TABLE
from casus_export import export
from minilm import CLS, MASK, SEP, model_folder

LAYERS = 6
EXIT = 3  # the report is judged after so many layers; one that tells of no incident goes no further
WINDOW = 382  # pieces of a window, without [CLS] and [SEP]; as in the engine's reader
AROUND = 16  # pieces on either side that a span is seen with
WIDTHS = [1, 2, 3, 4, 6, 9]
DISTANCES = [4, 8, 16, 32, 64, 128, 256, 512, 1024]
HIDE = 0.06  # share of pieces hidden while training
# Heads that only teach the encoder.
TEACHING = {"tag", "early_tag", "project", "role_of", "distance", "pair", "pair_out"}
AVERAGED = 6  # epochs whose weights are averaged
WORDS = f"bert.{TABLE}"
EVENTS = ATTRIBUTES["event"]
IGNORE = -100

OFFSETS, TOTAL = {}, 0
for _name, _values in ATTRIBUTES.items():
    OFFSETS[_name] = (TOTAL, len(_values))
    TOTAL += len(_values)


def norm(words):
    """As the scorers of this task compare strings: no case, no signs, no articles."""
    words = "".join(c for c in words.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", words).split())


class Document:
    """A report in pieces, with what its key says of them.

    `tags` label pieces (0, or 1 + 2 * role at the beginning and 2 + 2 * role inside of a span). Candidates of the same
    words are a group, since the key names words and not places: `group` is that of each candidate, `target` holds for
    each group how much of it is no part and each part, or only zeros if the key does not ask for it. `spans` are groups
    with a part, `names` their words, `known` what the rules know of each candidate.
    """

    def __init__(self, source, tokenizer, candidates, known):
        self.source, text = source, source["text"]
        encoded = tokenizer.encode(text, add_special_tokens=False)
        self.ids, self.offsets = encoded.ids, encoded.offsets
        self.begin = [a for a, _ in self.offsets]
        self.stop = [b for _, b in self.offsets]
        self.windows = self.cut(text)
        raw = text.encode()
        if len(raw) != len(text):  # candidates are in bytes
            candidates = [(len(raw[:a].decode()), len(raw[:b].decode())) for a, b in candidates]
        found = [((a, b), self.pieces(a, b), known) for (a, b), known in zip(candidates, known)]
        found = [one for one in found if one[1][0] < one[1][1]]
        self.chars, self.candidates, self.known = ([one[at] for one in found] for at in range(3))
        self.label_pieces()
        self.label_groups()
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

    def label_pieces(self):
        self.tags = np.zeros(len(self.ids), np.int64)
        spans, ignored = muc.spans(self.source)
        for a, b in ignored:
            i, j = self.pieces(a, b)
            self.tags[i:j] = IGNORE
        for span in spans:
            i, j = self.pieces(*span["span"])
            role = ROLES.index(span["role"])
            self.tags[i : i + 1] = 1 + 2 * role
            self.tags[i + 1 : j] = 2 + 2 * role

    def label_groups(self):
        text = self.source["text"]
        words = [norm(text[a:b]) for a, b in self.chars]
        self.names = list(dict.fromkeys(words))
        number = {word: at for at, word in enumerate(self.names)}
        self.group = torch.tensor([number[word] for word in words], dtype=torch.long)
        self.target = torch.zeros(len(number), 1 + len(ROLES))
        self.target[:, 0] = 1
        found, optional_groups = {}, set()
        for role, names, attributes, optional, template, entity in muc.fillers(self.source):
            groups = {number[norm(name)] for name in names if norm(name) in number}
            groups = groups or {number[word] for name in names for word in self.nearest(name, words)}
            for group in groups:
                if optional:
                    optional_groups.add(group)
                    continue
                span = found.setdefault(
                    (group, role), {"group": group, "role": role, "templates": set(), "entities": set(), "attributes": {}}
                )
                span["templates"].add(template)
                span["entities"].add(entity)
                for key, value in attributes.items():
                    span["attributes"].setdefault(key, value)
        self.spans = [found[key] for key in sorted(found)]
        self.target[list(optional_groups)] = 0
        for span in self.spans:
            self.target[span["group"]] = 0
        for span in self.spans:
            self.target[span["group"], 1 + ROLES.index(span["role"])] = 1
        self.target /= self.target.sum(1, keepdim=True).clamp(min=1)

    def nearest(self, name, words):
        """Words of the candidate that has most in common with a place of the name, if that is half or more."""
        best, most = [], 0.5
        for a, b in muc.occurrences(self.source["text"], name):
            for (x, y), word in zip(self.chars, words):
                common = (min(b, y) - max(a, x)) / (max(b, y) - min(a, x))
                if common >= most:
                    best, most = [word], common
        return best

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
        self.early = nn.Linear(2 * hidden, len(EVENTS) + 1)
        self.early_tag = nn.Linear(hidden, 1 + 2 * len(ROLES))
        self.drop = nn.Dropout(0.1)

    def encode(self, documents):
        """For each document: states of its pieces, those of its windows' first marks, and both after EXIT layers."""
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
            if self.training:  # words that are hidden now and then: the rest must do
                ids[(torch.rand(ids.shape) < HIDE) & (ids > SEP)] = MASK
            with torch.autocast("cpu", dtype=torch.bfloat16):
                ran = self.bert(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
            for row, k in enumerate(some):
                out[k] = ran[-1][row].float(), ran[EXIT][row].float()
        told = [[] for _ in documents]
        for k, (d, (a, b)) in enumerate(windows):
            told[d].append(tuple(part for state in out[k] for part in (state[1 : b - a + 1], state[0])))
        return [
            tuple(torch.cat(part) if at % 2 == 0 else torch.stack(part) for at, part in enumerate(zip(*windows)))
            for windows in told
        ]

    def roles(self, state, document):
        """How much more likely each part is than none: for each candidate, and for each group of candidates."""
        i, j = torch.tensor(document.candidates).T
        state = self.drop(state)
        first, last, mean = self.first(state), self.last(state), self.mean(state)
        sums = torch.cat([torch.zeros(1, mean.shape[1]), mean.cumsum(0)])
        width = self.width(torch.bucketize(j - i, torch.tensor(WIDTHS)))
        seen = first[i] + last[j - 1] + (sums[j] - sums[i]) / (j - i).unsqueeze(1) + width
        logits = self.role(self.drop(F.relu(seen)))
        each = logits[:, 1:] - logits[:, :1]
        group = document.group.unsqueeze(1).expand_as(each)
        most = torch.full((len(document.target), each.shape[1]), -1e4).scatter_reduce(0, group, each.detach(), "amax")
        together = torch.zeros_like(most).scatter_add(0, group, (each - most.gather(0, group)).exp())
        return each, most + together.log()

    def around(self, state, spans):
        """A span is the mean of its pieces beside the mean of the pieces around it."""
        rows = [torch.cat([state[i:j].mean(0), state[max(0, i - AROUND) : j + AROUND].mean(0)]) for i, j in spans]
        return torch.stack(rows)

    def whole(self, head, state, firsts):
        return head(self.drop(torch.cat([firsts.mean(0), state.max(0)[0]])))

    def pairs(self, rows, roles, starts, words):
        z = torch.tanh(self.project(self.drop(rows)) + self.role_of(roles))
        a, b = torch.triu_indices(len(rows), len(rows), 1)
        distance = self.distance(torch.bucketize((starts[a] - starts[b]).abs(), torch.tensor(DISTANCES)))
        same = torch.tensor([[float(words[i] == words[j])] for i, j in zip(a.tolist(), b.tolist())])
        seen = torch.cat([z[a] * z[b], (z[a] - z[b]).abs(), distance, same], 1)
        return a, b, self.pair_out(self.drop(F.relu(self.pair(seen))))


def chosen(document, each, together):
    """Spans to learn attributes and pairs of, as (pieces, role): those with a part where the model sees it most clearly,
    and words that it would take for a part though the key gives them none, since pairs must learn that these belong to
    nothing."""
    each, together = each.detach(), together.detach()
    p = torch.cat([torch.zeros(len(together), 1), together], 1).softmax(1)
    best, role = p[:, 1:].max(1)

    def clearest(group, role):
        members = (document.group == group).nonzero()[:, 0]
        return document.candidates[int(members[each[members, role].argmax()])]

    right = [(clearest(span["group"], ROLES.index(span["role"])), ROLES.index(span["role"])) for span in document.spans]
    taken = np.zeros(len(document.ids), bool)
    for (i, j), _ in right:
        taken[i:j] = True
    wrong = []
    for group in best.argsort(descending=True)[:48].tolist():
        if best[group] < 0.2 * p[group, 0] or len(wrong) == 8:
            break
        if document.target[group, 0] == 1:
            i, j = clearest(group, int(role[group]))
            if not taken[i:j].any():
                taken[i:j] = True
                wrong.append(((i, j), int(role[group])))
    return right, wrong


def loss_of(model, documents, tagging):
    encoded = model.encode(documents)
    total = 0.0
    if tagging:
        tags = torch.from_numpy(np.concatenate([d.tags for d in documents]))
        for head, at, weight in ((model.tag, 0, 1.0), (model.early_tag, 2, 0.5)):
            logits = head(model.drop(torch.cat([states[at] for states in encoded])))
            total = total + weight * F.cross_entropy(logits, tags, ignore_index=IGNORE, reduction="sum") / 400
    for document, (state, first, early_state, early_first) in zip(documents, encoded):
        whole = F.binary_cross_entropy_with_logits
        total = total + 0.3 * whole(model.whole(model.report, state, first), document.types)
        total = total + 0.3 * whole(model.whole(model.early, early_state, early_first), document.types)
        if tagging or not document.candidates:
            continue
        each, together = model.roles(state, document)
        logits = torch.cat([torch.zeros(len(together), 1), together], 1).log_softmax(1)
        total = total - (document.target * logits).sum() / 12
        spans = document.spans
        if not spans:
            continue
        right, wrong = chosen(document, each, together)
        every = right + wrong
        rows = model.around(state, [pieces for pieces, _ in every])
        logits = model.attribute(model.drop(rows[: len(spans)]))
        for name, (offset, count) in OFFSETS.items():
            values = torch.tensor([s["attributes"].get(name, IGNORE) for s in spans])
            if (values >= 0).any():
                part = logits[:, offset : offset + count]
                total = total + 0.15 * F.cross_entropy(part, values, ignore_index=IGNORE)
        if len(every) > 1:
            roles = torch.tensor([role for _, role in every])
            starts = torch.tensor([pieces[0] for pieces, _ in every])
            a, b, logits = model.pairs(rows, roles, starts, [document.words(pieces) for pieces, _ in every])
            belongs = [(s["templates"], s["entities"]) for s in spans] + [(set(), set())] * len(wrong)
            shared = [[float(bool(x & y)) for x, y in zip(belongs[i], belongs[j])] for i, j in zip(a.tolist(), b.tolist())]
            total = total + 0.5 * F.binary_cross_entropy_with_logits(logits, torch.tensor(shared))
    return total / len(documents)


def train(model, documents, epochs, rate, tagging, log, keep):
    """Gives the mean of the weights after the last epochs."""
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
        if epoch >= epochs - AVERAGED:
            for name, value in model.state_dict().items():
                mean[name] = mean.get(name, 0) + value.float() / AVERAGED
            mean[WORDS] = model.state_dict()[WORDS].clone()  # to the bit, since other models share this table
        if keep:
            torch.save(model.state_dict(), f"{keep}.{log}.{epoch + 1}.pt")
        print(f"{log} epoch {epoch + 1}: loss {run / len(batches):.4f}, {time.time() - began:.0f} s", flush=True)
    return mean


def write(weights, path):
    tensors = {}
    for name, value in weights.items():
        value = value.detach().float().numpy()
        if name.startswith("bert."):
            tensors[name.removeprefix("bert.")] = value
        else:
            tensors[name] = value.astype(np.float16)
    with open(f"{model_folder()}/vocab.txt", encoding="utf-8") as lines:
        vocab = lines.read().rstrip("\n").split("\n")
    attributes = ";".join(f"{name}={','.join(values)}" for name, values in ATTRIBUTES.items())
    metadata = {"heads": "12", "exit": EXIT, "roles": ",".join(ROLES), "attributes": attributes}
    export(tensors, vocab, metadata, path, dense=frozenset(["first", "last", "mean"]))


def candidates_of(program, path):
    """Candidates of a set with what the rules know of them, by report; and how many signs there are."""
    out = "/dev/stdout"
    command = [program, "candidates", "--input", path, "--output", out]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    found = {line["docid"]: (line["spans"], line["known"]) for line in map(json.loads, lines)}
    return found, json.loads(lines[0])["signs"]


def told_at(model):
    """Gives of a document the candidate where the model sees each span told most clearly."""

    def of(document):
        with torch.inference_mode():
            each, _ = model.roles(model.encode([document])[0][0], document)
        found = []
        for span in document.spans:
            members = (document.group == span["group"]).nonzero()[:, 0]
            found.append(int(members[each[members, ROLES.index(span["role"])].argmax()]))
        return found

    return of


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with train.jsonl")
    parser.add_argument("--out", required=True, help="model file to write")
    parser.add_argument("--casus-eval", default="target/release/casus-eval")
    parser.add_argument("--tagging-epochs", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--keep", help="beginning of the paths where the weights after each epoch are kept")
    parser.add_argument("--weights", help="kept weights to take instead of training the encoder")
    parser.add_argument("--threads", type=int, default=1, help="one gives the same weights each time")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    random.seed(1)
    tokenizer = Tokenizer.from_file(model_folder() + "/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    path = os.path.join(options.data, "train.jsonl")
    found, signs = candidates_of(options.casus_eval, path)
    documents = [Document(source, tokenizer, *found[source["docid"]]) for source in muc.documents(path)]
    model = Reader()
    if options.weights:
        weights = torch.load(options.weights)
    else:
        train(model, documents, options.tagging_epochs, 2e-4, True, "pieces", options.keep)
        weights = train(model, documents, options.epochs, 1.5e-4, False, "candidates", options.keep)
    model.load_state_dict(weights, strict=False)
    model.eval()
    weights = {name: value for name, value in weights.items() if name.split(".")[0] not in TEACHING}
    weights |= evidence.tensors("part", [evidence.part_head(documents, signs)])
    weights |= evidence.tensors("tie", evidence.tie_head(documents, told_at(model)))
    write(weights, options.out)


if __name__ == "__main__":
    main()
