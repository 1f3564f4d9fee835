"""What comes from people, the database or a model is text in Slack, and nothing in it is live."""

import html
import re
import unicodedata

_LABELLED = re.compile(r"<(?:https?|mailto):[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto):[^>]*)>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|?([^>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_SPECIAL = re.compile(r"<![^>]*>")
_ODD = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINER = "\N{ZERO WIDTH JOINER}"


def plain(text: object, most: int = 3000, *, lines: bool = False) -> str:
    """Without control and direction signs, cut to `most` characters; on one line unless `lines`.

    >>> plain("a\\tb\\u202ec"), plain("too long", 5)
    ('a bc', 'too …')
    """
    kept = []
    for sign in str(text):
        if sign == "\n" and lines:
            kept.append(sign)
        elif sign.isspace():
            kept.append(" ")
        elif sign == _JOINER or unicodedata.category(sign) not in _ODD:
            kept.append(sign)
    said = "".join(kept).strip()
    return said if len(said) <= most else f"{said[: most - 1]}…"


def escape(text: object, most: int = 3000) -> str:
    """For the fallback text of a message: nothing is a mention, a link or markup.

    >>> escape("<!channel> & co")
    '&lt;!channel&gt; &amp; co'
    """
    said = plain(text, most).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return said if len(said) <= most else re.sub(r"&\w*…?$", "", said[: most - 1]) + "…"


def heard(text: str, own: str = "") -> str:
    """What a person typed, from what Slack sends: its own mention left out, links as their words.

    >>> heard("<@U0BOT> sales &gt; 5 of <http://shop.com|shop.com>?", "U0BOT")
    'sales > 5 of shop.com?'
    """
    said = _MENTION.sub(lambda found: "" if found[1] == own else "someone", text)
    said = _SPECIAL.sub("", _CHANNEL.sub(r"\1", _LINK.sub(r"\1", _LABELLED.sub(r"\1", said))))
    return " ".join(html.unescape(said).split())


def mentions(text: str) -> frozenset[str]:
    """The ids of those who are mentioned."""
    return frozenset(found[1] for found in _MENTION.finditer(text))
