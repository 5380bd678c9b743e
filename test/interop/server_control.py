"""What a test may ask of `plain_server.py`, and what that server reports to the test."""

import asyncio
import urllib.parse

from aiohttp import web
from socketio.exceptions import ConnectionRefusedError

from json_lines import report

NON_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


class HandlerFailure(Exception):
    """The exception of a handler that a test told to fail."""


def with_non_finite(value):
    """The value with the strings "NaN", "Infinity" and "-Infinity" made the numbers that JSON cannot write."""
    if isinstance(value, str):
        return NON_FINITE.get(value, value)
    if isinstance(value, list):
        return [with_non_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: with_non_finite(item) for key, item in value.items()}
    return value


class ServerControl:
    def __init__(self, sio):
        self.sio = sio
        self.greets = True
        self._calls = []
        self._acks = {}
        self._failures = {}
        self._delays = {}
        self._refusal = None
        self._auths = {}
        self._transports = {}

    def commands(self):
        return {
            "emit": self.emit, "raw": self.raw, "set_ack": self.set_ack, "fail": self.fail, "delay": self.delay,
            "refuse": self.refuse, "greet": self.greet, "calls": self.calls, "forget_calls": self._calls.clear,
            "sockets": self.sockets, "drop": self.drop, "enter": self.enter, "reset": self.reset,
        }

    # What the server tells this object.

    def connecting(self, sid, environ, auth):
        report("connect", sid=sid, auth=auth)
        if self._refusal is not None:
            raise ConnectionRefusedError(*self._refusal)
        self._auths[sid] = auth
        request = environ.get("aiohttp.request")
        if request is not None:
            self._transports.setdefault(self._eio_sid(sid), set()).add(request.transport)

    def disconnected(self, sid):
        self._auths.pop(sid, None)
        self._transports.pop(self._eio_sid(sid), None)
        report("disconnect", sid=sid)

    def record(self, event, sid, args):
        call = {"event": event, "sid": sid, "args": args, "argc": len(args)}
        self._calls.append(call)
        report("call", **call)

    def record_exception(self, event, sid, error):
        report("exception", event=event, sid=sid, type=type(error).__name__, message=str(error))

    async def before_handler(self, event):
        seconds = self._delays.get(event)
        if seconds:
            await asyncio.sleep(seconds)
        failure = self._failures.get(event)
        if failure is not None:
            if failure["times"] is not None:
                failure["times"] -= 1
                if failure["times"] <= 0:
                    del self._failures[event]
            raise HandlerFailure(failure["message"])

    def ack_for(self, event, result, not_handled):
        if result is not_handled or event not in self._acks:
            return result
        return self._acks[event]

    @web.middleware
    async def remember_transport(self, request, handler):
        sid = urllib.parse.parse_qs(request.query_string).get("sid", [None])[0]
        if sid in self._transports:
            self._transports[sid].add(request.transport)
        return await handler(request)

    # What a test asks.

    async def emit(self, event, args, room=None, sid=None, skip_sid=None, non_finite=False):
        if non_finite:
            args = with_non_finite(args)
        await self.sio.emit(event, tuple(args), room=sid or room, skip_sid=skip_sid)

    async def raw(self, sid, frame):
        """Sends a Socket.IO packet exactly as written, for example `2["sp_update",`."""
        await self.sio.eio.send(self._eio_sid(sid), frame)

    def set_ack(self, event, args=None):
        """Answers the command's acknowledgement with these values; without any, as production does."""
        if args is None:
            self._acks.pop(event, None)
        else:
            self._acks[event] = tuple(args)

    def fail(self, event, message="boom", times=None):
        """Makes the handler raise, `times` times, or until told `times=0`."""
        self._failures.pop(event, None)
        if times != 0:
            self._failures[event] = {"message": message, "times": times}

    def delay(self, event, ms):
        self._delays[event] = ms / 1000

    def refuse(self, args=None):
        """Refuses every connection from now on with these arguments; without any, lets them in again."""
        self._refusal = args

    def greet(self, on):
        """Whether `connected` is emitted on connect."""
        self.greets = on

    def calls(self, event=None):
        return [call for call in self._calls if event is None or call["event"] == event]

    def sockets(self):
        return [{
            "sid": sid,
            "auth": auth,
            "rooms": [room for room in self.sio.rooms(sid) if room != sid],
            "transport": self.sio.eio.transport(self._eio_sid(sid)),
        } for sid, auth in self._auths.items()]

    def enter(self, sid, room):
        self.sio.enter_room(sid, room)

    async def drop(self, sid=None, how="disconnect"):
        """Ends one connection, or all: `disconnect` by a Socket.IO packet, `abort` of its TCP connections."""
        for one in [sid] if sid else list(self._auths):
            if how == "disconnect":
                await self.sio.disconnect(one)
            elif how == "abort":
                self._abort(self._eio_sid(one))
            else:
                raise ValueError(f"no way to drop a connection called {how}")

    async def reset(self):
        """Ends every connection, and is again as it was at the start, for the next test."""
        self.abort_all()
        while self._auths:
            await asyncio.sleep(0.005)
        self.greets, self._refusal = True, None
        for told in (self._calls, self._acks, self._failures, self._delays):
            told.clear()

    def abort_all(self):
        for eio_sid in list(self._transports):
            self._abort(eio_sid)

    def _abort(self, eio_sid):
        for transport in self._transports.get(eio_sid, ()):
            if transport is not None:
                transport.abort()

    def _eio_sid(self, sid):
        return self.sio.manager.eio_sid_from_sid(sid, "/")
