import pytest

from knowledge.joins import condition, join_path, neighbours
from knowledge.schema import Column, ForeignKey, Schema, Table


def company(*keys: str) -> Schema:
    """'orders.customer_id>customers' is a key; a '?' after the column says that it may be empty."""
    columns: dict[str, dict[str, Column]] = {}
    found = []
    for key in keys:
        start, to_table = key.split(">")
        table, column = start.rstrip("?").split(".")
        columns.setdefault(table, {})[column] = Column(column, "INTEGER", nullable=start.endswith("?"))
        columns.setdefault(to_table, {}).setdefault("id", Column("id", "INTEGER", nullable=False))
        found.append(ForeignKey(table, (column,), to_table, ("id",)))
    tables = tuple(Table(name, tuple(columns[name].values())) for name in sorted(columns))
    return Schema("sqlite", tables, tuple(found))


KESTREL = company(
    "customers.country_code>countries",
    "customers.referred_by?>customers",
    "inventory.product_id>products",
    "inventory.warehouse_id>warehouses",
    "order_items.order_id>orders",
    "order_items.product_id>products",
    "orders.customer_id>customers",
    "product_tags.product_id>products",
    "product_tags.tag_id>tags",
    "shipments.order_id>orders",
    "shipments.warehouse_id>warehouses",
    "suppliers.country_code>countries",
    "products.supplier_id>suppliers",
    "warehouses.country_code>countries",
    "notes.page_id>pages",
)


def told(schema: Schema, *tables: str) -> list[str] | None:
    path = join_path(schema, tables)
    return None if path is None else [f"{key.table}>{key.to_table}" for key in path]


def test_two_tables_with_a_key_join_by_it() -> None:
    assert told(KESTREL, "orders", "customers") == ["orders>customers"]
    assert told(KESTREL, "customers", "orders") == ["orders>customers"]


def test_tables_far_apart_join_through_those_between() -> None:
    assert told(KESTREL, "customers", "tags") == [
        "orders>customers",
        "order_items>orders",
        "order_items>products",
        "product_tags>products",
        "product_tags>tags",
    ]


def test_one_table_needs_no_join() -> None:
    assert told(KESTREL, "orders") == []
    assert told(KESTREL, "orders", "orders") == []


def test_several_tables_make_one_tree() -> None:
    path = join_path(KESTREL, ["tags", "customers", "warehouses"])

    assert path is not None
    reached = {"tags"}
    for key in path:
        assert len({key.table, key.to_table} - reached) == 1, "each key brings one new table"
        reached |= {key.table, key.to_table}
    assert {"tags", "customers", "warehouses"} <= reached


@pytest.mark.parametrize("other", ["warehouses", "suppliers"])
def test_a_common_country_is_no_reason_to_join(other: str) -> None:
    path = told(KESTREL, "customers", other)

    assert path is not None
    assert "customers>countries" not in path


def test_a_common_parent_is_taken_where_there_is_no_other_way() -> None:
    schema = company("refunds.order_id>orders", "shipments.order_id>orders")

    assert told(schema, "refunds", "shipments") == ["refunds>orders", "shipments>orders"]


def test_a_key_that_is_always_filled_is_preferred() -> None:
    schema = company("a.b_id?>b", "b.c_id>c", "a.d_id>d", "d.c_id>c")

    assert told(schema, "a", "c") == ["a>d", "d>c"]


def test_tables_without_a_path_give_none() -> None:
    assert told(KESTREL, "orders", "pages") is None


def test_a_key_to_itself_is_a_neighbour_once_and_never_a_path() -> None:
    keys = neighbours(KESTREL, "customers")

    assert [(key.table, key.to_table) for key in keys] == [
        ("customers", "countries"),
        ("customers", "customers"),
        ("orders", "customers"),
    ]
    assert told(KESTREL, "customers", "countries") == ["customers>countries"]


def test_a_condition_is_written_with_aliases() -> None:
    key = ForeignKey("stock", ("site", "bin"), "bins", ("site_id", "bin_id"))

    assert condition(key, {"stock": "s", "bins": "b"}) == "s.site = b.site_id AND s.bin = b.bin_id"
