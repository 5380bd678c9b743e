"""Judges payloads with generated modules, batch by batch: one long-lived process for many verdicts.

Arguments: the paths of the modules. A line in is a batch, `[[module, kind, name, role, payload], ...]`; a line out is
its verdicts in the same order: null for a yes, else the first issue as `[path, expected, got]`.
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


def verdict(module, kind, name, role, payload):
    if kind == "ack":
        issues = module.validate_ack(name, payload, role=role)
    else:
        direction = "server_to_client" if kind == "event" else "client_to_server"
        issues = module.validate(name, payload, direction=direction, role=role)
    return [issues[0].path, issues[0].expected, issues[0].got] if issues else None


def main():
    modules = [load(path, number) for number, path in enumerate(sys.argv[1:])]
    for line in sys.stdin:
        verdicts = [verdict(modules[number], *rest) for number, *rest in json.loads(line)]
        sys.stdout.write(json.dumps(verdicts) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
