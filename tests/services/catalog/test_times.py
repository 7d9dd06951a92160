from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import DataError
from services.catalog.times import check_unit, iso_milliseconds, milliseconds

ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=ZONES), st.sampled_from("T "))
def test_any_iso_time_is_its_moment(moment: datetime, separator: str) -> None:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    expected = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    text = moment.isoformat(sep=separator)
    assert iso_milliseconds(text) == expected
    assert milliseconds(pl.Series([None, text]), None).to_list() == [None, expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-02", 86_400_000),
        (" 1970-01-01T00:00:01Z ", 1000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("1970-13-01", None),
        ("1970-02-30T00:00:00", None),
        ("yesterday", None),
        ("1700000000", None),
        ("20240101", None),
        ("", None),
    ],
)
def test_iso_times(text: str, expected: int | None) -> None:
    assert iso_milliseconds(text) == expected


def test_epochs_in_their_unit() -> None:
    texts = pl.Series(["1700000000", "1700000000.5", " -1 ", "1.7e9", "x", "", None, "2024-01-01", "inf", "nan"])
    assert milliseconds(texts, "s").to_list() == [
        1_700_000_000_000,
        1_700_000_000_500,
        -1000,
        1_700_000_000_000,
        *[None] * 6,
    ]
    assert milliseconds(pl.Series(["1700000000123", "1.0"]), "ms").to_list() == [1_700_000_000_123, 1]


def test_epochs_out_of_the_calendar_are_unreadable() -> None:
    assert milliseconds(pl.Series(["1700000000000", "9223372036854775807", "-99999999999999"]), "s").to_list() == [
        None,
        None,
        None,
    ]


def test_numbers_without_a_unit_are_an_error() -> None:
    with pytest.raises(DataError) as caught:
        check_unit(Path("e.csv"), "ts", pl.Series(["1700000000", "x", "1.7e9", None]), None)
    assert str(caught.value) == (
        "e.csv: the times in column 'ts' are numbers: "
        'say time_unit = "s" or time_unit = "ms" beside its columns in kerec.toml'
    )


def test_a_few_numbers_among_times_are_no_error_of_the_file() -> None:
    check_unit(Path("e.csv"), "ts", pl.Series(["1700000000", "2024-01-01", "2024-01-01"]), None)
    check_unit(Path("e.csv"), "ts", pl.Series(["1700000000"]), "s")
    check_unit(Path("e.csv"), "ts", pl.Series([], dtype=pl.String), None)
