"""Become a server that does not outlive the stack.

Run as `python -I -S launcher.py PARENT SIGNAL UID GID COMMAND…`: gives up root for UID and GID
(−1 keeps the user), asks the kernel to send SIGNAL when the thread that started us is gone,
then turns into COMMAND. A program of its own and not a `preexec_fn`, because code between fork
and exec may deadlock in a parent with threads. Only Linux has such a request; elsewhere the next
start of the stack stops what a killed one left behind.
"""

from __future__ import annotations

import ctypes
import os
import sys

#: From <sys/prctl.h>.
PR_SET_PDEATHSIG = 1
#: What a shell answers when a command cannot be run.
CANNOT_RUN = 127


def die_with(parent: int, signal_number: int) -> None:
    """Ask for the signal on the parent's death, and end now if that was already."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal_number) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:
        sys.exit("the stack is gone")


def main(arguments: list[str]) -> None:
    """Change user, tie our life to the parent's, become the command."""
    parent, signal_number, uid, gid = (int(word) for word in arguments[:4])
    command = arguments[4:]
    try:
        if uid >= 0:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        # After the change of user, which would clear the request.
        if sys.platform == "linux":
            die_with(parent, signal_number)
        os.execv(command[0], command)  # noqa: S606 - that is what this program is for
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error}\n")
        sys.exit(CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
