# ruff: noqa: E501
from pathlib import Path

import pytest

from knowledge.errors import SettingsError
from knowledge.rules import Rule, load_rules
from tests.conftest import shop_schema

SCHEMA = shop_schema()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rules.yaml"


def entry(lines: str) -> str:
    return f"rules:\n  - rule: x\n    says: y\n    {lines}\n"


def refused(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_rules(path, SCHEMA)
    return str(raised.value)


def test_rules_are_read_with_all_their_fields(path: Path) -> None:
    condition = "{t}.customer_id NOT IN (SELECT customer_id FROM customers WHERE is_test = 1)"
    path.write_text(
        f"""
rules:
  - rule: no-test-accounts
    says: Our own accounts never count.
    require:
      customers: "{{t}}.is_test = 0"
      orders: "{condition}"
    unless_tables: [products]
    unless_columns: [customers.is_test]
    unless_words: [test account]
  - rule: no-personal-data
    says: No addresses.
    forbid: [customers.email]
  - rule: by-currency
    says: Amounts differ by currency.
    needs_column: {{orders.amount: orders.currency}}
"""
    )

    assert load_rules(path, SCHEMA) == (
        Rule(
            rule="no-test-accounts",
            says="Our own accounts never count.",
            require={"customers": "{t}.is_test = 0", "orders": condition},
            unless_tables=("products",),
            unless_columns=("customers.is_test",),
            unless_words=("test account",),
        ),
        Rule("no-personal-data", "No addresses.", forbid=("customers.email",)),
        Rule("by-currency", "Amounts differ by currency.", needs_column={"orders.amount": "orders.currency"}),
    )


def test_a_missing_file_has_no_rules(path: Path) -> None:
    assert load_rules(path, SCHEMA) == ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("forbidden: [customers.email]", "unknown key `forbidden`; did you mean `forbid`?"),
        ("forbid: [customers.emial]", "the table `customers` has no column `emial`; did you mean `email`?"),
        ("unless_words: [a]", "this rule does nothing; add `require`, `forbid`, `needs_column`, `scope`"),
        (
            "forbid: [customers.email]\n    unless_words: [a]",
            "`unless_words` only goes with `require`; remove it",
        ),
        ("require: {custmers: '{t}.is_test = 0'}", "there is no table `custmers`; did you mean `customers`?"),
        ("require: {customers: '{t}.is_tst = 0'}", "has no column `is_tst`; did you mean `is_test`?"),
        (
            "require: {customers: 'is_test = 0'}",
            "does not say which table it is about; write {t}.column for customers",
        ),
        ("require: {customers: '{t}.is_test ='}", "this cannot be read as SQL"),
        ("require: {customers: '{t}.is_test = 0 GROUP BY 1'}", "this cannot be read as SQL"),
        ("require: {customers: '{t}.city = orders.status'}", "also uses `orders`; use a sub-query for it"),
        ("require: {customers: '{t}.customer_id IN (SELECT x FROM orders)'}", "has no column `x`"),
        ("require: {customers: [a]}", "`customers` in `require` must be text, but it is a list"),
        ("require: [customers]", "`require` must be a mapping of `name: value`"),
        ("needs_column: {orders.amount: orders.curency}", "no column `curency`; did you mean `currency`?"),
        ("require: {orders: '{t}.amount > 0'}\n    unless_tables: [refunds]", "there is no table `refunds`"),
        ("require: {orders: '{t}.amount > 0'}\n    unless_columns: [orders.nope]", "no column `nope`"),
        ("mask: [customers.phone]", "the table `customers` has no column `phone`"),
        ("unique: [orders.nr]", "the table `orders` has no column `nr`"),
        ("scope: {orders.city: '{city}'}", "the table `orders` has no column `city`"),
        ("scope: {orders: 'currency = {money}'}", "does not say which table it is about; write {t}.column"),
        ("scope: {orders: '{t}.curency = {money}'}", "has no column `curency`; did you mean `currency`?"),
        ("scope: {order: '{t}.currency = {money}'}", "there is no table `order`; did you mean `orders`?"),
        ("forbid_join: [orders.status = customers.state]", "has no column `state`"),
        ("forbid_join: ['orders, clients']", "there is no table `clients`"),
        ("forbid_join: [orders]", "a join is written as `a.x = b.y`, or as two tables, `a, b`"),
        ("require_join: ['orders, customers']", "this cannot be read as SQL"),
        ("require_join: [orders.amount > products.price]", "a join is written as `a.x = b.y`, with columns"),
        ("require_join: [orders.order_id = orders.product_id]", "with columns of two tables"),
        ("range: {orders.amount: 0-5}", "a range is written as 0..5, 0.. or ..5"),
        ("range: {orders.amount: ..}", "a range is written as 0..5, 0.. or ..5"),
        ("range: {orders.amont: 0..5}", "has no column `amont`; did you mean `amount`?"),
        ("range: {revenue: 0..5}", "there is no metric `revenue`; give glossary.yaml a term with `metric`"),
        ("require: {orders: '{t}.amount > 0'}\n    only_metrics: [sales]", "there is no metric `sales`"),
        ("forbid: [customers.email]\n    only_metrics: [sales]", "`only_metrics` only goes with `require`"),
        ("skip: [fan_uot]", "there is no check `fan_uot` to skip; did you mean `fan_out`?"),
        ("skip: [scope]", "there is no check `scope` to skip; use one of joins"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(path: Path, lines: str, told: str) -> None:
    message = refused(path, entry(lines))

    assert told in message
    assert message.startswith(str(path))


def test_the_line_is_that_of_the_condition(path: Path) -> None:
    told = refused(path, entry('require:\n      orders: "{t}.amount > 0"\n      products: "{t}.prise > 0"'))

    assert told == f"{path}, line 6: the table `products` has no column `prise`; did you mean `price`?"


def test_the_same_rule_twice_is_told(path: Path) -> None:
    again = "  - {rule: X, says: z, forbid: [customers.email]}\n"

    assert "the rule 'X' stands on line 2 already" in refused(path, entry("forbid: [customers.name]") + again)


def test_without_a_schema_only_the_shape_is_checked(path: Path) -> None:
    path.write_text(entry("require: {anything: '{t}.goes = 1'}"))

    assert load_rules(path)[0].require == {"anything": "{t}.goes = 1"}


def test_the_kinds_of_rules_are_read_with_their_fields(path: Path) -> None:
    path.with_name("glossary.yaml").write_text(
        "terms: [{term: Revenue, meaning: Sales., metric: SUM(orders.amount)}]"
    )
    path.write_text(
        """
rules:
  - rule: own-currency
    says: Everybody sees their own.
    scope: {orders.currency: "{money}", customers: "{t}.customer_id IN (SELECT customer_id FROM orders WHERE currency = {money})"}
    unless_roles: [owner]
  - rule: masked
    says: Addresses are not shown.
    mask: [customers.email]
    mend: count them
  - {rule: joins, says: By customer., forbid_join: ["orders, products"], require_join: [orders.customer_id = customers.customer_id]}
  - {rule: sane, says: Sane., range: {orders.amount: 0..500, revenue: "0.."}, unique: [orders.order_id], skip: [limit]}
  - {rule: paid, says: Paid., require: {orders: "{t}.status = 'paid'"}, only_metrics: [revenue]}
"""
    )

    own, masked, joins, sane, paid = load_rules(path, SCHEMA)

    assert set(own.scope) == {"orders.currency", "customers"}
    assert own.unless_roles == ("owner",)
    assert (masked.mask, masked.hidden, masked.mend) == (
        ("customers.email",),
        ("customers.email",),
        "count them",
    )
    assert joins.forbid_join == ("orders, products",)
    assert joins.require_join == ("orders.customer_id = customers.customer_id",)
    assert sane.range == {"orders.amount": "0..500", "revenue": "0.."}
    assert (sane.unique, sane.skip) == (("orders.order_id",), ("limit",))
    assert paid.only_metrics == ("revenue",)
