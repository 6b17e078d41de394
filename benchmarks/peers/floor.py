"""The floor: what pyarrow needs merely to read the list as text with two threads. python floor.py LIST."""

import sys

import pyarrow as pa
import pyarrow.csv


def main(path: str) -> None:
    pa.set_cpu_count(2)
    with open(path, encoding="utf-8") as file:
        names = file.readline().rstrip("\n").split(";")
    table = pa.csv.read_csv(
        path,
        parse_options=pa.csv.ParseOptions(
            delimiter=";", newlines_in_values=True, invalid_row_handler=lambda row: "skip"
        ),
        convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    print(table.num_rows, "rows")


if __name__ == "__main__":
    main(sys.argv[1])
