from __future__ import annotations

from forecast.scenario.documents import shipped_configs
from forecast.scenario.schema import config_schema, schema_text


def test_schema__committed_file_is_current() -> None:
    assert (shipped_configs() / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_schema__derived_records_need_no_more_than_an_id() -> None:
    file = config_schema()["$defs"]["ArchitectureFile"]
    record = file["properties"]["institution"]["items"]
    assert record["required"] == ["id"]
    assert "void" in record["properties"]
    assert not record["additionalProperties"]


def test_schema__quantities_may_be_bare_numbers() -> None:
    number, record = config_schema()["$defs"]["Probability"]["anyOf"]
    assert number == {"type": "number", "minimum": 0, "maximum": 1}
    assert record["required"] == ["value", "source"]
