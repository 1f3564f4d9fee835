import pytest

from knowledge.column_values import ColumnValues

VALUES = ("Espresso Machine", "Espresso Machines Pro", "Köln", "Green Tea", "Grinder", "Grinders XL", "X")
WORDS = {
    "Espresso Machine": "espresso machine",
    "Espresso Machines Pro": "espresso machine pro",
    "Köln": "koln",
    "Green Tea": "green tea",
    "Grinder": "grinder",
    "Grinders XL": "grinder xl",
}


@pytest.fixture
def values() -> ColumnValues:
    ways = [(words, value, 1.0) for value, words in WORDS.items()]
    return ColumnValues([*ways, ("koeln", "Köln", 1.0), ("cancel", "X", 1.0), ("cancelled", "X", 1.0)])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Grinder", "Grinder"),
        ("GRINDER", "Grinder"),
        ("grinders", "Grinder"),
        ("Koln", "Köln"),
        ("Koeln", "Köln"),
        ("green teas", "Green Tea"),
        ("Espreso Machine", "Espresso Machine"),
        ("espresso machnie", "Espresso Machine"),
        ("cancelled", "X"),
        ("X", "X"),
    ],
)
def test_case_accents_plural_a_slip_and_the_glossary_lead_to_the_value(
    values: ColumnValues, text: str, meant: str
) -> None:
    assert values.meant(text) == [meant]


@pytest.mark.parametrize("text", ["Teapot", "", "?", "X1", "Espresso", "Grxxxxr"])
def test_what_is_no_value_means_none(values: ColumnValues, text: str) -> None:
    assert values.meant(text) == []


def test_two_values_that_are_as_near_are_both_meant() -> None:
    values = ColumnValues(
        [("harburg", "Harburg", 1.0), ("marburg", "Marburg", 1.0), ("hamburg", "Hamburg", 1.0)]
    )
    assert sorted(values.meant("Haamburg")) == ["Hamburg"]
    assert sorted(ColumnValues([("anna", "Anna", 1.0), ("anna", "ANNA", 1.0)]).meant("anna")) == [
        "ANNA",
        "Anna",
    ]


def test_the_nearest_are_told_the_nearest_first(values: ColumnValues) -> None:
    assert values.nearest("Grinderz X")[0] == "Grinders XL"
    assert values.nearest("zzzzzz") == []
