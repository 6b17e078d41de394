"""Tables whose rows are said to be made up, and what a figure then shows of it."""

from wmo_analysis import schema

SETTINGS = {"since": "2006-11-30", "municipality": "Soest"}  # of the views that cannot do without


def marked(table, flags):
    """The table with a column `invented`, cited again; `flags` is one for every row, or one for all."""
    about = table.attrs["wmo"]
    table = table.assign(invented=flags)
    if isinstance(about, schema.Citation):
        return schema.cited(table, about)
    table.attrs["wmo"] = dict(about)  # a literal table of a test
    table.attrs["wmo"]["digest"] = schema.digest(table)
    return table


def outlines(figure):
    """The corners of what is outlined as made up: (left, top, right, bottom), as they stand in the path."""
    paths = {shape.path for shape in figure.layout.shapes if shape.type == "path" and shape.xref == "x"}
    paths = {path for path in paths if path.endswith("Z")}  # what is made up in part has an upper edge alone
    if not paths:
        return []
    (path,) = paths
    found = []
    for box in path.removesuffix("Z").split("Z"):
        start, rest = box.removeprefix("M").split("H", 1)
        left, top = start.split(",")
        right, bottom = rest.split("H")[0].split("V")
        found.append((left, top, right, bottom))
    return found


def key(figure):
    """The entries of the key."""
    return [note.text for note in figure.layout.annotations if note.name == "key"]
