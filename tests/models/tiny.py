"""Networks small enough for tests, through the public constructors."""

from dataclasses import replace

import torch

from models.blocks.vq import VQ
from models.generator.config import GeneratorConfig
from models.generator.model import DanceGenerator
from models.streaming import StreamingDancer
from models.tokenizer.config import TokenizerConfig
from models.tokenizer.model import Tokenizer
from models.windowed import WindowedDancer

EXPERTS = ("house", "krump", "popping")
TOKENIZER = TokenizerConfig(frame_width=16, token_width=24, dropout=0.1)
GENERATOR = GeneratorConfig(
    experts=EXPERTS, model=32, heads=2, layers=2, window=6, state=4, universal_hidden=48, expert_hidden=32
)


def tiny_tokenizer(seed: int = 0, config: TokenizerConfig = TOKENIZER) -> Tokenizer:
    """A code book, where there is one, has codes that differ."""
    torch.manual_seed(seed)
    model = Tokenizer(config).eval()
    for half in (model.upper, model.lower):
        if isinstance(half.quantiser, VQ):
            half.quantiser.book.normal_()
    return model


def tiny_generator(seed: int = 0, config: GeneratorConfig = GENERATOR) -> DanceGenerator:
    """With attention biases away from zero, so that order matters, and opinions strong enough to tell experts apart."""
    torch.manual_seed(seed)
    model = DanceGenerator(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("attention.bias"):
                parameter.normal_()
            elif name.startswith("to_body"):
                parameter.normal_(std=0.3)
            elif name.startswith("head") and parameter.ndim == 2:
                parameter.mul_(4.0)
    return model


def tiny_dancer(seed: int = 0) -> StreamingDancer:
    """Speaks at once, and nonsense."""
    return StreamingDancer("tiny", tiny_tokenizer(seed), tiny_generator(seed))


def paper_dancer(seed: int = 0) -> WindowedDancer:
    """As published, but small: tokens of eight frames, a decoder that sees both sides, sampled music a token late,
    digits on their own, the likeliest of them."""
    coder = tiny_tokenizer(seed, replace(TOKENIZER, token_frames=8, decoder="full", lookahead_tokens=2))
    parts = {"digits": "independent", "conditioning": "sampled", "music_lag_tokens": 1, "phase": False}
    generator = tiny_generator(seed, replace(GENERATOR, **parts, temperature=0.0))
    return WindowedDancer("paper", coder, generator)
