"""A python-socketio server that emits and judges with the exported module, as a Gestaloka backend would.

It is `plain_server.py` with the module beside it: a test asks it to call an emitter by its class, method and keyword
arguments, to emit a checked event to one socket, or to judge a payload.
"""

import asyncio
import importlib.util
import sys

import plain_server
from json_lines import start_options
from server_control import ServerControl, with_non_finite


def load_events(path):
    spec = importlib.util.spec_from_file_location("gestaloka_events", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["gestaloka_events"] = module
    spec.loader.exec_module(module)
    return module


def issues_of(issues):
    return [[issue.path, issue.expected, issue.got] for issue in issues]


class ModuleControl(ServerControl):
    def __init__(self, sio, events):
        super().__init__(sio)
        self.events = events
        self.judged = []

    def commands(self):
        return {
            **super().commands(), "emitter": self.emitter, "emit_to_socket": self.emit_to_socket,
            "validate": self.validate, "judged_commands": lambda: self.judged,
            "forget_judged": self.judged.clear,
        }

    def record(self, event, sid, args):
        super().record(event, sid, args)
        issues = self.events.validate(event, args[0], direction="client_to_server", role="reader")
        self.judged.append([event, issues_of(issues)])

    async def emitter(self, cls, method, arguments, non_finite=False):
        arguments = with_non_finite(arguments) if non_finite else arguments
        result = await getattr(getattr(self.events, cls)(self.sio), method)(**arguments)
        return {"ok": result.ok, "error": result.error, "issues": issues_of(result.issues)}

    async def emit_to_socket(self, event, payload, sid):
        filled = self.events.fill(event, payload)
        issues = self.events.validate(event, filled)
        if not issues:
            await self.sio.emit(event, filled, to=sid)
        return issues_of(issues)

    def validate(self, event, payload, direction="server_to_client", role="writer"):
        return issues_of(self.events.validate(event, payload, direction=direction, role=role))


if __name__ == "__main__":
    options = start_options({"host": "127.0.0.1", "port": 0, "server": {}, "module": "gestaloka_events.py"})
    asyncio.run(plain_server.serve(options, lambda sio: ModuleControl(sio, load_events(options["module"]))))
