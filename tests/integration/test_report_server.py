"""Reports served on loopback while the platform is up."""

from __future__ import annotations

from pathlib import Path

import httpx

from cli.report_server import serve_reports


def test_reports_are_served_and_keep_their_address(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    with serve_reports(tmp_path, reports) as first:
        (reports / "가.report.html").write_text("<p>리포트", encoding="utf-8")
        assert httpx.get(f"{first}/가.report.html").text == "<p>리포트"
        assert httpx.get(f"{first}/../reports.port").status_code == 404
        with serve_reports(tmp_path, reports) as beside:
            assert beside != first
        (tmp_path / "reports.port").write_text(first.rpartition(":")[2])
    with serve_reports(tmp_path, reports) as again:
        assert again == first
