from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from forecast.run import run
from forecast.scenario.documents import shipped_configs
from forecast.scenario.load import load_scenario

NOTEBOOK = Path(__file__).parents[1] / "docs" / "analysis.ipynb"
MOST_BYTES = 300_000
MACHINE = ("/tmp/", "/home/", "/root/", "/Users/", "/work/", "site-packages", ".venv")


def test_notebook__is_executed_and_says_nothing_of_a_machine() -> None:
    text = NOTEBOOK.read_text()
    assert len(text) < MOST_BYTES
    assert not [word for word in MACHINE if word in text]
    cells = [c for c in nbformat.reads(text, as_version=4).cells if c.cell_type == "code"]
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1))
    outputs = [output for c in cells for output in c.outputs]
    assert {output.output_type for output in outputs} <= {
        "stream",
        "display_data",
        "execute_result",
    }
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 3


@pytest.mark.verify
def test_notebook__runs_on_another_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip("nbclient")
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    settings = ["run.trajectories=16", "run.batch_size=4"]
    scenario = load_scenario(shipped_configs() / "three_futures.toml", settings)
    run(scenario, output=tmp_path / "three_futures.zarr", progress=lambda done, total: None)
    shutil.copy(NOTEBOOK, tmp_path / "analysis.ipynb")
    notebook = nbformat.read(tmp_path / "analysis.ipynb", as_version=4)
    where = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    assert (tmp_path / "annual.nc").exists()
    assert (tmp_path / "draws.parquet").exists()
