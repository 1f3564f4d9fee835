"""What is no question about the data: told apart before the model is asked."""

import re

from graph.outcome import Refused, Unanswered
from knowledge.errors import QuestionError

MAX_LENGTH = 2000

_STATEMENT = re.compile(
    r"\b(?:drop|alter|create|truncate)\s+(?:table|database|schema|index|view|user|trigger)\b"
    r"|\bdelete\s+from\b|\binsert\s+into\b|\bupdate\s+\w+\s+set\b|\bgrant\s+\w+\s+on\b"
    r"|\bselect\s+(?:\*|distinct\b|\w+\s*\(|[\w.]+\s*,).*\bfrom\b|\bunion\s+(?:all\s+)?select\b",
    re.IGNORECASE | re.DOTALL,
)
_POLITE = (
    r"^\W*(?:please\s+|(?:can|could|would|will)\s+you\s+(?:please\s+)?|i\s+want\s+(?:you\s+)?to\s+|let's\s+)*"
)
_ORDER_TO_WRITE = re.compile(
    _POLITE + r"(?:(?:delete|erase|wipe|truncate|overwrite|purge|insert)\b"
    r"|remove\s+(?:all|the|this|that|every|my|our)\b|drop\s+(?:all|the|every|our)\s+\w+s?\s*$"
    r"|(?:update|set|change|modify|rename)\s+(?!in\b|from\b|of\b|over\b|between\b|me\b).+\bto\b)",
    re.IGNORECASE,
)
_ROW = (
    r"(?:order|ticket|subscription|refund|customer|account|product|campaign|parcel|shipment|employee|row"
    r"|record)s?"
)
_ORDER_TO_ACT = re.compile(
    _POLITE + r"(?:(?:cancel|approve|reject|reopen|reassign|unassign|deactivate|activate|pause|resume|reset"
    r"|reimburse|archive|restore|merge|anonymi[sz]e|notify|remind)\s+"
    rf"(?:the|this|that|these|those|all|every|my|our|his|her|their|{_ROW}|#?\d+)\b"
    rf"|(?:close|open|ship|refund|assign|block)\s+(?:(?:the|this|that|these|those)\s+)?{_ROW}\b"
    r"|mark\s.+\bas\b"
    rf"|(?:add|create|register|book|enter)\s+(?:an?\s+)?(?:new\s+)?{_ROW}\b(?!\s+(?:list|table|chart|report)))"
    r"|^\W*(?:please\s+)?(?:send|forward|e-?mail|mail|call|text)\s+(?:an?\s+(?:e-?mail|mail|message|reminder)|this|these"
    r"|it|them|the\s+(?:customer|supplier|carrier|team)s?)\b",
    re.IGNORECASE,
)
_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|bypass|override|skip|drop)\s+(?:\w+\s+){0,3}(?:rule|instruction|prompt|restriction"
    r"|polic(?:y|ie)|guideline|filter|check|limit|safeguard)s?\b|\bsystem\s+prompt\b|\bjailbreak|\bdeveloper\s+mode\b"
    r"|\b(?:you\s+are|act\s+as|pretend\s+(?:to\s+be|you))\s+(?:now\s+)?(?:an?\b|the\b|in\b|not\b|no\b)"
    r"|\b(?:reveal|show|print|repeat)\s+(?:me\s+)?(?:your|the)\s+(?:\w+\s+)?(?:prompt|instructions)\b",
    re.IGNORECASE,
)
_FUNCTION_WORDS = re.compile(
    r"\b(?:an?|about|all|and|any|are|as|at|average|between|by|can|count|did|do|does|each|every|for|from|had|has|have"
    r"|how|in|is|it|last|list|many|me|most|much|my|not|of|on|or|our|over|per|show|than|that|the|their|there|this|to"
    r"|top|total|under|us|was|we|were|what|when|where|which|who|whose|why|with|year|you)\b"
)
_FOREIGN_WORDS = re.compile(
    r"\b(?:wie|wieviele?|viele|welche[rsn]?|haben|unsere[rn]?|zeige?|nicht|und|für|combien|quel(?:le)?s?|avons|nous|notre"
    r"|cu[aá]nt[oa]s?|tenemos|nuestr[oa]s?|qu[eé]|hoeveel|hebben|onze|welke|quant[ie]|abbiamo|quant[oa]s|temos)\b"
)


def check_question(question: str) -> str:
    """The question without space around it. Raises QuestionError where it is empty, too long or no text."""
    if len(question) > MAX_LENGTH:
        raise QuestionError(
            f"The question has {len(question):,} characters and at most {MAX_LENGTH:,} are read; shorten it."
        )
    try:
        question.encode()
    except UnicodeEncodeError:
        raise QuestionError("The question holds bytes that are no UTF-8 text; type it anew.") from None
    question = question.strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("There is no question; ask something about your data.")
    return question


def refusal(question: str) -> Refused | None:
    """Why a text is not taken at all: it carries SQL, asks to act or to change data, or to drop the rules."""
    if _STATEMENT.search(question):
        return Refused("This holds SQL, and Quarry writes its own; ask the question in plain words.")
    if _INJECTION.search(question):
        return Refused("The rules hold for every question, and nobody can talk them away.")
    if _ORDER_TO_WRITE.search(question) or _ORDER_TO_ACT.search(question):
        return Refused("Quarry only reads; it cannot change or delete data.")
    return None


def off_topic(
    question: str, similarity: float, threshold: float, *, values: bool = False, terms: bool = False
) -> Unanswered | None:
    """Why a question is not tried: nothing that is known of the data is near.

    `values` and `terms` say whether the question names any; terms may be the same word in another language.
    """
    if values or similarity >= threshold:
        return None
    if not _looks_english(question):
        return Unanswered("Quarry answers questions in English for now; please ask in English.")
    if terms:
        return None
    return Unanswered(
        "I found nothing in this database that the question could be about; ask about what it holds, "
        "in the words of your glossary if you have one."
    )


def _looks_english(question: str) -> bool:
    text = question.lower()
    if _FOREIGN_WORDS.search(text):
        return False
    return len(re.findall(r"[^\W\d_]+", text)) < 3 or _FUNCTION_WORDS.search(text) is not None
