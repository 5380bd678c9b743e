/** The part of the module that emits: over python-socketio's server or manager, and never raising. */
export const runtimeEmit: string = String.raw`def _is_room_identifier(text: Any) -> bool:
    if not isinstance(text, str) or not 0 < len(text) + sum(ord(point) > 0xFFFF for point in text) <= 128:
        return False
    if any(point in "\u2028\u2029" or unicodedata.category(point) in ("Cc", "Cs") for point in text):
        return False
    return unicodedata.normalize("NFC", text) == text


def _no_room(prefix: str, identifier: Any) -> str:
    return f"{prefix}…: write a text of 1 to 128 characters, NFC, no control characters; got {_kind(identifier)}"


def _room(prefix: str, identifier: str) -> str:
    if not _is_room_identifier(identifier):
        raise ValueError(_no_room(prefix, identifier))
    return prefix + identifier


@dataclass(frozen=True)
class Room:
    """A room's name taken apart."""

    kind: str
    id: str


def parse_room(text: str) -> Optional[Room]:
    """Takes a room's name apart; None for a text that names no room of this contract."""
    for kind, prefix in _ROOM_PREFIXES.items():
        if isinstance(text, str) and text.startswith(prefix) and _is_room_identifier(text[len(prefix) :]):
            return Room(kind, text[len(prefix) :])
    return None


class Sender(Protocol):
    """What emits: python-socketio's AsyncServer or Server, or in a worker process its AsyncRedisManager or the like."""

    def emit(self, event: str, data: Any, *, room: Any) -> Any: ...


@dataclass(frozen=True)
class EmitResult:
    """What became of an emit: ${"`error`"} is payload_invalid, room_invalid or emit_failed."""

    ok: bool
    error: Optional[str] = None
    issues: tuple[Issue, ...] = ()


_P = ParamSpec("_P")


def _emits(method: Callable[_P, Coroutine[Any, Any, EmitResult]]) -> Callable[_P, Coroutine[Any, Any, EmitResult]]:
    """A method that also tells by its result, and not by raising, that it was called with other arguments."""

    @functools.wraps(method)
    async def emit(*args: _P.args, **kwargs: _P.kwargs) -> EmitResult:
        try:
            return await method(*args, **kwargs)
        except TypeError as error:
            emitter = args[0] if args else None
            if not isinstance(emitter, _Emitter):
                raise
            issue = Issue("", f"the arguments of {method.__name__}", str(error).rpartition("() ")[2].removeprefix("got "))
            return emitter._tell(EmitResult(False, "payload_invalid", (issue,)), method.__name__, str(issue))

    return emit


def _words(error: Exception) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


class _Emitter:
    def __init__(self, sio: Sender, logger: Optional[logging.Logger] = None) -> None:
        self._sio = sio
        self._logger = logger or logging.getLogger(__name__)

    async def _emit(
        self,
        event: str,
        room: tuple[str, str],
        given: Mapping[str, Any],
        optional: Mapping[str, Any],
        log_fields: tuple[str, ...],
    ) -> EmitResult:
        """Fills, checks and emits one event. A failure is logged and returned: it must not stop business logic."""
        result = EmitResult(False, "emit_failed")
        try:
            left = {field: value for field, value in optional.items() if value is not None}
            payload = fill(event, _plain({**given, **left}))
            issues = validate(event, payload)
            if issues:
                result, said = EmitResult(False, "payload_invalid", tuple(issues)), "; ".join(str(issue) for issue in issues)
            elif not _is_room_identifier(room[1]):
                result, said = EmitResult(False, "room_invalid"), _no_room(*room)
            else:
                sent = self._sio.emit(event, payload, room=room[0] + room[1])
                # A Server's own is no coroutine, and has sent it already.
                if inspect.isawaitable(sent):
                    await sent
                result = EmitResult(True)
                shown = {"room": room[0] + room[1], **{field: payload[field] for field in log_fields if field in payload}}
                said = " ".join(f"{field}={value!r}" for field, value in shown.items())
        except Exception as error:
            said = _words(error)
        return self._tell(result, event, said)

    def _tell(self, result: EmitResult, event: str, said: str) -> EmitResult:
        try:
            if result.ok:
                self._logger.info("%s emitted: %s", event, said)
            else:
                self._logger.error("%s was not emitted (%s): %s", event, result.error, said)
        except Exception:
            pass
        return result`;
