"""A flow in a process of its own: what happens to it happens to nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.failures import FlowDied
from cli.logs import new_log
from deployments.local.addresses import VARIABLES
from deployments.local.child import Launch
from deployments.local.prefect_environment import client_environment
from deployments.local.processes import end, family
from deployments.local.recovery import running_stack
from deployments.local.termination import Termination
from domain.errors import EmotionCardsError

if TYPE_CHECKING:
    from settings import Settings

#: Seconds a flow has to end by itself when asked to.
GRACE = 5.0
#: How much of a log's end is looked at.
TAIL_BYTES = 20_000
TAIL_LINES = 15


def flow_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a flow: ours, its Prefect server, a quiet log."""
    environment = dict(os.environ)
    data_dir, api_url = settings.data_dir.resolve(), settings.prefect.api_url
    ours = running_stack(data_dir)
    if api_url and ours and ours.addresses.get(VARIABLES["prefect_api_url"]) == api_url:
        environment |= client_environment(data_dir, api_url)
    elif api_url:
        environment["PREFECT_API_URL"] = api_url
    elif "PREFECT_API_URL" not in environment:
        # The flow brings up a server for itself; its files belong with ours.
        environment.setdefault("PREFECT_HOME", str(data_dir / "prefect-home"))
        environment.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    if environment.pop("PYTHONDONTWRITEBYTECODE", None):
        # Without compiled modules a flow starts seconds later.
        environment.setdefault("PYTHONPYCACHEPREFIX", str(data_dir / "bytecode"))
    environment["EC_DATA_DIR"] = str(data_dir)
    environment.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    environment.setdefault("PREFECT_LOGGING_COLORS", "false")
    return environment


def flow_command(flow: str, parameters: Mapping[str, Any]) -> list[str]:
    """Return the command; -P keeps the folder we are in from shadowing our packages."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return [sys.executable, "-P", "-m", "flows", flow, json.dumps(given, ensure_ascii=False)]


def said_error(lines: Iterable[str]) -> EmotionCardsError | None:
    """Return the error that a flow wrote as its last word; None where it wrote none."""
    for line in reversed(list(lines)):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and {"error", "message"} <= said.keys():
            return EmotionCardsError.from_code(said["error"], said["message"])
    return None


class FlowProcess:
    """One flow at work; unless it is left to itself it ends with us, whatever ends us."""

    def __init__(
        self,
        settings: Settings,
        flow: str,
        parameters: Mapping[str, Any],
        *,
        left_to_itself: bool = False,
    ) -> None:
        self.log = new_log(settings.data_dir, "flow")
        command: Sequence[str] = flow_command(flow, parameters)
        environment = flow_environment(settings)
        if not left_to_itself:
            command = Launch(command, self.log, environment).argv(signal.SIGTERM)
        with self.log.open("ab") as output:
            # A session of its own: Ctrl-C in the terminal reaches us alone.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def ended_well(self) -> bool:
        """Whether it has ended as it should."""
        return self._process.poll() == 0

    def finish(self, seconds: float) -> bool:
        """Wait for its end; after `seconds` it is stopped. Return whether it ended by itself."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            return False
        return True

    def stop(self) -> None:
        """Ask it to end; after `GRACE` seconds kill it, and whatever it has started."""
        if not self.running:
            return
        # A second Ctrl-C must not leave half of it behind; this ends by itself.
        with Termination().held_off():
            below = family(self.pid)[1:]
            self._process.terminate()
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            end(below, signal.SIGTERM, GRACE)

    def last_lines(self) -> list[str]:
        """Return the last lines it wrote."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - TAIL_BYTES))
            return file.read().decode("utf-8", errors="replace").splitlines()[-TAIL_LINES:]

    def error(self) -> EmotionCardsError:
        """Return why it ended before its time: the error it wrote, or how it ended."""
        code = self._process.returncode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with status {code}"
        return said_error(self.last_lines()) or FlowDied(f"the flow ended {how}; log: {self.log}")
