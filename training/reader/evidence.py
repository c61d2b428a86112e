"""Two small heads that judge by what the rules know (`casus-eval candidates`), not by the model's states, so that they
cannot learn reports by heart: the part of words said somewhere in a report, and which two belong to one incident or are
one and the same.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from muc import ROLES

ACTIONS = 6
STEPS = 8  # facts of a group of words besides its signs
TIE = 55 + len(ROLES) * (len(ROLES) + 1) // 2


class Head(nn.Module):
    """A linear map, and beside it one hidden layer."""

    def __init__(self, inputs, hidden, outputs, drop_in, drop):
        super().__init__()
        self.skip = nn.Linear(inputs, outputs)
        self.hidden = nn.Linear(inputs, hidden)
        self.out = nn.Linear(hidden, outputs, bias=False)
        self.drop_in, self.drop = nn.Dropout(drop_in), nn.Dropout(drop)

    def forward(self, seen):
        seen = self.drop_in(seen)
        return self.skip(seen) + self.out(self.drop(F.relu(self.hidden(seen))))


def fit(head, count, batch, epochs, rate, decay, loss_of):
    optimiser = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=decay)
    step, steps = 0, epochs * (count // batch)
    head.train()
    for _ in range(epochs):
        order = torch.randperm(count)
        for at in range(0, count - batch + 1, batch):
            for group in optimiser.param_groups:
                group["lr"] = rate * max(0, 1 - step / steps)
            loss = loss_of(order[at : at + batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
    return head.eval()


def groups_of(document, signs):
    """Signs and facts of each group of candidates of the same words."""
    count = len(document.target)
    seen = np.zeros((count, STEPS + signs), np.uint8)
    said, blocks, width = np.zeros(count, int), [set() for _ in range(count)], np.zeros(count, int)
    for group, known, (start, end) in zip(document.group.tolist(), document.known, document.candidates):
        seen[group, [STEPS + sign for sign in known["signs"]]] = 1
        said[group] += 1
        blocks[group].add(known["block"])
        width[group] = width[group] or end - start
    in_blocks = np.array([len(b) for b in blocks])
    facts = [said >= 2, said >= 3, said >= 5, in_blocks >= 2, in_blocks >= 3, width >= 2, width >= 4, width >= 7]
    seen[:, :STEPS] = np.stack(facts, 1)
    return seen


def part_head(documents, signs, epochs=8):
    """Learns from reports with an incident: of others every group is no part, which the report's head says already."""
    told = [d for d in documents if d.source["templates"] and d.candidates]
    seen = torch.tensor(np.concatenate([groups_of(d, signs) for d in told]))
    target = torch.cat([d.target for d in told])
    head = Head(STEPS + signs, 64, 1 + len(ROLES), 0.3, 0.3)

    def loss(rows):
        log = head(seen[rows].float()).log_softmax(1)
        asked = target[rows].sum(1) > 0
        return -(target[rows] * log).sum(1)[asked].mean()

    return fit(head, len(seen), 512, epochs, 2e-3, 0.1, loss)


def between(value, *bounds):
    """One of classes by upper bounds."""
    return [float(low < value <= high) for low, high in zip((-1, *bounds), (*bounds, math.inf))]


def tie(a, b):
    """What the rules know of two spans, each (role, its own place, all places of its words, its pieces, its words). As in
    the engine."""
    (role_a, own_a, all_a, pieces_a, words_a), (role_b, own_b, all_b, pieces_b, words_b) = a, b
    gather = lambda places, key: {place[key] for place in places if place[key] is not None}
    frames = [{frame for place in places for frame, _ in place["frames"]} for places in (all_a, all_b)]
    kinds = [{kind for place in places for _, kind in place["frames"]} for places in (all_a, all_b)]
    own_frames = [{frame for frame, _ in own["frames"]} for own in (own_a, own_b)]
    nearest = lambda key: min(abs(x[key] - y[key]) for x in all_a for y in all_b)
    apart = lambda key: abs(own_a[key] - own_b[key])
    same = lambda key: own_a[key] is not None and own_a[key] == own_b[key]
    differ = lambda key: own_a[key] is not None and own_b[key] is not None and own_a[key] != own_b[key]
    first = lambda key: min(own_a[key], own_b[key])
    seen = between(apart("sentence"), 0, 1, 2, 5, 10) + between(apart("block"), 0, 1, 2, 5)
    seen += between(nearest("sentence"), 0, 1, 2, 5) + between(nearest("block"), 0, 1)
    seen += [own_frames[0] & own_frames[1], frames[0] & frames[1], frames[0] and frames[1] and not frames[0] & frames[1]]
    seen += [kinds[0] & kinds[1], kinds[0] and kinds[1] and not kinds[0] & kinds[1]]
    actions = own_a["actions"] & own_b["actions"]
    seen += [actions, own_a["actions"] and own_b["actions"] and not actions]
    seen += [same("day"), differ("day"), gather(all_a, "day") & gather(all_b, "day")]
    seen += [same("place"), differ("place"), gather(all_a, "place") & gather(all_b, "place")]
    seen += [first("sentence") == 0, first("sentence") <= 2, first("block") == 0]
    seen = [float(bool(fact)) for fact in seen]
    seen += [(math.log(min(len(all_a), 20)) + math.log(min(len(all_b), 20))) / 2]
    seen += [float(own_a["actions"] >> bit & 1) + float(own_b["actions"] >> bit & 1) for bit in range(ACTIONS)]
    seen += [float(kind in kinds[0]) + float(kind in kinds[1]) for kind in range(ACTIONS)]
    gap = max(pieces_a[0], pieces_b[0]) - min(pieces_a[1], pieces_b[1])
    seen += between(max(gap, 0), 0, 1, 3, 8)
    words_a, words_b = words_a.split(), words_b.split()
    seen += [float(set(words_a) <= set(words_b) or set(words_b) <= set(words_a)), float(words_a[-1:] == words_b[-1:])]
    low, high = min(role_a, role_b), max(role_a, role_b)
    roles = [0.0] * (len(ROLES) * (len(ROLES) + 1) // 2)
    roles[low * len(ROLES) - low * (low - 1) // 2 + high - low] = 1.0
    return seen + roles


def tie_head(documents, chosen, seeds=4, epochs=10):
    """Learns from the spans of the keys; `chosen` gives the candidate where each span of a document is told. The mean of
    several, as one head."""
    rows, target, weight = [], [], []
    for document in documents:
        spans = document.spans
        if len(spans) < 2:
            continue
        group = document.group.tolist()
        places = {}
        for at, known in zip(group, document.known):
            places.setdefault(at, []).append(known)
        told = [
            (
                ROLES.index(span["role"]),
                document.known[at],
                places[span["group"]],
                document.candidates[at],
                document.names[span["group"]],
            )
            for span, at in zip(spans, chosen(document))
        ]
        pairs = [(i, j) for i in range(len(told)) for j in range(i + 1, len(told))]
        rows += [tie(told[i], told[j]) for i, j in pairs]
        target += [
            [float(bool(spans[i][key] & spans[j][key])) for key in ("templates", "entities")] for i, j in pairs
        ]
        weight += [min(1.0, 20 / len(pairs))] * len(pairs)  # a report of many incidents is still one report
    rows, target, weight = torch.tensor(rows), torch.tensor(target), torch.tensor(weight)
    heads = []
    for seed in range(seeds):
        torch.manual_seed(seed)
        head = Head(TIE, 32, 2, 0.0, 0.2)

        def loss(at):
            each = F.binary_cross_entropy_with_logits(head(rows[at]), target[at], reduction="none").sum(1)
            return (each * weight[at]).mean()

        heads.append(fit(head, len(rows), 256, epochs, 2e-3, 0.05, loss))
    return heads


def tensors(name, heads):
    """The mean of heads as one head's tensors."""
    share = 1 / len(heads)
    return {
        f"{name}_skip.weight": share * sum(h.skip.weight for h in heads),
        f"{name}_skip.bias": share * sum(h.skip.bias for h in heads),
        f"{name}_hidden.weight": torch.cat([h.hidden.weight for h in heads]),
        f"{name}_hidden.bias": torch.cat([h.hidden.bias for h in heads]),
        f"{name}_out.weight": share * torch.cat([h.out.weight for h in heads], 1),
    }
