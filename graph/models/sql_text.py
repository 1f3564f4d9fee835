"""The SQL in a chat model's reply."""

from markdown_it import MarkdownIt


def sql_in(reply: str) -> str:
    """The one fenced block of a reply, or the reply itself where there is none.

    With several blocks the first counts: models that explain themselves write the query first.

    >>> sql_in("Here it is:\\n```sql\\nSELECT 1\\n```\\nIt says one.")
    'SELECT 1'
    >>> sql_in("SELECT 1")
    'SELECT 1'
    """
    blocks = [token.content for token in MarkdownIt().parse(reply) if token.type == "fence"]
    return (blocks[0] if blocks else reply).strip()
