"""Registering the deployments of prefect.yaml with a Prefect server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from domain.errors import PermanentError
from settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
PREFECT_FILE = PROJECT / "prefect.yaml"
#: Seconds one of Prefect's own commands may take.
TIMEOUT = 180
#: The type of work pool that prefect.yaml is written for.
POOL_TYPE = "process"


class DeploymentRefused(PermanentError):
    """Prefect did not take a deployment."""


def deployment_names() -> list[str]:
    """Return the names of the deployments in prefect.yaml."""
    return [deployment["name"] for deployment in _content()["deployments"]]


def deploy_all(settings: Settings) -> list[str]:
    """Make the settings' work pool and register every deployment in it; safe to run twice.

    Returns the deployments' names.

    Raises:
        DeploymentRefused: the server, the pool's type or a deployment's definition is not right.
    """
    environment = dict(os.environ, PREFECT_API_URL=settings.prefect.api_url or "", NO_COLOR="1")
    pool = settings.prefect.work_pool
    try:
        _prefect(["work-pool", "create", pool, "--type", POOL_TYPE], environment)
    except DeploymentRefused:
        # There already, perhaps with limits of its operator's: left as it is.
        said = _prefect(["work-pool", "inspect", pool, "--output", "json"], environment)
        _check_type(pool, json.loads(said)["type"])
    with _file_for(pool) as file:
        _prefect(["deploy", "--all", "--prefect-file", str(file)], environment)
    return deployment_names()


def _check_type(pool: str, found: str) -> None:
    """Refuse a pool whose workers would not start our flows as processes, beside their code."""
    if found != POOL_TYPE:
        raise DeploymentRefused(
            f"the work pool {pool!r} is of type {found!r}, and the deployments need one of type "
            f"{POOL_TYPE!r}; name another with EC_PREFECT__WORK_POOL, it is made for you"
        )


def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(PREFECT_FILE.read_text(encoding="utf-8"))
    return content


@contextmanager
def _file_for(pool: str) -> Iterator[Path]:
    """Give prefect.yaml with every deployment in the pool.

    Prefect's own `--pool` counts for a single deployment only, and beside `--all` for none. The
    file may lie anywhere: the code is installed, so nothing in it is a path.
    """
    content = _content()
    for deployment in content["deployments"]:
        deployment["work_pool"] = {**deployment["work_pool"], "name": pool}
    with tempfile.TemporaryDirectory(prefix="ec-deploy-") as folder:
        file = Path(folder) / PREFECT_FILE.name
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        yield file


def _prefect(arguments: list[str], environment: dict[str, str]) -> str:
    """Return what one of Prefect's commands wrote.

    Raises:
        DeploymentRefused: it failed, or took too long.
    """
    command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and fixed words
            command,
            env=environment,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"`prefect {arguments[0]}` took more than {TIMEOUT} s"
        raise DeploymentRefused(message) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise DeploymentRefused(f"`prefect {arguments[0]}`: {' '.join(said[-3:])}")
    return done.stdout
