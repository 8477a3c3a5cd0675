"""The analyzer of the settings, with a user's own terms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.aspects import Aspect
from domain.cards import Reading, ReviewText
from domain.errors import AspectTermsInvalid
from settings import get_settings
from tasks.analyzers import analyzer


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    yield
    get_settings.cache_clear()


REVIEW = ReviewText("흡입 노즐이 자꾸 막혀서 별로예요", None)


def aspects_of(reading: object) -> set[Aspect]:
    assert isinstance(reading, Reading)
    return {mention.aspect for mention in reading.aspects}


def use(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setenv("EC_ANALYSIS__ASPECTS_FILE", str(path))
    get_settings.cache_clear()


def test_terms_of_ones_own_are_read_and_part_of_the_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plain = analyzer()
    path = tmp_path / "terms.toml"
    path.write_text('[terms]\nease_of_use = ["흡입구/흡입 노즐"]\n', encoding="utf-8")
    use(monkeypatch, path)
    own = analyzer()
    assert Aspect.EASE_OF_USE in aspects_of(own.analyze([REVIEW])[0])
    assert Aspect.EASE_OF_USE not in aspects_of(plain.analyze([REVIEW])[0])
    assert own.version.startswith(plain.version)
    assert own.version != plain.version


@pytest.mark.parametrize(
    ("text", "told"),
    [("[terms", "TOML"), ('[terms]\nspeed = ["속도"]\n', "speed"), (None, "terms.toml")],
)
def test_a_file_with_a_mistake_is_told_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None, told: str
) -> None:
    path = tmp_path / "terms.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    use(monkeypatch, path)
    with pytest.raises(AspectTermsInvalid, match=told):
        analyzer()


def test_a_relative_path_that_is_not_there_is_told_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    use(monkeypatch, Path("own/terms.toml"))
    with pytest.raises(AspectTermsInvalid) as caught:
        analyzer()
    assert f"{tmp_path}/own/terms.toml: no such file" in caught.value.line
    assert "working directory" in caught.value.line
