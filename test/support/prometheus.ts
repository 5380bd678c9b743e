import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.js";
import type { Availability } from "./required-service.js";

export function hasPrometheus(): Availability {
  for (const command of ["prometheus", "promtool"])
    if (spawnSync(command, ["--version"]).status !== 0) return { available: false, reason: `no ${command}` };
  return { available: true };
}

/** A Prometheus in a process and a folder of its own. */
export interface Prometheus {
  query(expression: string): Promise<{ readonly metric: Record<string, string>; readonly value: number }[]>;
  api(path: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function startPrometheus(configFile: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  const port = await freePort();
  const child = spawn(
    "prometheus",
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(`prometheus ended with ${code}: ${said}`);
  });
  gone.catch(() => {});
  const fetchJson = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const body = (await response.json()) as { status: string; data: unknown; error?: string };
    if (body.status !== "success") throw new Error(`${path}: ${body.error}`);
    return body.data;
  };
  const api = (path: string) => Promise.race([fetchJson(path), gone]);
  const ready = async (): Promise<void> => {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.race([ready(), gone]);
  return {
    api,
    async query(expression) {
      const { result } = (await api(`/api/v1/query?query=${encodeURIComponent(expression)}`)) as {
        result: { metric: Record<string, string>; value: [number, string] }[];
      };
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async close() {
      child.kill();
      await gone.catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
