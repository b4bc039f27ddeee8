"""What every dancer of trained networks says of itself."""

from models.generator.model import DanceGenerator
from models.tokenizer.model import Tokenizer


class TrainedDancer:
    """The part of core.dancer.Dancer that does not depend on how the networks are run."""

    def __init__(self, name: str, tokenizer: Tokenizer, generator: DanceGenerator) -> None:
        self._name = name
        self._tokenizer = tokenizer.eval().requires_grad_(False)
        self._generator = generator.eval().requires_grad_(False)

    @property
    def name(self) -> str:
        return self._name

    @property
    def experts(self) -> tuple[str, ...]:
        return self._generator.config.experts

    @property
    def tokenizer(self) -> Tokenizer:
        return self._tokenizer

    @property
    def generator(self) -> DanceGenerator:
        return self._generator

    @property
    def lookahead_tokens(self) -> int:
        return self._tokenizer.config.grid_lookahead
