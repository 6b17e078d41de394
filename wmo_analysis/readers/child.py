"""The process that reads lists for the build, and sends what it reads as parts over its output.

Run by its own path: what a damaged or hostile file does, it does here.
"""

import json
import sys
from pathlib import Path

import pyarrow as pa

from wmo_analysis import machine
from wmo_analysis.errors import ListUnreadable
from wmo_analysis.readers import parts
from wmo_analysis.readers.cells import Parts
from wmo_analysis.readers.limits import TOO_LARGE, Limits


def _child() -> None:
    machine.limit_memory(Limits.stated().megabytes * 1_000_000)
    pa.set_io_thread_count(2)
    for name in sys.argv[1:]:
        for kind, content in _told(Path(name)):
            batch = isinstance(content, pa.RecordBatch)
            sys.stdout.buffer.write(json.dumps([kind, None if batch else content]).encode() + b"\n")
            if batch:
                with pa.ipc.new_stream(sys.stdout.buffer, content.schema) as stream:
                    stream.write_batch(content)
            sys.stdout.buffer.flush()


def _told(path: Path) -> Parts:
    """The parts of a file; what it cannot be read for is one of them."""
    try:
        yield from parts(path)
    except ListUnreadable as error:
        yield "error", [error.code, error.text, error.listed]
    except (MemoryError, pa.ArrowMemoryError):
        yield "full", Limits.stated().told(TOO_LARGE)


if __name__ == "__main__":
    _child()
