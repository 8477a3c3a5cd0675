"""The environment of Prefect's processes: the server, the worker, and flows run by hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deployments.local.binaries import in_package
from deployments.local.server import Site

KEY = "prefect"
#: No usage data leaves the machine.
QUIET = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
LOOPBACK = "127.0.0.1,localhost"


def client_environment(data_dir: Path, api_url: str) -> dict[str, str]:
    """Return what a process needs to run flows against the embedded server.

    The home is the data folder's: results persisted by one process are found by the next,
    and profiles of the user, which may point elsewhere, do not interfere.
    """
    home = {"PREFECT_API_URL": api_url, "PREFECT_HOME": str(data_dir / KEY), **QUIET}
    return {**home, **past_proxies()}


def past_proxies() -> dict[str, str]:
    """Return the variables that keep a configured web proxy out of the way to loopback."""
    if not any(name.lower() in {"http_proxy", "all_proxy"} for name in os.environ):
        return {}
    excepted = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    value = ",".join(filter(None, [excepted, LOOPBACK]))
    return {"NO_PROXY": value, "no_proxy": value}


def process_environment(site: Site) -> dict[str, str]:
    """Return our environment for a Prefect process, without the user's Prefect settings."""
    return {**with_bytecode(site, site.environment(without="PREFECT_")), **QUIET, **past_proxies()}


def with_bytecode(site: Site, environment: dict[str, str]) -> dict[str, str]:
    """Let Python keep compiled modules: without them Prefect starts in 6 s instead of 3.

    Where they must not lie beside the sources, one folder in the virtual environment serves all
    data folders; if that may not be written either, each has its own.
    """
    package = in_package("prefect", "__init__.py")
    if not sys.dont_write_bytecode and package and os.access(package.parent, os.W_OK):
        return environment
    shared = Path(sys.prefix) / "bytecode"
    folder = shared if os.access(sys.prefix, os.W_OK) else site.folder("bytecode")
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(folder), **kept}
