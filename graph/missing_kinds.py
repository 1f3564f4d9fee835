"""Questions that no table answers, whatever it holds: each kind has its own sentence."""

import datetime as dt
import re

from sqlglot import exp

from graph.common_words import COMMON
from graph.context import Context
from graph.outcome import Refused, Unanswered
from graph.roots import root
from graph.vocabulary import Roots, Vocabulary, roots
from knowledge.errors import QueryError
from knowledge.link import Linked

_CAUSE = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+)?(?:why|how\s+come)\b"
    r"|\bwhy\s+(?:is|are|was|were|did|do|does|has|have|our|the|that|this|we|it|so)\b"
    r"|\bwhat\s+(?:\w+\s+){0,2}(?:caused?|drove|drives|explains?|led\s+to)\b"
    r"|\bwhat\s+(?:made|makes|let)\b.*\b(?:\w+(?:er)|worse|less|more|drop|fall|rise|grow|sink|jump|increase|decrease"
    r"|go\s+(?:up|down))\b(?!\s+than\s+\d)"
    r"|\b(?:root\s+causes?|causes?|reasons?|explanations?)\s+(?:for|of|behind|why)\b|\bbecause\s+of\s+what\b"
)
_CAUSES = frozenset(root(word) for word in ("why", "reason", "cause"))
_FORECAST = re.compile(
    r"\b(?:forecast\w*|predict\w*|projections?|projected|extrapolat\w*|prognos\w*|foresee\w*|outlook)\b"
)
_WILL = re.compile(
    r"(?<!\bi )\b(?:will|shall)\s+(?!you\b|i\b)|\b(?:we|they|it|there|he|she)['\u2019]ll\b|\bgonna\b"
    r"|\bgoing\s+to\s+(?:be|have|make|run|sell|need|get|reach|hit|exceed|lose|happen|do|arrive|grow|fall|rise|come"
    r"|cost|earn|win|end|last|take|order|buy|churn|cancel|spend|pay)\b|\b(?:likely|expected|set|about)\s+to\b"
)
_ADVICE = re.compile(
    r"\bshould(?:n['\u2019]?t)?\s+(?:we|i|they|one|our)\b|\bdo\s+you\s+think\b|\b(?:your|an)\s+opinion\b"
    r"|\bwhat\s+would\s+you\b|\bwhat\s+(?:happens\s+)?if\s+(?:we|i|our)\b|\bis\s+it\s+(?:worth|wise|a\s+good\s+idea)\b"
    r"|\b(?:how\s+(?:can|could|do)|what\s+(?:can|could))\s+(?:we|i)\s+(?:do\b|improve|increase|reduce|raise|boost|grow\b"
    r"|cut\b|lower|save|sell\s+more|get\s+more|win\s+more|avoid|prevent)"
    r"|\b(?:best|good|better)\s+(?:strategy|way|ways)\s+to\b"
)
_ADVISE = re.compile(r"\b(?:recommend|advise|advice|suggest)\w*\b")
_TEXT = re.compile(
    r"^\W*(?:please\s+|(?:can|could|would)\s+you\s+(?:please\s+)?|i\s+(?:need|want)\s+you\s+to\s+)*"
    r"(?:(?:draft|compose|translate|rewrite|rephrase|proofread)\b"
    r"|write\b.*\b(?:text|e-?mail|mail|letter|message|poem|posts?|article|blog|slogan|story|essay|speech|newsletter|reply)\b"
    r"|(?:tell|sing)\s+(?:me\s+|us\s+)?a\s+(?:joke|story|song|riddle)\b)"
)
_ABOUT_PEOPLE = re.compile(r"\b(?:people|person|persons|men|women)\b")
_PERSONAL: dict[str, tuple[str, bool]] = {
    "birth": (
        r"\bbirthdays?\b|\b(?:birth\s*dates?|dates?\s+of\s+birth|dob)\b|\bborn\b|\bage\s+(?:groups?|brackets?|bands?)\b"
        r"|\b(?:ages?|aged)\b|\bhow\s+old\b|\b(?:years?)\s+old\b",
        True,
    ),
    "phone": (
        r"\b(?:(?:tele)?phone|mobile|cell(?:phone)?|contact)\s*(?:nrs?|nos?|nums?|numbers?|#)(?![\w])",
        False,
    ),
    "mail": (
        r"\be?-?mail\s*(?:addres+e?s?|adres+e?s?|ids?)\b|\be-?mails?\s+of\s+(?:all|the|our|every|each|those)\b",
        False,
    ),
    "address": (r"\b(?:home|postal|street|private)\s+address(?:es)?\b", False),
}
_CONTACT = re.compile(
    r"\bcontact\s+(?:details?|data|info\w*)\b|\b(?:personal|private)\s+(?:data|details?|info\w*)\b"
)


def personal(question: str, linked: Linked, context: Context) -> Refused | None:
    """The question wants, or would use, what a rule keeps from everybody."""
    lower = question.lower()
    broken = [
        rule
        for rule in context.check(question).held
        if any(_wants(lower, column, context.vocabulary) for column in rule.forbid)
    ]
    if not broken:
        return None
    return Refused(" ".join(rule.says for rule in broken), tuple(rule.rule for rule in broken))


def _wants(question: str, column: str, vocabulary: Vocabulary) -> bool:
    table, _, name = column.partition(".")
    for kind, (pattern, of_people) in _PERSONAL.items():
        found = re.search(pattern, question) if kind in name.lower() else None
        if found and (not of_people or _nearest_table(question, found.start(), vocabulary) == table):
            return True
    private = any(kind in name.lower() for kind in ("phone", "mail", "address"))
    return private and _CONTACT.search(question) is not None


def _nearest_table(question: str, place: int, vocabulary: Vocabulary) -> str:
    """The table whose noun stands nearest: age is asked of tickets, too."""
    places = {
        match.start(): table
        for table, nouns in vocabulary.nouns.items()
        for noun in nouns
        for match in re.finditer(rf"\b{re.escape(noun.lower())}s?\b", question)
    }
    if not places:
        found = _ABOUT_PEOPLE.search(question)
        return next(iter(vocabulary.nouns), "") if found else ""
    return places[min(places, key=lambda start: abs(start - place))]


def text(question: str, linked: Linked, context: Context) -> Unanswered | None:
    """Something is to be written."""
    if _TEXT.search(question.lower()):
        return Unanswered("Quarry answers questions about the data; it writes no texts.")
    return None


def cause(question: str, linked: Linked, context: Context) -> Unanswered | None:
    """Why something happened; only reasons that are recorded can be told."""
    if not _CAUSE.search(question.lower()):
        return None
    words = roots(linked.text)
    if any(set(words) & told for told in _recorded_reasons(context.vocabulary)):
        return None
    if any(set(name) & _CAUSES and _holds(words, name) for name in context.vocabulary.names):
        return None
    return Unanswered(
        "The data says what happened, not why; ask for the figures that you would compare, by period or "
        "by group."
    )


def _holds(words: Roots, name: Roots) -> bool:
    return any(words[place : place + len(name)] == name for place in range(len(words)))


def _recorded_reasons(vocabulary: Vocabulary) -> list[set[str]]:
    """For each column of reasons the words that tell which reasons these are: 'cancel', 'refund'."""
    nouns = {table: {w for noun in names for w in roots(noun)} for table, names in vocabulary.nouns.items()}
    found = []
    for term in vocabulary.terms:
        words = {word for name in term.names for word in roots(name)}
        if term.column and words & _CAUSES:
            table = term.column.partition(".")[0]
            others = {word for other, named in nouns.items() if other != table for word in named}
            found.append(words - _CAUSES - COMMON - (others - nouns.get(table, set())))
    return found


def future(question: str, linked: Linked, context: Context) -> Unanswered | None:
    """What is to come; only dates that are planned already can be told."""
    today = context.clock.today()
    text = linked.text
    ahead = [s for s in linked.slots if s.window is not None and s.window.first > today]
    if not (_FORECAST.search(text) or _WILL.search(text) or ahead):
        return None
    if not _FORECAST.search(text) and _is_planned(text, context, today):
        return None
    return Unanswered(
        f"The data ends with today, {today.isoformat()}, and Quarry makes no forecasts; ask for a period "
        "that is past."
    )


def _is_planned(text: str, context: Context, today: dt.date) -> bool:
    """Whether the question names an event whose dates may lie ahead: campaigns that end next month."""
    schema = context.schema
    columns = {
        place
        for word in roots(text)
        for place in context.vocabulary.places(word)
        if "." in place and _is_temporal(place, context)
    }
    for place in sorted(columns):
        table, _, name = place.partition(".")
        column = exp.column(name, quoted=True)
        query = (
            exp.select("1")
            .from_(exp.Table(this=exp.to_identifier(table, quoted=True)))
            .where(
                exp.GTE(
                    this=column, expression=exp.Literal.string((today + dt.timedelta(days=1)).isoformat())
                )
            )
            .limit(1)
        )
        try:
            if context.database.run(query.sql(schema.dialect), max_rows=1).rows:
                return True
        except QueryError:
            continue
    return False


def _is_temporal(place: str, context: Context) -> bool:
    table, _, name = place.partition(".")
    found = context.schema.by_name[table].by_name.get(name) if table in context.schema.by_name else None
    return found is not None and found.is_temporal


def advice(question: str, linked: Linked, context: Context) -> Unanswered | None:
    """What ought to be done."""
    asked = question.lower()
    advise = _ADVISE.search(asked)
    if advise and context.vocabulary.is_own(root(advise[0])):
        advise = None
    if not advise and not _ADVICE.search(asked):
        return None
    return Unanswered("Quarry tells what the data holds and gives no advice; ask for the figures behind it.")
