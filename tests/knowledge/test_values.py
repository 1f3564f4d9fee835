"""Values of the database named in questions."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.database import Database
from knowledge.errors import IndexingError
from knowledge.glossary import Term
from knowledge.profile import Profiles, profile
from knowledge.schema import Schema
from knowledge.values import ValueHit, Values

CITIES = (
    "Berlin", "Hamburg", "Zürich", "Köln", "Bruges", "Ghent", "New York", "Nice", "Reading", "Łódź",
    "Paris", "Rome", "Oslo", "Wien", "Bern",
)  # fmt: skip
CATEGORIES = (
    "Espresso Machines", "Tea & Cocoa", "Cold Brew", "Grinders", "Gifts", "Coffee", "Capsules", "Decaf",
    "Kettles", "Mugs", "Books", "Office Plants", "Orders",
)  # fmt: skip
CAMPAIGNS = (
    *(f"Spring Bloom {year}" for year in (2023, 2024, 2025)),
    *(f"Edition {n} Poster" for n in range(9)), "Kettle Month", "Decaf January",
)  # fmt: skip
COUNTRIES = {
    "DE": "Germany", "NO": "Norway", "IT": "Italy", "US": "United States", "FR": "France", "BE": "Belgium",
    "NL": "Netherlands", "PL": "Poland", "ES": "Spain", "PT": "Portugal", "SE": "Sweden", "FI": "Finland",
    "DK": "Denmark",
}  # fmt: skip
PEOPLE = (
    ("Sophie", "Böhm"), ("Luca", "Mancini"), ("Max", "Price"), ("Anna", "Klein"), ("Femke", "de Vries"),
    *((f"First{n}", f"Last{n}") for n in range(12)),
)  # fmt: skip

GLOSSARY = (
    Term(
        "country",
        "",
        column="countries.name",
        values={"Germany": ("german",), "United States": ("us", "the states")},
    ),
    Term(
        "status", "", column="orders.status", values={"X": ("cancelled", "called off"), "D": ("delivered",)}
    ),
    Term("customer", "", synonyms=("buyer", "gift buyer"), table="customers"),
    Term("priority", "", column="orders.priority", values={"1": ("urgent",)}),
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("company") / "company.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        CREATE TABLE countries (country_code TEXT PRIMARY KEY, name TEXT);
        CREATE TABLE categories (name TEXT);
        CREATE TABLE campaigns (name TEXT);
        CREATE TABLE products (sku TEXT, name TEXT, description TEXT);
        CREATE TABLE warehouses (name TEXT, city TEXT);
        CREATE TABLE customers (
          first_name TEXT, last_name TEXT, email TEXT, phone TEXT, note TEXT, city TEXT,
          country_code TEXT REFERENCES countries (country_code)
        );
        CREATE TABLE orders (status TEXT, payment_method TEXT, team TEXT, priority INTEGER);
        """
    )
    connection.executemany("INSERT INTO countries VALUES (?, ?)", COUNTRIES.items())
    connection.executemany("INSERT INTO categories VALUES (?)", [(name,) for name in CATEGORIES])
    connection.executemany("INSERT INTO campaigns VALUES (?)", [(name,) for name in CAMPAIGNS])
    names = ("Yirgacheffe Konga", "Moka Pot Deluxe", *(f"Bag Number {n}" for n in range(20)))
    connection.executemany(
        "INSERT INTO products VALUES (?, ?, ?)",
        [
            (f"KC-{1000 + n}", name, f"{name} is a very fine product of the house {n}")
            for n, name in enumerate(names)
        ],
    )
    connection.executemany(
        "INSERT INTO warehouses VALUES (?, ?)", [("Hamburg Harbour", "Hamburg"), ("Ghent Quay", "Ghent")]
    )
    for n, (first, last) in enumerate(PEOPLE):
        connection.execute(
            "INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)",
            (first, last, f"{first}@example.com", f"+49{n}", f"secret{n}", CITIES[n % len(CITIES)], "DE"),
        )
    connection.executemany(
        "INSERT INTO orders VALUES (?, ?, ?, ?)",
        [("X", "gift_card", "it", 1), ("D", "klarna", "support", 2), ("D", "paid_search", "it", 3)],
    )
    connection.commit()
    connection.close()
    return path


@pytest.fixture(scope="module")
def values(company: Path) -> Values:
    return built(company)


def built(company: Path) -> Values:
    database = Database.open(f"sqlite:///{company}")
    schema = database.schema()
    made = Values.build(
        database, schema, profile(database, schema), GLOSSARY, skip=frozenset({("customers", "note")})
    )
    database.close()
    return made


@pytest.fixture(scope="module")
def named(values: Values) -> Callable[[str], list[str]]:
    def lookup(question: str) -> list[str]:
        return [f"{hit.table}.{hit.column}={hit.value}" for hit in values.lookup(question)]

    return lookup


Named = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("orders from berlin", "customers.city=Berlin"),
        ("orders from ZURICH", "customers.city=Zürich"),
        ("orders from koeln", "customers.city=Köln"),
        ("orders from lodz", "customers.city=Łódź"),
        ("sales of espresso machine", "categories.name=Espresso Machines"),
        ("tea and cocoa sales", "categories.name=Tea & Cocoa"),
        ("coldbrew sales", "categories.name=Cold Brew"),
        ("orders in New York", "customers.city=New York"),
        ("stock of kc-1001", "products.sku=KC-1001"),
        ("german orders", "countries.name=Germany"),
        ("orders of Sophie Bohm", "customers.full_name=Sophie Böhm"),
        ("orders of femke de vries", "customers.full_name=Femke de Vries"),
        ("Decaf January", "campaigns.name=Decaf January"),
        ("price of the Yirgacheffe", "products.name=Yirgacheffe Konga"),
        ("price of the moka pot", "products.name=Moka Pot Deluxe"),
        ("paid by gift card", "orders.payment_method=gift_card"),
        ("called off", "orders.status=X"),
        ("urgent orders", "orders.priority=1"),
    ],
)
def test_a_value_is_found_in_whatever_form_it_is_typed(named: Named, question: str, value: str) -> None:
    assert named(question) == [value]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("espreso machins", "categories.name=Espresso Machines"),
        ("orders in germny", "countries.name=Germany"),
        ("stock of hamburg harbor", "warehouses.name=Hamburg Harbour"),
        ("paid by klrana", "orders.payment_method=klarna"),
        ("orders of Sophei Böhm", "customers.full_name=Sophie Böhm"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven(named: Named, question: str, value: str) -> None:
    assert named(question) == [value]


@pytest.mark.parametrize(
    "question",
    [
        "a nice reading of orders",
        "the max price of products",
        "orders of all customers",
        "customers with NO orders",
        "let us see it",
        "orders of Bohm",
        "mail sophie@example.com",
        "which notes are secret1",
        "is it the it of all",
        "the state of the stock",
        "orders of gift buyers",
        "Lucas Mancini",
        "spring rolls",
    ],
)
def test_words_that_only_look_like_values_are_left_alone(named: Named, question: str) -> None:
    assert named(question) == []


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("orders from Nice", "customers.city=Nice"),
        ("orders of Max Price", "customers.full_name=Max Price"),
        ('sales of "orders"', "categories.name=Orders"),
        ("orders of the it team", "orders.team=it"),
        ("orders in NO", "countries.country_code=NO"),
    ],
)
def test_a_capital_quotes_or_a_neighbour_make_a_common_word_a_value(
    named: Named, question: str, value: str
) -> None:
    assert named(question) == [value]


def test_a_last_name_alone_is_a_value_only_where_names_are_spoken_of(named: Named) -> None:
    assert named("customers called Mancini") == ["customers.last_name=Mancini"]
    assert named("orders of mrs Klein") == ["customers.last_name=Klein"]
    assert named("orders of Mancini") == []


def test_the_same_word_in_two_columns_has_two_readings(values: Values) -> None:
    hits = values.lookup("orders from Ghent")
    assert {(hit.table, hit.column) for hit in hits} == {("customers", "city"), ("warehouses", "city")}
    assert len({(hit.start, hit.end) for hit in hits}) == 1


def test_the_longest_name_wins(named: Named) -> None:
    assert named("stock of the Hamburg Harbour") == ["warehouses.name=Hamburg Harbour"]


def test_a_name_without_its_year_means_every_year_and_the_latest_first(named: Named) -> None:
    assert named("spring bloom campaign") == [
        f"campaigns.name=Spring Bloom {year}" for year in (2025, 2024, 2023)
    ]


def test_a_claimed_span_goes_only_to_a_longer_exact_name(values: Values) -> None:
    question = "Spring Bloom 2025 in Berlin 2025"
    year = question.index("2025")
    assert [hit.value for hit in values.lookup(question, [(year, year + 4)])] == [
        "Spring Bloom 2025",
        "Berlin",
    ]
    assert values.lookup("Berlin", [(0, 6)]) == []


def test_few_values_make_an_enum(values: Values) -> None:
    kinds = {hit.value: hit.enum for hit in values.lookup("gift card orders of Berlin")}
    assert kinds == {"gift_card": True, "Berlin": False}


def test_a_mended_hit_says_what_was_meant(values: Values) -> None:
    (hit,) = values.lookup("paid by Klrana")
    assert (hit.text, hit.words, hit.score < 1) == ("Klrana", "klarna", True)


def test_exact_words_score_highest(values: Values) -> None:
    assert values.lookup("Berlin")[0].score == 1
    assert values.lookup("Espresso Machine")[0].score < 1


def test_saved_values_are_the_same_when_loaded(values: Values, tmp_path: Path) -> None:
    question = "german orders of espreso machins by Sophie Böhm, paid with gift cards"
    values.save(tmp_path / "state" / "values.json")
    loaded = Values.load(tmp_path / "state" / "values.json")
    assert loaded.lookup(question) == values.lookup(question) != []
    assert loaded.words == values.words


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1}', json.dumps({"version": 0})])
def test_a_damaged_file_of_values_names_the_remedy(tmp_path: Path, content: str) -> None:
    (tmp_path / "values.json").write_text(content)
    with pytest.raises(IndexingError, match="quarry index"):
        Values.load(tmp_path / "values.json")


def test_a_missing_file_of_values_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="quarry index"):
        Values.load(tmp_path / "values.json")


TOWNS = ("boulder", "dallas", "houston", "springfield", "commerce", "independence", "reading")


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Values:
    """More than 200 names of places, some of which are English words."""
    path = tmp_path_factory.mktemp("towns") / "towns.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE city (city_name TEXT, population INTEGER)")
        names = (*TOWNS, *(f"stedt{n}" for n in range(210)))
        connection.executemany("INSERT INTO city VALUES (?, 5)", [(name,) for name in names])
    connection.close()
    return built(path)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("what is the population of dallas", ["dallas"]),
        ("how many people in boulder", ["boulder"]),
        ("where is houston", ["houston"]),
        ("how many inhabitants does springfield have", ["springfield"]),
        ("population of the city boulder", ["boulder"]),
        ("compare dallas city with houston city", ["dallas", "houston"]),
        ("population of Boulder", ["boulder"]),
        ("cities with a boulder in their name", []),
        ("a commerce report", []),
        ("how many have we got after reading the list", []),
    ],
)
def test_an_english_word_is_a_name_where_a_name_stands(
    towns: Values, question: str, found: list[str]
) -> None:
    assert [hit.value for hit in towns.lookup(question)] == found


def test_personal_and_forbidden_columns_are_never_read(company: Path) -> None:
    class Watched:
        def __init__(self, database: Database) -> None:
            self.database, self.asked = database, ""

        def run(self, sql: str, **limits: int) -> object:
            self.asked += sql
            return self.database.run(sql, **limits)

    watched = Watched(Database.open(f"sqlite:///{company}"))
    schema: Schema = watched.database.schema()
    Values.build(watched, schema, Profiles(""), GLOSSARY, skip=frozenset({("customers", "note")}))  # type: ignore[arg-type]
    assert "city" in watched.asked
    assert not any(name in watched.asked for name in ("email", "phone", "note"))


def test_hits_stand_in_the_order_of_the_question(values: Values) -> None:
    hits: list[ValueHit] = values.lookup("Capsules in Berlin and Paris")
    assert [hit.value for hit in hits] == ["Capsules", "Berlin", "Paris"]


def test_a_name_that_holds_a_tables_noun_may_be_the_name_without_it(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "atlas.sqlite") as connection:
        connection.executescript(
            """
            CREATE TABLE rivers (name TEXT, length INTEGER);
            CREATE TABLE low (lowest_point TEXT, height INTEGER);
            """
        )
        names = ["Ohio", "Red", *(f"River number {n}" for n in range(20))]
        connection.executemany("INSERT INTO rivers VALUES (?, 1)", [(name,) for name in names])
        points = ["Ohio River", "Ohio Valley", *(f"Point {n}" for n in range(20))]
        connection.executemany("INSERT INTO low VALUES (?, 1)", [(point,) for point in points])
    connection.close()
    database = Database.open(f"sqlite:///{tmp_path / 'atlas.sqlite'}")
    schema = database.schema()
    values = Values.build(database, schema, profile(database, schema))
    database.close()

    def found(question: str) -> list[str]:
        return [f"{hit.table}.{hit.column}={hit.value}" for hit in values.lookup(question)]

    assert found("how long is the Ohio River") == ["low.lowest_point=Ohio River", "rivers.name=Ohio"]
    assert found("where is the Ohio Valley") == ["low.lowest_point=Ohio Valley"]
