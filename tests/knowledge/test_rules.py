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
        ("unless_words: [a]", "this rule does nothing; add `require`, `forbid` or `needs_column`"),
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
