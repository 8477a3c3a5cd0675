"""Whom PostgreSQL runs as when we are root, which it refuses to be."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

#: Accounts to borrow, best first. None is made: `nobody` exists everywhere.
CANDIDATES = ("embedded_postgres", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class SystemUser:
    """An account of this machine."""

    name: str
    uid: int
    gid: int

    @classmethod
    def by_uid(cls, uid: int) -> SystemUser:
        """Return the account with this number. PostgreSQL, too, insists that it has a name."""
        entry = pwd.getpwuid(uid)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def may_enter(self, folder: Path) -> bool:
        """Whether the account can reach a folder: the run bit of it and of all above it."""
        return all(self._may_pass(part) for part in (folder, *folder.parents))

    def _may_pass(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def user_for(folder: Path) -> SystemUser | None:
    """Return the account for a server with its data in `folder`; None: as we are.

    The owner of a folder that is there keeps it; a new one goes to the first candidate.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return SystemUser.by_uid(folder.stat().st_uid)
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return next((SystemUser.by_uid(known[name]) for name in CANDIDATES if name in known), None)
