"""JSON Schema of the configuration files, for editors and other tools."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from forecast.scenario.architectures import Heading
from forecast.scenario.models import Conduct, Institution, ScenarioFile
from forecast.scenario.parameters import Parameters

Schema = dict[str, Any]


def config_schema() -> Schema:
    """Return the JSON Schema that scenario, architecture and parameters files each satisfy."""
    models = (ScenarioFile, Parameters, Heading, Conduct, Institution)
    _, collected = models_json_schema([(model, "validation") for model in models])
    definitions: Schema = collected["$defs"]
    definitions["ArchitectureFile"] = _architecture_file(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration files of crossroads-forecast",
        "anyOf": [
            {"$ref": f"#/$defs/{name}"}
            for name in ("ScenarioFile", "ArchitectureFile", "Parameters")
        ],
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Return the schema as it is committed and printed."""
    return json.dumps(config_schema(), indent=2) + "\n"


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
