"""Makes the tiny model and the expected results that the tests of casus-encoder read.

    python training/encoder_fixture.py crates/casus-encoder/tests/data

Needs torch, transformers, tokenizers, safetensors and NumPy. Weights are random from a fixed seed, but as large as
those of trained models; hidden states are those of BertModel in f32 with the weights before quantisation.
"""

import json
import pathlib
import sys

import numpy as np
import tokenizers
import torch
from transformers import BertConfig, BertModel

from casus_export import export

# Invented, in the words, scripts and oddities that a reader of reports meets.
TEXTS = [
    "", " ", "\t\r\n", "Two shells hit the market of Beya, killing four.", "TWO SHELLS HIT BEYA",
    "café naïve Ångström Čapek İstanbul ISTANBUL ıstanbul ß ẞ STRASSE", "cafe\u0301 n\u0303o a\u0300\u0316b",
    "قُتِلَ أربعة مدنيين في بلدة كيلي يوم الثلاثاء، بحسب المصدر.", "ـــ ٣٥ قتيلاً؟ ﷺ ﻻ",
    "شهد سوق «بيا» انفجاراً", "در روز سه‌شنبه ۱۲ نفر کشته شدند", "Чотири людини загинули в Лодо; йод ёлка Ї",
    "五月三日，贝亚市场爆炸，四人死亡。", "カタカナ が ひらがな ガ", "한국어 각 힣", "𠀀𪚥 豈 ﾊﾟ", "मोरो में विस्फोट हुआ", "ตลาดเบยา",
    "👍🏽 👨‍👩‍👧 🇺🇦 ☠️ killed", "a\u200bb\u200dc\ufeffd", "nul\x00l bell\x07 vt\x0bff\x0c nel\u0085x", "a\u00a0b\u2003c\u2028d\u3000e",
    "don't won't O'Neil's “quoted” ‘single’ — dash–dash…", "e-mail a@b.org, http://x.org/?q=1&r=2 #tag $5,000 50% 3/4 ½ m² №7",
    "x" * 100, "x" * 101, "word" * 30 + " after", "\ufffd\ufffdx\ufffd", "fi ﬁ ﬃ ² ³ ① Ⅳ ㎞", "ſ K Å Ω µ ϐ ς Σ ΑΣ",
    "Ω̈ q̣̇ Z͑ͫ̓a͋l", "zero\u0338width\u0337", "[CLS] [SEP] [MASK] [UNK] [PAD] ##ing", "`~!@#$%^&*()_+-=[]{}|;':\",./<>?\\",
    "\u1680ogham\u2000quad\u205f", "\u061c\u200f\u202babc\u202c", "\U0001d167\U0001d16d", "a\u302eb\u0345", "ÀÈÌÒÙ àèìòù ñ Ñ ç Ç ø Ø ł Ł đ Đ",
    "Beya'da patlama: dört ölü, on yaralı.", "Ataque en Tarna: cuatro muertos, año 2015.", "L’armée a tiré sur Gol à l’aube.",
    "\u212a\u212b\u2126", "\ufb00\ufb2a\ufb4f", "नि কি பொ", "\u0958\u09dc\u0f43", "\ue000private\U000f0000", "\u0378unassigned\u0530", "٫٬٪؛،؟", "。、「」『』【】",
]  # fmt: skip
CHARS = list("aAzZ09 .,'-\n\t") + list("éÉüİıñßĀșΣςЖжאبةى،।中文字カが한👍½№ﬁ") + ["\u0301", "\u0327", "\u200d", "\u00ad", "\u0000", "\u00a0", "\u064b"]


def texts() -> list[str]:
    """The texts above and random ones of their characters and words."""
    random = np.random.default_rng(5)
    words = sorted({word for text in TEXTS for word in text.split()})
    mixed = ["".join(random.choice(CHARS, random.integers(1, 40))) for _ in range(120)]
    joined = [" ".join(random.choice(words, random.integers(1, 12))) for _ in range(120)]
    return TEXTS + mixed + joined


def vocabulary(texts: list[str]) -> list[str]:
    """Characters of the texts after folding, inside and at the beginning of words, and frequent pieces of them."""
    fold = tokenizers.normalizers.BertNormalizer()
    words = " ".join(fold.normalize_str(text) for text in texts).split()
    counts: dict[str, int] = {}
    for word in words:
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + 6) + 1):
                piece = ("" if start == 0 else "##") + word[start:end]
                counts[piece] = counts.get(piece, 0) + 1
    frequent = sorted(counts, key=lambda piece: (-counts[piece] * len(piece), piece))[:700]
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + sorted(frequent)


def reference(vocab: list[str]) -> tokenizers.Tokenizer:
    """The tokenizer of BERT uncased, without marks that are cut out of texts."""
    pieces = {piece: number for number, piece in enumerate(vocab)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordPiece(pieces, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return tokenizer


def main(folder: pathlib.Path) -> None:
    every = texts()
    vocab = vocabulary(every)
    tokenizer = reference(vocab)
    golden = []
    for text in every:
        encoding = tokenizer.encode(text)
        at = [0]
        for character in text:
            at.append(at[-1] + len(character.encode()))
        spans = [[at[start], at[end]] for start, end in encoding.offsets]
        golden.append({"text": text, "ids": encoding.ids, "spans": spans})
    (folder / "wordpiece.jsonl").write_text("".join(json.dumps(line) + "\n" for line in golden))

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocab), hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=256,
        max_position_embeddings=96, hidden_act="gelu", attn_implementation="eager", initializer_range=0.09,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("bias"):
                weight.normal_(0, 0.1)
            elif "LayerNorm" in name:
                weight.normal_(1, 0.2)
    shapes = torch.randn(3, 64) * 0.1
    head = torch.randn(5, 64)
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    state |= {"embeddings.shape": shapes.numpy(), "head.weight": head.numpy().astype(np.float16), "head.bias": np.arange(5)}
    metadata = {"heads": "4", "ln_eps": "1e-12", "note": "random weights for tests"}
    export(state, vocab, metadata, folder / "tiny.safetensors")

    random = np.random.default_rng(11)
    windows = []
    for length in [1, 2, 17, 33, 96]:
        ids = random.integers(0, len(vocab), length)
        kinds = random.integers(0, 3, length) if length != 17 else []
        with torch.no_grad():
            inputs = model.embeddings.word_embeddings(torch.tensor(ids))
            if len(kinds):
                inputs = inputs + shapes[torch.tensor(kinds)]
            states = model(inputs_embeds=inputs[None], output_hidden_states=True).hidden_states
        # Three digits are far finer than what 8 bits change.
        rounded = [[round(float(value) * 1000) for value in layer.flatten()] for layer in states]
        windows.append({"ids": ids.tolist(), "shapes": [int(kind) for kind in kinds], "states": rounded})
    (folder / "states.jsonl").write_text("".join(json.dumps(window) + "\n" for window in windows))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
