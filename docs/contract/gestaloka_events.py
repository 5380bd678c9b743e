"""The events of gestaloka 1.0.0, for Python 3.11 or later with pydantic 1.10 or 2.

Generated from the contract (fingerprint eb0effb5ceb0162c) by gestaloka-events; do not edit.

`validate(event, payload)` gives the verdict of the TypeScript package. The emitters take python-socketio's servers,
log and return what became of an emit, and never raise. Each event goes out as one argument: no envelope is added.
"""
# ruff: noqa: E501


import functools
import inspect
import json
import logging
import math
import re
import unicodedata
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Literal, NotRequired, Optional, ParamSpec, Protocol, Self, TypedDict, Union, cast, overload

import pydantic
from pydantic import BaseModel, Field


CONTRACT_NAME = "gestaloka"
CONTRACT_VERSION = "1.0.0"
CONTRACT_FINGERPRINT = "eb0effb5ceb0162c"

Direction = Literal["server_to_client", "client_to_server"]
Role = Literal["writer", "reader"]


_MISSING = object()
_JSON_DEPTH = 32
_OPEN_ENUM_LENGTH = 64
_SAFE_INTEGER = 2**53 - 1
_MOST_ISSUES = 20
_TIMESTAMP_PATTERN = re.compile("^(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:[0-9][0-9](?:[2468][048]|[13579][26]|0[48])|(?:[02468][048]|[13579][26])00)-02-29)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?\\Z")

_Path = tuple[Union[str, int], ...]


@dataclass(frozen=True)
class Issue:
    """Where a payload goes wrong: kinds and bounds, never a value, since a value may be personal."""

    path: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.path or 'payload'}: expected {self.expected}, got {self.got}"


class PayloadError(ValueError):
    """A payload that its contract refuses; `issues` says where and why."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        # As it was given: a copy, and one that another process unpickles, is made of this.
        super().__init__(issues)
        self.issues = list(issues)

    def __str__(self) -> str:
        return "; ".join(str(issue) for issue in self.issues) + " (docs/errors.md#payload_invalid)"


class _Issues(list[Issue]):
    def refuse(self, path: _Path, expected: str, got: Any) -> None:
        if len(self) < _MOST_ISSUES:
            self.append(Issue(_format_path(path), expected, _kind(got)))


def _format_path(path: _Path) -> str:
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]{0,63}", step):
            text += f".{step}" if text else step
        else:
            text += f"[{_quoted(step)}]"
    return text


def _quoted(key: str) -> str:
    """A key that may come from a stranger: cut, and on one line."""
    units = key.encode("utf-16-le", "surrogatepass")[:128]
    text = json.dumps(units.decode("utf-16-le", "surrogatepass"), ensure_ascii=False)
    text = re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", text)
    return re.sub("[\x7f-\x9f\u2028\u2029]", "?", text)


def _kind(value: Any) -> str:
    if value is _MISSING:
        return "missing"
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _finite(value) is None:
        return "non-finite number"
    kind = _json_kind(value)
    # What JSON has no word for, as a datetime or a model of the backend's own, is called as Python calls it.
    return type(value).__name__ if kind == "object" and not isinstance(value, Mapping) else kind


def _json_kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, (list, tuple)) else "object"


def _finite(value: Any) -> Optional[float]:
    """The number as every JavaScript peer reads it; None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _number_text(number: Union[int, float]) -> str:
    """A number as JavaScript writes it."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e21:
        return str(int(number))
    text = repr(number)
    if 1e-6 <= abs(number) < 1e-4:
        return format(Decimal(text), "f")
    return re.sub(r"e([+-])0+", r"e\1", text)


def _same(one: Any, other: Any) -> bool:
    if _json_kind(one) != _json_kind(other):
        return False
    return _finite(one) == _finite(other) if _json_kind(one) == "number" else bool(one == other)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


class _Check:
    """What one place of a payload must be."""

    def words(self, role: str) -> str:
        raise NotImplementedError

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        if not self.fits(value, role):
            issues.refuse(path, self.words(role), value)

    def fits(self, value: Any, role: str) -> bool:
        raise NotImplementedError


class _Pattern:
    def __init__(self, source: str, format: Optional[str], ignore_case: bool, units: bool) -> None:
        self.format = format
        self._units = units
        self._pattern = re.compile(source, re.ASCII | (re.IGNORECASE if ignore_case else 0))

    def matches(self, text: str) -> bool:
        if self._units and any(ord(point) > 0xFFFF for point in text):
            encoded = text.encode("utf-16-le", "surrogatepass")
            text = "".join(chr(encoded[i] | encoded[i + 1] << 8) for i in range(0, len(encoded), 2))
        return self._pattern.search(text) is not None


class _Text(_Check):
    def __init__(
        self,
        least: Optional[int] = None,
        most: Optional[int] = None,
        points: Optional[tuple[int, int]] = None,
        patterns: tuple[_Pattern, ...] = (),
        is_timestamp: bool = False,
    ) -> None:
        self._least, self._most, self._points = least, most, points
        self._patterns, self._is_timestamp = patterns, is_timestamp

    def words(self, role: str) -> str:
        if self._is_timestamp:
            return "ISO 8601 timestamp"
        said = ["string"]
        if self._points is not None:
            said.append(f"{self._points[0]} to {self._points[1]} code points")
        if self._least is not None:
            said.append(f"at least {self._least} characters")
        if self._most is not None:
            said.append(f"at most {self._most} characters")
        said.extend(pattern.format or "in the declared pattern" for pattern in self._patterns)
        return ", ".join(said)

    def fits(self, value: Any, role: str) -> bool:
        if not isinstance(value, str):
            return False
        if self._least is not None or self._most is not None:
            units = len(value) + sum(ord(point) > 0xFFFF for point in value)
            if units < (self._least or 0) or (self._most is not None and units > self._most):
                return False
        if self._points is not None and not self._points[0] <= len(value) <= self._points[1]:
            return False
        if self._is_timestamp and not _TIMESTAMP_PATTERN.search(value):
            return False
        return all(pattern.matches(value) for pattern in self._patterns)


class _Number(_Check):
    _word = "finite number"

    def __init__(
        self,
        least: Optional[float] = None,
        above: Optional[float] = None,
        most: Optional[float] = None,
        below: Optional[float] = None,
    ) -> None:
        self._least, self._above, self._most, self._below = least, above, most, below

    def words(self, role: str) -> str:
        bounds = (("at least", self._least), ("above", self._above), ("at most", self._most), ("below", self._below))
        return ", ".join([self._word, *(f"{word} {_number_text(bound)}" for word, bound in bounds if bound is not None)])

    def fits(self, value: Any, role: str) -> bool:
        number = _finite(value)
        return (
            number is not None
            and self._is_of_kind(number)
            and (self._least is None or number >= self._least)
            and (self._above is None or number > self._above)
            and (self._most is None or number <= self._most)
            and (self._below is None or number < self._below)
        )

    def _is_of_kind(self, number: float) -> bool:
        return True


class _Integer(_Number):
    _word = "integer"

    def _is_of_kind(self, number: float) -> bool:
        return number.is_integer() and abs(number) <= _SAFE_INTEGER


class _Boolean(_Check):
    def words(self, role: str) -> str:
        return "boolean"

    def fits(self, value: Any, role: str) -> bool:
        return isinstance(value, bool)


class _Literal(_Check):
    def __init__(self, *values: Any) -> None:
        self._values = values

    def words(self, role: str) -> str:
        return " or ".join(
            _number_text(value) if _json_kind(value) == "number" else json.dumps(value, ensure_ascii=False)
            for value in self._values
        )

    def fits(self, value: Any, role: str) -> bool:
        return any(_same(member, value) for member in self._values)


class _Enum(_Check):
    def __init__(self, *values: str, is_open: bool = False) -> None:
        self._values, self._is_open = values, is_open

    def words(self, role: str) -> str:
        if self._is_open and role == "reader":
            return f"string of at most {_OPEN_ENUM_LENGTH} code points"
        return f"one of {', '.join(self._values)}"

    def fits(self, value: Any, role: str) -> bool:
        if not isinstance(value, str):
            return False
        return value in self._values or (self._is_open and role == "reader" and len(value) <= _OPEN_ENUM_LENGTH)


class _Json(_Check):
    def words(self, role: str) -> str:
        return "plain JSON"

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        _find_in_json(value, path, 1, issues)


class _Nullable(_Check):
    def __init__(self, inner: _Check) -> None:
        self._inner = inner

    def words(self, role: str) -> str:
        return f"{self._inner.words(role)} or null"

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        if value is not None:
            self._inner.find(value, role, path, issues)


class _Array(_Check):
    def __init__(self, items: _Check, least: Optional[int] = None, most: Optional[int] = None) -> None:
        self._items, self._least, self._most = items, least, most

    def words(self, role: str) -> str:
        said = ["array"]
        if self._least:
            said.append(f"at least {self._least} items")
        if self._most is not None:
            said.append(f"at most {self._most} items")
        return ", ".join(said)

    def fits(self, value: Any, role: str) -> bool:
        if not isinstance(value, (list, tuple)):
            return False
        return len(value) >= (self._least or 0) and (self._most is None or len(value) <= self._most)

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        if not self.fits(value, role):
            return issues.refuse(path, self.words(role), value)
        for i, item in enumerate(value):
            self._items.find(item, role, (*path, i), issues)


class _Record(_Check):
    def __init__(self, values: _Check) -> None:
        self._values = values

    def words(self, role: str) -> str:
        return "object"

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        if not _is_object(value):
            return issues.refuse(path, "object", value)
        for key, item in value.items():
            if key == "__proto__":
                issues.refuse((*path, key), "no __proto__ key", item)
            else:
                self._values.find(item, role, (*path, key), issues)


class _Optional:
    def __init__(self, check: _Check, is_nullish: bool) -> None:
        self.check, self.is_nullish = check, is_nullish


def _optional(check: _Check) -> _Optional:
    return _Optional(check, False)


def _nullish(check: _Check) -> _Optional:
    return _Optional(check, True)


class _Object(_Check):
    def __init__(self, fields: Mapping[str, Union[_Check, _Optional]], is_open: bool = False) -> None:
        self._fields, self._is_open = fields, is_open

    def words(self, role: str) -> str:
        return "object"

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        if not _is_object(value):
            return issues.refuse(path, "object", value)
        for name, field in self._fields.items():
            given = value.get(name, _MISSING)
            if isinstance(field, _Optional):
                if given is None and field.is_nullish:
                    if role == "writer":
                        issues.refuse((*path, name), field.check.words(role), given)
                elif given is not _MISSING:
                    field.check.find(given, role, (*path, name), issues)
            else:
                field.find(given, role, (*path, name), issues)
        for key, item in value.items():
            if key == "__proto__":
                issues.refuse((*path, key), "no __proto__ key", item)
            elif key in self._fields:
                continue
            elif self._is_open:
                _find_in_json(item, (*path, key), 2, issues)
            elif role == "writer":
                issues.refuse((*path, key), "no such key", item)
            else:
                _find_proto_key(item, (*path, key), issues)


class _Choice(_Check):
    def __init__(self, discriminator: str, options: Mapping[str, _Object]) -> None:
        self._discriminator, self._options = discriminator, options

    def words(self, role: str) -> str:
        return "object"

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        if not _is_object(value):
            return issues.refuse(path, "object", value)
        given = value.get(self._discriminator, _MISSING)
        option = self._options.get(given) if isinstance(given, str) else None
        if option is None:
            return issues.refuse((*path, self._discriminator), f"one of {', '.join(self._options)}", given)
        option.find(value, role, path, issues)


class _Either(_Check):
    def __init__(self, *options: tuple[tuple[str, ...], _Check]) -> None:
        self._options = options

    def words(self, role: str) -> str:
        return " or ".join(check.words(role) for _, check in self._options)

    def find(self, value: Any, role: str, path: _Path, issues: _Issues) -> None:
        for kinds, check in self._options:
            if value is not _MISSING and _json_kind(value) in kinds:
                return check.find(value, role, path, issues)
        issues.refuse(path, self.words(role), value)


def _find_in_json(value: Any, path: _Path, depth: int, issues: _Issues) -> None:
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, (int, float)):
        if _finite(value) is None:
            issues.refuse(path, "finite number", value)
    elif not isinstance(value, (list, tuple)) and not _is_object(value):
        issues.refuse(path, "plain JSON", value)
    elif depth > _JSON_DEPTH:
        issues.refuse(path, f"at most {_JSON_DEPTH} levels", value)
    else:
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            if step == "__proto__":
                issues.refuse((*path, step), "no __proto__ key", item)
            else:
                _find_in_json(item, (*path, step), depth + 1, issues)


def _find_proto_key(value: Any, path: _Path, issues: _Issues) -> None:
    # A list that grows while it is read: a stranger chooses how deep this goes. What was seen is not read again: a value
    # of the application's may hold itself.
    pending: list[tuple[Any, _Path]] = [(value, ())]
    seen: set[int] = {id(value)}
    for held, where in pending:
        steps: Any = ()
        if isinstance(held, (dict, list, tuple)):
            steps = held.items() if isinstance(held, dict) else enumerate(held)
        for step, child in steps:
            if step == "__proto__":
                return issues.refuse((*path, *where, step), "no __proto__ key", child)
            if isinstance(child, (dict, list, tuple)) and id(child) not in seen:
                seen.add(id(child))
                pending.append((child, where if len(where) > _JSON_DEPTH else (*where, step)))


_TIMESTAMP = _Text(is_timestamp=True)


_InitialStateCheck = _Object({
    "currentScene": _nullish(_Text()),
    "playerStatus": _nullish(_Object({}, is_open=True)),
    "worldState": _nullish(_Object({}, is_open=True)),
}, is_open=True)


_MessageCheck = _Object({
    "id": _Text(),
    "content": _Text(),
    "message_type": _Enum("player_action", "gm_narrative", "system_event", is_open=True),
    "sender_type": _Enum("player", "gm", "system", is_open=True),
    "turn_number": _Integer(least=0),
    "metadata": _nullish(_Object({}, is_open=True)),
    "created_at": _TIMESTAMP,
})


_ChoiceCheck = _Object({
    "id": _Text(),
    "text": _Text(),
    "description": _nullish(_Text()),
})


_NpcCheck = _Object({
    "npc_id": _Text(),
    "name": _Text(),
    "title": _nullish(_Text()),
    "npc_type": _Enum("LOG_NPC", "PERMANENT_NPC", "TEMPORARY_NPC", is_open=True),
    "personality_traits": _Array(_Text()),
    "behavior_patterns": _Array(_Text()),
    "skills": _Array(_Text()),
    "appearance": _nullish(_Text()),
    "backstory": _nullish(_Text()),
    "original_player": _nullish(_Text()),
    "log_source": _nullish(_Text()),
    "contamination_level": _Number(),
    "persistence_level": _Number(),
    "current_location": _nullish(_Text()),
    "is_active": _Boolean(),
})


_NpcEncounterChoiceCheck = _Object({
    "id": _Text(),
    "text": _Text(),
    "difficulty": _nullish(_Enum("easy", "medium", "hard", is_open=True)),
    "requirements": _nullish(_Object({}, is_open=True)),
})


_RewardCheck = _Object({
    "type": _Text(),
    "amount": _Number(),
    "item": _nullish(_Json()),
})


_CombatantCheck = _Object({
    "id": _Text(),
    "name": _Text(),
    "type": _Enum("player", "npc", "monster", "boss", is_open=True),
    "hp": _Number(),
    "max_hp": _Number(),
    "mp": _nullish(_Number()),
    "max_mp": _nullish(_Number()),
    "attack": _nullish(_Number()),
    "defense": _nullish(_Number()),
    "speed": _nullish(_Number()),
    "status_effects": _nullish(_Array(_Text())),
    "metadata": _nullish(_Object({}, is_open=True)),
})


_BattleDataCheck = _Object({
    "state": _Enum("none", "starting", "in_progress", "player_turn", "enemy_turn", "ending", "finished", is_open=True),
    "turn_count": _Integer(least=0),
    "combatants": _Array(_CombatantCheck),
}, is_open=True)


_AchievementCheck = _Object({
    "id": _nullish(_Text()),
    "name": _Text(),
    "description": _Text(),
})


_FromUserCheck = _Object({
    "id": _nullish(_Text()),
    "name": _Text(),
})


_CHECKS: dict[str, dict[str, _Check]] = {
    "event": {
        "game_started": _Object({
            "type": _Literal("game_started"),
            "game_session_id": _Text(),
            "initial_state": _InitialStateCheck,
            "timestamp": _TIMESTAMP,
        }),
        "narrative_update": _Object({
            "type": _Literal("narrative_update"),
            "narrative_type": _Text(),
            "narrative": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "action_result": _Object({
            "type": _Literal("action_result"),
            "user_id": _Text(),
            "action": _Text(),
            "result": _Object({}, is_open=True),
            "timestamp": _TIMESTAMP,
        }),
        "state_update": _Object({
            "type": _Literal("state_update"),
            "update": _Object({}, is_open=True),
            "timestamp": _TIMESTAMP,
        }),
        "player_status_update": _Object({
            "type": _Literal("player_status_update"),
            "user_id": _Text(),
            "status": _Object({}, is_open=True),
            "timestamp": _TIMESTAMP,
        }),
        "game_ended": _Object({
            "type": _Literal("game_ended"),
            "reason": _Text(),
            "final_state": _nullish(_Object({}, is_open=True)),
            "timestamp": _TIMESTAMP,
        }),
        "game_error": _Object({
            "type": _Literal("game_error"),
            "error_type": _Text(),
            "message": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "game_update": _Object({
            "type": _Text(),
            "action": _nullish(_Text()),
            "result": _nullish(_Object({}, is_open=True)),
            "timestamp": _TIMESTAMP,
        }),
        "game_progress": _Object({
            "type": _Literal("ai_processing_progress"),
            "percentage": _Number(least=0, most=100),
            "message": _Text(),
            "current_task": _nullish(_Text()),
            "estimated_time_remaining": _nullish(_Number(least=0)),
            "details": _Object({}, is_open=True),
            "elapsed_time": _Number(least=0),
            "timestamp": _TIMESTAMP,
        }),
        "processing_started": _Object({
            "type": _Literal("processing_started"),
            "action": _Text(),
            "status": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "processing_completed": _Object({
            "type": _Literal("processing_completed"),
            "status": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "message_added": _Object({
            "type": _Literal("message_added"),
            "message": _MessageCheck,
            "choices": _nullish(_Array(_ChoiceCheck)),
            "timestamp": _TIMESTAMP,
        }),
        "choices_update": _Object({
            "type": _nullish(_Literal("choices_update")),
            "choices": _Array(_ChoiceCheck),
            "turn_number": _nullish(_Integer(least=0)),
            "timestamp": _TIMESTAMP,
        }),
        "chat_message": _Object({
            "user_id": _Text(),
            "message": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "npc_encounter": _Object({
            "type": _Literal("npc_encounter"),
            "encounter_type": _Text(),
            "npc": _NpcCheck,
            "choices": _nullish(_Array(_NpcEncounterChoiceCheck)),
            "timestamp": _TIMESTAMP,
        }),
        "npc_action_result": _Object({
            "type": _Literal("npc_action_result"),
            "npc_id": _Text(),
            "action": _Text(),
            "result": _Text(),
            "state_changes": _nullish(_Object({}, is_open=True)),
            "rewards": _nullish(_Array(_RewardCheck)),
            "timestamp": _TIMESTAMP,
        }),
        "battle_start": _Object({
            "type": _Literal("battle_start"),
            "battle_data": _BattleDataCheck,
            "timestamp": _TIMESTAMP,
        }),
        "battle_update": _Object({
            "type": _Literal("battle_update"),
            "battle_data": _BattleDataCheck,
            "timestamp": _TIMESTAMP,
        }),
        "sp_update": _Object({
            "type": _Literal("sp_update"),
            "current_sp": _Integer(least=0),
            "amount_changed": _Integer(),
            "transaction_type": _Enum("daily_recovery", "purchase", "achievement", "event_reward", "log_result", "login_bonus", "refund", "free_action", "log_dispatch", "log_enhancement", "memory_inheritance", "system_function", "movement", "exploration", "adjustment", "migration", "admin_grant", "admin_deduct", is_open=True),
            "description": _Text(),
            "balance_before": _Integer(least=0),
            "balance_after": _Integer(least=0),
            "metadata": _nullish(_Object({}, is_open=True)),
            "timestamp": _TIMESTAMP,
        }),
        "sp_insufficient": _Object({
            "type": _Literal("sp_insufficient"),
            "required_amount": _Integer(least=0),
            "current_sp": _Integer(least=0),
            "action": _Text(),
            "message": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "sp_daily_recovery": _Object({
            "type": _Literal("sp_daily_recovery"),
            "success": _Boolean(),
            "recovered_amount": _Integer(least=0),
            "subscription_bonus": _Integer(least=0),
            "login_bonus": _Integer(least=0),
            "consecutive_days": _Integer(least=0),
            "total_amount": _Integer(least=0),
            "balance_after": _Integer(least=0),
            "message": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "purchase_completed": _Object({
            "type": _Literal("purchase_completed"),
            "purchase_id": _Text(),
            "status": _Enum("pending", "processing", "completed", "failed", "cancelled", "refunded", is_open=True),
            "sp_amount": _Integer(least=0),
            "timestamp": _TIMESTAMP,
        }),
        "purchase_failed": _Object({
            "type": _Literal("purchase_failed"),
            "purchase_id": _Text(),
            "status": _Enum("pending", "processing", "completed", "failed", "cancelled", "refunded", is_open=True),
            "sp_amount": _Integer(least=0),
            "error": _nullish(_Text()),
            "timestamp": _TIMESTAMP,
        }),
        "connected": _Object({
            "message": _Text(),
            "sid": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "notification": _Choice("type", {
            "system_notification": _Object({
                "type": _Literal("system_notification"),
                "notification_type": _Enum("info", "success", "warning", "error", is_open=True),
                "title": _Text(),
                "message": _Text(),
                "timestamp": _TIMESTAMP,
            }),
            "achievement": _Object({
                "type": _Literal("achievement"),
                "achievement": _AchievementCheck,
                "timestamp": _TIMESTAMP,
            }),
            "friend_request": _Object({
                "type": _Literal("friend_request"),
                "from_user": _FromUserCheck,
                "timestamp": _TIMESTAMP,
            }),
        }),
        "system_message": _Object({
            "message": _Text(),
            "type": _nullish(_Literal("system_message")),
            "timestamp": _TIMESTAMP,
        }),
        "joined_game": _Object({
            "message": _Text(),
            "game_session_id": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "left_game": _Object({
            "message": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "player_joined": _Object({
            "user_id": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "player_left": _Object({
            "user_id": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "action_received": _Object({
            "message": _Text(),
            "action": _Text(),
            "timestamp": _TIMESTAMP,
        }),
        "error": _Object({
            "message": _Text(),
            "error": _nullish(_Text()),
            "timestamp": _nullish(_TIMESTAMP),
        }),
        "pong": _Object({
            "timestamp": _TIMESTAMP,
        }),
    },
    "command": {
        "join_game": _Object({
            "game_session_id": _Text(points=(1, 128)),
            "user_id": _optional(_Text(points=(1, 128))),
        }),
        "leave_game": _Object({
            "game_session_id": _Text(points=(1, 128)),
            "user_id": _optional(_Text(points=(1, 128))),
        }),
        "game_action": _Object({
            "game_session_id": _Text(points=(1, 128)),
            "action": _Text(points=(1, 2000)),
            "user_id": _optional(_Text(points=(1, 128))),
        }),
        "chat_message": _Object({
            "game_session_id": _Text(points=(1, 128)),
            "message": _Text(points=(1, 2000)),
            "user_id": _optional(_Text(points=(1, 128))),
        }),
        "npc_action": _Object({
            "game_session_id": _Text(points=(1, 128)),
            "npc_id": _Text(points=(1, 128)),
            "action": _Text(points=(1, 2000)),
            "user_id": _optional(_Text(points=(1, 128))),
        }),
        "ping": _Object({
            "timestamp": _TIMESTAMP,
        }),
    },
    "ack": {
        "join_game": _Object({
            "game_session_id": _Text(),
            "members": _Array(_Text()),
        }),
        "leave_game": _Object({}),
        "game_action": _Object({}),
        "chat_message": _Object({}),
        "npc_action": _Object({}),
        "ping": _Object({
            "server_time": _TIMESTAMP,
        }),
    },
}


_DERIVE: dict[str, dict[str, tuple[str, ...]]] = {
    "game_started": {"type": ("event_name",), "timestamp": ("now",)},
    "narrative_update": {"type": ("event_name",), "timestamp": ("now",)},
    "action_result": {"type": ("event_name",), "timestamp": ("now",)},
    "state_update": {"type": ("event_name",), "timestamp": ("now",)},
    "player_status_update": {"type": ("event_name",), "timestamp": ("now",)},
    "game_ended": {"type": ("event_name",), "timestamp": ("now",)},
    "game_error": {"type": ("event_name",), "timestamp": ("now",)},
    "game_update": {"timestamp": ("now",)},
    "game_progress": {"type": ("template", "ai_processing_progress"), "timestamp": ("now",)},
    "processing_started": {"type": ("event_name",), "timestamp": ("now",)},
    "processing_completed": {"type": ("event_name",), "timestamp": ("now",)},
    "message_added": {"type": ("event_name",), "timestamp": ("now",)},
    "choices_update": {"type": ("event_name",), "timestamp": ("now",)},
    "chat_message": {"timestamp": ("now",)},
    "npc_encounter": {"type": ("event_name",), "timestamp": ("now",)},
    "npc_action_result": {"type": ("event_name",), "timestamp": ("now",)},
    "battle_start": {"type": ("event_name",), "timestamp": ("now",)},
    "battle_update": {"type": ("event_name",), "timestamp": ("now",)},
    "sp_update": {"type": ("event_name",), "balance_before": ("difference", "current_sp", "amount_changed"), "balance_after": ("copy", "current_sp"), "timestamp": ("now",)},
    "sp_insufficient": {"type": ("event_name",), "message": ("template", "SP残高が不足しています。必要: {required_amount}, 現在: {current_sp}"), "timestamp": ("now",)},
    "sp_daily_recovery": {"type": ("event_name",), "total_amount": ("sum", "recovered_amount", "subscription_bonus", "login_bonus"), "message": ("template", "SP +{total_amount} を獲得しました！"), "timestamp": ("now",)},
    "purchase_completed": {"type": ("event_name",), "timestamp": ("now",)},
    "purchase_failed": {"type": ("event_name",), "timestamp": ("now",)},
    "connected": {"message": ("template", "正常に接続されました"), "timestamp": ("now",)},
    "notification": {"timestamp": ("now",)},
    "system_message": {"type": ("event_name",), "timestamp": ("now",)},
    "joined_game": {"message": ("template", "ゲームセッションに参加しました"), "timestamp": ("now",)},
    "left_game": {"message": ("template", "ゲームセッションから退出しました"), "timestamp": ("now",)},
    "player_joined": {"timestamp": ("now",)},
    "player_left": {"timestamp": ("now",)},
    "action_received": {"message": ("template", "アクションを受信しました"), "timestamp": ("now",)},
    "error": {"timestamp": ("now",)},
}


def _derived_value(rule: tuple[str, ...], event: str, payload: Mapping[str, Any]) -> Any:
    kind, *sources = rule
    if kind == "event_name":
        return event
    if kind == "now":
        return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if kind == "template":
        sources = re.findall(r"\{([A-Za-z0-9_]+)\}", rule[1])
    # Left out when a source is missing: the check then names the source, which is what the caller forgot.
    if any(source not in payload for source in sources):
        return _MISSING
    values = [payload[source] for source in sources]
    if kind == "copy":
        return values[0]
    if kind == "template":
        return re.sub(r"\{([A-Za-z0-9_]+)\}", lambda match: _as_text(payload[match.group(1)]), rule[1])
    numbers = [_finite(value) for value in values]
    if any(number is None for number in numbers):
        return _MISSING
    # In floats from the left, as JavaScript does it.
    total = 0.0 if kind == "sum" else cast(float, numbers.pop(0))
    for number in numbers:
        total = total + cast(float, number) if kind == "sum" else total - cast(float, number)
    return int(total) if total.is_integer() else total


def _as_text(value: Any) -> str:
    return _number_text(value) if isinstance(value, (int, float)) else str(_plain(value))


def fill(event: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A new payload with the derived fields that `payload` leaves out; one that is no event is copied."""
    filled = dict(payload)
    for field, rule in _DERIVE.get(event, {}).items():
        if field not in filled:
            value = _derived_value(rule, event, filled)
            if value is not _MISSING:
                filled[field] = value
    return filled


def _find_disagreement(event: str, payload: Mapping[str, Any], issues: _Issues) -> None:
    for field, rule in _DERIVE.get(event, {}).items():
        if rule[0] in ("now", "template") or field not in payload:
            continue
        agreed = _derived_value(rule, event, payload)
        given = payload[field]
        if agreed is not _MISSING and not _same(given, agreed):
            issues.refuse((field,), _derivation_words(rule, event), given)


def _derivation_words(rule: tuple[str, ...], event: str) -> str:
    if rule[0] == "event_name":
        return json.dumps(event)
    if rule[0] == "copy":
        return f"the same as {rule[1]}"
    return f"the sum of {', '.join(rule[1:])}" if rule[0] == "sum" else f"{rule[1]} - {rule[2]}"


def validate(event: str, payload: Any, *, direction: Direction = "server_to_client", role: Role = "writer") -> list[Issue]:
    """Judges the payload of an event, or with `direction="client_to_server"` of a command; an empty list is a yes.

    A writer's payload is filled and matches exactly; a reader passes unknown keys and unknown members of open enums.
    Issues stand in the order of the declared fields, at most 20 of them. Never raises.
    """
    if direction == "server_to_client":
        return _judge("event", event, payload, role)
    return _judge("command", event, payload, role)


def validate_ack(command: str, data: Any, *, role: Role = "writer") -> list[Issue]:
    """Judges the data of a positive acknowledgement; otherwise as `validate`."""
    return _judge("ack", command, data, role)


def _judge(kind: str, name: str, payload: Any, role: str) -> list[Issue]:
    issues = _Issues()
    check = _CHECKS[kind].get(name) if isinstance(name, str) else None
    if check is None:
        return [Issue("", f"{'an event' if kind == 'event' else 'a command'} of {CONTRACT_NAME}", "unknown name")]
    try:
        check.find(payload, role, (), issues)
        if not issues and kind == "event" and role == "writer":
            _find_disagreement(name, payload, issues)
    except Exception:
        # A class of the application's own, whose comparing or iterating raises.
        issues.append(Issue("", "plain JSON", "a value that raises"))
    return list(issues)


def _plain(value: Any) -> Any:
    """Models and enum members as the JSON values that they stand for."""
    if isinstance(value, _Model):
        return value.to_payload()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


# Typed loosely: each name below exists in one major version only.
_pydantic: Any = pydantic
_PYDANTIC_2 = pydantic.VERSION.split(".")[0] != "1"
_reading: ContextVar[bool] = ContextVar("_reading", default=False)


def _derived(**about: Any) -> Any:
    """A field that may be left out: it follows from others."""
    return Field(None, **about)


def _without_self(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without the unknown key that pydantic 1 would take for its own argument."""
    return {key: item for key, item in fields.items() if key != "__pydantic_self__"}


def _fill_and_check(cls: Any, fields: Any) -> Any:
    return cls._prepare(fields)


class _Model(BaseModel):
    """A payload's part. Made from its fields it is checked as a writer's."""

    _check: ClassVar[_Check]

    if _PYDANTIC_2:
        model_config = _pydantic.ConfigDict(
            extra="ignore", populate_by_name=True, protected_namespaces=(), hide_input_in_errors=True
        )
    else:

        class Config:
            extra = "ignore"
            allow_population_by_field_name = True

        @classmethod
        def validate(cls, value: Any) -> Self:
            return super().validate(_without_self(value) if isinstance(value, dict) else value)

    fill_and_check: ClassVar[Any] = (
        _pydantic.model_validator(mode="before")(classmethod(_fill_and_check))
        if _PYDANTIC_2
        else _pydantic.root_validator(pre=True, allow_reuse=True)(_fill_and_check)
    )

    @classmethod
    def _prepare(cls, fields: Any) -> Any:
        if not isinstance(fields, Mapping):
            return fields
        known = _model_fields(cls)
        if _reading.get():
            # An unknown key that is a field's name in Python would be taken for the field.
            return {key: item for key, item in fields.items() if known.get(key, (key,))[0] == key}
        given = {}
        for key, value in fields.items():
            wire, is_required = known.get(key, (key, True))
            if value is not None or is_required:
                given[wire] = _plain(value)
        return cls._checked(given)

    @classmethod
    def _checked(cls, given: dict[str, Any]) -> dict[str, Any]:
        # pydantic would leave out a key that it does not know, and pydantic 1 make 1 of 1.7.
        issues = _Issues()
        cls._check.find(given, "writer", (), issues)
        if issues:
            raise PayloadError(issues)
        return given

    def to_payload(self) -> dict[str, Any]:
        """What goes on the wire: a field that was left out is absent, never null."""
        known = _model_fields(type(self))
        payload = {}
        for name, value in self:
            # A key that an open object leaves to the application may be null.
            wire, is_required = known.get(name, (name, True))
            if value is not None or is_required:
                payload[wire] = _plain(value)
        return payload


class _Payload(_Model):
    """A whole payload. Made from its fields it is filled and checked as a writer's; `read` tolerates as a reader does."""

    payload_of: ClassVar[tuple[str, str]]

    @classmethod
    def _checked(cls, given: dict[str, Any]) -> dict[str, Any]:
        kind, name = cls.payload_of
        payload = fill(name, given) if kind == "event" else given
        issues = _judge(kind, name, payload, "writer")
        if issues:
            raise PayloadError(issues)
        return payload

    @classmethod
    def read(cls, payload: Any) -> Self:
        """Makes one of what arrived. Raises PayloadError for what a reader refuses."""
        kind, name = cls.payload_of
        issues = _judge(kind, name, payload, "reader")
        if issues:
            raise PayloadError(issues)
        token = _reading.set(True)
        try:
            return cls(**_without_self(payload))
        finally:
            _reading.reset(token)


def _model_fields(model: type[_Model]) -> dict[str, tuple[str, bool]]:
    """For each field, by either name of it, its name on the wire, and whether it must be there."""
    fields: Any = getattr(model, "model_fields" if _PYDANTIC_2 else "__fields__")
    known: dict[str, tuple[str, bool]] = {}
    for name, field in fields.items():
        wire = name if field.alias is None else field.alias
        known[name] = known[wire] = (wire, field.is_required() if _PYDANTIC_2 else bool(field.required))
    return known


class MessageType(str, Enum):
    """What a message of the game's record tells. A reader also meets values that a newer writer added."""

    PLAYER_ACTION = "player_action"
    GM_NARRATIVE = "gm_narrative"
    SYSTEM_EVENT = "system_event"


MessageTypeValue = Literal["player_action", "gm_narrative", "system_event"]


class SenderType(str, Enum):
    """Who wrote a message. A reader also meets values that a newer writer added."""

    PLAYER = "player"
    GM = "gm"
    SYSTEM = "system"


SenderTypeValue = Literal["player", "gm", "system"]


class NpcType(str, Enum):
    """Where an NPC comes from and how long it stays. A reader also meets values that a newer writer added."""

    LOG_NPC = "LOG_NPC"
    PERMANENT_NPC = "PERMANENT_NPC"
    TEMPORARY_NPC = "TEMPORARY_NPC"


NpcTypeValue = Literal["LOG_NPC", "PERMANENT_NPC", "TEMPORARY_NPC"]


class ChoiceDifficulty(str, Enum):
    """How hard a choice is. A reader also meets values that a newer writer added."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


ChoiceDifficultyValue = Literal["easy", "medium", "hard"]


class BattleState(str, Enum):
    """The phase that a battle is in. A reader also meets values that a newer writer added."""

    NONE = "none"
    STARTING = "starting"
    IN_PROGRESS = "in_progress"
    PLAYER_TURN = "player_turn"
    ENEMY_TURN = "enemy_turn"
    ENDING = "ending"
    FINISHED = "finished"


BattleStateValue = Literal["none", "starting", "in_progress", "player_turn", "enemy_turn", "ending", "finished"]


class CombatantType(str, Enum):
    """What fights. A reader also meets values that a newer writer added."""

    PLAYER = "player"
    NPC = "npc"
    MONSTER = "monster"
    BOSS = "boss"


CombatantTypeValue = Literal["player", "npc", "monster", "boss"]


class TransactionType(str, Enum):
    """Why SP were gained or spent. A reader also meets values that a newer writer added."""

    DAILY_RECOVERY = "daily_recovery"
    PURCHASE = "purchase"
    ACHIEVEMENT = "achievement"
    EVENT_REWARD = "event_reward"
    LOG_RESULT = "log_result"
    LOGIN_BONUS = "login_bonus"
    REFUND = "refund"
    FREE_ACTION = "free_action"
    LOG_DISPATCH = "log_dispatch"
    LOG_ENHANCEMENT = "log_enhancement"
    MEMORY_INHERITANCE = "memory_inheritance"
    SYSTEM_FUNCTION = "system_function"
    MOVEMENT = "movement"
    EXPLORATION = "exploration"
    ADJUSTMENT = "adjustment"
    MIGRATION = "migration"
    ADMIN_GRANT = "admin_grant"
    ADMIN_DEDUCT = "admin_deduct"


TransactionTypeValue = Literal[
    "daily_recovery",
    "purchase",
    "achievement",
    "event_reward",
    "log_result",
    "login_bonus",
    "refund",
    "free_action",
    "log_dispatch",
    "log_enhancement",
    "memory_inheritance",
    "system_function",
    "movement",
    "exploration",
    "adjustment",
    "migration",
    "admin_grant",
    "admin_deduct",
]


class PurchaseStatus(str, Enum):
    """How far a purchase of SP has come. A reader also meets values that a newer writer added."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


PurchaseStatusValue = Literal["pending", "processing", "completed", "failed", "cancelled", "refunded"]


class NotificationType(str, Enum):
    """How a notification is to be shown. A reader also meets values that a newer writer added."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


NotificationTypeValue = Literal["info", "success", "warning", "error"]


class InitialState(_Model, extra="allow"):
    """Part of a payload: InitialState."""

    _check: ClassVar[_Check] = _InitialStateCheck

    currentScene: Optional[str] = Field(None, description="Where the game begins")
    playerStatus: Optional[dict[str, Any]] = Field(None, description="How the player is")
    worldState: Optional[dict[str, Any]] = Field(None, description="How the world is")


class GameStarted(_Payload):
    """A game session began."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "game_started")

    game_session_id: str = Field(..., description="The game session")
    initial_state: InitialState
    type: Literal["game_started"] = "game_started"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class NarrativeUpdate(_Payload):
    """The story goes on."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "narrative_update")

    narrative_type: str = Field(..., description="What kind of narrative it is; known values: general, introduction")
    narrative: str = Field(..., description="The story, as the player reads it")
    type: Literal["narrative_update"] = "narrative_update"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class ActionResult(_Payload):
    """What came of a player's action."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "action_result")

    user_id: str = Field(..., description="The user who acted")
    action: str = Field(..., description="What was done")
    result: dict[str, Any] = Field(..., description="What came of it")
    type: Literal["action_result"] = "action_result"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class StateUpdate(_Payload):
    """Part of the game's state changed."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "state_update")

    update: dict[str, Any] = Field(
        ...,
        description="The part of the game's state that changed; merged into it, one level deep",
    )
    type: Literal["state_update"] = "state_update"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class PlayerStatusUpdate(_Payload):
    """A player's status changed."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "player_status_update")

    user_id: str = Field(..., description="The user whose status it is")
    status: dict[str, Any] = Field(..., description="The whole status")
    type: Literal["player_status_update"] = "player_status_update"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class GameEnded(_Payload):
    """A game session ended."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "game_ended")

    reason: str = Field(..., description="Why it ended")
    type: Literal["game_ended"] = "game_ended"
    final_state: Optional[dict[str, Any]] = Field(None, description="The game's last state")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class GameError(_Payload):
    """Something went wrong in a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "game_error")

    error_type: str = Field(..., description="A code for what went wrong")
    message: str = Field(..., description="Text for the player")
    type: Literal["game_error"] = "game_error"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class GameUpdate(_Payload):
    """Echoes another event in its older form."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "game_update")

    type: str = Field(..., description="The name of the event that it echoes; any text")
    action: Optional[str] = Field(None, description="What was done")
    result: Optional[dict[str, Any]] = Field(None, description="What came of it")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class GameProgress(_Payload):
    """How far the game master's work has come."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "game_progress")

    percentage: float = Field(..., description="How far the work has come, in percent")
    message: str = Field(..., description="Text for the player")
    details: dict[str, Any] = Field(..., description="Further facts about the work")
    elapsed_time: float = Field(..., description="How long it has taken, in seconds")
    type: Literal["ai_processing_progress"] = _derived(description="derived: the text \"ai_processing_progress\"")
    current_task: Optional[str] = Field(None, description="What is being done")
    estimated_time_remaining: Optional[float] = Field(None, description="How long it may still take, in seconds")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class ProcessingStarted(_Payload):
    """The game master began to work on an action."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "processing_started")

    action: str = Field(..., description="The action that is being worked on")
    status: str = Field(..., description="What is being done, as the player reads it")
    type: Literal["processing_started"] = "processing_started"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class ProcessingCompleted(_Payload):
    """The game master finished its work on an action."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "processing_completed")

    status: str = Field(..., description="What was done, as the player reads it")
    type: Literal["processing_completed"] = "processing_completed"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Message(_Model):
    """The message."""

    _check: ClassVar[_Check] = _MessageCheck

    id: str = Field(..., description="The message")
    content: str = Field(..., description="Its text")
    message_type: Union[MessageType, str] = Field(..., description="What a message of the game's record tells")
    sender_type: Union[SenderType, str] = Field(..., description="Who wrote a message")
    turn_number: int = Field(..., description="The turn in which it was written")
    created_at: str = Field(..., description="When it was written: ISO 8601; without a zone it means UTC")
    metadata: Optional[dict[str, Any]] = Field(None, description="Further facts about it")


class Choice(_Model):
    """Part of a payload: Choice."""

    _check: ClassVar[_Check] = _ChoiceCheck

    id: str = Field(..., description="The choice, as an action names it")
    text: str = Field(..., description="What the player reads")
    description: Optional[str] = Field(None, description="What the choice leads to")


class MessageAdded(_Payload):
    """A message was added to the game's record."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "message_added")

    message: Message = Field(..., description="The message")
    type: Literal["message_added"] = "message_added"
    choices: Optional[list[Choice]] = Field(None, description="What the player may do next")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class ChoicesUpdate(_Payload):
    """The players have other choices."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "choices_update")

    choices: list[Choice] = Field(..., description="What the player may do next")
    type: Optional[Literal["choices_update"]] = "choices_update"
    turn_number: Optional[int] = Field(None, description="The turn to which the choices belong")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class ChatMessage(_Payload):
    """A player said something."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "chat_message")

    user_id: str = Field(..., description="The user who spoke")
    message: str = Field(..., description="What was said")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Npc(_Model):
    """Who is met."""

    _check: ClassVar[_Check] = _NpcCheck

    npc_id: str = Field(..., description="The NPC")
    name: str = Field(..., description="Its name")
    npc_type: Union[NpcType, str] = Field(..., description="Where an NPC comes from and how long it stays")
    personality_traits: list[str] = Field(..., description="Its traits")
    behavior_patterns: list[str] = Field(..., description="What it tends to do")
    skills: list[str] = Field(..., description="What it can do")
    contamination_level: float = Field(..., description="How far its log is contaminated")
    persistence_level: float = Field(..., description="How strongly it persists")
    is_active: bool = Field(..., description="Whether it acts")
    title: Optional[str] = Field(None, description="Its title")
    appearance: Optional[str] = Field(None, description="What it looks like")
    backstory: Optional[str] = Field(None, description="Where it comes from")
    original_player: Optional[str] = Field(None, description="The user whose log it was made of")
    log_source: Optional[str] = Field(None, description="The log it was made of")
    current_location: Optional[str] = Field(None, description="Where it is")


class NpcEncounterChoice(_Model):
    """Part of a payload: NpcEncounterChoice."""

    _check: ClassVar[_Check] = _NpcEncounterChoiceCheck

    id: str = Field(..., description="The choice, as an action names it")
    text: str = Field(..., description="What the player reads")
    difficulty: Optional[Union[ChoiceDifficulty, str]] = Field(None, description="How hard a choice is")
    requirements: Optional[dict[str, Any]] = Field(None, description="What the player needs for it")


class NpcEncounter(_Payload):
    """The players of a game meet an NPC."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "npc_encounter")

    encounter_type: str = Field(
        ...,
        description="How it came about; known values: log_npc, log_npc_multiple, dispatch_log_encounter",
    )
    npc: Npc = Field(..., description="Who is met")
    type: Literal["npc_encounter"] = "npc_encounter"
    choices: Optional[list[NpcEncounterChoice]] = Field(None, description="What the player may do")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Reward(_Model):
    """Part of a payload: Reward."""

    _check: ClassVar[_Check] = _RewardCheck

    type: str = Field(..., description="What kind of reward it is")
    amount: float = Field(..., description="How much of it")
    item: Any = Field(None, description="The item itself, as the game keeps it")


class NpcActionResult(_Payload):
    """What came of an action towards an NPC."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "npc_action_result")

    npc_id: str = Field(..., description="The NPC")
    action: str = Field(..., description="What was done")
    result: str = Field(..., description="What came of it")
    type: Literal["npc_action_result"] = "npc_action_result"
    state_changes: Optional[dict[str, Any]] = Field(None, description="What changed in the game's state")
    rewards: Optional[list[Reward]] = Field(None, description="What the players gained")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Combatant(_Model):
    """Part of a payload: Combatant."""

    _check: ClassVar[_Check] = _CombatantCheck

    id: str = Field(..., description="The combatant")
    name: str = Field(..., description="Its name")
    type: Union[CombatantType, str] = Field(..., description="What fights")
    hp: float = Field(..., description="Hit points left")
    max_hp: float = Field(..., description="Hit points when unhurt")
    mp: Optional[float] = Field(None, description="Magic points left")
    max_mp: Optional[float] = Field(None, description="Magic points when rested")
    attack: Optional[float] = Field(None, description="Attack strength")
    defense: Optional[float] = Field(None, description="Defence strength")
    speed: Optional[float] = Field(None, description="Who is faster acts first")
    status_effects: Optional[list[str]] = Field(None, description="What it suffers or enjoys, such as poison")
    metadata: Optional[dict[str, Any]] = Field(None, description="Further facts about it")


class BattleData(_Model, extra="allow"):
    """Part of a payload: BattleData."""

    _check: ClassVar[_Check] = _BattleDataCheck

    state: Union[BattleState, str] = Field(..., description="The phase that a battle is in")
    turn_count: int = Field(..., description="Turns so far")
    combatants: list[Combatant] = Field(..., description="Who fights")


class BattleStart(_Payload):
    """A battle begins."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "battle_start")

    battle_data: BattleData
    type: Literal["battle_start"] = "battle_start"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class BattleUpdate(_Payload):
    """The whole state of a battle after something changed in it."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "battle_update")

    battle_data: BattleData
    type: Literal["battle_update"] = "battle_update"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class SpUpdate(_Payload):
    """A user's SP balance changed."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "sp_update")

    current_sp: int = Field(..., description="The balance now, in SP")
    amount_changed: int = Field(..., description="SP gained; negative for SP spent")
    transaction_type: Union[TransactionType, str] = Field(..., description="Why SP were gained or spent")
    description: str = Field(..., description="The reason, as the player reads it")
    type: Literal["sp_update"] = "sp_update"
    balance_before: int = _derived(
        description="The balance before the change, in SP; derived: current_sp - amount_changed",
    )
    balance_after: int = _derived(
        description="The balance after the change, in SP; the same as current_sp; derived: the same as current_sp",
    )
    metadata: Optional[dict[str, Any]] = Field(None, description="Further facts of the transaction")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class SpInsufficient(_Payload):
    """A user has too few SP for what they asked."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "sp_insufficient")

    required_amount: int = Field(..., description="What the action costs, in SP")
    current_sp: int = Field(..., description="The balance, in SP")
    action: str = Field(..., description="What could not be done")
    type: Literal["sp_insufficient"] = "sp_insufficient"
    message: str = _derived(
        description="Text for the player; derived: the text \"SP残高が不足しています。必要: {required_amount}, 現在: {current_sp}\"",
    )
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class SpDailyRecovery(_Payload):
    """A user received the SP of the day."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "sp_daily_recovery")

    success: bool = Field(..., description="Whether the recovery was booked")
    recovered_amount: int = Field(..., description="The daily recovery itself, in SP")
    subscription_bonus: int = Field(..., description="The bonus of a subscription, in SP")
    login_bonus: int = Field(..., description="The bonus for logging in on consecutive days, in SP")
    consecutive_days: int = Field(..., description="Days in a row on which the user logged in")
    balance_after: int = Field(..., description="The balance after it, in SP")
    type: Literal["sp_daily_recovery"] = "sp_daily_recovery"
    total_amount: int = _derived(
        description="The sum of recovery and bonuses, in SP; derived: the sum of recovered_amount, subscription_bonus, login_bonus",
    )
    message: str = _derived(description="Text for the player; derived: the text \"SP +{total_amount} を獲得しました！\"")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class PurchaseCompleted(_Payload):
    """A purchase of SP went through."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "purchase_completed")

    purchase_id: str = Field(..., description="The purchase")
    status: Union[PurchaseStatus, str] = Field(..., description="How far a purchase of SP has come")
    sp_amount: int = Field(..., description="What was bought, in SP")
    type: Literal["purchase_completed"] = "purchase_completed"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class PurchaseFailed(_Payload):
    """A purchase of SP did not go through."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "purchase_failed")

    purchase_id: str = Field(..., description="The purchase")
    status: Union[PurchaseStatus, str] = Field(..., description="How far a purchase of SP has come")
    sp_amount: int = Field(..., description="What was to be bought, in SP")
    type: Literal["purchase_failed"] = "purchase_failed"
    error: Optional[str] = Field(None, description="The payment provider's code for what went wrong")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Connected(_Payload):
    """The connection is authenticated and in its user's room."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "connected")

    sid: str = Field(..., description="The connection, as the server names it")
    message: str = _derived(description="Text for the player; derived: the text \"正常に接続されました\"")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class NotificationSystemNotification(_Payload):
    """Something that a user should notice: by its type from the system, an achievement, or a friend request."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "notification")

    type: Literal["system_notification"]
    notification_type: Union[NotificationType, str] = Field(..., description="How a notification is to be shown")
    title: str = Field(..., description="The headline")
    message: str = Field(..., description="Text for the player")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Achievement(_Model):
    """What was achieved."""

    _check: ClassVar[_Check] = _AchievementCheck

    name: str = Field(..., description="Its name")
    description: str = Field(..., description="What it was given for")
    id: Optional[str] = Field(None, description="The achievement")


class NotificationAchievement(_Payload):
    """Something that a user should notice: by its type from the system, an achievement, or a friend request."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "notification")

    type: Literal["achievement"]
    achievement: Achievement = Field(..., description="What was achieved")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class FromUser(_Model):
    """Who asks."""

    _check: ClassVar[_Check] = _FromUserCheck

    name: str = Field(..., description="The user's name")
    id: Optional[str] = Field(None, description="The user")


class NotificationFriendRequest(_Payload):
    """Something that a user should notice: by its type from the system, an achievement, or a friend request."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "notification")

    type: Literal["friend_request"]
    from_user: FromUser = Field(..., description="Who asks")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


Notification = Union[NotificationSystemNotification, NotificationAchievement, NotificationFriendRequest]


class SystemMessage(_Payload):
    """The system tells the players of a game something."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "system_message")

    message: str = Field(..., description="Text for the player")
    type: Optional[Literal["system_message"]] = "system_message"
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class JoinedGame(_Payload):
    """The connection entered a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "joined_game")

    game_session_id: str = Field(..., description="The game session")
    message: str = _derived(description="Text for the player; derived: the text \"ゲームセッションに参加しました\"")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class LeftGame(_Payload):
    """The connection left a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "left_game")

    message: str = _derived(description="Text for the player; derived: the text \"ゲームセッションから退出しました\"")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class PlayerJoined(_Payload):
    """Another player entered the game session."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "player_joined")

    user_id: str = Field(..., description="The user who came")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class PlayerLeft(_Payload):
    """Another player left the game session."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "player_left")

    user_id: str = Field(..., description="The user who went")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class ActionReceived(_Payload):
    """The server took an action on."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "action_received")

    action: str = Field(..., description="The action that was received")
    message: str = _derived(description="Text for the player; derived: the text \"アクションを受信しました\"")
    timestamp: str = _derived(
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Error(_Payload):
    """Something that this connection asked could not be done."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "error")

    message: str = Field(..., description="Text for the player")
    error: Optional[str] = Field(None, description="A code for what went wrong; never the text of an exception")
    timestamp: Optional[str] = Field(
        None,
        description="When it was emitted: ISO 8601 with 0 to 9 fraction digits; without a zone it means UTC; derived: now",
    )


class Pong(_Payload):
    """Answers a ping."""

    payload_of: ClassVar[tuple[str, str]] = ("event", "pong")

    timestamp: str = Field(..., description="The ping's own timestamp")


class JoinGameCommand(_Payload):
    """Enters a game session: its events arrive until it is left."""

    payload_of: ClassVar[tuple[str, str]] = ("command", "join_game")

    game_session_id: str = Field(..., description="The game session, 1 to 128 code points")
    user_id: Optional[str] = Field(
        None,
        description="The sender, as older clients say it: another user than the credential's is refused",
    )


class LeaveGameCommand(_Payload):
    """Leaves a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("command", "leave_game")

    game_session_id: str = Field(..., description="The game session, 1 to 128 code points")
    user_id: Optional[str] = Field(
        None,
        description="The sender, as older clients say it: another user than the credential's is refused",
    )


class GameActionCommand(_Payload):
    """Acts in a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("command", "game_action")

    game_session_id: str = Field(..., description="The game session, 1 to 128 code points")
    action: str = Field(..., description="What the player does, 1 to 2,000 code points")
    user_id: Optional[str] = Field(
        None,
        description="The sender, as older clients say it: another user than the credential's is refused",
    )


class ChatMessageCommand(_Payload):
    """Says something to everybody in a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("command", "chat_message")

    game_session_id: str = Field(..., description="The game session, 1 to 128 code points")
    message: str = Field(..., description="What the player says, 1 to 2,000 code points")
    user_id: Optional[str] = Field(
        None,
        description="The sender, as older clients say it: another user than the credential's is refused",
    )


class NpcActionCommand(_Payload):
    """Acts towards an NPC of a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("command", "npc_action")

    game_session_id: str = Field(..., description="The game session, 1 to 128 code points")
    npc_id: str = Field(..., description="The NPC, 1 to 128 code points")
    action: str = Field(..., description="What the player does towards the NPC, 1 to 2,000 code points")
    user_id: Optional[str] = Field(
        None,
        description="The sender, as older clients say it: another user than the credential's is refused",
    )


class PingCommand(_Payload):
    """Measures the round trip to the server."""

    payload_of: ClassVar[tuple[str, str]] = ("command", "ping")

    timestamp: str = Field(..., description="The client's clock: ISO 8601; without a zone it means UTC")


class JoinGameAck(_Payload):
    """Enters a game session: its events arrive until it is left."""

    payload_of: ClassVar[tuple[str, str]] = ("ack", "join_game")

    game_session_id: str = Field(..., description="The game session")
    members: list[str] = Field(..., description="The users who are in it")


class LeaveGameAck(_Payload):
    """Leaves a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("ack", "leave_game")


class GameActionAck(_Payload):
    """Acts in a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("ack", "game_action")


class ChatMessageAck(_Payload):
    """Says something to everybody in a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("ack", "chat_message")


class NpcActionAck(_Payload):
    """Acts towards an NPC of a game session."""

    payload_of: ClassVar[tuple[str, str]] = ("ack", "npc_action")


class PingAck(_Payload):
    """Measures the round trip to the server."""

    payload_of: ClassVar[tuple[str, str]] = ("ack", "ping")

    server_time: str = Field(..., description="The server's clock: ISO 8601; without a zone it means UTC")


class InitialStatePayload(TypedDict):
    """Part of a payload: InitialState."""

    currentScene: NotRequired[str]
    playerStatus: NotRequired[dict[str, Any]]
    worldState: NotRequired[dict[str, Any]]


class GameStartedPayload(TypedDict):
    """A game session began."""

    type: Literal["game_started"]
    game_session_id: str
    initial_state: InitialStatePayload
    timestamp: str


class NarrativeUpdatePayload(TypedDict):
    """The story goes on."""

    type: Literal["narrative_update"]
    narrative_type: str
    narrative: str
    timestamp: str


class ActionResultPayload(TypedDict):
    """What came of a player's action."""

    type: Literal["action_result"]
    user_id: str
    action: str
    result: dict[str, Any]
    timestamp: str


class StateUpdatePayload(TypedDict):
    """Part of the game's state changed."""

    type: Literal["state_update"]
    update: dict[str, Any]
    timestamp: str


class PlayerStatusUpdatePayload(TypedDict):
    """A player's status changed."""

    type: Literal["player_status_update"]
    user_id: str
    status: dict[str, Any]
    timestamp: str


class GameEndedPayload(TypedDict):
    """A game session ended."""

    type: Literal["game_ended"]
    reason: str
    final_state: NotRequired[dict[str, Any]]
    timestamp: str


class GameErrorPayload(TypedDict):
    """Something went wrong in a game session."""

    type: Literal["game_error"]
    error_type: str
    message: str
    timestamp: str


class GameUpdatePayload(TypedDict):
    """Echoes another event in its older form."""

    type: str
    action: NotRequired[str]
    result: NotRequired[dict[str, Any]]
    timestamp: str


class GameProgressPayload(TypedDict):
    """How far the game master's work has come."""

    type: Literal["ai_processing_progress"]
    percentage: float
    message: str
    current_task: NotRequired[str]
    estimated_time_remaining: NotRequired[float]
    details: dict[str, Any]
    elapsed_time: float
    timestamp: str


class ProcessingStartedPayload(TypedDict):
    """The game master began to work on an action."""

    type: Literal["processing_started"]
    action: str
    status: str
    timestamp: str


class ProcessingCompletedPayload(TypedDict):
    """The game master finished its work on an action."""

    type: Literal["processing_completed"]
    status: str
    timestamp: str


class MessagePayload(TypedDict):
    """The message."""

    id: str
    content: str
    message_type: MessageTypeValue
    sender_type: SenderTypeValue
    turn_number: int
    metadata: NotRequired[dict[str, Any]]
    created_at: str


class ChoicePayload(TypedDict):
    """Part of a payload: Choice."""

    id: str
    text: str
    description: NotRequired[str]


class MessageAddedPayload(TypedDict):
    """A message was added to the game's record."""

    type: Literal["message_added"]
    message: MessagePayload
    choices: NotRequired[list[ChoicePayload]]
    timestamp: str


class ChoicesUpdatePayload(TypedDict):
    """The players have other choices."""

    type: NotRequired[Literal["choices_update"]]
    choices: list[ChoicePayload]
    turn_number: NotRequired[int]
    timestamp: str


class ChatMessagePayload(TypedDict):
    """A player said something."""

    user_id: str
    message: str
    timestamp: str


class NpcPayload(TypedDict):
    """Who is met."""

    npc_id: str
    name: str
    title: NotRequired[str]
    npc_type: NpcTypeValue
    personality_traits: list[str]
    behavior_patterns: list[str]
    skills: list[str]
    appearance: NotRequired[str]
    backstory: NotRequired[str]
    original_player: NotRequired[str]
    log_source: NotRequired[str]
    contamination_level: float
    persistence_level: float
    current_location: NotRequired[str]
    is_active: bool


class NpcEncounterChoicePayload(TypedDict):
    """Part of a payload: NpcEncounterChoice."""

    id: str
    text: str
    difficulty: NotRequired[ChoiceDifficultyValue]
    requirements: NotRequired[dict[str, Any]]


class NpcEncounterPayload(TypedDict):
    """The players of a game meet an NPC."""

    type: Literal["npc_encounter"]
    encounter_type: str
    npc: NpcPayload
    choices: NotRequired[list[NpcEncounterChoicePayload]]
    timestamp: str


class RewardPayload(TypedDict):
    """Part of a payload: Reward."""

    type: str
    amount: float
    item: NotRequired[Any]


class NpcActionResultPayload(TypedDict):
    """What came of an action towards an NPC."""

    type: Literal["npc_action_result"]
    npc_id: str
    action: str
    result: str
    state_changes: NotRequired[dict[str, Any]]
    rewards: NotRequired[list[RewardPayload]]
    timestamp: str


class CombatantPayload(TypedDict):
    """Part of a payload: Combatant."""

    id: str
    name: str
    type: CombatantTypeValue
    hp: float
    max_hp: float
    mp: NotRequired[float]
    max_mp: NotRequired[float]
    attack: NotRequired[float]
    defense: NotRequired[float]
    speed: NotRequired[float]
    status_effects: NotRequired[list[str]]
    metadata: NotRequired[dict[str, Any]]


class BattleDataPayload(TypedDict):
    """Part of a payload: BattleData."""

    state: BattleStateValue
    turn_count: int
    combatants: list[CombatantPayload]


class BattleStartPayload(TypedDict):
    """A battle begins."""

    type: Literal["battle_start"]
    battle_data: BattleDataPayload
    timestamp: str


class BattleUpdatePayload(TypedDict):
    """The whole state of a battle after something changed in it."""

    type: Literal["battle_update"]
    battle_data: BattleDataPayload
    timestamp: str


class SpUpdatePayload(TypedDict):
    """A user's SP balance changed."""

    type: Literal["sp_update"]
    current_sp: int
    amount_changed: int
    transaction_type: TransactionTypeValue
    description: str
    balance_before: int
    balance_after: int
    metadata: NotRequired[dict[str, Any]]
    timestamp: str


class SpInsufficientPayload(TypedDict):
    """A user has too few SP for what they asked."""

    type: Literal["sp_insufficient"]
    required_amount: int
    current_sp: int
    action: str
    message: str
    timestamp: str


class SpDailyRecoveryPayload(TypedDict):
    """A user received the SP of the day."""

    type: Literal["sp_daily_recovery"]
    success: bool
    recovered_amount: int
    subscription_bonus: int
    login_bonus: int
    consecutive_days: int
    total_amount: int
    balance_after: int
    message: str
    timestamp: str


class PurchaseCompletedPayload(TypedDict):
    """A purchase of SP went through."""

    type: Literal["purchase_completed"]
    purchase_id: str
    status: PurchaseStatusValue
    sp_amount: int
    timestamp: str


class PurchaseFailedPayload(TypedDict):
    """A purchase of SP did not go through."""

    type: Literal["purchase_failed"]
    purchase_id: str
    status: PurchaseStatusValue
    sp_amount: int
    error: NotRequired[str]
    timestamp: str


class ConnectedPayload(TypedDict):
    """The connection is authenticated and in its user's room."""

    message: str
    sid: str
    timestamp: str


class NotificationSystemNotificationPayload(TypedDict):
    """Something that a user should notice: by its type from the system, an achievement, or a friend request."""

    type: Literal["system_notification"]
    notification_type: NotificationTypeValue
    title: str
    message: str
    timestamp: str


class AchievementPayload(TypedDict):
    """What was achieved."""

    id: NotRequired[str]
    name: str
    description: str


class NotificationAchievementPayload(TypedDict):
    """Something that a user should notice: by its type from the system, an achievement, or a friend request."""

    type: Literal["achievement"]
    achievement: AchievementPayload
    timestamp: str


class FromUserPayload(TypedDict):
    """Who asks."""

    id: NotRequired[str]
    name: str


class NotificationFriendRequestPayload(TypedDict):
    """Something that a user should notice: by its type from the system, an achievement, or a friend request."""

    type: Literal["friend_request"]
    from_user: FromUserPayload
    timestamp: str


NotificationPayload = Union[
    NotificationSystemNotificationPayload,
    NotificationAchievementPayload,
    NotificationFriendRequestPayload,
]


class SystemMessagePayload(TypedDict):
    """The system tells the players of a game something."""

    message: str
    type: NotRequired[Literal["system_message"]]
    timestamp: str


class JoinedGamePayload(TypedDict):
    """The connection entered a game session."""

    message: str
    game_session_id: str
    timestamp: str


class LeftGamePayload(TypedDict):
    """The connection left a game session."""

    message: str
    timestamp: str


class PlayerJoinedPayload(TypedDict):
    """Another player entered the game session."""

    user_id: str
    timestamp: str


class PlayerLeftPayload(TypedDict):
    """Another player left the game session."""

    user_id: str
    timestamp: str


class ActionReceivedPayload(TypedDict):
    """The server took an action on."""

    message: str
    action: str
    timestamp: str


class ErrorPayload(TypedDict):
    """Something that this connection asked could not be done."""

    message: str
    error: NotRequired[str]
    timestamp: NotRequired[str]


class PongPayload(TypedDict):
    """Answers a ping."""

    timestamp: str


class JoinGameCommandPayload(TypedDict):
    """Enters a game session: its events arrive until it is left."""

    game_session_id: str
    user_id: NotRequired[str]


class LeaveGameCommandPayload(TypedDict):
    """Leaves a game session."""

    game_session_id: str
    user_id: NotRequired[str]


class GameActionCommandPayload(TypedDict):
    """Acts in a game session."""

    game_session_id: str
    action: str
    user_id: NotRequired[str]


class ChatMessageCommandPayload(TypedDict):
    """Says something to everybody in a game session."""

    game_session_id: str
    message: str
    user_id: NotRequired[str]


class NpcActionCommandPayload(TypedDict):
    """Acts towards an NPC of a game session."""

    game_session_id: str
    npc_id: str
    action: str
    user_id: NotRequired[str]


class PingCommandPayload(TypedDict):
    """Measures the round trip to the server."""

    timestamp: str


class JoinGameAckPayload(TypedDict):
    """Enters a game session: its events arrive until it is left."""

    game_session_id: str
    members: list[str]


class LeaveGameAckPayload(TypedDict):
    """Leaves a game session."""


class GameActionAckPayload(TypedDict):
    """Acts in a game session."""


class ChatMessageAckPayload(TypedDict):
    """Says something to everybody in a game session."""


class NpcActionAckPayload(TypedDict):
    """Acts towards an NPC of a game session."""


class PingAckPayload(TypedDict):
    """Measures the round trip to the server."""

    server_time: str


_ROOM_PREFIXES = {"user": "user_", "game": "game_"}


def _is_room_identifier(text: Any) -> bool:
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
    """What became of an emit: `error` is payload_invalid, room_invalid or emit_failed."""

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
        return result


def user_room(user_id: str) -> str:
    """The room user_{user_id}. Raises ValueError for an identifier that cannot stand in a name."""
    return _room("user_", user_id)


def game_room(game_session_id: str) -> str:
    """The room game_{game_session_id}. Raises ValueError for an identifier that cannot stand in a name."""
    return _room("game_", game_session_id)


class GameEventEmitter(_Emitter):
    """Emits checked events. A failure is logged and returned, and never raised."""

    @_emits
    async def emit_game_started(
        self,
        *,
        game_session_id: str,
        initial_state: Union[InitialState, InitialStatePayload, Mapping[str, Any]],
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A game session began. To the room game_{game_session_id}."""
        return await self._emit(
            "game_started",
            ("game_", game_session_id),
            {"game_session_id": game_session_id, "initial_state": initial_state},
            {"timestamp": timestamp},
            ("game_session_id",),
        )

    @_emits
    async def emit_narrative_update(
        self,
        *,
        game_session_id: str,
        narrative_type: str,
        narrative: str,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """The story goes on. To the room game_{game_session_id}."""
        return await self._emit(
            "narrative_update",
            ("game_", game_session_id),
            {"narrative_type": narrative_type, "narrative": narrative},
            {"timestamp": timestamp},
            ("narrative_type",),
        )

    @_emits
    async def emit_action_result(
        self,
        *,
        game_session_id: str,
        user_id: str,
        action: str,
        result: Mapping[str, Any],
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """What came of a player's action. To the room game_{game_session_id}."""
        return await self._emit(
            "action_result",
            ("game_", game_session_id),
            {"user_id": user_id, "action": action, "result": result},
            {"timestamp": timestamp},
            ("user_id",),
        )

    @_emits
    async def emit_state_update(
        self,
        *,
        game_session_id: str,
        update: Mapping[str, Any],
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """Part of the game's state changed. To the room game_{game_session_id}."""
        return await self._emit(
            "state_update",
            ("game_", game_session_id),
            {"update": update},
            {"timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_player_status_update(
        self,
        *,
        game_session_id: str,
        user_id: str,
        status: Mapping[str, Any],
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A player's status changed. To the room game_{game_session_id}."""
        return await self._emit(
            "player_status_update",
            ("game_", game_session_id),
            {"user_id": user_id, "status": status},
            {"timestamp": timestamp},
            ("user_id",),
        )

    @_emits
    async def emit_game_ended(
        self,
        *,
        game_session_id: str,
        reason: str,
        final_state: Optional[Mapping[str, Any]] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A game session ended. To the room game_{game_session_id}."""
        return await self._emit(
            "game_ended",
            ("game_", game_session_id),
            {"reason": reason},
            {"final_state": final_state, "timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_game_error(
        self,
        *,
        game_session_id: str,
        error_type: str,
        message: str,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """Something went wrong in a game session. To the room game_{game_session_id}."""
        return await self._emit(
            "game_error",
            ("game_", game_session_id),
            {"error_type": error_type, "message": message},
            {"timestamp": timestamp},
            ("error_type",),
        )

    @_emits
    async def emit_game_update(
        self,
        *,
        game_session_id: str,
        type: str,
        action: Optional[str] = None,
        result: Optional[Mapping[str, Any]] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """Echoes another event in its older form. To the room game_{game_session_id}."""
        return await self._emit(
            "game_update",
            ("game_", game_session_id),
            {"type": type},
            {"action": action, "result": result, "timestamp": timestamp},
            ("type",),
        )

    @_emits
    async def emit_game_progress(
        self,
        *,
        game_session_id: str,
        percentage: float,
        message: str,
        details: Mapping[str, Any],
        elapsed_time: float,
        type: Optional[Literal["ai_processing_progress"]] = None,
        current_task: Optional[str] = None,
        estimated_time_remaining: Optional[float] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """How far the game master's work has come. To the room game_{game_session_id}."""
        return await self._emit(
            "game_progress",
            ("game_", game_session_id),
            {"percentage": percentage, "message": message, "details": details, "elapsed_time": elapsed_time},
            {
                "type": type,
                "current_task": current_task,
                "estimated_time_remaining": estimated_time_remaining,
                "timestamp": timestamp,
            },
            (),
        )

    @_emits
    async def emit_processing_started(
        self,
        *,
        game_session_id: str,
        action: str,
        status: str,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """The game master began to work on an action. To the room game_{game_session_id}."""
        return await self._emit(
            "processing_started",
            ("game_", game_session_id),
            {"action": action, "status": status},
            {"timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_processing_completed(
        self,
        *,
        game_session_id: str,
        status: str,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """The game master finished its work on an action. To the room game_{game_session_id}."""
        return await self._emit(
            "processing_completed",
            ("game_", game_session_id),
            {"status": status},
            {"timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_message_added(
        self,
        *,
        game_session_id: str,
        message: Union[Message, MessagePayload],
        choices: Optional[Sequence[Union[Choice, ChoicePayload]]] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A message was added to the game's record. To the room game_{game_session_id}."""
        return await self._emit(
            "message_added",
            ("game_", game_session_id),
            {"message": message},
            {"choices": choices, "timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_choices_update(
        self,
        *,
        game_session_id: str,
        choices: Sequence[Union[Choice, ChoicePayload]],
        turn_number: Optional[int] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """The players have other choices. To the room game_{game_session_id}."""
        return await self._emit(
            "choices_update",
            ("game_", game_session_id),
            {"choices": choices},
            {"turn_number": turn_number, "timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_chat_message(
        self,
        *,
        game_session_id: str,
        user_id: str,
        message: str,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A player said something. To the room game_{game_session_id}."""
        return await self._emit(
            "chat_message",
            ("game_", game_session_id),
            {"user_id": user_id, "message": message},
            {"timestamp": timestamp},
            ("user_id",),
        )

    @_emits
    async def emit_npc_encounter(
        self,
        *,
        game_session_id: str,
        encounter_type: str,
        npc: Union[Npc, NpcPayload],
        choices: Optional[Sequence[Union[NpcEncounterChoice, NpcEncounterChoicePayload]]] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """The players of a game meet an NPC. To the room game_{game_session_id}."""
        return await self._emit(
            "npc_encounter",
            ("game_", game_session_id),
            {"encounter_type": encounter_type, "npc": npc},
            {"choices": choices, "timestamp": timestamp},
            ("encounter_type",),
        )

    @_emits
    async def emit_npc_action_result(
        self,
        *,
        game_session_id: str,
        npc_id: str,
        action: str,
        result: str,
        state_changes: Optional[Mapping[str, Any]] = None,
        rewards: Optional[Sequence[Union[Reward, RewardPayload]]] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """What came of an action towards an NPC. To the room game_{game_session_id}."""
        return await self._emit(
            "npc_action_result",
            ("game_", game_session_id),
            {"npc_id": npc_id, "action": action, "result": result},
            {"state_changes": state_changes, "rewards": rewards, "timestamp": timestamp},
            ("npc_id",),
        )

    @_emits
    async def emit_battle_start(
        self,
        *,
        game_session_id: str,
        battle_data: Union[BattleData, BattleDataPayload, Mapping[str, Any]],
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A battle begins. To the room game_{game_session_id}."""
        return await self._emit(
            "battle_start",
            ("game_", game_session_id),
            {"battle_data": battle_data},
            {"timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_battle_update(
        self,
        *,
        game_session_id: str,
        battle_data: Union[BattleData, BattleDataPayload, Mapping[str, Any]],
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """The whole state of a battle after something changed in it. To the room game_{game_session_id}."""
        return await self._emit(
            "battle_update",
            ("game_", game_session_id),
            {"battle_data": battle_data},
            {"timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_system_message(
        self,
        *,
        game_session_id: str,
        message: str,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """The system tells the players of a game something. To the room game_{game_session_id}."""
        return await self._emit(
            "system_message",
            ("game_", game_session_id),
            {"message": message},
            {"timestamp": timestamp},
            (),
        )


class SPEventEmitter(_Emitter):
    """Emits checked events. A failure is logged and returned, and never raised."""

    @_emits
    async def emit_sp_update(
        self,
        *,
        user_id: str,
        current_sp: int,
        amount_changed: int,
        transaction_type: Union[TransactionType, TransactionTypeValue],
        description: str,
        balance_before: Optional[int] = None,
        balance_after: Optional[int] = None,
        metadata: Optional[Mapping[str, Any]] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A user's SP balance changed. To the room user_{user_id}."""
        return await self._emit(
            "sp_update",
            ("user_", user_id),
            {
                "current_sp": current_sp,
                "amount_changed": amount_changed,
                "transaction_type": transaction_type,
                "description": description,
            },
            {
                "balance_before": balance_before,
                "balance_after": balance_after,
                "metadata": metadata,
                "timestamp": timestamp,
            },
            ("current_sp", "transaction_type", "amount_changed"),
        )

    @_emits
    async def emit_sp_insufficient(
        self,
        *,
        user_id: str,
        required_amount: int,
        current_sp: int,
        action: str,
        message: Optional[str] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A user has too few SP for what they asked. To the room user_{user_id}."""
        return await self._emit(
            "sp_insufficient",
            ("user_", user_id),
            {"required_amount": required_amount, "current_sp": current_sp, "action": action},
            {"message": message, "timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_sp_daily_recovery(
        self,
        *,
        user_id: str,
        success: bool,
        recovered_amount: int,
        subscription_bonus: int,
        login_bonus: int,
        consecutive_days: int,
        balance_after: int,
        total_amount: Optional[int] = None,
        message: Optional[str] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A user received the SP of the day. To the room user_{user_id}."""
        return await self._emit(
            "sp_daily_recovery",
            ("user_", user_id),
            {
                "success": success,
                "recovered_amount": recovered_amount,
                "subscription_bonus": subscription_bonus,
                "login_bonus": login_bonus,
                "consecutive_days": consecutive_days,
                "balance_after": balance_after,
            },
            {"total_amount": total_amount, "message": message, "timestamp": timestamp},
            (),
        )

    @_emits
    async def emit_purchase_completed(
        self,
        *,
        user_id: str,
        purchase_id: str,
        status: Union[PurchaseStatus, PurchaseStatusValue],
        sp_amount: int,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A purchase of SP went through. To the room user_{user_id}."""
        return await self._emit(
            "purchase_completed",
            ("user_", user_id),
            {"purchase_id": purchase_id, "status": status, "sp_amount": sp_amount},
            {"timestamp": timestamp},
            ("purchase_id",),
        )

    @_emits
    async def emit_purchase_failed(
        self,
        *,
        user_id: str,
        purchase_id: str,
        status: Union[PurchaseStatus, PurchaseStatusValue],
        sp_amount: int,
        error: Optional[str] = None,
        timestamp: Optional[str] = None,
    ) -> EmitResult:
        """A purchase of SP did not go through. To the room user_{user_id}."""
        return await self._emit(
            "purchase_failed",
            ("user_", user_id),
            {"purchase_id": purchase_id, "status": status, "sp_amount": sp_amount},
            {"error": error, "timestamp": timestamp},
            ("purchase_id",),
        )


class NotificationEmitter(_Emitter):
    """Emits checked events. A failure is logged and returned, and never raised."""

    @overload
    async def emit_notification(
        self,
        *,
        user_id: str,
        type: Literal["system_notification"],
        notification_type: Union[NotificationType, NotificationTypeValue],
        title: str,
        message: str,
        timestamp: Optional[str] = None,
    ) -> EmitResult: ...

    @overload
    async def emit_notification(
        self,
        *,
        user_id: str,
        type: Literal["achievement"],
        achievement: Union[Achievement, AchievementPayload],
        timestamp: Optional[str] = None,
    ) -> EmitResult: ...

    @overload
    async def emit_notification(
        self,
        *,
        user_id: str,
        type: Literal["friend_request"],
        from_user: Union[FromUser, FromUserPayload],
        timestamp: Optional[str] = None,
    ) -> EmitResult: ...

    @_emits
    async def emit_notification(
        self,
        *,
        user_id: str,
        type: Literal["system_notification", "achievement", "friend_request"],
        notification_type: Optional[Union[NotificationType, NotificationTypeValue]] = None,
        title: Optional[str] = None,
        message: Optional[str] = None,
        timestamp: Optional[str] = None,
        achievement: Optional[Union[Achievement, AchievementPayload]] = None,
        from_user: Optional[Union[FromUser, FromUserPayload]] = None,
    ) -> EmitResult:
        """Something that a user should notice: by its type from the system, an achievement, or a friend request. To the room user_{user_id}."""
        return await self._emit(
            "notification",
            ("user_", user_id),
            {"type": type},
            {
                "notification_type": notification_type,
                "title": title,
                "message": message,
                "timestamp": timestamp,
                "achievement": achievement,
                "from_user": from_user,
            },
            ("type", "notification_type"),
        )
