"""Window functions in words: ranks, running sums, the row before."""

from sqlglot import exp

from graph.explain.speaker import Speaker, Unsaid

_RANKS: dict[type[exp.Expr], str] = {
    exp.RowNumber: "place", exp.Rank: "rank", exp.DenseRank: "rank without gaps",
    exp.PercentRank: "rank as a share", exp.CumeDist: "cumulative share",
}  # fmt: skip


def over(node: exp.Expr, say: Speaker) -> str:
    if node.args.get("alias") or node.args.get("over", "OVER") != "OVER":
        raise Unsaid
    spec, order, parts = node.args.get("spec"), node.args.get("order"), node.args.get("partition_by") or []
    within = f" within each {' and '.join(say.value(p) for p in parts)}" if parts else ""
    by = " and ".join(_ordered(o, say) for o in order.expressions) if order is not None else ""
    inner = node.this
    if type(inner) in _RANKS:
        if not by or spec is not None:
            raise Unsaid
        return f"{_RANKS[type(inner)]} by {by}{within}"
    if isinstance(inner, exp.Lag | exp.Lead) and inner.args.get("default") is None and by and spec is None:
        steps = inner.args.get("offset")
        far = "" if steps is None or steps.name == "1" else f" {steps.name} rows"
        where = "before" if isinstance(inner, exp.Lag) else "after"
        return f"{say.value(inner.this)} of the row{far} {where}, by {by}{within}"
    if not isinstance(inner, exp.AggFunc):
        raise Unsaid
    running = "" if not by else f", running by {by}"
    frame = f" ({say.sql(spec).lower()})" if spec is not None else ""
    over = "" if by or within else " over all rows"
    return f"{say.value(inner)}{running}{within}{over}{frame}"


def _ordered(node: exp.Expr, say: Speaker) -> str:
    down = node.args.get("desc")
    return f"{say.value(node.this)} ({'highest' if down else 'lowest'} first)"
