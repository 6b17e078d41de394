"""Days as ISO texts and as numbers."""

import pandas as pd

from wmo_analysis import days


def test_a_day_is_a_number_and_back_and_no_day_is_zero():
    assert [days.day(text) for text in ("2007-10-09", "")] == [20071009, 0]
    assert [days.iso(number) for number in (20071009, 0)] == ["2007-10-09", ""]
    assert days.days(pd.Series(["2007-10-09", "", "2007-10-09"], dtype="str")).tolist() == [20071009, 0, 20071009]


def test_days_are_counted_by_the_calendar():
    assert days.later("2004-02-28") == "2004-02-29"
    assert days.later("2007-01-01", -1) == "2006-12-31"
    assert days.later("2007-01-01", 30.6) == "2007-02-01"
    assert days.between("2004-02-28", "2004-03-01") == 2
