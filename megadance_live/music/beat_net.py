"""The beat network as it plays live: numpy alone, a hop at a time, its whole memory a value.

It is trained and written by models/beats; a test holds the two to the same numbers.
"""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import WeightsError
from megadance_live.core.music_frame import FRAME_RATE_HZ
from megadance_live.core.stage import StageSpec
from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ, FRAMES_PER_HOP, INPUTS

F32 = npt.NDArray[np.float32]

SHIPPED = Path(__file__).parent / "weights"
FORMAT = 1
REST_HOPS = 3 * FRAME_RATE_HZ
"""After so much digital silence the network rests and forgets."""


@dataclass(frozen=True)
class BeatActivations:
    """What one hop says: `beat` and `downbeat` [2] probabilities of its two frames, `tempo` [tempi + 1] and `metre`
    [metres + 1] distributions whose last entry is for none."""

    beat: F32
    downbeat: F32
    tempo: F32
    metre: F32


@dataclass(frozen=True)
class BeatNetState:
    """`past`: what each block still looks back on, [4 dilation, channels], newest last; `silent_hops` counts hops of
    digital silence."""

    past: tuple[F32, ...]
    silent_hops: int = 0


@dataclass(frozen=True)
class _Block:
    """Taps `dilation` hops apart, oldest first; what they say is added to what came in."""

    dilation: int
    look: F32  # [taps channels, channels]
    look_bias: F32
    mix: F32  # [channels, channels]
    mix_bias: F32

    @property
    def reach(self) -> int:
        taps = len(self.look) // len(self.look_bias)
        return (taps - 1) * self.dilation

    def step(self, x: F32, past: F32) -> tuple[F32, F32]:
        heard = np.concatenate([past, x[None]])
        seen = _silu(heard[:: self.dilation].reshape(-1) @ self.look + self.look_bias)
        return x + seen @ self.mix + self.mix_bias, heard[1:]


@dataclass(frozen=True)
class BeatNet:
    """Stage: network inputs [2, INPUTS] of each hop -> BeatActivations of each hop.

    An activation describes the stream `delay_s` before its frame's end. `tempi_bpm` [tempi] are the centres of the
    tempo classes, `metres` the beats to a bar of the metre classes.
    """

    delay_s: float
    tempi_bpm: F32
    metres: tuple[int, ...]
    _inward: F32 = field(repr=False)  # [2 INPUTS, channels]
    _inward_bias: F32 = field(repr=False)
    _blocks: tuple[_Block, ...] = field(repr=False)
    _outward: F32 = field(repr=False)  # [channels, outputs]
    _outward_bias: F32 = field(repr=False)

    @property
    def spec(self) -> StageSpec:
        receptive_hops = 1 + max(sum(block.reach for block in self._blocks), REST_HOPS)
        return StageSpec(1, self.delay_s, receptive_hops / FRAME_RATE_HZ)

    def initial_state(self) -> BeatNetState:
        channels = len(self._inward_bias)
        return BeatNetState(tuple(np.zeros((block.reach, channels), np.float32) for block in self._blocks))

    def step(self, inputs: list[F32], state: BeatNetState, /) -> tuple[list[BeatActivations], BeatNetState]:
        out: list[BeatActivations] = []
        for hop in inputs:
            said, state = self._hop(hop, state)
            out.append(said)
        return out, state

    def _hop(self, hop: F32, state: BeatNetState) -> tuple[BeatActivations, BeatNetState]:
        silent_hops = 0 if hop.any() else min(state.silent_hops + 1, REST_HOPS)
        if silent_hops == REST_HOPS:
            return self._nothing(), replace(self.initial_state(), silent_hops=silent_hops)
        x = _silu(hop.reshape(-1) @ self._inward + self._inward_bias)
        past = []
        for block, before in zip(self._blocks, state.past, strict=True):
            x, after = block.step(x, before)
            past.append(after)
        logits = x @ self._outward + self._outward_bias
        tempo_end = 2 * FRAMES_PER_HOP + len(self.tempi_bpm) + 1
        beats = _sigmoid(logits[: 2 * FRAMES_PER_HOP])
        said = BeatActivations(
            beats[:FRAMES_PER_HOP],
            beats[FRAMES_PER_HOP:],
            _softmax(logits[2 * FRAMES_PER_HOP : tempo_end]),
            _softmax(logits[tempo_end:]),
        )
        return said, BeatNetState(tuple(past), silent_hops)

    def _nothing(self) -> BeatActivations:
        none = np.zeros(FRAMES_PER_HOP, np.float32)
        tempo, metre = (np.zeros(count + 1, np.float32) for count in (len(self.tempi_bpm), len(self.metres)))
        tempo[-1] = metre[-1] = 1
        return BeatActivations(none, none, tempo, metre)


def load_beat_net(folder: Path | None = None) -> BeatNet:
    """The network of a folder (None: the one that ships). Raises WeightsError with what to do about it."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    folder = folder or SHIPPED
    described, weights = folder / "beats.json", folder / "beats.safetensors"
    try:
        config = json.loads(described.read_text(encoding="utf-8"))
        tensors = {name: tensor.astype(np.float32) for name, tensor in load_file(weights).items()}
        return _assembled(config, tensors)
    except FileNotFoundError as error:
        raise WeightsError(f"{folder} holds no beat network; install MegaDance Live again, or export one.") from error
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"The beat network in {folder} is broken or of another version; install MegaDance Live again, or export it."
        ) from error


def _assembled(config: dict[str, Any], tensors: dict[str, F32]) -> BeatNet:
    """Raises ValueError, KeyError or TypeError for what is not a beat network of this version."""
    same = (config["format"], config["inputs"], config["group"], config["frame_rate_hz"])
    if same != (FORMAT, INPUTS, FRAMES_PER_HOP, BEAT_FRAME_RATE_HZ):
        raise ValueError("another version")
    if not all(np.isfinite(tensor).all() for tensor in tensors.values()):
        raise ValueError("not finite")
    tempi, lowest, highest = int(config["tempi"]), float(config["lowest_bpm"]), float(config["highest_bpm"])
    through = (np.arange(tempi) + 0.5) / tempi
    blocks = tuple(
        _Block(
            dilation=2**k,
            look=tensors[f"blocks.{k}.look.weight"].transpose(2, 1, 0).reshape(-1, int(config["channels"])),
            look_bias=tensors[f"blocks.{k}.look.bias"],
            mix=tensors[f"blocks.{k}.mix.weight"][:, :, 0].T.copy(),
            mix_bias=tensors[f"blocks.{k}.mix.bias"],
        )
        for k in range(int(config["blocks"]))
    )
    net = BeatNet(
        delay_s=int(config["delay_frames"]) / BEAT_FRAME_RATE_HZ,
        tempi_bpm=(lowest * (highest / lowest) ** through).astype(np.float32),
        metres=tuple(int(metre) for metre in config["metres"]),
        _inward=tensors["inward.weight"].T.copy(),
        _inward_bias=tensors["inward.bias"],
        _blocks=blocks,
        _outward=tensors["outward.weight"].T.copy(),
        _outward_bias=tensors["outward.bias"],
    )
    net.step([np.ones((FRAMES_PER_HOP, INPUTS), np.float32)], net.initial_state())  # do the shapes fit?
    return net


def _sigmoid(x: F32) -> F32:
    half: F32 = np.float32(0.5) * (np.float32(1) + np.tanh(np.float32(0.5) * x))
    return half


def _silu(x: F32) -> F32:
    return x * _sigmoid(x)


def _softmax(x: F32) -> F32:
    raised = np.exp(x - x.max())
    shares: F32 = raised / raised.sum()
    return shares
