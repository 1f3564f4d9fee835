"""What training is made of: questions made up in a second, and a log of 100,000 statements read."""

import datetime as dt
import random
import re
import tempfile
import time
from pathlib import Path

from knowledge.patterns import Logged, mine
from tests.bench.row import Row
from training.corpus import write_corpus
from training.material import Material, Source

TITLE = "Making up questions, mining a query log"
ROWS, PROCESSES = 20_000, 2
STATEMENTS, FORMS = 100_000, 9_000
_DAY = re.compile(r"'\d{4}-\d\d-\d\d'")
_PAIR = 1000 / 500


def measure(folder: Path) -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        url, knowledge = f"sqlite:///{folder / 'kestrel.sqlite'}", folder / "knowledge"
        source = Source(url, knowledge, folder, dt.date(2025, 11, 14), work)
        begun = time.perf_counter()
        write_corpus(source, work / "corpus", ROWS, 1, PROCESSES, lambda line: None)
        made = time.perf_counter() - begun
        note = f"{ROWS:,} pairs, {PROCESSES} processes, their start included: {ROWS / made:.0f} a second."
        pairs = Row("a question with its SQL", 1000 * made / ROWS, "ms", goal=_PAIR, note=note)
        return [pairs, _mined(Material(source))]


def _mined(material: Material) -> Row:
    log = list(_log(material))
    begun = time.process_time()
    patterns = mine(log, material.schema)
    spent = time.process_time() - begun
    assert patterns.understood == len(log)
    note = f"{len(patterns.templates):,} forms; seconds of one core."
    return Row(f"mining {len(log):,} statements", spent, goal=120.0, note=note)


def _log(material: Material) -> list[Logged]:
    """Statements of many forms with days of their own, as synthesised and with slots for texts."""
    chance = random.Random(1)
    forms = []
    for row in material.synthesiser(3).rows():
        forms.append(
            re.sub(r"<d\d[ab]>", "'2025-01-01'", re.sub(r"<v\d>", "'x'", re.sub(r"<n\d>", "5", row.target)))
        )
        if len(forms) == FORMS:
            break
    found = []
    for _ in range(STATEMENTS):
        day = f"'2025-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}'"
        found.append(Logged(_DAY.sub(day, chance.choice(forms))))
    return found
