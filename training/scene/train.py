"""Trains the model of scenes and writes its model file.

    pip install -r training/scene/requirements.txt
    cargo build --release -p casus-eval
    target/release/casus-eval sites --input DATA/geo/event_location.train.jsonl --output sites.train.jsonl
    python training/scene/train.py --sites sites.train.jsonl --reader READER.pt --out data/scene/model.safetensors

Six layers of MiniLM as the learned reader has them (`READER.pt`: what `training/reader/train.py --keep` keeps), which are told
how words are written, which word is asked for and which words are names of what kind, and heads that say what speaks for
each name, and for none. They learn the marked set of names among all that a sentence offers. Ten minutes of one core.
`--weights` takes kept weights and only writes the file. MODEL.md beside the weights says what came out.
"""

import argparse
import json
import math
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

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from casus_export import export
from minilm import CLS, MASK, SEP, SHAPES, model_folder, shape

WINDOW = 126  # pieces of a window, without [CLS] and [SEP]; as in the engine
# What a name is, as the features of the rules' choice name it. Pieces are marked 0, as the verb 1, as a name 2 and above.
KINDS = ["run", "demonym", "in_name", "agent", "country", "admin1", "admin2", "area", "road", "unknown", "town"]
VERB, NAME = 1, 2
UNSEEN = -9.0  # what a name gets that stands outside of the window


class Read:
    """A sentence in pieces, with its verb, its names, the sets of them and which of these are marked."""

    def __init__(self, row, tokenizer):
        begin, end = row["sentence"]
        text = row["text"][begin:end]
        encoded = tokenizer.encode(text, add_special_tokens=False)
        starts, stops = [a for a, _ in encoded.offsets], [b for _, b in encoded.offsets]

        def pieces(a, b):
            first = int(np.searchsorted(stops, a - begin, "right"))
            return first, max(first + 1, int(np.searchsorted(starts, b - begin, "left")))

        verb = pieces(*row["verb"])
        # The verb stands in the middle of a sentence that is too long.
        first = max(0, min(verb[0] - WINDOW // 2, len(encoded.ids) - WINDOW))
        last = min(len(encoded.ids), first + WINDOW)
        words = {}
        for (a, b), word in zip(encoded.offsets, encoded.word_ids):
            words[word] = words.get(word, (a, b))[0], b
        self.ids = encoded.ids[first:last]
        self.written = [shape(text[slice(*words[word])]) for word in encoded.word_ids[first:last]]
        self.marked = [0] * len(self.ids)
        self.names = []
        for a, b, kind in row["names"]:
            a, b = pieces(a, b)
            if a < first or b > last:
                self.names.append(None)
                continue
            self.names.append((a - first, b - first))
            self.marked[a - first : b - first] = [NAME + KINDS.index(kind)] * (b - a)
        self.verb = verb[0] - first, min(verb[1], last) - first
        self.marked[slice(*self.verb)] = [VERB] * (self.verb[1] - self.verb[0])
        self.sets, self.right = row["sets"], torch.tensor(row["right"])


class Scenes(nn.Module):
    def __init__(self, reader=None):
        super().__init__()
        self.bert = BertModel.from_pretrained(model_folder(), add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        if reader:
            kept = torch.load(reader, map_location="cpu")
            kept = {name.removeprefix("bert."): value for name, value in kept.items() if name.startswith("bert.")}
            self.bert.load_state_dict(kept)
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        hidden, size = self.bert.config.hidden_size, 128
        self.written = nn.Embedding(len(SHAPES), hidden)
        nn.init.zeros_(self.written.weight)
        self.marked = nn.Embedding(NAME + len(KINDS), hidden)
        nn.init.normal_(self.marked.weight, std=0.02)
        self.first = nn.Linear(hidden, size)
        self.last = nn.Linear(hidden, size, bias=False)
        self.mean = nn.Linear(hidden, size, bias=False)
        self.verb = nn.Linear(hidden, size, bias=False)
        self.name = nn.Linear(size, 1)
        self.none = nn.Linear(hidden, 1)
        self.lists = nn.Parameter(torch.zeros(3))
        self.drop = nn.Dropout(0.1)

    def forward(self, reads, masked=0.0):
        """For each sentence what speaks for each of its sets."""
        longest = max(len(read.ids) for read in reads) + 2
        ids, written, marked = (torch.zeros(len(reads), longest, dtype=torch.long) for _ in range(3))
        mask = torch.zeros(len(reads), longest)
        for row, read in enumerate(reads):
            n = len(read.ids)
            ids[row, : n + 2] = torch.tensor([CLS] + read.ids + [SEP])
            written[row, 1 : n + 1] = torch.tensor(read.written)
            marked[row, 1 : n + 1] = torch.tensor(read.marked)
            mask[row, : n + 2] = 1
        if masked:  # names are hidden more often than words: what stands around must tell
            share = torch.where(marked >= NAME, 3 * masked, masked)
            hidden = (torch.rand(ids.shape) < share) & (written > 0) & (marked != VERB)
            ids = torch.where(hidden, torch.tensor(MASK), ids)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            given = self.bert.embeddings.word_embeddings(ids) + self.written(written) + self.marked(marked)
            states = self.bert(inputs_embeds=given, attention_mask=mask).last_hidden_state
        states = self.drop(states.float())
        first, last, mean = self.first(states), self.last(states), self.mean(states)
        return [self.sets(read, *parts) for read, *parts in zip(reads, states, first, last, mean)]

    def sets(self, read, states, first, last, mean):
        a, b = read.verb
        asked = states[a + 1 : b + 1].mean(0)
        by_verb = self.verb(asked)
        names = []
        for name in read.names:
            if name is None:
                names.append(torch.tensor(UNSEEN))
                continue
            a, b = name[0] + 1, name[1] + 1
            names.append(self.name(F.relu(first[a] + last[b - 1] + mean[a:b].mean(0) + by_verb))[0])
        scores = [self.none(asked)[0]]
        for members in read.sets[1:]:
            score = sum(names[at] for at in members) / math.sqrt(len(members))
            scores.append(score + self.lists[min(len(members), 4) - 2] if len(members) > 1 else score)
        return torch.stack(scores)


def batches(reads, size):
    """Sentences of like length together, in any order."""
    out, run, most = [], [], 0
    for read in sorted(reads, key=lambda read: len(read.ids) * (1 + 0.2 * random.random())):
        most = max(most, len(read.ids))
        if run and most * (len(run) + 1) > size:
            out.append(run)
            run, most = [], len(read.ids)
        run.append(read)
    out.append(run)
    random.shuffle(out)
    return out


def loss_of(model, reads, masked):
    scores = zip(model(reads, masked), reads)
    return torch.stack([torch.logsumexp(s, 0) - torch.logsumexp(s[read.right], 0) for s, read in scores]).mean()


def train(model, reads, steps, rate, masked=0.05, size=900):
    reads = [read for read in reads if len(read.sets) > 1 and read.right.any()]
    slow = [p for n, p in model.named_parameters() if n.startswith("bert") and p.requires_grad]
    fast = [p for n, p in model.named_parameters() if not n.startswith("bert")]
    groups = [{"params": slow, "base": rate}, {"params": fast, "base": 1e-3}]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
    began, losses, plan = time.process_time(), [], []
    model.train()
    for step in range(steps):
        plan = plan or batches(reads, size)
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1, (step + 1) / (0.1 * steps)) * (1 - step / steps)
        loss = loss_of(model, plan.pop(), masked)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
        if step % 50 == 49:
            print(f"step {step + 1}: {np.mean(losses[-50:]):.3f}; {time.process_time() - began:.0f} s", flush=True)


def right(model, reads, eager=0.3):
    """The share of sentences whose likeliest set is marked: of all, and of those with a place."""
    model.eval()
    all_of, placed = [], []
    with torch.inference_mode():
        for at in range(0, len(reads), 16):
            for scores, read in zip(model(reads[at : at + 16]), reads[at : at + 16]):
                scores[0] -= eager
                all_of.append(bool(read.right[int(scores.argmax())]))
                if not read.right[0]:
                    placed.append(all_of[-1])
    return np.mean(all_of), np.mean(placed)


def write(weights, path):
    """The layers, the heads, and a row for each way of writing and marking. Words are those of the learned reader."""
    tensors = {}
    for name, value in weights.items():
        value = value.float().numpy()
        if name.startswith("bert."):
            tensors[name.removeprefix("bert.")] = value
        elif name.split(".")[0] not in ("written", "marked"):
            tensors[name] = value.astype(np.float16)
    written, marked = (weights[f"{name}.weight"].float() for name in ("written", "marked"))
    tensors["embeddings.shape"] = (written[:, None] + marked[None]).reshape(-1, written.shape[1]).numpy().astype(np.float16)
    export(tensors, None, {"heads": "12", "kinds": ",".join(KINDS)}, path)


def load(path, tokenizer):
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Read(row, tokenizer) for row in rows if row]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", required=True, help="what `casus-eval sites` wrote")
    parser.add_argument("--reader", help="kept weights of the learned reader to start from; otherwise MiniLM's own")
    parser.add_argument("--weights", help="kept weights of this model: only write the file")
    parser.add_argument("--keep", help="where to keep the weights in 32 bits")
    parser.add_argument("--out", required=True, help="model file to write")
    parser.add_argument("--steps", type=int, default=650, help="batches; some 280 are all sentences once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measure", help="measure in 32 bits on what `casus-eval sites` wrote of other sentences")
    options = parser.parse_args()
    torch.set_num_threads(1)  # one gives the same weights each time
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    tokenizer = Tokenizer.from_file(model_folder() + "/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = Scenes(options.reader)
    if options.weights:
        model.load_state_dict(torch.load(options.weights, map_location="cpu"))
    else:
        train(model, load(options.sites, tokenizer), options.steps, 1.5e-4)
    if options.keep:
        torch.save(model.state_dict(), options.keep)
    write(model.state_dict(), options.out)
    if options.measure:
        print("right {:.4f}, of those with a place {:.4f}".format(*right(model, load(options.measure, tokenizer))))


if __name__ == "__main__":
    main()
