"""The shape of the code base: imports, deployments, settings, names."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow

from domain.analysis.model import shipped_model
from flows.registry import ENTRYPOINTS
from settings import Settings
from settings.models import PrefectSettings
from settings.reference import settings_page

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "cli",
    "demo",
    "deployments",
    "domain",
    "flows",
    "reports",
    "settings",
    "sources",
    "storage",
    "tasks",
    "training",
)
#: Longer than 300 lines wants splitting, or a reason: none has one.
LONGEST_FILE = 300


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))]


def deployments() -> list[dict[str, Any]]:
    content = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))
    return list(content["deployments"])


def test_imports_point_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_figures_are_of_the_model_that_is_shipped() -> None:
    page = (PROJECT / "docs" / "reference" / "analyzer-figures.md").read_text(encoding="utf-8")
    assert f"`model-{shipped_model()[1]}+" in page, "`make evaluate` writes the page anew"


def test_deployments_are_these() -> None:
    snapshot = [
        (
            each["name"],
            each["entrypoint"],
            [schedule["cron"] for schedule in each.get("schedules", [])],
            each["work_pool"]["name"],
        )
        for each in deployments()
    ]
    # Registered by hand they go where the setting would have put them.
    pool = PrefectSettings().work_pool
    assert snapshot == [
        ("analyze-product", "flows.analysis:analyze_product", [], pool),
        ("reanalyze", "flows.reanalysis:reanalyze", [], pool),
        ("intake-request", "flows.intake:intake_request", [], pool),
        ("crawl-reviews", "flows.crawl:crawl_reviews", [], pool),
        ("queue-reviews", "flows.queueing:queue_reviews", [], pool),
        ("generate-cards", "flows.cards:generate_cards", [], pool),
        ("finalize-analysis", "flows.finalization:finalize_analysis", [], pool),
        ("analyze-keywords", "flows.keywords:analyze_keywords", [], pool),
        ("adapt-analyzer", "flows.adaptation:adapt_analyzer", [], pool),
        ("relay-events", "flows.events:relay_outbox", ["*/10 * * * *"], pool),
    ]


def test_flows_started_by_name_are_the_deployed_ones() -> None:
    assert {each["name"]: each["entrypoint"] for each in deployments()} == ENTRYPOINTS


@pytest.mark.parametrize("deployment", deployments(), ids=lambda each: each["name"])
def test_deployments_are_complete(deployment: dict[str, Any]) -> None:
    module, _, name = deployment["entrypoint"].partition(":")
    flow = getattr(importlib.import_module(module), name)
    assert isinstance(flow, Flow)
    assert flow.name == deployment["name"]
    assert deployment["description"].strip()
    assert deployment["tags"]
    assert deployment["concurrency_limit"].keys() == {"limit", "collision_strategy"}
    for schedule in deployment.get("schedules", []):
        assert schedule.keys() >= {"slug", "cron", "timezone", "active"}


@pytest.mark.parametrize("deployment", deployments(), ids=lambda each: each["name"])
def test_every_field_of_the_form_is_described(deployment: dict[str, Any]) -> None:
    module, _, name = deployment["entrypoint"].partition(":")
    flow = getattr(importlib.import_module(module), name)
    for field, schema in flow.parameters.properties.items():
        assert schema.get("description"), f"{deployment['name']}: {field}"


def test_every_setting_is_described_and_documented() -> None:
    for name, section in Settings.model_fields.items():
        for field, info in getattr(section.annotation, "model_fields", {}).items():
            assert info.description, f"{name}.{field}"
    page = PROJECT / "docs" / "reference" / "settings.md"
    assert page.read_text(encoding="utf-8") == settings_page()


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {str(path) for path, lines in lengths.items() if lines > LONGEST_FILE} == set()


def test_modules_are_not_named_like_libraries_or_nothing() -> None:
    names = {path.stem for path in sources()}
    assert names.isdisjoint({"utils", "helpers", "common", "misc", "queue", "types", "logging"})


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    silent = []
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(path))
        silent += [
            f"{path}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []
