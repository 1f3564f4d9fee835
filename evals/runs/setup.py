"""Set-ups: which parts of the agent take part in a run, so that each part's worth can be measured."""

from dataclasses import dataclass

from graph.parts import PARTS
from knowledge.errors import SettingsError

SINGLE_SHOT = frozenset({"candidates", "repair"})
"""One statement, which is never mended by the model."""


@dataclass(frozen=True)
class Setup:
    """`without` names the parts of `graph.parts.PARTS` that are left out."""

    without: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """As `parse_setup` reads it: 'full', 'single-shot', 'no-examples+no-repair'."""
        single = self.without >= SINGLE_SHOT
        left = self.without - SINGLE_SHOT if single else self.without
        parts = ["single-shot"] * single + [f"no-{part}" for part in PARTS if part in left]
        return "+".join(parts) or "full"


def parse_setup(text: str) -> Setup:
    """Raises SettingsError for a part that there is not.

    >>> sorted(parse_setup("single-shot+no-examples").without)
    ['candidates', 'examples', 'repair']
    """
    known = {
        "full": frozenset(),
        "single-shot": SINGLE_SHOT,
        **{f"no-{part}": frozenset({part}) for part in PARTS},
    }
    given = [part.strip() for part in text.split("+")]
    unknown = [part for part in given if part not in known]
    if unknown:
        raise SettingsError(
            f"There is no set-up {unknown[0]!r}; take {', '.join(known)}, or several of them joined by +."
        )
    return Setup(frozenset[str]().union(*(known[part] for part in given)))
