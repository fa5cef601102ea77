"""Where a run's numbers come from: versions, commit, machine, data and time."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

PACKAGE = "crossroads-forecast"

CITATION = (
    f"{PACKAGE} contributors: Crossroads forecast, probabilistic forecasts of interstate conflict "
    "under rival collective-security architectures, version {version}."
)


def citation() -> str:
    """Return how to cite a store made by this version."""
    return CITATION.format(version=metadata.version(PACKAGE))


def provenance(data_sources: str) -> dict[str, str]:
    """Return what made a store.

    Parameters
    ----------
    data_sources
        Citations of the data behind the world of the run.
    """
    return {
        "package_version": metadata.version(PACKAGE),
        "git_commit": git_commit(),
        "python": platform.python_version(),
        "numba": metadata.version("numba"),
        "numpy": metadata.version("numpy"),
        "xarray": metadata.version("xarray"),
        "zarr": metadata.version("zarr"),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "data_sources": data_sources,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def git_commit() -> str:
    """Return the commit of the checkout the package runs from, or ``none`` outside a checkout.

    Uncommitted changes to tracked files are marked by ``+changes``.
    """
    commit = _git("rev-parse", "HEAD")
    # An installed package may lie in a folder of somebody else's repository.
    if commit is None or _git("ls-files", "--error-unmatch", Path(__file__).name) is None:
        return "none"
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return f"{commit}+changes" if changed else commit


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
