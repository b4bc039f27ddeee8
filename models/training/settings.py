"""What a recipe says about the two trainings. Where they run, and with which seed, is the command's business."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StageTraining:
    """How long and how hard, as in LoopConfig, and how much at a time."""

    steps: int
    learning_rate: float
    batch: int
    ema_decay: float
    warmup_steps: int = 100
    final_fraction: float = 0.02
    weight_decay: float = 0.01
    checkpoint_every: int = 250
    patience: int | None = None

    def __post_init__(self) -> None:
        if min(self.steps, self.batch, self.checkpoint_every) < 1 or self.learning_rate <= 0:
            raise ValueError("steps, batch, checkpoint_every and learning_rate are greater than 0")


@dataclass(frozen=True, kw_only=True)
class TokenizerTraining(StageTraining):
    """The `kinematic` part of the loss compares joint positions (and what rests on them: the integrated path and
    sliding feet), the `dynamic` part first and second differences and, weighed with `jerk`, third ones: then tokens
    meet smoothly. What needs both is weighed with `pace`: that joints are as fast as they were. `commitment` weighs how
    far what is encoded may lie from the codes of a learnt book. With `vary`, windows are bent, stretched and mixed."""

    steps: int = 3_000
    learning_rate: float = 1.5e-3
    batch: int = 48
    ema_decay: float = 0.995
    window_frames: int = 64
    kinematic: bool = True
    dynamic: bool = True
    jerk: float = 2.0
    pace: float = 20.0
    commitment: float = 0.25
    vary: bool = True


@dataclass(frozen=True, kw_only=True)
class GeneratorTraining(StageTraining):
    """`drop_music` and `drop_phase`: how often these are withheld, so that the dance survives silence and a lost clock.

    With `corrupt_history`: all but `clean_history` of the samples have up to `corrupt_up_to` of their digits changed;
    the history of `off_beat` of them runs early or late against the bar, anew with every token's chance of
    `slip_every`; `forgetful` of them begin without any, `estranged` ones with that of another genre. Clips are drawn by
    their genre's length to `genre_power` and, within it, by their activity to `activity_power`.
    """

    steps: int = 3_750
    learning_rate: float = 1.2e-3
    batch: int = 24
    ema_decay: float = 0.998
    window_tokens: int = 48
    genres_per_batch: int = 4
    drop_music: float = 0.12
    drop_phase: float = 0.08
    corrupt_history: bool = True
    clean_history: float = 0.3
    corrupt_up_to: float = 0.4
    off_beat: float = 0.6
    slip_every: float = 0.08
    forgetful: float = 0.2
    estranged: float = 0.2
    genre_power: float = 0.35
    activity_power: float = 1.5

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.genres_per_batch < 1 or self.batch % self.genres_per_batch:
            raise ValueError("batch must be a multiple of genres_per_batch")
