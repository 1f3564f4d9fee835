"""A follow-up made whole: which question it edits, what it asks for, how it reads, what its statement is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.followup.edits import Cause, Chart, Edit
from graph.followup.edits.edit import patterns
from graph.followup.edits.measure import table_of
from graph.followup.items import Reader, Sentence
from graph.followup.lexicon import Lexicon
from graph.followup.parse import VOCABULARY, Parsed, parse
from graph.followup.past import PastTurn, answered, whole_question
from graph.followup.statement import Statement, UncertainError
from graph.followup.whole import Whole
from graph.followup.words import LEADS
from knowledge.clock import Clock
from knowledge.glossary import Term
from knowledge.link import Linker
from knowledge.rules import Rule
from knowledge.schema import Schema
from knowledge.words import tokens

_BACK = patterns(
    "^ ok|okay|no|and|please|now? go? back again? $",
    "^ ok|no|please? undo it|that|this? $",
    "^ back|return? to? the? previous|earlier|former|last one|question|answer again? $",
)
_CORRECTS = frozenset(("no", "sorry", "meant", "mean", "actually", "wrong"))
_LEANING = frozenset(
    ("and", "but", "only", "just", "without", "same", "except", "excluding", "not", "by", "per", "now")
)
_RULED = frozenset(("including", "include", "incl", "counting", "excluding", "exclude", "without"))
MOST_WORDS = 9


@dataclass(frozen=True)
class FollowUp:
    """`question` is the whole one, `sql` the edited statement (empty where that is not certain), `was` the
    turn that both edit. `why` and `chart`: a cause, or a chart, is asked for; `splits` are ways to look
    closer. Not `sure`: the words were only joined.
    """

    question: str
    was: PastTurn
    sql: str = ""
    why: bool = False
    chart: bool = False
    splits: tuple[str, ...] = ()
    sure: bool = True


class Follower:
    """Reads follow-ups of one workspace."""

    def __init__(
        self, schema: Schema, terms: Iterable[Term], rules: Sequence[Rule], linker: Linker, clock: Clock
    ) -> None:
        self._rules = tuple(rules)
        self._lexicon = Lexicon(schema, terms)
        self._reader = Reader(linker, self._lexicon, VOCABULARY, clock)

    def follow(self, question: str, past: Sequence[PastTurn]) -> FollowUp | None:
        """None where the question stands for itself, or nothing was asked before."""
        if len(tokens(question)) > 2 * MOST_WORDS:
            return None
        was = _edited(question, past)
        if was is None:
            return None
        whole = Whole(whole_question(was), self._reader)
        sentence = self._reader.read(question)
        parsed = parse(sentence, whole)
        if parsed.complete:
            return self._made(parsed.edits, whole, was)
        earlier = answered(past)[:-1]
        if earlier and any(pattern.match(sentence.items, 0) for pattern in _BACK):
            return FollowUp(whole_question(earlier[-1]), earlier[-1], earlier[-1]["sql"])
        return self._joined(sentence, parsed, whole, was)

    def _made(self, edits: Sequence[Edit], whole: Whole, was: PastTurn) -> FollowUp:
        for edit in edits:
            whole = edit.text(whole)
        return FollowUp(
            whole.text,
            was,
            self._edited(edits, was),
            why=any(isinstance(edit, Cause) for edit in edits),
            chart=any(isinstance(edit, Chart) for edit in edits),
            splits=self._splits(whole),
        )

    def _splits(self, whole: Whole) -> tuple[str, ...]:
        """'by carrier': columns with words for their values, of the table that the question measures."""
        table = table_of(whole)
        coded = [t for t in self._lexicon.glossary if t.values and t.column.partition(".")[0] == table]
        return tuple(f"by {term.term}" for term in coded[:2])

    def _edited(self, edits: Sequence[Edit], was: PastTurn) -> str:
        if not was["sql"]:
            return ""
        try:
            statement = Statement(was["sql"], self._lexicon, self._rules, whole_question(was))
            for edit in edits:
                edit.tree(statement)
            return statement.sql()
        except UncertainError:
            return ""

    def _joined(self, sentence: Sentence, parsed: Parsed, whole: Whole, was: PastTurn) -> FollowUp | None:
        """Words that lean on the question before, though not all are understood, go behind it: they begin
        so, or name something and neither a table nor a figure that it would be asked of.
        """
        words = tokens(sentence.text)
        first = next((word.folded for word in words if word.folded not in LEADS - _LEANING), "")
        if parsed.whole or len(words) > MOST_WORDS:
            return None
        if first not in _RULED and any(item.metrics or item.tables for item in sentence.items):
            return None
        if first not in _LEANING | _RULED and not any(item.says for item in sentence.items):
            return None
        while words and words[0].folded in LEADS:
            words = words[1:]
        if not words:
            return None
        said = sentence.text[words[0].start :].strip(" ?.!")
        lifted = any(word in said.lower() for rule in self._rules for word in rule.unless_words)
        return FollowUp(f"{whole.text}, {said}", was, self._edited((), was) if lifted else "", sure=lifted)


def _edited(question: str, past: Sequence[PastTurn]) -> PastTurn | None:
    """The last turn that was answered; a correction may also mean one that was not."""
    words = {token.folded for token in tokens(question)}
    if past and words & _CORRECTS and past[-1].get("kind") in ("unanswered", "clarify"):
        return past[-1]
    return next(iter(reversed(answered(past))), None)
