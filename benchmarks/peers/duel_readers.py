"""Files read by pandas, polars and DuckDB as they do it by themselves: duel_readers.py FOLDER prints one JSON line for each
tool and file.

The key and the amount are found by their headers, as who reads the list would name them. Amounts that come out as text
cannot be added up, which who reads the list sees; a warning is a word too.
"""

import io
import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl


def by_pandas(path: Path) -> pd.DataFrame:
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path)


def by_polars(path: Path) -> pd.DataFrame:
    return (pl.read_csv(path) if path.suffix == ".csv" else pl.read_excel(path)).to_pandas()


def by_duckdb(path: Path) -> pd.DataFrame:
    reader = "read_csv" if path.suffix == ".csv" else "read_xlsx"
    return duckdb.sql(f"select * from {reader}('{path}')").df()


def key_of(cell: object) -> str:
    if pd.isna(cell):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def reading(read: Callable[[Path], pd.DataFrame], path: Path) -> dict[str, object]:
    """Keys and cents as far as they came out, and the word that was said."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            frame = read(path).dropna(how="all")
        except Exception as error:  # refused: whatever it is, it was said
            return {"keys": None, "cents": None, "word": f"{type(error).__name__}: {error}"[:200]}
    word = "; ".join(str(each.message) for each in said)[:200]
    found = {name: [column for column in frame if name in str(column).lower()] for name in ("nummer", "bedrag")}
    if not all(found.values()):
        return {"keys": None, "cents": None, "word": word or "a column is not there"}
    key, money = (frame[columns[0]] for columns in found.values())
    cents = None
    if pd.api.types.is_numeric_dtype(money):
        cents = sum(round(float(cell) * 100) for cell in money.dropna())
    return {"keys": list(map(key_of, key)), "cents": cents, "word": word or ("" if cents is not None else "text")}


def main() -> None:
    sys.stderr = io.StringIO()
    for path in sorted(filter(Path.is_file, Path(sys.argv[1]).iterdir())):
        for tool, read in (("pandas", by_pandas), ("polars", by_polars), ("DuckDB", by_duckdb)):
            print(json.dumps({"tool": tool, "file": path.name} | reading(read, path)))


if __name__ == "__main__":
    main()
