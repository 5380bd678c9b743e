import { JSON_DEPTH, OPEN_ENUM_LENGTH } from "../../contract/shape.js";
import { timestampPattern } from "../../contract/timestamp.js";
import { pyString } from "./literal.js";
import { toPythonPattern } from "./pattern.js";

const timestamp = toPythonPattern({ source: timestampPattern.source, flags: "" })?.source ?? "";

/** The part of the module that judges: the same rules, words and order as the TypeScript package. */
export const runtimeChecks: string = String.raw`_MISSING = object()
_JSON_DEPTH = ${JSON_DEPTH}
_OPEN_ENUM_LENGTH = ${OPEN_ENUM_LENGTH}
_SAFE_INTEGER = 2**53 - 1
_MOST_ISSUES = 20
_TIMESTAMP_PATTERN = re.compile(${pyString(timestamp)})

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
    """A payload that its contract refuses; ${"`issues`"} says where and why."""

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


_TIMESTAMP = _Text(is_timestamp=True)`;
