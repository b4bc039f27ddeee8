from pathlib import Path

import pytest
import torch

from megadance_live.core.errors import ConfigError
from models.config_file import config_from
from models.generator.config import GeneratorConfig
from models.generator.model import DanceGenerator
from models.recipe import load_recipe, shipped
from models.tokenizer.config import TokenizerConfig
from models.training.settings import GeneratorTraining, TokenizerTraining


def written(folder: Path, text: str, name: str = "mine.toml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_live_is_what_the_code_does_by_itself() -> None:
    recipe = load_recipe()
    assert recipe.name == "live"
    assert recipe.tokenizer.decoder == "causal"
    assert recipe.generator.attention == "window"
    assert recipe.generator.universal
    assert recipe.generator.specialised
    assert recipe.generator.mamba
    assert recipe.tokenizer_training.kinematic
    assert recipe.tokenizer_training.dynamic
    assert recipe.tokenizer_training.jerk
    assert recipe.tokenizer_training.pace


def test_paper_is_the_published_system() -> None:
    recipe = load_recipe("paper")
    assert (recipe.tokenizer.token_frames, recipe.tokenizer.decoder) == (8, "full")
    generator = recipe.generator
    assert (generator.window, generator.conditioning, generator.temperature) == (22, "sampled", 0.0)
    assert (generator.digits, generator.music_lag_tokens, generator.phase) == ("independent", 1, False)
    assert not recipe.generator_training.corrupt_history
    assert recipe.tokenizer_training.jerk == recipe.tokenizer_training.pace == 0.0


@pytest.mark.parametrize(
    ("name", "part", "field", "value"),
    [
        ("vq-vae", "tokenizer", "quantiser", "vq"),
        ("no-kinematic-loss", "tokenizer_training", "kinematic", False),
        ("no-dynamic-loss", "tokenizer_training", "dynamic", False),
        ("no-specialised-expert", "generator", "specialised", False),
        ("no-universal-expert", "generator", "universal", False),
        ("no-mamba", "generator", "mamba", False),
        ("causal-attention", "generator", "attention", "causal"),
    ],
)
def test_an_ablation_is_its_base_but_for_one_switch(name: str, part: str, field: str, value: object) -> None:
    live, other = load_recipe("published-codes" if name == "vq-vae" else "live"), load_recipe(name)
    assert getattr(getattr(other, part), field) == value
    for each in ("tokenizer", "generator", "tokenizer_training", "generator_training"):
        same, changed = vars(getattr(live, each)), vars(getattr(other, each))
        assert {key for key in same if same[key] != changed[key]} == ({field} if each == part else set())


def test_every_shipped_recipe_is_listed_and_reads() -> None:
    assert {"live", "paper", "paper-large", "no-mamba"} < set(shipped())
    for name in shipped():
        assert load_recipe(name).name == name


def test_a_recipe_of_ones_own_stands_on_another_beside_it(tmp_path: Path) -> None:
    written(tmp_path, 'base = "paper"\n[generator]\nwindow = 12\nlayers = 2', "first.toml")
    recipe = load_recipe(written(tmp_path, 'base = "first.toml"\n[generator]\nlayers = 5\ndropout = 0'))
    generator = recipe.generator
    assert (generator.window, generator.layers, generator.dropout, generator.phase) == (12, 5, 0.0, False)
    assert recipe.name == "mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tokenizer]\nlevles = [3]", "did you mean 'tokenizer.levels'"),
        ("[dancer]", "'dancer' is not a setting"),
        ("generator = 3", "must be a table"),
        ("[generator]\nexperts = ['house']", "'generator.experts' is not a setting"),
        ("[generator]\nlayers = 'three'", "generator.layers: input should be a valid integer, not 'three'"),
        ("[generator]\nattention = 'all'", "input should be 'window' or 'causal', not 'all'"),
        ("[generator]\nuniversal = 1", "generator.universal: input should be a valid boolean, not 1"),
        ("[generator]\nuniversal = false\nspecialised = false", "needs the universal or the specialised expert"),
        ("[generator]\nmodel = 30\nheads = 4", "model must be a multiple of heads"),
        ("[tokenizer]\ntoken_frames = 5", "token_frames is 4 or 8"),
        ("[generator_training]\nsteps = 0", "are greater than 0"),
        ("[generator_training]\nbatch = 5", "batch must be a multiple of genres_per_batch"),
        ("[generator", "is not TOML"),
        ("base = 3", "must be the name of a recipe"),
        ('base = "lives"', "There is no recipe 'lives'"),
        ('base = "mine.toml"', "leads back to itself"),
    ],
)
def test_mistakes_are_said_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_recipe(written(tmp_path, text))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_recipe_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match=r"There is no recipe 'tango'.*live.*no-mamba.*paper"):
        load_recipe("tango")


def test_configurations_from_before_the_switches_mean_what_they_meant() -> None:
    old = config_from(GeneratorConfig, {"experts": ["house"], "levels": [3, 2], "window": 8})
    assert (old.attention, old.sight, old.digits, old.conditioning) == ("window", 8, "chain", "pooled")
    assert config_from(TokenizerConfig, {"levels": [3, 2]}).digit_levels == (3, 2)
    assert TokenizerTraining().kinematic
    assert GeneratorTraining().corrupt_history


def test_without_an_expert_there_are_no_weights_of_it() -> None:
    sizes = {"experts": ("house", "krump"), "model": 8, "heads": 2, "layers": 1, "universal_hidden": 8}
    whole = set(DanceGenerator(GeneratorConfig(**sizes)).state_dict())
    for switch, words in (("universal", ".universal."), ("specialised", ".experts."), ("mamba", ".mambas.")):
        without = set(DanceGenerator(GeneratorConfig(**sizes, **{switch: False})).state_dict())
        assert without < whole
        assert not [name for name in without if words in name]
        assert [name for name in whole - without if words in name]


def test_without_the_specialised_expert_nothing_tells_the_genre() -> None:
    torch.manual_seed(0)
    config = GeneratorConfig(experts=("house", "krump"), model=8, heads=2, layers=1, specialised=False)
    model = DanceGenerator(config).eval()
    condition = torch.randn(1, 5, config.condition)
    digits = torch.zeros(1, 5, 5, dtype=torch.long)
    first, second = (model(condition, digits, digits, torch.tensor([expert])) for expert in (0, 1))
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])
