"""SQL with its keywords and texts marked, for a page."""

import re
from functools import lru_cache

from markupsafe import Markup, escape

from evals.reports.wording import clean

_WORDS = """
SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET UNION ALL EXCEPT INTERSECT WITH AS ON USING JOIN LEFT
RIGHT FULL INNER OUTER CROSS AND OR NOT IN IS NULL LIKE ILIKE BETWEEN EXISTS CASE WHEN THEN ELSE END DISTINCT
OVER PARTITION ASC DESC NULLS FIRST LAST WINDOW ROWS RANGE RECURSIVE VALUES FILTER LATERAL INTERVAL CAST TRUE
FALSE ANY QUALIFY
"""
_KEYWORDS = frozenset(_WORDS.split())
_PART = re.compile(r"('(?:[^']|'')*')|([A-Za-z_][A-Za-z_0-9]*)|([^A-Za-z_']+|')")


@lru_cache(maxsize=4096)
def highlighted(sql: str) -> Markup:
    """Escaped; keywords in <b>, texts in <i>.

    >>> highlighted("SELECT a FROM t WHERE b < 'x'")
    Markup('<b>SELECT</b> a <b>FROM</b> t <b>WHERE</b> b &lt; <i>&#39;x&#39;</i>')
    """
    return Markup("").join(_part(*found.groups()) for found in _PART.finditer(clean(sql)))


def _part(text: str | None, word: str | None, rest: str | None) -> Markup:
    if text:
        return Markup("<i>{}</i>").format(text)
    if word and word.upper() in _KEYWORDS:
        return Markup("<b>{}</b>").format(word)
    return escape(word or rest or "")
