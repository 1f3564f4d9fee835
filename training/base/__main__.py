"""`python -m training.base WORK TARGET`: make Quarry's base. Stopped, it goes on when it is run again."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from knowledge.errors import QuarryError
from training.base.make import BasePlan, make_base
from training.network import Shape
from training.standing import Recipe

PLAN = BasePlan()


def main(
    work: Annotated[Path, typer.Argument(help="Folder for lessons and checkpoint.")],
    target: Annotated[Path, typer.Argument(help="File to write (.safetensors).")],
    corpora: Annotated[Path | None, typer.Option(help="Folder with people's questions.")] = None,
    schemas: Annotated[int, typer.Option(help="Schemas to invent.")] = PLAN.schemas,
    rows: Annotated[int, typer.Option(help="Questions of each, in the middle.")] = PLAN.rows,
    minutes: Annotated[float, typer.Option(help="Minutes of training in all.")] = 90,
    threads: Annotated[int, typer.Option(help="Threads of training, and processes of synthesis.")] = 2,
    width: Annotated[int, typer.Option(help="Width of the decoder; a multiple of 64.")] = Shape().width,
    layers: Annotated[int, typer.Option(help="Layers of the decoder.")] = Shape().layers,
    together: Annotated[int, typer.Option(help="Sequences of a step.")] = PLAN.packing.together,
    loaders: Annotated[
        int, typer.Option(help="Processes that put steps together; some for a GPU.")
    ] = PLAN.packing.loaders,
    rate: Annotated[float, typer.Option(help="Highest learning rate.")] = Recipe().rate,
    start: Annotated[Path | None, typer.Option(help="Base to go on from.")] = None,
) -> None:
    """Invent schemas, read the corpora, train, and write the base."""
    recipe = Recipe(minutes=minutes, rate=rate, threads=threads)
    plan = replace(
        PLAN,
        schemas=schemas,
        rows=rows,
        processes=threads,
        shape=Shape(width, layers, width * 11 // 4),
        recipe=recipe,
        packing=replace(PLAN.packing, together=together, loaders=loaders),
        start=str(start) if start else "",
    )
    try:
        make_base(work, corpora, target, plan)
    except QuarryError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


typer.run(main)
