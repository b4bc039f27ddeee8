"""From a preset and the options that override it to the plan of a show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from megadance_live.commands import dancer
from megadance_live.config.preset import Preset, Receiver
from megadance_live.control.osc_in import OscInSettings
from megadance_live.core.destination import parse_destination
from megadance_live.core.errors import ConfigError, DestinationError
from megadance_live.engine.setup import EngineSetup
from megadance_live.engine.take_setup import TakeSetup
from megadance_live.show.document import Document
from megadance_live.show.show import ShowPlan


@dataclass(frozen=True)
class RunOptions:
    """What was given on the command line; None and () leave it to the preset."""

    audio: str | None = None
    expert: str | None = None
    cue: Path | None = None
    seed: int | None = None
    osc: Sequence[str] = ()
    vmc: Sequence[str] = ()
    record: Path | None = None
    osc_in: int | None = None
    model: Path | None = None
    single_process: bool = False


def plan_show(document: Document, options: RunOptions, *, patient: bool = False) -> ShowPlan:
    """What is performed: the document, changed by the options. With `patient` a show goes on without what is missing.

    Raises ConfigError, DestinationError, TakeError or WeightsError for what cannot be understood.
    """
    experts = dancer.known_experts(options.model)
    document.know(experts=experts)
    _change(document, options)
    preset = document.preset
    engine = EngineSetup(
        audio=preset.audio.source,
        make_dancer=partial(dancer.load_dancer, options.model),
        take=TakeSetup.of(preset.record),
        expert=options.expert or (preset.dance.expert if preset.dance.expert in experts else None),
        seed=preset.dance.seed if options.seed is None else options.seed,
        cues=options.cue or document.cues(),
        commands=preset.commands(),
        loop=preset.audio.loop,
        tracker=preset.audio.tracker,
        record=options.record is not None or preset.record.at_start,
        patient=patient,
    )
    return ShowPlan(engine, document, _control(preset, options), options.single_process, patient)


def _change(document: Document, options: RunOptions) -> None:
    """What the command line says stands in the document, too, so that the app shows what is performed."""
    preset = document.preset
    if options.audio is not None:
        _revise(document, "audio", preset.audio.model_copy(update={"source": options.audio}))
    if options.record is not None:
        _revise(document, "record", preset.record.model_copy(update={"folder": str(options.record.absolute())}))
    if options.osc or options.vmc:
        _revise(document, "output", preset.output.model_copy(update={"receivers": receivers(options)}))


def _revise(document: Document, field: str, value: object) -> None:
    """Raises ConfigError for what the document refuses."""
    if not document.revise(field, value):
        raise ConfigError(document.view().problems[0])


def receivers(options: RunOptions) -> tuple[Receiver, ...]:
    """Those of the command line. Raises DestinationError, also for one that is given twice: it would see every frame
    twice."""
    parsed = [parse_destination(text, "native") for text in options.osc]
    parsed += [parse_destination(text, "vmc") for text in options.vmc]
    for destination in parsed:
        if parsed.count(destination) > 1:
            raise DestinationError(f"The destination {destination.address} is given twice; leave one of them out.")
    return tuple(Receiver(to=destination.text) for destination in parsed)


def _control(preset: Preset, options: RunOptions) -> OscInSettings | None:
    control = preset.control
    if options.osc_in is not None:
        return OscInSettings(control.host, options.osc_in, control.allow) if options.osc_in else None
    return OscInSettings(control.host, control.port, control.allow) if control.enabled else None
