"""From training runs to a model folder that dances: weights, configuration, model card."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from models import folder as model_folder
from models.data.prepared import PreparedClip, load_prepared
from models.generator.config import GeneratorConfig
from models.measure import measure
from models.tokenizer.config import TokenizerConfig
from models.training.generator import load_generator
from models.training.tokenizer import load_tokenizer

_CARD = """# {name}

A streaming dancer: MEGADance (Yang et al., NeurIPS 2025) rebuilt so that it needs no future audio. Music features and
the phase of the bar go in, thirty poses a second on the 24-joint SMPL skeleton come out, in one of these genres:
{experts}.

## Parts
| part | parameters | what it is |
|---|---|---|
| tokeniser | {tokenizer_parameters:,} | {tokenizer} |
| generator | {generator_parameters:,} | {generator} |

Weights are stored in half precision, those of the tokeniser's encoders in eight bits, and run in single precision.

## Data and licences
{data}

## Measured
By `megadance-live export`, on the clips of the prepared folder; `megadance-live evaluate MODEL --card` puts the dance
beside real clips here. Joint error: mean absolute error over the coordinates of 24 joints, root-relative and heading
free. Nats per digit: cross-entropy of the next token's FSQ digits, lower is better.

| split | clips | minutes | joint MAE, m | mean joint distance, m | upper, nats per digit | lower, nats per digit |
|---|---|---|---|---|---|---|
{rows}

Share of FSQ levels in use, per dimension: upper {upper_used}, lower {lower_used}.

## What it does badly
{limits}

## Licence of the weights
CC BY 4.0.
"""

DATA = """\
- AIST++ motion annotations (Li et al., "AI Choreographer", ICCV 2021), CC BY 4.0, of the AIST Dance Video Database
  (Tsuchida et al., ISMIR 2019): the ten street and jazz genres. Most of these clips come from an in-place copy whose
  horizontal travel was estimated from the feet.
- CMU motion capture: salsa, ballet_modern, freestyle and part of breaking. The data used in this project was obtained
  from mocap.cs.cmu.edu. The database was created with funding from NSF EIA-0196217. These clips have no music: their
  beats were estimated from the motion.
- Music: rendered by this project's own composer and synthesisers on the beats of each clip, half of it in the style of
  its genre and half in any, and heard through the same streaming features as on stage. No recorded music was used.
- Mirrored copies of every clip, and copies up to a fifth slower and faster."""

LIMITS = """\
- Hands and toes barely move: the AIST++ annotations hold none.
- Almost no floor work: the data has little.
- It knows short phrases: most clips are 16 beats long, so over minutes it repeats itself.
- Horizontal travel of house, breaking and hip-hop is estimated, and feet slide more there.
- It dances smaller and slower than the clips that it learnt from, breaking most of all.
- That it lands on the beat as clearly as it does is half the stage's doing (the macro `accent`).
- It was trained on 4/4 music at 70 to 160 bpm."""


def export(
    prepared: Path, tokenizer_run: Path, generator_run: Path, folder: Path, name: str, temperature: float | None = None
) -> dict[str, Any]:
    """Writes a model folder and returns its measured facts. The sampling temperature is that of the recipe, unless
    another is given. Raises DataError for runs that have not been finished."""
    tokenizer, generator = load_tokenizer(tokenizer_run), load_generator(generator_run)
    if temperature is not None:
        generator.config = replace(generator.config, temperature=temperature)
    clips: list[PreparedClip] = load_prepared(prepared)
    facts = measure(tokenizer, generator, clips)
    model_folder.save(folder, name, tokenizer, generator, facts)
    splits = [split for split in facts if split != "levels_used"]
    rows = "\n".join(f"| {split} | " + " | ".join(str(v) for v in facts[split].values()) + " |" for split in splits)
    config, sizes = generator.config, tokenizer.config
    card = _CARD.format(
        name=name,
        experts=", ".join(config.experts),
        tokenizer_parameters=sum(p.numel() for p in tokenizer.parameters()),
        generator_parameters=sum(p.numel() for p in generator.parameters()),
        tokenizer=_tokenizer_in_words(sizes),
        generator=_generator_in_words(config),
        data=DATA,
        rows=rows,
        upper_used=facts["levels_used"]["upper"],
        lower_used=facts["levels_used"]["lower"],
        limits=LIMITS,
    )
    (folder / "README.md").write_text(card, encoding="utf-8")
    return facts


def _tokenizer_in_words(config: TokenizerConfig) -> str:
    quantiser = f"FSQ levels {list(config.levels)}"
    if config.quantiser == "vq":
        quantiser = f"a code book of {config.digit_levels[0]} codes"
    decoder = "a causal decoder" if config.decoder == "causal" else "a decoder that sees both sides,"
    frames = {4: "four", 8: "eight"}[config.token_frames]
    return (
        f"upper and lower body, {quantiser}, {frames} frames to a token, {decoder} with "
        f"{config.lookahead_tokens} token{'s' * (config.lookahead_tokens != 1)} of look-ahead"
    )


def _generator_in_words(config: GeneratorConfig) -> str:
    attention = "windowed attention" if config.attention == "window" else "causal attention"
    parts = []
    if config.universal:
        parts.append(f"a Universal Expert ({'a Mamba per stream, ' * config.mamba}{attention})")
    if config.specialised:
        parts.append("one Specialised Expert per genre")
    return f"{config.layers} layers of {' and '.join(parts)}; a window of {config.window} tokens"
