"""One period of the calendar as people write it: 'last month', 'q3 2024', 'march', 'the year before'."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge import window as w
from knowledge.numbers import SMALL, TENS, small_number
from knowledge.window import Window

_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS |= {name[:3]: n for name, n in _MONTHS.items()} | {"sept": 9}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
OFFSETS = {"last": -1, "previous": -1, "past": -1, "prior": -1, "this": 0, "current": 0, "next": 1}
_AMBIGUOUS = {"may", "jan", "mar"}

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = (
    r"(?:(?P<year>(?:19|20)\d\d|'\d\d)(?![\w-])|(?:the\s+)?(?P<rel>last|previous|this|current|next)\s+year\b"
    r"|(?P<the_year>the\s+year)\b(?!\s+before))"
)
_OF_YEAR = rf"(?:,?\s+(?:of\s+|in\s+)?{_YEAR})"
_NTH = r"(?:st|nd|rd|th)?"
NUMBER = (
    rf"(?:\d{{1,4}}|an?|one|(?:a\s+)?couple(?:\s+of)?|{'|'.join([*TENS, *sorted(SMALL, key=len)[::-1]])})"
)
UNIT = r"(?P<unit>day|week|month|quarter|year)"


@dataclass(frozen=True)
class Period:
    """A window, the place where its words end, and what is needed to read it again in another year.

    `in_year` is set when the words named no year, else `year` may be; `weak` when the words are a date only
    beside a preposition or another date.
    """

    window: Window
    end: int
    grain: str
    in_year: Callable[[int], Window] | None = None
    year: int | None = None
    weak: bool = False


@dataclass(frozen=True)
class Setting:
    """What a period may refer to: today, and the window named just before."""

    today: date
    previous: Window | None = None


def period_at(text: str, start: int, setting: Setting) -> Period | None:
    """The longest period whose words begin at `start` of the lower-case text."""
    for pattern, read in _PATTERNS:
        match = pattern.match(text, start)
        if match:
            try:
                period = read(match, setting)
            except (ValueError, OverflowError):  # out of the days that there are
                continue
            if period:
                return period
    return None


def _year(match: re.Match[str], setting: Setting) -> int | None:
    groups = match.groupdict()
    if year := groups.get("year"):
        return int(year) if year[0] != "'" else 2000 + int(year[1:])
    if which := groups.get("rel"):
        return setting.today.year + OFFSETS[which]
    return setting.today.year if groups.get("the_year") else None


def _in_year(
    match: re.Match[str], setting: Setting, grain: str, read: Callable[[int], Window], weak: bool = False
) -> Period | None:
    """A period of the year that the words name, or its latest occurrence that has begun."""
    year = _year(match, setting)
    try:
        if year is not None:
            return Period(read(year), match.end(), grain, year=year)
        window = read(setting.today.year)
        if window.first > setting.today:
            window = read(setting.today.year - 1)
    except (ValueError, OverflowError):
        return None
    return Period(window, match.end(), grain, in_year=read, weak=weak)


def _iso_day(match: re.Match[str], setting: Setting) -> Period | None:
    return _day(match, int(match[1]), int(match[2]), int(match[3]))


def _european_day(match: re.Match[str], setting: Setting) -> Period | None:
    """Day first; month first only where the day would be impossible."""
    day, month, year = int(match[1]), int(match[2]), int(match[3])
    return _day(match, year, *((month, day) if month <= 12 else (day, month)))


def _day(match: re.Match[str], year: int, month: int, day: int) -> Period | None:
    return Period(w.days(date(year, month, day)), match.end(), "day")


def _iso_month(match: re.Match[str], setting: Setting) -> Period | None:
    year, month = int(match["y"]), int(match["m"])
    return Period(w.months(year, month), match.end(), "month") if 1 <= month <= 12 else None


def _day_of_month(match: re.Match[str], setting: Setting) -> Period | None:
    month, day = _MONTHS[match["month"]], int(match["day"])
    return _in_year(match, setting, "day", lambda year: w.days(date(year, month, day)))


def _days_of_month(match: re.Match[str], setting: Setting) -> Period | None:
    month, first, last = _MONTHS[match["month"]], int(match["day"]), int(match["day2"])
    if last <= first:
        return None
    return _in_year(
        match,
        setting,
        "days",
        lambda year: w.days(date(year, month, first)).to(w.days(date(year, month, last))),
    )


def _month(match: re.Match[str], setting: Setting) -> Period | None:
    name = match["month"]
    return _in_year(match, setting, "month", lambda year: w.months(year, _MONTHS[name]), name in _AMBIGUOUS)


def _relative_month(match: re.Match[str], setting: Setting) -> Period | None:
    today, month, offset = setting.today, _MONTHS[match["month"]], OFFSETS[match["which"]]
    year = today.year
    if offset < 0 and month >= today.month:
        year -= 1
    if offset > 0 and month <= today.month:
        year += 1
    return Period(w.months(year, month), match.end(), "month")


def _nth(match: re.Match[str], of: int) -> int:
    groups = match.groupdict()
    if number := groups.get("n"):
        return int(number)
    return of if groups["nth"] == "last" else ORDINALS[groups["nth"]]


def _quarter(match: re.Match[str], setting: Setting) -> Period | None:
    quarter = _nth(match, of=4)
    if match.groupdict().get("nth") == "last" and _year(match, setting) is None:
        return None
    return _in_year(match, setting, "quarter", lambda year: w.months(year, quarter * 3 - 2, 3))


def _half(match: re.Match[str], setting: Setting) -> Period | None:
    half = _nth(match, of=2)
    if half > 2:
        return None
    return _in_year(match, setting, "half", lambda year: w.months(year, half * 6 - 5, 6))


def _season(match: re.Match[str], setting: Setting) -> Period | None:
    """'last summer' is the latest one that is over; 'winter 2024' begins in December 2024."""
    today, start = setting.today, _SEASONS[match["season"]]
    which = OFFSETS.get(match.groupdict().get("which") or "")
    if which is None:
        return _in_year(match, setting, "quarter", lambda year: w.months(year, start, 3))
    year = today.year
    if which < 0:
        while w.months(year, start, 3).last > today:
            year -= 1
    elif which == 0 and start == 12 and today.month < 3:
        year -= 1
    elif which > 0 and w.months(year, start, 3).first <= today:
        year += 1
    return Period(w.months(year, start, 3), match.end(), "quarter")


def _part(match: re.Match[str], setting: Setting) -> Period | None:
    """'the last week of march', 'the first 10 days of 2025'."""
    whole = period_at(match.string, match.end(), setting)
    if not whole or whole.window.is_open:
        return None
    count, unit = small_number(match["count"] or "one"), match["unit"]
    if match["which"] == "first":
        window = Window(whole.window.first, w.add(whole.window.first, count, unit))
    else:
        window = Window(w.add(whole.window.last, -count, unit), whole.window.last)
    return Period(window, whole.end, unit)


def _last_few(match: re.Match[str], setting: Setting) -> Period | None:
    """The last N days or weeks end with today; the last N months, quarters or years are whole ones, without
    the one that has begun."""
    count, unit, tomorrow = small_number(match["count"]), match["unit"], setting.today + timedelta(days=1)
    if count < 1:
        return None
    if match["which"] == "next":
        window = Window(tomorrow, w.add(tomorrow, count, unit))
    elif unit in ("day", "week"):
        window = Window(w.add(tomorrow, -count, unit), tomorrow)
    else:
        window = w.unit_around(setting.today, unit, -count).to(w.unit_around(setting.today, unit, -1))
    return Period(window, match.end(), unit)


def _past_unit(match: re.Match[str], setting: Setting) -> Period | None:
    """'the past year' is the 12 whole months before this one, 'the past week' the 7 days up to today."""
    if match["unit"] == "year":
        return Period(
            w.unit_around(setting.today, "month", -12).to(w.unit_around(setting.today, "month", -1)),
            match.end(),
            "year",
        )
    tomorrow = setting.today + timedelta(days=1)
    return Period(Window(w.add(tomorrow, -1, match["unit"]), tomorrow), match.end(), match["unit"])


def _unit(match: re.Match[str], setting: Setting) -> Period | None:
    which, unit = match["which"], match["unit"]
    if which in ("previous", "prior") and setting.previous and not setting.previous.is_open:
        return Period(w.shift(setting.previous, -1, unit), match.end(), unit)
    return Period(w.unit_around(setting.today, unit, OFFSETS[which]), match.end(), unit)


def _before_that(match: re.Match[str], setting: Setting) -> Period | None:
    """'the year before', beside another period: that period, a year earlier."""
    unit = match["unit"]
    if match["last"]:
        return Period(w.unit_around(setting.today, unit, -2), match.end(), unit)
    base = setting.previous
    if not base or base.is_open:
        base = w.unit_around(setting.today, unit)
    return Period(w.shift(base, -1, unit), match.end(), unit)


def _same_last_year(match: re.Match[str], setting: Setting) -> Period | None:
    base = setting.previous
    if not base or base.is_open or match["which"] == "this":
        if match["unit"] in ("period", "time"):
            return None
        base = w.unit_around(setting.today, match["unit"])
    return Period(w.shift(base, -1, "year"), match.end(), match["unit"])


def _ago(match: re.Match[str], setting: Setting) -> Period | None:
    unit = match["unit"]
    return Period(w.unit_around(setting.today, unit, -small_number(match["count"])), match.end(), unit)


def _to_date(match: re.Match[str], setting: Setting) -> Period | None:
    groups = match.groupdict()
    unit = groups.get("unit") or {"y": "year", "q": "quarter", "m": "month"}[groups["xtd"]]
    first = w.unit_around(setting.today, unit).first
    return Period(Window(first, setting.today + timedelta(days=1)), match.end(), unit)


def _named_day(match: re.Match[str], setting: Setting) -> Period | None:
    offset = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(match[1], -2)
    return Period(w.unit_around(setting.today, "day", offset), match.end(), "day")


def _weekday(match: re.Match[str], setting: Setting) -> Period | None:
    back = (setting.today.weekday() - _WEEKDAYS.index(match["weekday"])) % 7
    if match["which"] == "last":
        back = back or 7
    return Period(w.days(setting.today - timedelta(days=back)), match.end(), "day")


def _bare_year(match: re.Match[str], setting: Setting) -> Period | None:
    year = int(match["y"])
    return Period(
        w.year_of(year), match.end(), "year", year=year, weak=not -15 <= year - setting.today.year <= 2
    )


_AMOUNTS = (
    r"(?:eur|euros?|dollars?|grams?|kg|g|units?|points?|days?|weeks?|pieces|items|percent|times)\b|[%€$£]"
)
_SEASON = rf"(?P<season>{'|'.join(_SEASONS)})\b"
_TO = r"\s*(?:and|to|until|till|through|[-\u2013])\s*(?:the\s+)?"
_DAY = rf"(?P<day>\d{{1,2}}){_NTH}"
_DAY2 = rf"(?P<day2>\d{{1,2}}){_NTH}"
WHICH = r"(?P<which>last|previous|past|prior|this|current|next)"
_IN_YEAR = rf"(?:\s*[/-]?\s*(?:of\s+|in\s+)?{_YEAR})"
_ORDINAL = rf"(?P<nth>{'|'.join(ORDINALS)}|last)"

_TABLE: tuple[tuple[str, Callable[[re.Match[str], Setting], Period | None]], ...] = (
    (r"(today|yesterday|day\s+before\s+yesterday|tomorrow)\b", _named_day),
    (r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\w-])", _iso_day),
    (r"(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)(?!\w)", _european_day),
    (r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)(?![\w-])", _iso_month),
    (r"(?P<m>\d{1,2})/(?P<y>(?:19|20)\d\d)(?!\w)", _iso_month),
    (rf"(?:the\s+)?{_DAY}{_TO}{_DAY2}\s+(?:of\s+)?{_MONTH}{_OF_YEAR}?", _days_of_month),
    (rf"{_MONTH}\s+{_DAY}{_TO}{_DAY2}(?!\w){_OF_YEAR}?", _days_of_month),
    (rf"(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_OF_YEAR}?", _day_of_month),
    (rf"{_MONTH}\s+(?:the\s+)?{_DAY}(?![\w%€])(?!\s+(?:\w+\s+)?\w+s\b){_OF_YEAR}?", _day_of_month),
    (rf"{_MONTH}{_OF_YEAR}?(?!\w)", _month),
    (rf"{WHICH}\s+{_MONTH}", _relative_month),
    (rf"q\s?(?P<n>[1-4])\b{_IN_YEAR}?", _quarter),
    (rf"{_ORDINAL}\s+quarter\b{_IN_YEAR}?", _quarter),
    (r"(?P<year>(?:19|20)\d\d)[\s/-]*q(?P<n>[1-4])\b", _quarter),
    (rf"h(?P<n>[12])\b{_IN_YEAR}?", _half),
    (rf"{_ORDINAL}\s+half\b{_IN_YEAR}", _half),
    (r"(?P<year>(?:19|20)\d\d)[\s/-]*h(?P<n>[12])\b", _half),
    (rf"{WHICH}\s+{_SEASON}", _season),
    (rf"{_SEASON}{_OF_YEAR}", _season),
    (rf"(?P<which>first|last)\s+(?:(?P<count>{NUMBER})\s+)?{UNIT}s?\s+(?:of|in)\s+(?:the\s+)?", _part),
    (
        rf"(?P<which>last|past|previous|prior|recent|trailing|latest|rolling|next)\s+(?P<count>{NUMBER})"
        rf"[\s-]+{UNIT}s?\b",
        _last_few,
    ),
    (
        r"(?P<which>same|this)\s+(?P<unit>period|time|day|week|month|quarter)\s+(?:of\s+|in\s+)?(?:the\s+)?"
        r"(?:(?:last|previous|prior)\s+year|year\s+before|a\s+year\s+(?:ago|earlier|before))\b",
        _same_last_year,
    ),
    (rf"(?:so\s+far\s+)?(?:this|the\s+current)\s+{UNIT}\s+(?:so\s+far|to\s+date)\b", _to_date),
    (rf"so\s+far\s+(?:this|in\s+this|in\s+the\s+current)\s+{UNIT}\b", _to_date),
    (rf"{UNIT}\s+to\s+date\b", _to_date),
    (r"(?P<xtd>[yqm])td\b", _to_date),
    (
        rf"{UNIT}\s+before(?:\s+(?P<last>last)|\s+that)?\b(?!\s+(?:the|they|we|it|a|an|our|{NUMBER})\b)",
        _before_that,
    ),
    (rf"past\s+(?P<unit>day|week|year)\b(?!\s+(?:of|in)\s+{_MONTH})", _past_unit),
    (rf"{WHICH}\s+(?P<unit>weekend|week|month|quarter|year)\b", _unit),
    (rf"(?P<count>{NUMBER})\s+{UNIT}s?\s+ago\b", _ago),
    (rf"(?P<which>last|this)\s+(?P<weekday>{'|'.join(_WEEKDAYS)})\b", _weekday),
    (rf"(?P<y>(?:19|20)\d\d)(?!\w|[.,:/]\d|-\d{{1,3}}(?!\d)|\s*{_AMOUNTS})", _bare_year),
)
_PATTERNS = tuple((re.compile(pattern), read) for pattern, read in _TABLE)
