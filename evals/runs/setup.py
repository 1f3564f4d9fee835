"""Set-ups: which parts of the agent take part in a run, so that each part's worth can be measured."""

from dataclasses import dataclass

from knowledge.errors import SettingsError


@dataclass(frozen=True)
class Setup:
    """`examples`: known questions go into the prompt and propose SQL of their own. `repair`: a statement that
    fails goes back to the model. `single`: one candidate alone, whatever the workspace says.
    """

    examples: bool = True
    repair: bool = True
    single: bool = False

    @property
    def name(self) -> str:
        """As `parse_setup` reads it: 'full', 'single-shot', 'no-examples+no-repair'."""
        parts = [part for part, setup in PARTS.items() if _differs(self, setup)]
        return "+".join(parts) or "full"


def parse_setup(text: str) -> Setup:
    """Raises SettingsError for a part that there is not.

    >>> parse_setup("single-shot+no-examples")
    Setup(examples=False, repair=False, single=True)
    """
    given = [part.strip() for part in text.split("+")]
    unknown = [part for part in given if part not in PARTS and part != "full"]
    if unknown:
        raise SettingsError(
            f"There is no set-up {unknown[0]!r}; take full, or one or more of {', '.join(PARTS)} joined by +."
        )
    chosen = [PARTS[part] for part in given if part in PARTS]
    return Setup(
        examples=all(setup.examples for setup in chosen),
        repair=all(setup.repair for setup in chosen),
        single=any(setup.single for setup in chosen),
    )


PARTS = {
    "single-shot": Setup(repair=False, single=True),
    "no-examples": Setup(examples=False),
    "no-repair": Setup(repair=False),
}


def _differs(setup: Setup, part: Setup) -> bool:
    if part.single:
        return setup.single and not setup.repair
    if not part.examples:
        return not setup.examples
    return not setup.repair and not setup.single
