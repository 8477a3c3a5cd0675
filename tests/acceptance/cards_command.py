"""The `cards` command as users and programs run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).parent / "cards")


@dataclass(frozen=True, slots=True)
class Done:
    """How the command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What it wrote to stdout, as JSON: nothing else may stand there."""
        assert self.out, self.err
        return json.loads(self.out)


def environment() -> dict[str, str]:
    """Return ours, with compiled modules kept: some dozen starts are seconds each without."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"NO_COLOR": "1"}


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start the command with the settings of this process's environment."""
    return subprocess.Popen(
        [COMMAND, *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = 150) -> Done:
    """Wait for the command."""
    out, err = process.communicate(timeout=seconds)
    return Done(process.returncode, out, err)


def cards(*arguments: str) -> Done:
    """Run the command to its end."""
    return finish(start(*arguments))
