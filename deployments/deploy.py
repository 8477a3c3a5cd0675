"""Registering the deployments of prefect.yaml with a Prefect server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

from domain.errors import PermanentError
from settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
PREFECT_FILE = PROJECT / "prefect.yaml"
#: Seconds one of Prefect's own commands may take.
TIMEOUT = 180


class DeploymentRefused(PermanentError):
    """Prefect did not take a deployment."""


def deployment_names() -> list[str]:
    """Return the names of the deployments in prefect.yaml."""
    content = yaml.safe_load(PREFECT_FILE.read_text(encoding="utf-8"))
    return [deployment["name"] for deployment in content["deployments"]]


def deploy_all(settings: Settings) -> list[str]:
    """Make the work pool and register every deployment; safe to run twice.

    Returns the deployments' names.

    Raises:
        DeploymentRefused: the server or a deployment's definition is not right.
    """
    environment = dict(os.environ, PREFECT_API_URL=settings.prefect.api_url or "", NO_COLOR="1")
    pool = settings.prefect.work_pool
    try:
        _prefect(["work-pool", "create", pool, "--type", "process"], environment)
    except DeploymentRefused:
        # There already, perhaps with limits of its operator's: left as it is.
        _prefect(["work-pool", "inspect", pool], environment)
    _prefect(["deploy", "--all", "--prefect-file", str(PREFECT_FILE)], environment)
    return deployment_names()


def _prefect(arguments: list[str], environment: dict[str, str]) -> None:
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
