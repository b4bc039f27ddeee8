"""Which tokens a generator has learnt: those of one encoder mean nothing to a generator that has learnt another's."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from torch import nn

from megadance_live.core.errors import DataError
from models.tokenizer.model import Tokenizer

_FILE = "tokens.txt"


def coders(tokenizer: Tokenizer) -> Iterator[nn.Module]:
    """The parts that have learnt what its tokens are."""
    for half in (tokenizer.upper, tokenizer.lower):
        yield half.encoder
        yield half.quantiser


def tokens_of(tokenizer: Tokenizer) -> str:
    """A fingerprint of all that its tokens depend on."""
    digest = hashlib.sha256()
    for part in coders(tokenizer):
        for name, tensor in sorted(part.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().float().cpu().numpy().tobytes())
    for half in (tokenizer.upper, tokenizer.lower):
        for tensor in (half.mean, half.std):
            digest.update(tensor.float().cpu().numpy().tobytes())
    return digest.hexdigest()


def learnt_tokens(run: Path) -> str | None:
    """The fingerprint of those that the generator in `run` has learnt; None where none is written down."""
    try:
        return (run / _FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def note_tokens(run: Path, tokenizer: Tokenizer) -> None:
    """Writes down that the generator in `run` learns those of this tokeniser. Raises DataError."""
    try:
        run.mkdir(parents=True, exist_ok=True)
        (run / _FILE).write_text(f"{tokens_of(tokenizer)}\n", encoding="ascii")
    except OSError as error:
        raise DataError(f"{run} cannot be written ({error.strerror}); name another run folder.") from error
