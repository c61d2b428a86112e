"""Writes a BERT encoder and its heads as the model file that casus-encoder opens.

    from casus_export import export
    export(model.state_dict() as NumPy arrays, vocabulary, {"heads": "12"}, "model.safetensors")
    export(weights, None, {"heads": "12"}, "other.safetensors")  # shares the words of a model opened before it

Weights of the encoder's dense layers and the embedding tables become signed bytes with a scale for each row
(symmetric, the largest magnitude of a row is 127); everything else is kept as it is, in F32 or F16. The format is
described in crates/casus-encoder/src/lib.rs. Needs NumPy and safetensors.
"""

import os
import re

import numpy as np
from safetensors.numpy import save_file

QUANTISED = re.compile(
    r"embeddings\.(word|position|token_type)_embeddings\.weight"
    r"|encoder\.layer\.\d+\.(attention\.self\.(query|key|value)|attention\.output\.dense"
    r"|intermediate\.dense|output\.dense)\.weight"
)
# Buffers of torch that are not weights, and the pooler, which the encoder does not have.
DROPPED = re.compile(r"embeddings\.(position_ids|token_type_ids)|pooler\..*")


def quantise(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bytes and the scale of each row, such that `bytes * scale[:, None]` is `matrix` to half a scale."""
    matrix = np.asarray(matrix, dtype=np.float32)
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12) / np.float32(127)
    codes = np.clip(np.rint(matrix / scale[:, None]), -127, 127).astype(np.int8)
    return codes, scale.astype(np.float32)


WORDS = "embeddings.word_embeddings.weight"


def fingerprint(scale: np.ndarray) -> str:
    """Tells tables of word embeddings apart: 64 bits of FNV-1a over the scales of their rows."""
    value = 0xCBF29CE484222325
    for byte in np.ascontiguousarray(scale, dtype="<f4").tobytes():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def export(
    state_dict: dict[str, np.ndarray],
    vocab: list[str] | None,
    metadata: dict[str, str],
    path: str | os.PathLike,
    dense: frozenset[str] = frozenset(),
) -> None:
    """Writes the file. Names are those of Hugging Face's BertModel without a prefix; other names are heads.

    `metadata` must hold `heads`; `ln_eps` is taken as 1e-12 if missing. Heads that are F16 stay so; those of `dense` are
    quantised as the encoder's own layers are, and get a bias if they have none. Without `vocab` the file has no table of
    word embeddings either, only its fingerprint: it is opened beside a model that has the same table.
    """
    if "heads" not in metadata:
        raise ValueError("metadata must hold `heads`, the number of attention heads")
    if any("\n" in piece for piece in vocab or []):
        raise ValueError("a piece of the vocabulary holds a line break")
    tensors = {}
    for name, value in state_dict.items():
        if DROPPED.fullmatch(name):
            continue
        value = np.asarray(value)
        if name.removesuffix(".weight") in dense:
            tensors[name], tensors[name + ".scale"] = quantise(value)
            bias = state_dict.get(name.removesuffix("weight") + "bias", np.zeros(len(value)))
            tensors[name.removesuffix("weight") + "bias"] = np.ascontiguousarray(bias, dtype=np.float32)
        elif name.removesuffix(".bias") in dense:
            continue
        elif QUANTISED.fullmatch(name):
            tensors[name], tensors[name + ".scale"] = quantise(value)
        else:
            kept = np.float16 if value.dtype == np.float16 else np.float32
            tensors[name] = np.ascontiguousarray(value, dtype=kept)
    if vocab is None:
        metadata = metadata | {"words": fingerprint(tensors.pop(WORDS + ".scale"))}
        del tensors[WORDS]
    else:
        tensors["vocab"] = np.frombuffer("\n".join(vocab).encode(), dtype=np.uint8)
    save_file(tensors, path, metadata={key: str(value) for key, value in metadata.items()})
