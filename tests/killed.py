"""A run in a process of its own, to be killed: python -m tests.killed OUTPUT TRAJECTORIES HOW."""

from __future__ import annotations

import json
import sys
import time

from forecast.outcomes import draft
from tests.small_world import small_run

PAUSE = 0.15
"""Seconds before every commit, so that a signal surely arrives in the middle of the run."""


def main() -> None:
    """Run the small scenario, slowly, and tell of every commit."""
    output, trajectories, how = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
    honest = draft.Draft.commit

    def slow(self: draft.Draft, index: int, checksums: list[int]) -> None:
        time.sleep(PAUSE)
        honest(self, index, checksums)
        print("committed", index, flush=True)

    draft.Draft.commit = slow  # type: ignore[method-assign]
    print("begun", flush=True)
    small_run(output, trajectories=trajectories, **how)
    print("complete", flush=True)


if __name__ == "__main__":
    main()
