import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { contract as gestaloka } from "@gestaloka/events";
import { serverOptions } from "@gestaloka/events/server";
import { build } from "esbuild";
import { Server } from "socket.io";
import { describe, expect, expectTypeOf, it } from "vitest";
import { connectCaptain } from "../../examples/own-contract/client.js";
import { serveHarbours } from "../../examples/own-contract/server.js";

const root = resolve(import.meta.dirname, "../..");

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [resolve(root, file)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    absWorkingDir: root,
    // The project's, which says where the package is, and not the example's.
    tsconfig: resolve(root, "tsconfig.json"),
  });
  return outputFiles[0]?.text ?? "";
}

/** Ordinary words apart. */
const names = [...gestaloka.events.keys(), ...gestaloka.appEvents.keys(), ...gestaloka.commands.keys()].filter(
  (name) => !["connected", "error", "ping", "pong", "notification"].includes(name),
);
const namesIn = (text: string) => names.filter((name) => text.includes(`"${name}"`) || text.includes(`'${name}'`));

describe("a contract of one's own", () => {
  it("is short", () => {
    const folder = resolve(root, "examples/own-contract");
    const lines = ["contract.ts", "server.ts", "client.ts"].flatMap((name) =>
      readFileSync(resolve(folder, name), "utf8").trimEnd().split("\n"),
    );
    expect(lines.length).toBeLessThan(60);
  });

  it("emits to two kinds of rooms, and arrives typed", async () => {
    const http = createServer();
    const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
    const server = serveHarbours(io);
    await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
    const captain = connectCaptain(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, "ada");
    try {
      const sailed = new Promise<{ ship: string }>((done) => {
        captain.on("ship:sailed", (payload) => {
          expectTypeOf(payload).toEqualTypeOf<{ ship: string }>();
          done(payload);
        });
      });
      const paid = new Promise((done) => captain.on("coins:paid", ({ coins }) => done(coins)));
      await captain.join("harbour_h1");
      await server.to.harbour("h1").emit("ship_sailed", { ship: "Argo" });
      await server.to.captain("ada").emit("coins_paid", { coins: 7 });
      // @ts-expect-error a ship sails for a harbour, not for a captain
      expect(await server.to.captain("ada").emit("ship_sailed", { ship: "Argo" })).toMatchObject({ ok: false });
      expect(await sailed).toEqual({ ship: "Argo" });
      expect(await paid).toBe(7);
    } finally {
      captain.close();
      await io.close();
    }
  });

  it("validates in the command line", () => {
    const validate = (record: object) => {
      try {
        const input = JSON.stringify(record);
        return {
          status: 0,
          output: execFileSync(
            process.execPath,
            ["dist/cli.js", "validate", "-", "--contract", "examples/own-contract/contract.ts"],
            { cwd: root, input, encoding: "utf8" },
          ),
        };
      } catch (error) {
        return { status: (error as { status: number }).status, output: (error as { stdout: string }).stdout };
      }
    };
    expect(validate({ event: "coins_paid", payload: { coins: 5 } }).status).toBe(0);
    const refused = validate({ event: "coins_paid", payload: { coins: 0 } });
    expect(refused.status).toBe(1);
    expect(refused.output).toContain("coins_paid (server → client) payload.coins: expected integer, at least 1");
    expect(validate({ event: "sp_update", payload: {} }).status).toBe(1);
  });

  it("brings none of Gestaloka's names into its client's bundle", async () => {
    expect(namesIn(await bundle("examples/own-contract/client.ts"))).toEqual([]);
    // The same search finds them where they are.
    expect(namesIn(await bundle("examples/demo/scenario.ts")).length).toBeGreaterThan(30);
  });
});
