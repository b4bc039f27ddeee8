"""What an evaluation found, before it is written down."""

from dataclasses import dataclass

from models.data.clips import Skipped
from models.evaluation.cost import StepCost
from models.evaluation.drift import Drift
from models.evaluation.measures import Measure, Subject
from models.evaluation.reconstruction import CodebookUse
from models.evaluation.response import SilenceResponse, TempoResponse
from models.evaluation.switching import Switches
from models.evaluation.tally import Tally

REAL = "real"


@dataclass(frozen=True)
class TokenizerScores:
    """`squared`, `absolute` and the speeds have one entry a clip; None where there are no clips."""

    squared: tuple[Tally, ...]
    absolute: tuple[Tally, ...]
    speed_before: tuple[Tally, ...]
    speed_after: tuple[Tally, ...]
    upper: CodebookUse
    lower: CodebookUse


@dataclass(frozen=True)
class ModelResult:
    """One model. `compute_s` of CPU for one second of dance, features and everything after the model included. What
    was seen right after `switches`, and where each genre had `settled` first."""

    subject: Subject
    compute_s: float
    steps: StepCost | None
    tokenizer: TokenizerScores | None
    tempo: TempoResponse
    silence: SilenceResponse
    switches: tuple[Switches, ...]
    settled: tuple[Switches, ...]
    drifts: tuple[Drift, ...]


@dataclass(frozen=True)
class Evaluation:
    """`clips` of `split` were danced to by each model with `seeds` seeds; `left_out` says why others were not."""

    split: str
    clips: int
    seconds: float
    seeds: int
    measures: tuple[Measure, ...]
    real: Subject | None
    models: tuple[ModelResult, ...]
    classifier: dict[str, float]
    genres: tuple[str, ...]
    left_out: tuple[Skipped, ...] = ()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The rows of the table."""
        return (*((self.real,) if self.real else ()), *(model.subject for model in self.models))
