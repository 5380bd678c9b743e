import { definitionOf, type SourceContract } from "../../contract/define-contract.js";
import type { ObjectShape } from "../../contract/shape.js";
import type { NotExpressed } from "../not-expressed.js";
import { payloadsOf, type SchemaSubject } from "../payloads.js";
import { type ContractSnapshot, toSnapshot } from "../snapshot.js";
import { checkExpression, deriveExpression, objectCheck } from "./checks.js";
import { emitterClasses } from "./emitters.js";
import { docText, pyDocstring, pyString } from "./literal.js";
import { dictClass, dictUnion, enumClass, modelClass, modelUnion } from "./models.js";
import { argumentName, roomFunctions, snakeCase } from "./names.js";
import { Plan } from "./plan.js";
import { runtimeChecks } from "./runtime-checks.js";
import { runtimeEmit } from "./runtime-emit.js";
import { runtimePayloads } from "./runtime-payloads.js";

/** The name of the file that {@link toPython} is vendored as. */
export function pythonFileName(contract: SourceContract): string {
  return `${snakeCase(definitionOf(contract).name)}_events.py`;
}

/**
 * Writes a contract as one Python module (3.11 or later, pydantic 1.10 or 2): enums, models, TypedDicts, `validate`,
 * room helpers and emitters over python-socketio.
 */
export function toPython(contract: SourceContract): string {
  return pythonModule(toSnapshot(contract));
}

/** The same from a snapshot. */
export function pythonModule(snapshot: ContractSnapshot): string {
  const plan = new Plan(snapshot);
  const notes: NotExpressed[] = [];
  const tables = checkTables(snapshot, plan, notes);
  const rooms = roomFunctions(snapshot.rooms.map(({ kind }) => kind));
  const sections = [
    header(snapshot, notes),
    imports,
    constants(snapshot),
    runtimeChecks,
    ...partChecks(plan),
    tables,
    deriveTable(snapshot),
    runtimePayloads,
    ...plan.enums.map(enumClass),
    ...plan.classes.map((planned) => ("members" in planned ? modelUnion(planned) : modelClass(planned, plan))),
    ...plan.classes.map((planned) => ("members" in planned ? dictUnion(planned) : dictClass(planned, plan))),
    roomTable(snapshot),
    runtimeEmit,
    ...snapshot.rooms.map((room) => roomFunction(room, rooms.get(room.kind) as string)),
    ...emitterClasses(snapshot, plan),
  ];
  return `${sections.join("\n\n\n")}\n`;
}

function header({ name, version, fingerprint }: ContractSnapshot, notes: readonly NotExpressed[]): string {
  const unsaid =
    notes.length === 0
      ? ""
      : `\n\nNot checked here:\n${notes.map(({ path, rule }) => `- ${path}: ${rule}`).join("\n")}`;
  return `"""The events of ${name} ${version}, for Python 3.11 or later with pydantic 1.10 or 2.

Generated from the contract (fingerprint ${fingerprint}) by gestaloka-events; do not edit.

${"`validate(event, payload)`"} gives the verdict of the TypeScript package. The emitters take python-socketio's servers,
log and return what became of an emit, and never raise. Each event goes out as one argument: no envelope is added.${docText(unsaid)}
"""
# ruff: noqa: E501`;
}

const imports = `import functools
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
from pydantic import BaseModel, Field`;

function constants({ name, version, fingerprint }: ContractSnapshot): string {
  return [
    `CONTRACT_NAME = ${pyString(name)}`,
    `CONTRACT_VERSION = ${pyString(version)}`,
    `CONTRACT_FINGERPRINT = ${pyString(fingerprint)}`,
    "",
    'Direction = Literal["server_to_client", "client_to_server"]',
    'Role = Literal["writer", "reader"]',
  ].join("\n");
}

// What a part leaves out is told where it is used.
function partChecks(plan: Plan): string[] {
  const context = { partOf: (shape: ObjectShape) => plan.checkOf(shape), leaveOut: () => {} };
  return Array.from(plan.checks, ({ name, shape }) => `${name} = ${objectCheck(shape, "", context)}`);
}

function checkTables(snapshot: ContractSnapshot, plan: Plan, notes: NotExpressed[]): string {
  const payloads = payloadsOf(snapshot);
  const partOf = (shape: ObjectShape) => plan.checkOf(shape);
  const table = (kind: SchemaSubject) => [
    `    ${pyString(kind)}: {`,
    ...payloads
      .filter((payload) => payload.kind === kind)
      .map(({ name, shape }) => {
        const leaveOut = ({ path, rule }: NotExpressed) => notes.push({ path: `${name}.${path}`, rule });
        const check = checkExpression(shape, "        ", { partOf, leaveOut });
        return `        ${pyString(name)}: ${check},`;
      }),
    "    },",
  ];
  return [
    "_CHECKS: dict[str, dict[str, _Check]] = {",
    ...table("event"),
    ...table("command"),
    ...table("ack"),
    "}",
  ].join("\n");
}

function deriveTable({ events }: ContractSnapshot): string {
  const lines = events
    .filter(({ derive }) => Object.keys(derive).length > 0)
    .map(({ name, derive }) => `    ${pyString(name)}: ${deriveExpression(derive)},`);
  return ["_DERIVE: dict[str, dict[str, tuple[str, ...]]] = {", ...lines, "}"].join("\n");
}

function roomTable({ rooms }: ContractSnapshot): string {
  const entries = rooms.map(({ kind, prefix }) => `${pyString(kind)}: ${pyString(prefix)}`);
  return `_ROOM_PREFIXES = {${entries.join(", ")}}`;
}

function roomFunction({ prefix, parameter }: ContractSnapshot["rooms"][number], name: string): string {
  const argument = argumentName(parameter);
  return [
    `def ${name}(${argument}: str) -> str:`,
    pyDocstring(
      `The room ${prefix}{${parameter}}. Raises ValueError for an identifier that cannot stand in a name.`,
      "    ",
    ),
    `    return _room(${pyString(prefix)}, ${argument})`,
  ].join("\n");
}
