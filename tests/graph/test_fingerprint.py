import datetime as dt
from decimal import Decimal

from graph.fingerprint import fingerprint
from knowledge.result import Result


def same(one: Result, other: Result) -> bool:
    return fingerprint(one) == fingerprint(other)


def test_order_of_rows_does_not_count() -> None:
    assert same(Result(("n",), ((1,), (2,))), Result(("m",), ((2,), (1,))))


def test_order_of_columns_does_not_count() -> None:
    assert same(Result(("a", "b"), ((1, "x"), (2, "y"))), Result(("b", "a"), (("y", 2), ("x", 1))))


def test_rows_stay_together_when_columns_move() -> None:
    assert not same(Result(("a", "b"), ((1, "x"), (2, "y"))), Result(("a", "b"), ((2, "x"), (1, "y"))))


def test_how_a_number_is_written_does_not_count() -> None:
    assert same(Result(("n",), ((Decimal("2.50"),),)), Result(("n",), ((2.5,),)))
    assert same(Result(("n",), ((1,),)), Result(("n",), ((True,),)))


def test_a_number_is_no_text() -> None:
    assert not same(Result(("n",), ((1,),)), Result(("n",), (("1",),)))


def test_repeated_rows_count() -> None:
    assert not same(Result(("n",), ((1,), (1,))), Result(("n",), ((1,),)))


def test_a_day_is_its_midnight() -> None:
    assert same(Result(("d",), ((dt.date(2025, 1, 2),),)), Result(("d",), ((dt.datetime(2025, 1, 2),),)))


def test_null_is_no_empty_text() -> None:
    assert not same(Result(("n",), ((None,),)), Result(("n",), (("",),)))


def test_no_rows_of_other_widths_differ() -> None:
    assert not same(Result(("a",), ()), Result(("a", "b"), ()))
