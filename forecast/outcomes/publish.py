"""A store appears under its name only when complete, and replaces another only then."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forecast.errors import ForecastError
from forecast.outcomes.layout import COMMITS_ROOT, ROOT, root_object, sealed
from forecast.outcomes.places.folder import Folder
from forecast.outcomes.store import is_outcome_store


@contextmanager
def new_store(output: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a hidden folder beside `output` to fill; at the end it takes that name.

    If the work inside fails, the hidden folder is removed and nothing else is touched.

    Parameters
    ----------
    output
        Final name of the store.
    overwrite
        Whether an existing outcome store of that name is replaced.

    Raises
    ------
    ForecastError
        If the output exists and may not be replaced, or cannot be written.
    """
    refuse_taken(output, overwrite=overwrite)
    growing = output.with_name(f".{output.name}.partial-{uuid.uuid4().hex[:8]}")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        growing.mkdir()
        growing.rmdir()
        yield growing
        refuse_taken(output, overwrite=overwrite)
        _take_place(growing, output)
    except OSError as error:
        raise ForecastError(
            f"{output}: cannot be written ({error.strerror or error}); choose another --output"
        ) from error
    finally:
        shutil.rmtree(growing, ignore_errors=True)


def seal(place: Folder) -> None:
    """Seal a store that was written whole: every object of it is part of its layout."""
    objects = {key: place.get(key) or b"" for key in place.list("")}
    root = json.loads(objects.pop(ROOT))["attributes"]
    commits = {COMMITS_ROOT: root_object({"description": "What proves the rest."})}
    layout = sealed({**objects, **commits}, {**root, "complete": True})
    place.make_room(layout.objects)
    place.put({key: data for key, data in layout.objects.items() if key not in objects})


def refuse_taken(output: Path, *, overwrite: bool) -> None:
    """Raise if something stands at `output` that may not be replaced."""
    if not os.path.lexists(output):
        return
    if not overwrite:
        raise ForecastError(
            f"{output}: exists; choose another --output, or replace it with --overwrite"
        )
    if not is_outcome_store(Folder(output)):
        raise ForecastError(
            f"{output}: exists and is not an outcome store of this package, so it is not "
            "overwritten; choose another --output"
        )


def _take_place(growing: Path, output: Path) -> None:
    if not output.exists():
        growing.rename(output)
        return
    former = growing.with_name(growing.name.replace(".partial-", ".former-"))
    output.rename(former)
    growing.rename(output)
    shutil.rmtree(former, ignore_errors=True)
