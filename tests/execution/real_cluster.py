"""A scheduler and workers of dask.distributed in processes of their own, on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from distributed import Client

REPOSITORY = Path(__file__).parents[2]
WITHIN = 60.0
"""Seconds after which a test gives up waiting."""

START = """
{before}
import sys
from distributed.cli.dask_{what} import main
sys.argv[0] = "dask-{what}"
main()
"""


def wait_until(true: Callable[[], Any], within: float = WITHIN) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class RealCluster:
    """Processes that end with the block; their output lies in the folder, for whoever mends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> RealCluster:
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(self.file.exists)
        self.client = Client(scheduler_file=str(self.file), set_as_default=False)
        return self

    def __exit__(self, *fault: object) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        self.client.close(timeout=1)

    @property
    def address(self) -> str:
        return str(self.client.scheduler.address)

    def start_worker(self, name: str = "good", before: str = "") -> subprocess.Popen[bytes]:
        """Start a worker of one thread, in a folder of its own; some code may come before."""
        options = ["--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--name", name]
        return self._start("worker", *options, before=before)

    def add_worker(self, name: str = "good", before: str = "") -> subprocess.Popen[bytes]:
        """Start a worker and wait until it has joined."""
        there = len(self.client.nthreads())
        process = self.start_worker(name, before)
        wait_until(lambda: len(self.client.nthreads()) > there)
        return process

    @contextmanager
    def with_workers(self, **before: str) -> Iterator[dict[str, str]]:
        """Yield the addresses of all workers by name, those that join for the block among them."""
        there = len(self.client.nthreads())
        guests = [self.add_worker(name, code) for name, code in before.items()]
        try:
            found = self.client.scheduler_info(n_workers=-1)["workers"]
            yield {info["name"]: address for address, info in found.items()}
        finally:
            for guest in guests:
                guest.kill()
                guest.wait()
            wait_until(lambda: len(self.client.nthreads()) == there)

    def tasks(self) -> int:
        """Return how many tasks the scheduler knows of."""
        return int(self.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))

    def _start(self, what: str, *options: str, before: str = "") -> subprocess.Popen[bytes]:
        code = START.format(what=what, before=before)
        shared = ["--scheduler-file", str(self.file), "--no-dashboard"]
        with (self.folder / f"{what}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", code, *shared, *options],
                cwd=self.folder, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
                stdout=log, stderr=log,
            )  # fmt: skip
        self.processes.append(process)
        return process
