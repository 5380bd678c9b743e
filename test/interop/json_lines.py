"""The channel between a test and a Python process: JSON lines on stdin and stdout.

A line in is a command, `{"id": 1, "cmd": "emit", ...}`; it is answered by one line out,
`{"kind": "reply", "id": 1, "ok": true, "value": ...}`. Every other line out is a report of what happened.
"""

import asyncio
import inspect
import json
import sys

# A line may carry a payload as large as the frames that a test sends.
LINE_LIMIT = 64 * 1024 * 1024


def report(kind, **fields):
    """Writes one line; a value that JSON has no word for is written as its repr."""
    line = {"kind": kind, **fields}
    try:
        text = json.dumps(line, allow_nan=False)
    except (TypeError, ValueError):
        text = json.dumps({key: value if isinstance(value, (str, int, bool)) else repr(value)
                           for key, value in line.items()})
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def serve_commands(commands):
    """Runs the commands read from stdin, in order, until `stop` or the end of the input.

    The end of the input stops the process too: it must not outlive a test that was killed.
    """
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while True:
        line = await reader.readline()
        if not line:
            return
        command = json.loads(line)
        number, name = command.pop("id", None), command.pop("cmd", None)
        if name == "stop":
            report("reply", id=number, ok=True, value=None)
            return
        try:
            value = commands[name](**command)
            if inspect.isawaitable(value):
                value = await value
        except Exception as error:  # the test is told; the process goes on
            report("reply", id=number, ok=False, error=f"{type(error).__name__}: {error}")
        else:
            report("reply", id=number, ok=True, value=value)


def start_options(defaults):
    """The JSON object of the first argument, over the defaults."""
    return {**defaults, **(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {})}
