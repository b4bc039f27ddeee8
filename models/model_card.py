"""The README of a model folder: what the dancer is made of, what it learnt from, how it was measured."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.data.prepared import PreparedClip
from models.data.report import Report
from models.generator.config import GeneratorConfig
from models.generator.model import DanceGenerator
from models.tokenizer.config import TokenizerConfig
from models.tokenizer.model import Tokenizer

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
free. Nats per digit: cross-entropy of the next token's digits, lower is better.

| split | clips | minutes | joint MAE, m | mean joint distance, m | upper, nats per digit | lower, nats per digit |
|---|---|---|---|---|---|---|
{rows}

Share of levels in use, per dimension: upper {upper_used}, lower {lower_used}.

## What it does badly
Not looked at yet: `megadance-live gallery` shows every genre.

## Licence of the weights
Not chosen yet: what the data above allow.
"""


def model_card(
    name: str, tokenizer: Tokenizer, generator: DanceGenerator, facts: dict[str, Any], data_told: str
) -> str:
    """Markdown. `facts` are those of models.measure."""
    config = generator.config
    splits = [split for split in facts if split != "levels_used"]
    return _CARD.format(
        name=name,
        experts=", ".join(config.experts),
        tokenizer_parameters=sum(p.numel() for p in tokenizer.parameters()),
        generator_parameters=sum(p.numel() for p in generator.parameters()),
        tokenizer=_tokenizer_in_words(tokenizer.config),
        generator=_generator_in_words(config),
        data=data_told,
        rows="\n".join(f"| {split} | " + " | ".join(str(v) for v in facts[split].values()) + " |" for split in splits),
        upper_used=facts["levels_used"]["upper"],
        lower_used=facts["levels_used"]["lower"],
    )


def data_in_words(reports: Sequence[Report], clips: Sequence[PreparedClip]) -> str:
    """What a dancer learnt from, by the reports of the preparation, or by its clips where there are none."""
    if not reports:
        genres = Counter(clip.genre for clip in clips)
        told = ", ".join(f"{genre} {count}" for genre, count in sorted(genres.items()))
        return f"{len(clips)} prepared clips whose sources were not written down: {told}."
    lines = []
    for report in reports:
        whole = report.total
        genres_told = ", ".join(f"{genre} {row.clips}" for genre, row in sorted(report.genres.items()))
        lines.append(
            f"- `{Path(report.folder).name}` ({report.kind}), {whole.clips} clips, {whole.seconds / 60:.1f} minutes, "
            f"{whole.held_out} clips held out: {genres_told}"
        )
        lines += [f"  - {remark}" for remark in report.remarks]
    return "\n".join(lines)


def with_sections(card: str, about: str) -> str:
    """The card with the sections ("## ...") of `about` in place of its own of the same headings, or after them."""
    head, own = _sections(card)
    own |= _sections(about)[1]
    return head + "".join(f"## {heading}\n{text.strip()}\n\n" for heading, text in own.items()).rstrip() + "\n"


def _sections(markdown: str) -> tuple[str, dict[str, str]]:
    """What stands before the first, and each by its heading."""
    head, *parts = f"\n{markdown}".split("\n## ")
    return head.strip() + "\n\n", {title: text for title, _, text in (part.partition("\n") for part in parts)}


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
