"""Execute the notebooks in place so that a second run changes no byte, or only check that it was done.

python tests/run_notebooks.py [--check] [notebook ...]      (without names: all of notebooks/)
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDGET = "application/vnd.jupyter.widget-view+json"
PLOTLY, PICTURE = "application/vnd.plotly.v1+json", "image/svg+xml"
# what plotly writes for its own use, and what draws nothing
UNSEEN = r'<rect [^>]*style="[^"]*stroke-opacity: 0;[^"]*fill-opacity: 0;[^"]*"[^>]*/>'  # behind each text
IDLE = [
    r"(?:vector-effect: none|(?:fill-|stroke-)?opacity: 1|white-space: pre|cursor: default|stroke-width: 0px); ?",
    r' (?:class|data-\w+|pointer-events)="[^"]*"(?=[ />])',
    r'<path d="M0,0Z?"[^>]*/>',
    r' style=" ?"',
    r' transform=""',
    *[r"<g(?: [^>]*)?/>|<g(?: [^>]*)?></g>"] * 6,  # one within the other
]
TIMEOUT = 120  # seconds per cell, as in make test


def shipped():
    """The notebooks of this clone, in order."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def unrun(notebook):
    """What shows that a notebook (as a dict) was not executed from top to bottom: a list of sentences."""
    code = [c for c in notebook["cells"] if c["cell_type"] == "code" and "".join(c["source"]).strip()]
    if not code:
        return ["it has no code cell"]
    wrong = []
    for number, cell in enumerate(code, start=1):
        if cell.get("execution_count") != number:
            wrong.append(f"code cell {number} carries number {cell.get('execution_count')}")
        if any(out["output_type"] == "error" for out in cell.get("outputs", [])):
            wrong.append(f"code cell {number} ended in an error")
    if not any(cell.get("outputs") for cell in code):
        wrong.append("no cell has an output")
    return wrong


def strip(notebook):
    """Drop what differs from run to run or from machine to machine: widget state, timings, versions."""
    metadata = notebook["metadata"]
    metadata.pop("widgets", None)
    metadata["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata["language_info"] = {"name": "python"}
    for cell in notebook["cells"]:
        for passing in ("execution", "ExecuteTime", "collapsed", "scrolled"):
            cell["metadata"].pop(passing, None)
        for out in cell.get("outputs", []):
            if len(out.get("data", {})) > 1:  # a widget's id is random; its text stays
                out["data"].pop(WIDGET, None)
        if "outputs" in cell:  # of an instrument stays what stands below it
            cell["outputs"] = [out for out in cell["outputs"] if list(out.get("data", {})) != [WIDGET]]
    return notebook


def illustrate(notebook):
    """Give every chart its picture, for where no JupyterLab draws it: GitHub, a mail, paper."""
    import plotly.graph_objects as go

    from wmo_analysis import pictures

    outputs = [out for cell in notebook["cells"] for out in cell.get("outputs", []) if PLOTLY in out.get("data", {})]
    figures = []
    for out in outputs:
        made = out["data"][PLOTLY]
        figures.append(go.Figure(made["data"], made["layout"], _validate=False))
    drawings = pictures.drawn(figures, ["svg"] * len(figures), 1) if figures else []
    for number, (out, drawing) in enumerate(zip(outputs, drawings, strict=True), start=1):
        out.setdefault("metadata", {})[PICTURE] = {"alt": out["data"][PLOTLY]["layout"]["meta"]["alt"]}
        out["data"][PICTURE] = lean(drawing.decode("utf-8"), f"p{number}")
    return notebook


def lean(svg, name):
    """The picture with ids that are the same on every run and differ between the charts of a page, and one font for all."""
    (plotly_id,) = re.findall(r'<defs id="defs-(\w+)"', svg)
    font = re.search(r"font-family: ([^;]+); ", svg)
    svg = svg.replace(plotly_id, name)
    patterns = dict.fromkeys(re.findall(rf"p{name}-[0-9a-f]+", svg))  # their ends are drawn by lot
    for number, pattern in enumerate(patterns, start=1):
        svg = svg.replace(pattern, f"{name}-{number}")
    if font:
        svg = svg.replace(font[0], "").replace('style=""', f'style="font-family: {font[1]}"', 1)
    for idle in IDLE:
        svg = re.sub(idle, "", svg)
    svg = re.sub(UNSEEN, "", svg)
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)
    svg = re.sub(r"rgb\((\d+), (\d+), (\d+)\)", lambda found: "#" + bytes(map(int, found.groups())).hex(), svg)
    return svg.replace("fill: #000000; fill-opacity: 0; ", "fill: none; ")


def execute(path):
    """Run one notebook in its own folder and save it; True when the file changed."""
    import nbformat
    from nbclient import NotebookClient

    before = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    after = (nbformat.writes(illustrate(strip(notebook))).rstrip("\n") + "\n").encode("utf-8")
    if after != before:
        path.write_bytes(after)
    return after != before


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true", help="run nothing, refuse an unrun notebook")
    options = parser.parse_args(arguments)
    failed = False
    for path in options.notebooks or shipped():
        if not options.check:
            try:
                print(f"{path.name}: {'changed' if execute(path) else 'the same'}", flush=True)
            except Exception as error:  # a failing cell: say where, leave the file as it was
                print(f"{path.name}: not saved, {error}", file=sys.stderr)
                failed = True
                continue
        wrong = unrun(json.loads(path.read_text(encoding="utf-8")))
        if wrong:
            print(f"{path.name}: {'; '.join(wrong)}. Say: make notebooks", file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
