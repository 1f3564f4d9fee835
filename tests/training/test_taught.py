"""Verified pairs become rows: the team's own words, in the canonical form, with slots for what was said."""

from knowledge.examples import Example
from training.material import Material
from training.specialise import without
from training.synthesis import Row
from training.taught import Taught, canonical_golds

CAPITAL = Example("what is the capital of Landc", "SELECT CAPITAL FROM land WHERE land_name = 'Landc'")
MAJOR = Example("major rivers", "SELECT river_name FROM river WHERE length > 120")


def test_the_pair_itself_comes_first_with_slots_for_its_values(atlas: Material) -> None:
    row = Taught(atlas, [CAPITAL], 1).rows(1)[0]
    assert row.prompt == "<|ask|>what is the capital of <v1>|<v1>l.land_name<|sql|>"
    assert row.target == "SELECT l.capital FROM land l WHERE l.land_name = <v1>"


def test_what_nobody_said_stays_in_the_statement(atlas: Material) -> None:
    assert Taught(atlas, [MAJOR], 1).rows(1)[0].target.endswith("WHERE r.length > 120")


def test_copies_differ_and_mean_the_same(atlas: Material) -> None:
    rows = Taught(atlas, [CAPITAL], 1).rows(40)
    assert len({row.prompt for row in rows}) == len(rows) > 5
    assert {row.target for row in rows} == {"SELECT l.capital FROM land l WHERE l.land_name = <v1>"}


def test_every_pair_is_taught_as_often_as_the_others(atlas: Material) -> None:
    rows = Taught(atlas, [CAPITAL, MAJOR], 1).rows(2)
    assert [row.question for row in rows] == ["what is the capital of Landc", "major rivers"]


def test_a_correction_is_taught_twice_as_often(atlas: Material) -> None:
    corrected = Example(MAJOR.question, MAJOR.sql, origin="correction")
    plain, twice = (len(Taught(atlas, [one], 1).rows(10)) for one in (MAJOR, corrected))
    assert twice > plain


def test_what_a_person_corrected_is_taught_as_recovery(atlas: Material) -> None:
    wrong = "SELECT land_name FROM land WHERE land_name = 'Landc'"
    corrected = Example(CAPITAL.question, CAPITAL.sql, "correction", wrong=wrong, trouble="asked")
    (row,) = Taught(atlas, [corrected, MAJOR], 1).recoveries()
    assert row.kind == "recovery"
    assert row.prompt == (
        "<|ask|>what is the capital of <v1>|<v1>l.land_name<|wrong|>SELECT l.land_name FROM land l "
        "WHERE l.land_name = <v1>|asked<|sql|>"
    )
    assert row.target == "SELECT l.capital FROM land l WHERE l.land_name = <v1>"


def test_a_pair_that_cannot_be_taught_is_told(atlas: Material) -> None:
    lessons = Taught(atlas, [Example("broken", "SELECT FROM"), CAPITAL], 1)
    assert [left.example.question for left in lessons.left] == ["broken"]
    assert len(lessons.rows(1)) == 1


def test_without_pairs_there_are_no_rows(atlas: Material) -> None:
    assert Taught(atlas, [], 1).rows(10) == []


def test_rules_are_not_taught_for_the_checks_add_them(material: Material) -> None:
    example = Example(
        "how many customers do we have",
        "SELECT COUNT(*) AS n FROM customers c WHERE c.is_test = 0",
    )
    assert Taught(material, [example], 1).rows(1)[0].target == "SELECT COUNT(*) FROM customers cu"


def test_dates_of_the_question_become_its_slot(material: Material) -> None:
    sql = "SELECT COUNT(*) FROM orders WHERE ordered_at >= '2025-10-01' AND ordered_at < '2025-11-01'"
    row = Taught(material, [Example("orders in October 2025", sql)], 1).rows(1)[0]
    assert row.target == (
        "SELECT COUNT(*) FROM orders o WHERE o.ordered_at >= <d1a> AND o.ordered_at < <d1b>"
    )


def test_a_gold_of_the_suites_is_not_taught_as_it_stands(atlas: Material) -> None:
    gold = "SELECT COUNT(*) AS n FROM land"
    assert list(canonical_golds([gold, "nonsense ("], atlas)) == ["SELECT COUNT(*) FROM land l"]
    rows = [Row("a", "SELECT COUNT(*) FROM land l", "a", "count"), Row("b", "SELECT 2", "b", "count")]
    assert without(rows, frozenset(canonical_golds([gold], atlas))) == rows[1:]
