"""Judges payloads with generated modules, batch by batch: one long-lived process for many verdicts.

Arguments: the paths of the modules. A line in is a batch, `[[module, kind, name, role, payload], ...]`; a line out is
its verdicts in the same order: null for a yes, else the first issue as `[path, expected, got]`. The models of the payload
have to say the same, and to give back what they were given; where they do not, that is the issue.
"""

import importlib.util
import json
import sys


def load(path, number):
    spec = importlib.util.spec_from_file_location(f"generated_{number}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def verdict(module, models, kind, name, role, payload):
    if kind == "ack":
        issues = module.validate_ack(name, payload, role=role)
    else:
        direction = "server_to_client" if kind == "event" else "client_to_server"
        issues = module.validate(name, payload, direction=direction, role=role)
    other = disagreement(module, models.get((kind, name), []), role, payload, bool(issues))
    if other:
        return ["the model", "the same verdict", other]
    return [issues[0].path, issues[0].expected, issues[0].got] if issues else None


def models_of(module):
    """The classes of each payload; of one that is a choice, each option's."""
    models = {}
    # A choice of one option has two names.
    for value in dict.fromkeys(each for each in vars(module).values() if isinstance(each, type)):
        if issubclass(value, module._Payload) and value is not module._Payload:
            models.setdefault(value.payload_of, []).append(value)
    return models


def disagreement(module, models, role, payload, is_refused):
    """What the models make of a payload that is not what `validate` says of it."""
    # A writer's model fills what is missing, and leaves out what is None: only of what is whole already is it known.
    if role == "writer" and is_refused:
        return None
    made = []
    for model in models:
        try:
            made.append((model.read(payload) if role == "reader" else model(**payload)).to_payload())
        except module.PayloadError:
            if not is_refused:
                return f"{model.__name__} refuses it"
        except module.pydantic.ValidationError as error:
            # Another option's.
            if is_refused or len(models) == 1:
                return f"{model.__name__} raises {error}"
    if is_refused:
        return "it is taken" if made else None
    if len(made) != 1:
        return f"{len(made)} models take it"
    is_kept = holds(made[0], payload) if role == "writer" else holds(payload, made[0], ("type",))
    return None if is_kept else f"{made[0]} comes back"


def holds(whole, part, filled=()):
    """Whether all that is in a part is in the whole; a reader's model fills in its event's name where it is missing."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(
            holds(whole[key], item) if key in whole and whole[key] is not None else key in filled
            for key, item in part.items()
            if item is not None
        )
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(holds(*pair) for pair in zip(whole, part))
    return part == whole and isinstance(part, bool) == isinstance(whole, bool)


def main():
    modules = [load(path, number) for number, path in enumerate(sys.argv[1:])]
    models = [models_of(module) for module in modules]
    for line in sys.stdin:
        verdicts = [verdict(modules[number], models[number], *rest) for number, *rest in json.loads(line)]
        sys.stdout.write(json.dumps(verdicts) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
