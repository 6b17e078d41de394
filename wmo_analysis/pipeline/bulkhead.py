"""A bulkhead per list: over whichever list the program stumbles, the others still build. The door of law 10 for whoever
builds: `wmo build`, `wmo.build` in a notebook, and the form."""

from pathlib import Path

from wmo_analysis import machine, pipeline
from wmo_analysis.errors import LawBroken, WmoError
from wmo_analysis.pipeline import Built, Progress
from wmo_analysis.workspace import Workspace


def build(workspace: Path | str = ".", progress: Progress = pipeline.silent) -> Built:
    """Builds data/clean of a workspace; `progress(done, total, name)` is called for each list.

    A list that cannot be read, or over which the program stumbles (R28, with the details in outputs/wmo.log), becomes a
    finding with its rows counted, and the others build. Raises what `pipeline.build` raises when no list gets through.
    """
    try:
        return pipeline.build(workspace, progress)
    except (WmoError, LawBroken, OSError):
        raise
    except Exception:
        aside = _stumbling(workspace)
        if not aside:  # no list, or every list: the program is wrong
            raise
        return pipeline.build(workspace, progress, aside)


def _stumbling(workspace: Path | str) -> dict[str, int]:
    """The lists over which a build of them alone stumbles -> their rows, as far as they could be counted; none when no list
    gets through."""
    found, through = {}, 0
    for name in pipeline.lists(workspace):
        rows = 0
        try:
            for rows in pipeline.rehearsal(workspace, name):  # noqa: B007  kept for what comes up after it
                pass
            through += 1
        except WmoError:  # it cannot be read, which is a finding of its own
            continue
        except Exception as error:
            machine.note(Workspace(Path(workspace)).log, "build", error)
            found[name] = rows
    return found if through else {}
