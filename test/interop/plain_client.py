"""A python-socketio client that knows nothing of this package: every handler takes one payload, as today's do.

One line out per event that a handler took, per event without a handler, and per exception of a handler: an event
with a second argument is a TypeError there, as it would be in production.
"""

import asyncio

import socketio

from json_lines import report, serve_commands, start_options
from server_control import with_non_finite


class PlainClient(socketio.AsyncClient):
    """Reports what arrives, before python-socketio calls the handler, and what the handler raises."""

    async def _trigger_event(self, event, namespace, *args):
        handled = event in self.handlers.get(namespace, {})
        if not handled and event not in self.reserved_events:
            report("unhandled", event=event, args=list(args), argc=len(args))
        try:
            return await super()._trigger_event(event, namespace, *args)
        except Exception as error:
            report("exception", event=event, argc=len(args), type=type(error).__name__, message=str(error))
            raise


class ClientControl:
    def __init__(self, sio):
        self.sio = sio
        self.refused = None
        sio.on("connect", self._on_connect)
        sio.on("connect_error", self._on_connect_error)
        sio.on("disconnect", self._on_disconnect)

    def commands(self):
        return {
            "handle": self.handle, "connect": self.connect, "emit": self.emit, "call": self.call,
            "disconnect": self.disconnect, "state": self.state,
        }

    async def _on_connect(self):
        report("connect", sid=self.sio.get_sid())

    async def _on_connect_error(self, data=None):
        report("connect_error", data=data)
        if self.refused is not None and not self.refused.done():
            self.refused.set_result(data)

    async def _on_disconnect(self):
        report("disconnect")

    def handle(self, events):
        for name in events:
            self.sio.on(name, self._one_parameter_handler(name))

    @staticmethod
    def _one_parameter_handler(name):
        async def handler(data):
            report("event", event=name, data=data)
        handler.__name__ = name
        return handler

    async def connect(self, url, auth=None, transports=None, headers=None):
        """python-socketio sits a refusal out until its timeout; here it ends the attempt."""
        self.refused = asyncio.get_running_loop().create_future()
        attempt = asyncio.create_task(self.sio.connect(
            url, auth=auth, transports=transports, headers=headers or {}, wait_timeout=10))
        await asyncio.wait([attempt, self.refused], return_when=asyncio.FIRST_COMPLETED)
        if not attempt.done() and self.refused.done():
            attempt.cancel()
            await self.sio.disconnect()
            raise ConnectionError(f"refused: {self.refused.result()}")
        await attempt
        return {"sid": self.sio.get_sid(), "transport": self.sio.transport()}

    async def emit(self, event, args, non_finite=False):
        await self.sio.emit(event, tuple(with_non_finite(args) if non_finite else args))

    async def call(self, event, args, timeout_ms=5000):
        """All values of the acknowledgement: `AsyncClient.call` makes no difference between none and null."""
        answer = asyncio.get_running_loop().create_future()

        def acknowledged(*values):
            if not answer.done():
                answer.set_result(list(values))

        await self.sio.emit(event, tuple(args), callback=acknowledged)
        return await asyncio.wait_for(answer, timeout_ms / 1000)

    async def disconnect(self):
        await self.sio.disconnect()

    def state(self):
        return {"connected": self.sio.connected, "transport": self.sio.transport() if self.sio.connected else None}


async def main():
    options = start_options({"events": [], "client": {"reconnection": False}})
    sio = PlainClient(**options["client"])
    control = ClientControl(sio)
    control.handle(options["events"])
    report("ready")
    await serve_commands(control.commands())
    if sio.connected:
        await asyncio.wait([asyncio.create_task(sio.disconnect())], timeout=2)


if __name__ == "__main__":
    asyncio.run(main())
