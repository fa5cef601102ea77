"""JSON Schema of the configuration files, for editors and other tools."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from forecast.scenario.architectures import Heading
from forecast.scenario.conduct import Conduct
from forecast.scenario.estimates import Estimate
from forecast.scenario.institution import Institution
from forecast.scenario.models import ScenarioFile
from forecast.scenario.parameter_inheritance import LISTS
from forecast.scenario.parameters import Parameters
from forecast.scenario.priors import Mixture, Prior

Schema = dict[str, Any]


def config_schema() -> Schema:
    """Return the JSON Schema that scenario, architecture and parameters files each satisfy."""
    models = (ScenarioFile, Parameters, Estimate, Mixture, Prior, Heading, Conduct, Institution)
    _, collected = models_json_schema([(model, "validation") for model in models])
    definitions: Schema = collected["$defs"]
    definitions["ArchitectureFile"] = _architecture_file(definitions)
    definitions["DerivedParameters"] = _derived_parameters(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration files of crossroads-forecast",
        "anyOf": [
            {"$ref": f"#/$defs/{name}"}
            for name in ("ScenarioFile", "ArchitectureFile", "Parameters", "DerivedParameters")
        ],
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Return the schema as it is committed and printed."""
    return json.dumps(config_schema(), indent=2) + "\n"


def _derived_parameters(definitions: Schema) -> Schema:
    """Return the schema of a parameter file that states only what differs from its base."""
    groups: Schema = {
        name: _loosened(definitions, reference["$ref"].rsplit("/", 1)[-1])
        for name, reference in definitions["Parameters"]["properties"].items()
    }
    lists: Schema = {
        key: {"type": "array", "items": {"$ref": f"#/$defs/{key.title()}"}} for key in LISTS
    }
    full: Schema = definitions["Parameters"]
    full["properties"] = {**full["properties"], **lists}
    return {
        "title": "DerivedParameters",
        "description": "Constants that differ from those of another file, and what is uncertain.",
        "type": "object",
        "additionalProperties": False,
        "required": ["base"],
        "properties": {
            "base": {"type": "string", "minLength": 1},
            **groups,
            **lists,
        },
    }


def _loosened(definitions: Schema, group: str) -> Schema:
    """Return a group of which any entry may be stated, and that without its unit."""
    kinds = {
        name: reference["$ref"].rsplit("/", 1)[-1]
        for name, reference in definitions[group]["properties"].items()
    }
    for kind in sorted(set(kinds.values())):
        full = definitions[kind]
        needed = [key for key in full["required"] if key != "unit"]
        definitions[f"Derived{kind}"] = {**full, "title": f"Derived{kind}", "required": needed}
    entries = {name: {"$ref": f"#/$defs/Derived{kind}"} for name, kind in kinds.items()}
    return {"type": "object", "additionalProperties": False, "properties": entries}


def _architecture_file(definitions: Schema) -> Schema:
    """Return the schema of an architecture file, whose records may leave fields to its base."""
    institution: Schema = definitions.pop("Institution")
    record = {
        **institution,
        "title": "InstitutionRecord",
        "required": ["id"],
        "properties": {**institution["properties"], "void": {"const": True, "title": "Void"}},
    }
    shared = {name: part for name, part in institution["properties"].items() if name != "id"}
    defaults = {**institution, "title": "InstitutionDefaults", "properties": shared}
    conduct: Schema = definitions.pop("Conduct")
    del defaults["required"], conduct["required"]
    return {
        "title": "ArchitectureFile",
        "description": "A security architecture, or what it changes in its base.",
        "type": "object",
        "additionalProperties": False,
        "required": ["architecture"],
        "properties": {
            "architecture": {"$ref": "#/$defs/Heading"},
            "conduct": conduct,
            "institution_defaults": defaults,
            "institution": {"type": "array", "items": record},
        },
    }
