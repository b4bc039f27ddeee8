"""Recipes trained on the same data under the same budget, and what they dance, side by side.

Recipes that share a tokeniser share its training. What is finished is kept in OUT and not done again, and a training
that was interrupted goes on: the same command continues. Prints the tables as far as they are known after every recipe.

    python -m benchmarks.recipes PREPARED OUT --data DIR --tokenizer-steps 700 --generator-steps 400
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from megadance_live.commands.evaluation_stage import perform
from megadance_live.core.errors import MegaDanceError
from models.data.prepared import load_prepared
from models.evaluation.bootstrap import Estimate
from models.evaluation.evaluate import Plan, evaluate, gather
from models.evaluation.genre_folder import load_genre_net
from models.evaluation.real import load_real
from models.evaluation.reconstruction import codebook_use, rebuild
from models.evaluation.report import write_report
from models.evaluation.tables import error_of, number, table, text
from models.folder import load, save
from models.recipe import Recipe, load_recipe
from models.training.config import LoopConfig
from models.training.generator import load_generator, train_generator
from models.training.report import Report
from models.training.settings import StageTraining
from models.training.tokenizer import load_tokenizer, train_tokenizer

DANCED = (
    "live", "paper", "paper-drawn", "likeliest", "no-phrases", "no-phase", "clean-history", "sampled-music",
    "no-lookahead", "no-specialised-expert", "no-universal-expert", "no-mamba", "causal-attention",
)  # fmt: skip
REBUILT = ("published-codes", "vq-vae", "no-kinematic-loss", "no-dynamic-loss")
"""Their question is one of the tokeniser alone."""
MEASURES = {
    "fid_k": ("FID_k ↓", 1), "fid_g": ("FID_g ↓", 1), "fid_s": ("FID_s ↓", 1), "div_k": ("DIV_k →", 2),
    "div_g": ("DIV_g →", 2), "bas_ratio": ("BAS over chance ↑", 2), "style_acc": ("style ACC ↑", 2),
    "speed": ("speed, m/s →", 2), "freeze": ("freeze →", 3), "skate": ("skate ↓", 3), "repetition": ("repetition →", 3),
}  # fmt: skip
_DANCED_BY: dict[str, Any] = {"temperature": 1.0, "phrase_bars": 0, "carried_tokens": 8, "fresh_bars": 0}
"""How a trained generator is danced with."""
AVERAGED_SHARE = 0.1
"""Of a short training, this much at its end is averaged."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prepared", type=Path, help="the folder that `prepare` has written")
    parser.add_argument("out", type=Path, help="where trainings, models and evaluations are kept")
    parser.add_argument("--data", type=Path, required=True, help="real clips with a manifest.csv")
    parser.add_argument("--recipes", nargs="+", default=[*DANCED, *REBUILT], help="which, in this order (default all)")
    parser.add_argument("--tokenizer-steps", type=int, default=700)
    parser.add_argument("--generator-steps", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=2, help="dances for each clip (default 2)")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    bench = Bench(options)
    try:
        for name in options.recipes:
            bench.rebuild(name)
            if name not in REBUILT:
                bench.dance(name)
            print(f"\n{bench.tables()}", flush=True)
    except MegaDanceError as error:
        parser.exit(1, f"{error}\n")


class Bench:
    """Everything that is kept, in `out`."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._prepared, self._out, self._data = options.prepared, options.out, options.data
        self._steps = options.tokenizer_steps, options.generator_steps
        self._seeds = options.seeds
        self._known = [load_recipe(name) for name in options.recipes]

    def rebuild(self, name: str) -> None:
        """Trains and measures the tokeniser of a recipe."""
        path = self._out / "rebuilt" / f"{name}.json"
        if path.exists():
            return
        tokenizer = load_tokenizer(self._tokenizer(load_recipe(name)))
        clips = [one.clip for one in load_real(self._data)[0] if one.split == "test"]
        back = [rebuild(tokenizer, clip) for clip in clips]
        levels = tokenizer.config.digit_levels
        use = [codebook_use([getattr(one, half) for one in back], levels) for half in ("upper", "lower")]
        mae, mse = (error_of(tuple(getattr(one, what) for one in back)) for what in ("absolute", "squared"))
        values = {
            "mae": vars(mae),
            "mse": vars(mse),
            "levels": min(one.levels for one in use),
            "codes": [one.codes for one in use],
            "perplexity": [one.perplexity for one in use],
        }
        _write(path, values)

    def dance(self, name: str) -> None:
        """Trains the rest of a recipe, lets it dance beside the real clips of the test split, and measures it."""
        told = self._out / "danced" / name
        if (told / "evaluation.json").exists():
            return
        recipe = load_recipe(name)
        tokenizer = load_tokenizer(self._tokenizer(recipe))
        generator = load_generator(self._generator(recipe))
        generator.config = replace(generator.config, **{name: getattr(recipe.generator, name) for name in _DANCED_BY})
        save(told / "model", name, tokenizer, generator, {})
        dancer = load(told / "model")
        plan = Plan(split="test", seeds=self._seeds)
        found = evaluate([(name, dancer)], gather(self._data, plan, [dancer]), plan, perform, load_genre_net())
        write_report(found, told)

    def tables(self) -> str:
        """Of what is known so far."""
        rebuilt = {name: _read(self._out / "rebuilt" / f"{name}.json") for name in self._names("rebuilt/{}.json")}
        danced = {
            name: _read(self._out / "danced" / name / "evaluation.json")
            for name in self._names("danced/{}/evaluation.json")
        }
        head = ["tokeniser of", "joint MAE, m ↓", "joint MSE, m² ↓", "levels in use", "perplexity, upper, lower"]
        parts = [table(head, [_rebuilt_line(name, values) for name, values in rebuilt.items()])]
        if danced:
            real = next(iter(danced.values()))["subjects"]["real"]["measures"]
            lines = [["real", *_cells(real), "-"]]
            lines += [_danced_line(name, values) for name, values in danced.items()]
            titles = [title for title, _ in MEASURES.values()]
            parts.append(table(["dances of", *titles, "new genre in two bars ↑"], lines))
        return "\n\n".join(parts)

    def _names(self, pattern: str) -> Iterator[str]:
        return (recipe.name for recipe in self._known if (self._out / pattern.format(recipe.name)).exists())

    def _tokenizer(self, recipe: Recipe) -> Path:
        """The run of its tokeniser, trained."""
        twin = next(one for one in self._known if _codes(one) == _codes(recipe))
        run: Path = self._out / "tokenizers" / twin.name
        loop = _loop(recipe.tokenizer_training, self._steps[0])
        _follow(
            f"{twin.name}, tokeniser",
            train_tokenizer(self._prepared, run, recipe.tokenizer, loop, recipe.tokenizer_training),
        )
        return run

    def _generator(self, recipe: Recipe) -> Path:
        """The run of its generator, trained."""
        twin = next(one for one in self._known if _composes(one) == _composes(recipe))
        run: Path = self._out / "generators" / twin.name
        tokenizer = load_tokenizer(self._tokenizer(recipe))
        experts = tuple(sorted({clip.genre for clip in load_prepared(self._prepared)}))
        config = replace(recipe.generator, experts=experts, levels=tokenizer.config.digit_levels)
        loop = _loop(recipe.generator_training, self._steps[1])
        _follow(
            f"{twin.name}, generator",
            train_generator(self._prepared, tokenizer, run, config, loop, recipe.generator_training),
        )
        return run


def _codes(recipe: Recipe) -> object:
    """What its tokeniser depends on."""
    return recipe.tokenizer, recipe.tokenizer_training


def _composes(recipe: Recipe) -> object:
    """What its generator depends on: not how it is drawn from."""
    return _codes(recipe), replace(recipe.generator, **_DANCED_BY), recipe.generator_training


def _loop(settings: StageTraining, steps: int) -> LoopConfig:
    return LoopConfig(
        steps=steps,
        learning_rate=settings.learning_rate,
        warmup_steps=min(settings.warmup_steps, steps // 4),
        final_fraction=settings.final_fraction,
        weight_decay=settings.weight_decay,
        ema_decay=min(settings.ema_decay, 1.0 - 1.0 / max(2.0, AVERAGED_SHARE * steps)),
        checkpoint_every=settings.checkpoint_every,
    )


def _follow(what: str, reports: Iterable[Report]) -> None:
    for report in reports:
        if report.held_out is not None:
            told = ", ".join(f"{key} {report.held_out[key]:.4f}" for key in ("mae_m", "nats") if key in report.held_out)
            print(f"{what}: step {report.step} of {report.steps}, held out {told}", flush=True)


def _rebuilt_line(name: str, values: dict[str, Any]) -> list[str]:
    return [
        name,
        text(Estimate(**values["mae"]), 4),
        text(Estimate(**values["mse"]), 5),
        f"{values['levels']:.2f}",
        ", ".join(f"{one:.0f}" for one in values["perplexity"]),
    ]


def _danced_line(name: str, values: dict[str, Any]) -> list[str]:
    switched = values["models"][name]["switches"]["recognised"]
    return [name, *_cells(values["subjects"][name]["measures"]), "-" if switched is None else number(switched, 2)]


def _cells(measures: dict[str, Any]) -> list[str]:
    return [
        text(Estimate(**{part: float("nan") if one is None else one for part, one in measures[key].items()}), digits)
        for key, (_, digits) in MEASURES.items()
    ]


def _write(path: Path, values: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


if __name__ == "__main__":
    main()
