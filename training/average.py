"""`python -m training.average TARGET FILE FILE ...`: the mean of several specialists of one vocabulary.

Trainings that went on from one another err in different ways; the mean of their weights often errs less
(Wortsman et al. 2022, 'Model soups'). What it is worth is for a suite to say: docs/models.md has figures.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer

from knowledge.errors import QuarryError, TrainingError
from training.export import export, quantise
from training.warm import facts, from_gguf


def average(files: Sequence[Path], target: Path, quantised: str = "Q8_0") -> None:
    """Write `target`, which tells of itself what the first file does. Raises TrainingError where they differ
    in shape or vocabulary.
    """
    if len(files) < 2:
        raise TrainingError("One specialist has no mean; name two at least.")
    network, tokenizer = from_gguf(files[0])
    mean = {name: tensor.float() / len(files) for name, tensor in network.state_dict().items()}
    for path in files[1:]:
        other, others = from_gguf(path)
        state = other.state_dict()
        alike = {name: tensor.shape for name, tensor in state.items()} == {
            name: tensor.shape for name, tensor in mean.items()
        }
        if not alike or others.get_vocab() != tokenizer.get_vocab():
            raise TrainingError(
                f"{path.name} has another shape or vocabulary than {files[0].name}; average specialists that "
                "were trained on from one another."
            )
        for name, tensor in state.items():
            mean[name] += tensor.float() / len(files)
    with torch.no_grad():
        network.load_state_dict(mean)
    float_file = target.with_suffix(".float")
    export(network, tokenizer, float_file, facts(files[0]))
    quantise(float_file, target, quantised)
    float_file.unlink()


def main(
    target: Annotated[Path, typer.Argument(help="File to write (.gguf).")],
    files: Annotated[list[Path], typer.Argument(help="Specialists, two at least.")],
) -> None:
    """Write the mean of specialists."""
    try:
        average(files, target)
    except QuarryError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
