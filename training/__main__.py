"""`python -m training`: make the analyzer's model, and measure it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.analysis.model import FILE
from domain.errors import EmotionCardsError

PROJECT = Path(__file__).parents[1]
MODEL = PROJECT / "domain" / "analysis" / FILE
MOST_BYTES = 5_000_000

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Make the analyzer's model, and measure it."
)
DataOption = Annotated[Path, typer.Option(help="The folder that holds the labelled texts.")]
DATA = PROJECT.parent / "shared" / "data"


@app.command()
def train(
    data: DataOption = DATA,
    out: Annotated[Path, typer.Option(help="The model's file.", dir_okay=False)] = MODEL,
) -> None:
    """Train the model (some minutes, 4 GB); the same texts give the same bytes."""
    # The training packages are many; `evaluate` does without them.
    from training.building import build

    typer.echo(f"reading {data} …")
    raw = build(data, tell=typer.echo).to_bytes()
    if len(raw) > MOST_BYTES:
        raise typer.BadParameter(f"the model has {len(raw):,} bytes; {MOST_BYTES:,} are allowed")
    out.write_bytes(raw)
    typer.echo(f"{out}: {len(raw):,} bytes")
    if out == MODEL:
        validation(data)


@app.command()
def validation(data: DataOption = DATA) -> None:
    """Make the validation set that adapted models are tried on; without any text."""
    from domain.adaptation.validation import FILE as SET
    from domain.adaptation.validation import MOST_BYTES as MOST
    from training.validation import validation_set

    raw, out = validation_set(data).to_bytes(), MODEL.with_name(SET)
    if len(raw) > MOST:
        raise typer.BadParameter(f"the set has {len(raw):,} bytes; {MOST:,} are allowed")
    out.write_bytes(raw)
    typer.echo(f"{out}: {len(raw):,} bytes")


@app.command()
def evaluate(data: DataOption = DATA) -> None:
    """Measure the shipped model on what was kept back, and write the reference's page of it."""
    from domain.analysis import ModelAnalyzer
    from training.corpora import corpus
    from training.evaluation import figures
    from training.speed import speed_figures
    from training.table import PAGE, draw

    found = []
    for figure in figures(data):
        found.append(figure)
        typer.echo(f"{figure.value:10.4f}  {figure.name} (n={figure.texts:,})")
    for figure in speed_figures([row.text for row in corpus(data, "sentineg")]):
        found.append(figure)
        typer.echo(f"{figure.value:10.4f}  {figure.name}")
    PAGE.write_text(draw(ModelAnalyzer().version, found), encoding="utf-8")
    typer.echo(f"written: {PAGE}")


@app.command()
def keywords(data: DataOption = DATA) -> None:
    """Make the keywords' general background (half a minute); the same texts, the same bytes."""
    from training.keywords import tables

    for name, raw in tables(data, tell=typer.echo):
        path = PROJECT / "domain" / "keywords" / name
        path.write_bytes(raw)
        typer.echo(f"{path}: {len(raw):,} bytes")


if __name__ == "__main__":
    try:
        app()
    except EmotionCardsError as error:
        typer.echo(f"{error.code}: {error.line}", err=True)
        raise SystemExit(1) from None
