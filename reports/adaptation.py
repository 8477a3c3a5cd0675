"""An adaptation of the analyzer in words and figures, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: What each outcome says to a person.
OUTCOMES = {
    "too_few": "Too few rated reviews: nothing was learnt.",
    "unchanged": "The model in force is the one these reviews give: nothing to do.",
    "not_better": "Not better on the platform's own reviews: the model in force stays.",
    "worse_elsewhere": "Better on the platform's own reviews, and worse on the shipped validation "
    "set: the model in force stays.",
    "better": "Better, and not worse elsewhere: it would be put in force. This was a dry run.",
    "promoted": "Better, and not worse elsewhere: it is in force for new analyses.",
}
_FIGURES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "auc": "AUC",
    "calibration_error": "calibration error",
}


def figure_rows(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row a figure: on what, which, before and after; none where nothing was judged."""
    if "held_back" not in found:
        return
    for name, said in _FIGURES.items():
        yield _row("held-back reviews", said, found["held_back"], name)
    # The other half had a say in how far the model moved.
    yield _row("half of the shipped validation set", "accuracy", found["shipped_set"], "accuracy")
    for corpus, figures in found["corpora"].items():
        yield _row(f"… {corpus}", "accuracy", figures, "accuracy")


def _row(where: str, said: str, figures: Mapping[str, Any], name: str) -> tuple[str, str, str, str]:
    on = f"{where} ({figures['reviews']:,})"
    return on, said, f"{figures['before'][name]:.4f}", f"{figures['after'][name]:.4f}"


def before_column(found: Mapping[str, Any]) -> str:
    """Return which model the adapted one is held against, as a column's head."""
    in_force = found["in_force"] or found["shipped"]
    return "in force" if found["judged_against"] == in_force else "shipped"


def change_line(found: Mapping[str, Any]) -> str | None:
    """Return what changed on the held-back reviews, in words; None where nothing was judged."""
    own = found.get("held_back")
    if own is None:
        return None
    return f"{own['gained']:,} gained, {own['lost']:,} lost, McNemar p = {own['p']:.2g}"


def render_adaptation(found: Mapping[str, Any]) -> str:
    """Return the Markdown."""
    lines = [
        OUTCOMES[found["outcome"]],
        "",
        *(f"- {why}" for why in (*found["why"], *found["notes"])),
        "",
    ]
    rows = list(figure_rows(found))
    if rows:
        lines += [f"| on | figure | {before_column(found)} | adapted |", "|---|---|---:|---:|"]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        lines += ["", f"Held-back reviews: {change_line(found)}."]
    lines += ["", f"Model in force before: `{found['in_force'] or found['shipped']}`."]
    if found["model"]:
        lines += [f"Adapted model: `{found['model']}`, pull {found['pull']:g}."]
    lines += ["", "| reviews | |", "|---|---:|"]
    lines += [f"| {name} | {told} |" for name, told in review_rows(found["reviews"])]
    return "\n".join(lines) + "\n"


def review_rows(reviews: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is known of the reviews, a name and a value each."""
    for name, value in reviews.items():
        if isinstance(value, Mapping):
            yield name.replace("_", " "), ", ".join(f"{v:,} {k}" for k, v in value.items())
        elif value is not None:
            told = f"{value:,}" if isinstance(value, int) else str(value)
            yield name.replace("_", " "), told
