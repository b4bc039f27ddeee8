"""From training runs to a model folder that dances: weights, configuration, model card."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from megadance_live.core.errors import DataError
from models import folder as model_folder
from models.data.prepared import PreparedClip, load_prepared
from models.data.report import earlier_reports
from models.measure import measure
from models.model_card import data_in_words, model_card, with_sections
from models.training.generator import load_generator
from models.training.tokenizer import load_tokenizer
from models.training.tokens import learnt_tokens, tokens_of


def export(
    prepared: Path,
    tokenizer_run: Path,
    generator_run: Path,
    folder: Path,
    name: str,
    temperature: float | None = None,
    about: str = "",
) -> dict[str, Any]:
    """Writes a model folder and returns its measured facts. The sampling temperature is that of the recipe, unless
    another is given; sections of `about` (Markdown) stand in the card in place of its own. Raises DataError for runs
    that have not been finished."""
    tokenizer, generator = load_tokenizer(tokenizer_run), load_generator(generator_run)
    if learnt_tokens(generator_run) not in (None, tokens_of(tokenizer)):
        raise DataError(
            f"{generator_run} has learnt the tokens of another tokeniser than {tokenizer_run}; name that one, or one "
            "that has come from it by --decoder-of."
        )
    if temperature is not None:
        generator.config = replace(generator.config, temperature=temperature)
    clips: list[PreparedClip] = load_prepared(prepared)
    facts = measure(tokenizer, generator, clips)
    model_folder.save(folder, name, tokenizer, generator, facts)
    card = model_card(name, tokenizer, generator, facts, data_in_words(earlier_reports(prepared), clips))
    (folder / "README.md").write_text(with_sections(card, about), encoding="utf-8")
    return facts
