"""Countries, their cities and what sets them apart."""

from __future__ import annotations

from typing import NamedTuple


class Country(NamedTuple):
    """One row of `countries`."""

    country_code: str
    name: str
    region: str
    currency: str
    vat_rate: float


class Market(NamedTuple):
    """How a country buys: its share of customers, basket size, days in transit, share of late parcels."""

    share: float
    basket: float
    transit_days: float
    late: float
    language: str
    taste: str
    cities: tuple[str, ...]


COUNTRIES = (
    Country("DE", "Germany", "DACH", "EUR", 0.19),
    Country("AT", "Austria", "DACH", "EUR", 0.20),
    Country("CH", "Switzerland", "DACH", "CHF", 0.081),
    Country("NL", "Netherlands", "Benelux", "EUR", 0.21),
    Country("BE", "Belgium", "Benelux", "EUR", 0.21),
    Country("LU", "Luxembourg", "Benelux", "EUR", 0.17),
    Country("FR", "France", "Western Europe", "EUR", 0.20),
    Country("GB", "United Kingdom", "Western Europe", "GBP", 0.20),
    Country("IE", "Ireland", "Western Europe", "EUR", 0.23),
    Country("ES", "Spain", "Southern Europe", "EUR", 0.21),
    Country("PT", "Portugal", "Southern Europe", "EUR", 0.23),
    Country("IT", "Italy", "Southern Europe", "EUR", 0.22),
    Country("GR", "Greece", "Southern Europe", "EUR", 0.24),
    Country("DK", "Denmark", "Nordics", "DKK", 0.25),
    Country("SE", "Sweden", "Nordics", "SEK", 0.25),
    Country("NO", "Norway", "Nordics", "NOK", 0.25),
    Country("FI", "Finland", "Nordics", "EUR", 0.255),
    Country("PL", "Poland", "Central Europe", "PLN", 0.23),
    Country("CZ", "Czechia", "Central Europe", "CZK", 0.21),
    Country("US", "United States", "North America", "USD", 0.0),
    Country("BR", "Brazil", "Latin America", "BRL", 0.17),
    Country("CO", "Colombia", "Latin America", "COP", 0.19),
    Country("ET", "Ethiopia", "Africa", "ETB", 0.15),
)

MARKETS = {
    "DE": Market(
        26,
        1.0,
        1.8,
        0.09,
        "de",
        "plain",
        ("Berlin", "Hamburg", "Munich", "Cologne", "Frankfurt", "Stuttgart", "Düsseldorf", "Leipzig"),
    ),
    "AT": Market(6, 1.04, 2.3, 0.10, "de", "espresso", ("Vienna", "Graz", "Linz", "Salzburg", "Innsbruck")),
    "CH": Market(4.6, 1.42, 3.0, 0.13, "de", "espresso", ("Zürich", "Basel", "Bern", "Geneva", "Lausanne")),
    "NL": Market(
        9.5,
        1.08,
        1.9,
        0.07,
        "nl",
        "filter",
        ("Amsterdam", "Rotterdam", "Utrecht", "The Hague", "Eindhoven", "Groningen"),
    ),
    "BE": Market(4.9, 1.02, 2.2, 0.11, "nl", "plain", ("Brussels", "Antwerp", "Ghent", "Bruges", "Liège")),
    "LU": Market(0.9, 1.35, 2.6, 0.08, "fr", "espresso", ("Luxembourg City", "Esch-sur-Alzette")),
    "FR": Market(
        8.6,
        0.97,
        2.9,
        0.15,
        "fr",
        "espresso",
        ("Paris", "Lyon", "Marseille", "Bordeaux", "Nantes", "Strasbourg", "Toulouse"),
    ),
    "GB": Market(
        10.4,
        1.06,
        2.4,
        0.12,
        "en",
        "tea",
        ("London", "Manchester", "Bristol", "Edinburgh", "Leeds", "Glasgow", "Brighton"),
    ),
    "IE": Market(2.6, 1.09, 3.2, 0.14, "en", "tea", ("Dublin", "Cork", "Galway", "Limerick")),
    "ES": Market(
        4.4, 0.88, 3.6, 0.17, "es", "espresso", ("Madrid", "Barcelona", "Valencia", "Seville", "Málaga")
    ),
    "PT": Market(1.9, 0.83, 4.0, 0.18, "es", "espresso", ("Lisbon", "Porto", "Braga", "Coimbra")),
    "IT": Market(
        4.0, 0.94, 3.7, 0.21, "it", "espresso", ("Milan", "Rome", "Turin", "Bologna", "Florence", "Naples")
    ),
    "GR": Market(1.1, 0.79, 5.1, 0.24, "gr", "espresso", ("Athens", "Thessaloniki", "Patras")),
    "DK": Market(3.7, 1.21, 2.7, 0.08, "nordic", "filter", ("Copenhagen", "Aarhus", "Odense", "Aalborg")),
    "SE": Market(4.5, 1.14, 3.1, 0.09, "nordic", "filter", ("Stockholm", "Gothenburg", "Malmö", "Uppsala")),
    "NO": Market(2.8, 1.31, 3.9, 0.16, "nordic", "filter", ("Oslo", "Bergen", "Trondheim", "Stavanger")),
    "FI": Market(2.2, 1.11, 3.8, 0.11, "nordic", "filter", ("Helsinki", "Tampere", "Turku", "Oulu")),
    "PL": Market(
        3.4, 0.76, 2.6, 0.10, "pl", "plain", ("Warsaw", "Kraków", "Wrocław", "Gdańsk", "Łódź", "Poznań")
    ),
    "CZ": Market(1.6, 0.81, 2.8, 0.12, "pl", "plain", ("Prague", "Brno", "Ostrava", "Plzeň")),
    "US": Market(
        1.3, 1.63, 6.4, 0.27, "en", "plain", ("New York", "Boston", "Portland", "Seattle", "Chicago")
    ),
}

RATES = {
    "EUR": 1.0,
    "CHF": 0.953,
    "GBP": 0.862,
    "DKK": 7.457,
    "SEK": 11.28,
    "NOK": 11.64,
    "PLN": 4.31,
    "CZK": 24.9,
    "USD": 1.097,
}

COUNTRY = {country.country_code: country for country in COUNTRIES}
