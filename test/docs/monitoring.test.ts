import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { contract } from "@gestaloka/events";
import { createEventClient, deliveryReport } from "@gestaloka/events/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { gameSessionId, startGameServer } from "../../examples/web/game/game-server.js";
import { signToken } from "../../examples/web/game/token.js";
import { hasPrometheus, type Prometheus, startPrometheus } from "../support/prometheus.js";
import { requireOrSkip } from "../support/required-service.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const folder = resolve(import.meta.dirname, "../../examples/monitoring");
const text = (file: string) => readFileSync(join(folder, file), "utf8");
const origin = "http://127.0.0.1:3210";
const secret = "monitoring";

requireOrSkip("Prometheus", hasPrometheus())("the monitoring example", () => {
  const own = temporaryDirectory();
  let game: Awaited<ReturnType<typeof startGameServer>>;
  let prometheus: Prometheus;

  beforeAll(async () => {
    game = await startGameServer({ origins: [origin], secret, journalFile: join(own.path, "journal") });
    // The example as it is, but for the demo's port and for the patience that a test has.
    const config = text("prometheus.yml")
      .replace("127.0.0.1:3210", `127.0.0.1:${game.port}`)
      .replaceAll("interval: 5s", "interval: 500ms");
    const configFile = own.write("prometheus.yml", config);
    own.write("alerts.yml", text("alerts.yml").replaceAll("[5m]", "[10s]"));
    prometheus = await startPrometheus(configFile);
  }, 30_000);
  afterAll(async () => {
    await prometheus?.close();
    await game?.close();
  });

  it.each([
    ["check", "config", "prometheus.yml"],
    ["check", "rules", "alerts.yml"],
    ["test", "rules", "alerts.test.yml"],
  ])("satisfies promtool %s %s", (does, what, file) => {
    expect(execFileSync("promtool", [does, what, file], { cwd: folder, encoding: "utf8" })).toContain("SUCCESS");
  });

  it("is scraped by a real Prometheus, which answers with what players did and with how it reached them", async () => {
    const client = createEventClient(`http://127.0.0.1:${game.port}`, {
      contract,
      auth: { token: signToken(secret, "alice") },
      report: deliveryReport,
      headsIntervalMs: 600,
      socket: { extraHeaders: { origin } },
    });
    await client.join(contract.rooms.game(gameSessionId));
    const say = () => client.send("chat_message", { game_session_id: gameSessionId, message: "hello" });
    const value = async (expression: string) => {
      const [first] = await prometheus.query(expression);
      return first?.value;
    };
    const poll = { timeout: 15_000, interval: 200 };
    await say();
    await expect.poll(() => value('gestaloka_events_commands_total{event="chat_message"}'), poll).toBe(1);
    expect(await value('up{job="gestaloka-events"}')).toBe(1);
    expect(await value("gestaloka_events_connections")).toBe(1);
    await expect
      .poll(async () => {
        await say();
        return value('histogram_quantile(0.95, gestaloka_events_receive_seconds_bucket{event="chat_message"})');
      }, poll)
      .toBeLessThan(5);
    await expect
      .poll(() => value('event:gestaloka_events_delivery_success:ratio_rate5m{event="chat_message"}'), poll)
      .toBe(1);
    expect(await value('gestaloka_events_handler_seconds_count{event="chat_message"}')).toBeGreaterThan(1);
    client.close();
  }, 60_000);

  it("shows in its dashboard and judges in its alerts nothing but what the server tells or the rules record", async () => {
    const { panels } = JSON.parse(text("dashboard.json")) as { panels: { targets: { expr: string }[] }[] };
    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(15);
    const scraped = await (await fetch(`http://127.0.0.1:${game.port}/metrics`)).text();
    const known = new Set(
      [...scraped.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
        type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    const rules = text("alerts.yml");
    const recorded = [...rules.matchAll(/record: (\S+)/g)].map(([, name]) => name);
    for (const expression of [...expressions, rules]) {
      const named = expression.match(/(?<![:\w])gestaloka_events_\w+(?!:)\b/g) ?? [];
      expect(named.filter((name) => !known.has(name))).toEqual([]);
      for (const [name] of expression.matchAll(/\b(?:event|lane):\w+:\w+/g)) expect(recorded).toContain(name);
    }
    for (const expression of expressions) await prometheus.query(expression.replaceAll("$__rate_interval", "1m"));
  });
});
