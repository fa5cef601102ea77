"""Configuration texts with the place of every key, and where they are found."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forecast.errors import ForecastError
from forecast.scenario.faults import Faults, nearest
from forecast.scenario.lines import KeyPath, key_lines


@dataclass
class Document:
    """Raw configuration data and, for its key paths, the "file:line" they came from."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[KeyPath, str] = field(default_factory=dict)

    def place(self, path: KeyPath) -> str:
        """Return the place of the longest part of `path` that was written somewhere."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.name


def read_document(file: Path, faults: Faults) -> Document | None:
    """Return the TOML file as a document; None, with a fault noted, where it cannot be read."""
    name = _shown(file)
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add(_with_line(name, str(error)), "", f"is not valid TOML: {error}")
    except UnicodeDecodeError as error:
        faults.add(name, "", f"is not UTF-8 text: {error.reason} at byte {error.start}")
    except OSError as error:
        faults.add(name, "", f"cannot be read: {error.strerror}")
    else:
        places = {path: f"{name}:{line}" for path, line in key_lines(text).items()}
        return Document(name, data, places)
    return None


def shipped_configs() -> Path:
    """Return the folder of the configurations that come with the project."""
    package = Path(__file__).parents[1]
    installed = package / "_configs"
    return installed if installed.is_dir() else package.parent / "configs"


def copy_scenario(name: str, directory: Path) -> Path:
    """Copy a shipped scenario file into `directory` and return the copy.

    Raises
    ------
    ForecastError
        If no such scenario is shipped, a file of its name exists, or nothing can be written.
    """
    shipped = {file.stem: file for file in shipped_configs().glob("*.toml")}
    if name not in shipped:
        known = ", ".join(sorted(shipped))
        raise ForecastError(
            f"no shipped scenario {name!r}{nearest(name, shipped)} (there are {known})"
        )
    copy = directory / f"{name}.toml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with copy.open("x", encoding="utf-8") as file:
            file.write(shipped[name].read_text(encoding="utf-8"))
    except FileExistsError:
        raise ForecastError(f"{copy} exists; choose another --directory or remove it") from None
    except OSError as error:
        raise ForecastError(f"{copy} cannot be written: {error.strerror}") from error
    return copy


@dataclass(frozen=True)
class Library:
    """The named files a scenario may draw on: those beside it first, then the shipped ones."""

    folders: tuple[Path, ...]

    @classmethod
    def beside(cls, scenario_file: Path) -> Library:
        """Return the library of a scenario file."""
        return cls((scenario_file.parent, shipped_configs()))

    def read(
        self, kind: str, name: str, asked_at: str, key: str, faults: Faults
    ) -> Document | None:
        """Return ``kind/name.toml`` from the first folder that holds it.

        Parameters
        ----------
        kind
            Subfolder: "architectures" or "parameters".
        name
            File name without its ending.
        asked_at, key
            Place and key that name the file, for the fault where no folder holds it.
        faults
            Takes what is wrong.
        """
        for folder in self.folders:
            file = folder / kind / f"{name}.toml"
            if file.is_file():
                return read_document(file, faults)
        hint = nearest(name, self.names(kind))
        where = " or ".join(_shown(folder / kind) for folder in dict.fromkeys(self.folders))
        faults.add(asked_at, key, f"no file {name}.toml in {where}{hint}")
        return None

    def names(self, kind: str) -> list[str]:
        """Return the names available under `kind`, sorted."""
        return sorted(
            {file.stem for folder in self.folders for file in (folder / kind).glob("*.toml")}
        )


def _with_line(name: str, message: str) -> str:
    line = re.search(r"at line (\d+)", message)
    return f"{name}:{line[1]}" if line else name


def _shown(file: Path) -> str:
    """Return the path as a person would write it: relative where it lies below the folder."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)
