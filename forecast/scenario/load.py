"""From configuration files to one frozen scenario."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from forecast.scenario.architectures import resolve_architecture
from forecast.scenario.documents import Document, Library, read_document
from forecast.scenario.estimates import mismatches
from forecast.scenario.faults import Faults, dotted
from forecast.scenario.lines import KeyPath
from forecast.scenario.models import About, Architecture, Scenario, ScenarioFile
from forecast.scenario.overrides import (
    Override,
    override_architecture,
    override_parameters,
    override_request,
    parse_overrides,
    refuse_unknown_architectures,
)
from forecast.scenario.parameter_inheritance import resolve_parameters
from forecast.scenario.parameters import Parameters
from forecast.scenario.priors import UncertainTables
from forecast.scenario.variants import as_variant, split_label


def load_scenario(path: str | PathLike[str], overrides: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a configuration file, merged with all it draws on.

    Parameters
    ----------
    path
        Scenario file (TOML). Architectures and parameters it names are looked for in the
        folders ``architectures`` and ``parameters`` beside it, then among the shipped ones;
        an architecture may be asked for as a comparability variant, ``name@variant``.
    overrides
        Each "key.path=value", with the value in TOML, such as ``run.seed=7``,
        ``parameters.onset.deterrence=0`` or ``architectures.strengthened_un.un.share=0.02``.

    Returns
    -------
    Scenario
        Frozen; ``model_dump()`` gives the whole merged configuration.

    Raises
    ------
    ForecastError
        Where anything is wrong: every fault at once, each with file, line and key path.
    """
    faults = Faults()
    settings = parse_overrides(overrides, faults)
    document = read_document(Path(path), faults)
    if document is not None:
        override_request(document, settings, faults)
    request = _checked_request(document, faults) if document else None
    about = _about(document) if document else None
    library = Library.beside(Path(path))
    parameters, architectures = None, {}
    known = UncertainTables()
    if document and about:
        parameters, known = _load_parameters(about, document, library, settings, faults)
        architectures = _load_architectures(about, document, library, settings, faults)
    faults.raise_if_any()
    assert document is not None  # otherwise a fault was noted and raised
    assert request is not None
    merged = {
        **dict(request.scenario),
        **{name: getattr(request, name) for name in ("horizon", "run", "uncertainty", "stop")},
        "parameters": parameters,
        "estimates": known.estimate,
        "mixtures": known.mixture,
        "priors": known.prior,
        "architectures": architectures,
    }
    scenario = _checked_scenario(merged, document, faults)
    faults.raise_if_any()
    assert scenario is not None
    return scenario


def _checked_scenario(
    merged: dict[str, Any], document: Document, faults: Faults
) -> Scenario | None:
    """Check what only the parts together can show: that the parameters know no future."""
    place = document.place(("scenario", "parameters"))
    return faults.validated(
        Scenario, merged, lambda loc: place, lambda loc: dotted("scenario", "parameters")
    )


def _checked_request(document: Document, faults: Faults) -> ScenarioFile | None:
    return faults.validated(ScenarioFile, document.data, document.place, lambda loc: dotted(*loc))


def _about(document: Document) -> About | None:
    """Return ``[scenario]`` even where other tables are at fault, to check the files it names."""
    ignored = Faults()
    table = document.data.get("scenario")
    return ignored.validated(About, table, lambda loc: "", lambda loc: "")


def _load_parameters(
    about: About, asking: Document, library: Library, overrides: list[Override], faults: Faults
) -> tuple[Parameters | None, UncertainTables]:
    key: KeyPath = ("scenario", "parameters")
    resolved = resolve_parameters(
        about.parameters, library, asking.place(key), dotted(*key), faults
    )
    if resolved is None:
        return None, UncertainTables()
    entries, written = resolved
    override_parameters(entries, overrides, faults)
    parameters = faults.validated(
        Parameters, entries.data, entries.place, lambda loc: dotted("parameters", *loc)
    )
    known = faults.validated(
        UncertainTables, written.data, written.place, lambda loc: dotted("parameters", *loc)
    )
    if known is None:
        return parameters, UncertainTables()
    if parameters:
        for number, name, message in mismatches(parameters, known.estimate):
            place = written.place(("estimate", number, "values"))
            faults.add(place, f"parameters.{name}", message)
    return parameters, known


def _load_architectures(
    about: About, asking: Document, library: Library, overrides: list[Override], faults: Faults
) -> dict[str, Architecture]:
    key: KeyPath = ("scenario", "architectures")
    refuse_unknown_architectures(about.architectures, overrides, faults)
    loaded = {}
    for label in about.architectures:
        name, variant = split_label(label)
        document = resolve_architecture(name, library, asking.place(key), dotted(*key), faults)
        if document is None:
            continue
        override_architecture(label, document, overrides, faults)
        architecture = _checked_architecture(label, document, faults)
        if architecture is not None:
            loaded[label] = as_variant(architecture, variant)
    return loaded


def _checked_architecture(name: str, document: Document, faults: Faults) -> Architecture | None:
    def key(loc: KeyPath) -> str:
        """Spell the path as ``--set`` takes it: institutions stand directly in the architecture."""
        return dotted("architectures", name, *(loc[1:] if loc[:1] == ("institutions",) else loc))

    return faults.validated(Architecture, document.data, document.place, key)
