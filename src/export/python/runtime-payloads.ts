/** The part of the module that fills and judges whole payloads, and the base of its pydantic models. */
export const runtimePayloads: string = String.raw`def _derived_value(rule: tuple[str, ...], event: str, payload: Mapping[str, Any]) -> Any:
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
    """A new payload with the derived fields that ${"`payload`"} leaves out; one that is no event is copied."""
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
    """Judges the payload of an event, or with ${'`direction="client_to_server"`'} of a command; an empty list is a yes.

    A writer's payload is filled and matches exactly; a reader passes unknown keys and unknown members of open enums.
    Issues stand in the order of the declared fields, at most 20 of them. Never raises.
    """
    if direction == "server_to_client":
        return _judge("event", event, payload, role)
    return _judge("command", event, payload, role)


def validate_ack(command: str, data: Any, *, role: Role = "writer") -> list[Issue]:
    """Judges the data of a positive acknowledgement; otherwise as ${"`validate`"}."""
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
    """A whole payload. Made from its fields it is filled and checked as a writer's; ${"`read`"} tolerates as a reader does."""

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
    return known`;
