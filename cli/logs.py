"""Log files of this command and of the flows it starts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

#: Logs of one kind that are kept.
KEPT = 50


def logs_dir(data_dir: Path) -> Path:
    """Return the folder of the logs; made if it is not there."""
    folder = data_dir / "logs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def new_log(data_dir: Path, kind: str) -> Path:
    """Return the path of a new log, and remove the oldest of its kind."""
    folder = logs_dir(data_dir)
    for old in sorted(folder.glob(f"{kind}-*.log"))[: -KEPT + 1]:
        old.unlink(missing_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    return folder / f"{kind}-{moment}.log"
