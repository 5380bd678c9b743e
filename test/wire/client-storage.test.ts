import {
  createStorage,
  indexedDbStore,
  type KeyedStore,
  localStorageStore,
  type TabLocks,
} from "@gestaloka/events/client";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { commandsOf, connected, lost, record, snapshot } from "../support/awaited-client.js";
import { createClient, type HarbourClient, openBehindProxy } from "../support/harbour-client.js";
import { ScriptedServer } from "../support/scripted-server.js";
import { createLocks } from "../support/tab-locks.js";

const load = (crates: number) => ({ quay_id: "q", ship_id: "s", crates });

function createStore(values: Map<string, unknown>): KeyedStore {
  return {
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, structuredClone(value)),
    remove: (key) => void values.delete(key),
  };
}

/** A storage as a page's, over a store of the test's own where it gives one. */
const storageOf = (store: Partial<KeyedStore> | Map<string, unknown> = new Map(), locks = createLocks()) =>
  createStorage(store instanceof Map ? createStore(store) : { ...createStore(new Map()), ...store }, locks);

/** Where a page keeps what it sends, by its user and its tab. */
const keyOf = (user: string, tab: number) => `gestaloka-events/harbour/${user}/${tab}`;
/** What an earlier page left there. */
const kept = (commands: readonly object[], user = "ada") => ({ v: 1, user, at: Date.now(), commands });
const command = (id: string, payload: unknown, more: object = {}) => ({
  id,
  name: "load_ship",
  payload,
  bytes: 20,
  age: 0,
  left: 60_000,
  sent: false,
  ...more,
});

/** Puts something in a global's place until the test is over. */
function replaceGlobal(name: "localStorage" | "indexedDB" | "navigator", descriptor: PropertyDescriptor): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, name);
  onTestFinished(() => {
    if (own) Object.defineProperty(globalThis, name, own);
    else Reflect.deleteProperty(globalThis, name);
  });
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
}

describe("a storage of the application's own", () => {
  it("holds a command before it is written, and no longer than until its answer", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>();
    const client = createClient(server.url, { storage: storageOf(values) });
    await snapshot(client, { status: "connected" });
    const sent = client.send("load_ship", load(1));
    const asked = await server.next("load_ship");
    expect([...values.keys()]).toEqual([expect.stringMatching(/^gestaloka-events\/harbour\/ada\/[\w-]{20}$/)]);
    expect([...values.values()]).toMatchObject([{ v: 1, user: "ada", commands: [{ payload: load(1), sent: true }] }]);
    asked.answer({ ok: true, data: { on_board: 1 } });
    await sent;
    expect(values.size).toBe(0);
    // What must not wait offline is not kept either.
    void client.send("whistle", { quay_id: "q", tune: "la" }).catch(() => {});
    await server.next("whistle");
    expect(values.size).toBe(0);
  });

  it("is called when the connection is told of: what is sent from in there is the user's whom the client names", async () => {
    const server = await ScriptedServer.start();
    let user = "ada";
    let removed: () => void = () => {};
    const client = createClient(server.url, {
      auth: () => ({ token: user }),
      storage: storageOf({ remove: () => removed() }),
    });
    await snapshot(client, { status: "connected", userId: "ada" });
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    const named = new Promise((resolve) => {
      removed = () => {
        removed = () => {};
        const { userId } = client.connection.getSnapshot();
        client.send("load_ship", load(2)).catch(() => {});
        resolve(userId);
      };
    });
    user = "bob";
    server.hello = { user_id: "bob" };
    server.drop();
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    expect((await server.next("load_ship")).body).toEqual(load(2));
    expect(await named).toBe("bob");
  });

  it("holds a command while it waits for a room", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>();
    const client = createClient(server.url, { storage: storageOf(values) });
    await snapshot(client, { status: "connected" });
    client.join(contract.rooms.quay("q")).catch(() => {});
    await server.next("$enter");
    client.send("load_ship", load(1)).catch(() => {});
    expect([...values.values()]).toMatchObject([{ commands: [{ payload: load(1), sent: false }] }]);
  });

  it("holds a command no longer that is refused before it is written", async () => {
    const server = await ScriptedServer.start();
    server.hello = { limits: { payload_bytes: 180, answer_ms: 300_000 } };
    const values = new Map<string, unknown>();
    const storage = storageOf(values);
    const client = createClient(server.url, { userId: "ada", storage });
    const sent = client.send("load_ship", load(1));
    await expect(sent).rejects.toMatchObject({ code: "payload_too_large" });
    expect(values.size).toBe(0);
  });

  it("holds a command no longer than it may wait", async () => {
    const values = new Map<string, unknown>();
    const storage = storageOf(values);
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage });
    const sent = client.send("load_ship", load(1), { ttlMs: 100 });
    await expect(sent).rejects.toMatchObject({ code: "expired" });
    expect(values.size).toBe(0);
  });

  it("holds what an earlier page left no longer than it may wait", async () => {
    const values = new Map([[keyOf("ada", 1), kept([command("c", load(1), { left: 200 })])]]);
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage: storageOf(values) });
    const heard = record(client, "ws:command");
    await heard.atLeast(2);
    expect(commandsOf(heard)).toEqual([
      ["load_ship", "queued"],
      ["load_ship", "expired", "expired"],
    ]);
    expect(values.size).toBe(0);
  });

  it("is waited for by the connection that a command was meant for; the next one enters its rooms first", async () => {
    const server = await ScriptedServer.start();
    let storing: Promise<void> | undefined;
    const store = { set: async () => storing };
    const client = createClient(server.url, { storage: storageOf(store) });
    const answer = { ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: true, data: { quay_id: "q", members: [] } };
    const joined = client.join(contract.rooms.quay("q"));
    (await server.next("$enter")).answer(answer);
    await joined;
    let stored = () => {};
    storing = new Promise((resolve) => {
      stored = resolve;
    });
    const sent = client.send("load_ship", load(1));
    await lost(client, () => server.drop());
    const entry = await server.next("$enter");
    stored();
    // Whatever would be written comes within a moment.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.asked.map(({ name }) => name)).toEqual([]);
    entry.answer(answer);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
    expect(server.asked.map(({ name }) => name)).toEqual([]);
  });

  it("tells of no connection that it closes as another user's place is taken", async () => {
    const server = await ScriptedServer.start();
    const silent: TabLocks = { request: () => new Promise(() => {}) };
    const store = { remove: () => client.close() };
    const client = createClient(server.url, { storage: storageOf(store, silent) });
    const heard = record(client, "ws:connected", "ws:disconnected");
    await snapshot(client, { status: "connected" });
    server.hello = { user_id: "bob" };
    server.drop();
    await snapshot(client, { status: "idle" });
    expect(heard.map(({ name }) => name)).toEqual(["ws:connected", "ws:disconnected", "ws:disconnected"]);
  });

  it("lets no command go out before it is kept, and all in their order, whichever is kept first", async () => {
    const server = await ScriptedServer.start();
    let set = async () => {};
    const store = { set: () => set() };
    const client = createClient(server.url, { storage: storageOf(store) });
    client.send("load_ship", load(1)).catch(() => {});
    await server.next("load_ship");
    const kept: (() => void)[] = [];
    set = () => new Promise((resolve) => kept.push(resolve));
    for (const crates of [2, 3]) client.send("load_ship", load(crates)).catch(() => {});
    kept[1]?.();
    client.join(contract.rooms.quay("q")).catch(() => {});
    await server.next("$enter");
    expect(server.asked).toEqual([]);
    kept[0]?.();
    expect((await server.next("load_ship")).body).toEqual(load(2));
    expect((await server.next("load_ship")).body).toEqual(load(3));
  });

  it.each([
    ["at its connect", { userId: "ada" }],
    ["by the server's word", {}],
  ])(
    "is read before this page's own commands go out, which come after what an earlier one left (%s)",
    async (_, who) => {
      const server = await ScriptedServer.start();
      const values = new Map([[keyOf("ada", 1), kept([command("a".repeat(20), load(1))])]]);
      let read = () => {};
      const reading = new Promise<void>((resolve) => {
        read = resolve;
      });
      const store = createStore(values);
      const get = (key: string) => reading.then(() => store.get(key));
      const client = createClient(server.url, { ...who, storage: storageOf({ ...store, get }) });
      await snapshot(client, { status: "connected" });
      client.send("load_ship", load(2)).catch(() => {});
      await new Promise(setImmediate);
      read();
      for (const crates of [1, 2]) expect((await server.next("load_ship")).body).toEqual(load(crates));
    },
  );

  it("keeps what a plain server was not sent yet when the client closes while it enters a room", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const values = new Map<string, unknown>();
    const storage = storageOf(values);
    const client = createClient(server.url, { userId: "ada", helloTimeoutMs: 10, autoConnect: false, storage });
    const heard = record(client, "ws:command");
    void client.join(contract.rooms.quay("q"));
    const sent = client.send("load_ship", load(1));
    client.connect();
    await server.next("dock");
    client.close();
    await expect(sent).rejects.toMatchObject({ code: "closed" });
    expect(commandsOf(heard)).toEqual([
      ["load_ship", "queued"],
      ["load_ship", "refused", "closed"],
    ]);
    expect([...values.values()]).toMatchObject([{ commands: [{ payload: load(1), sent: false }] }]);
  });

  it("keeps what earlier pages left where the client closes while it is read, and reads no more of it", async () => {
    const key = keyOf("ada", 1);
    const left = kept([command("c", load(3))]);
    const values = new Map<string, unknown>([
      [key, left],
      [keyOf("ada", 2), left],
    ]);
    const reads: string[] = [];
    const locks = createLocks();
    let client: HarbourClient | undefined;
    const store: KeyedStore = {
      ...createStore(values),
      async get(of) {
        reads.push(of);
        client?.close();
        return values.get(of);
      },
    };
    client = createClient("http://127.0.0.1:1", { userId: "ada", storage: storageOf(store, locks) });
    await expect.poll(() => client?.connection.getSnapshot().status).toBe("idle");
    // When its lock is free again, it was let go.
    await locks.request(key, { ifAvailable: false }, async () => {});
    await new Promise(setImmediate);
    expect(reads).toEqual([key]);
    expect(values.get(key)).toEqual(left);
  });

  it("takes up what a tab left that closed while it lived, once it connects again", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>();
    const storage = storageOf(values);
    const client = createClient(server.url, { storage });
    await connected(client);
    const closing = createClient("http://127.0.0.1:1", { userId: "ada", storage });
    const left = closing.send("load_ship", load(7));
    await expect.poll(() => values.size).toBe(1);
    closing.close();
    await expect(left).rejects.toMatchObject({ code: "closed" });
    const heard = record(client, "ws:command");
    await lost(client, () => server.drop());
    const sent = await server.next("load_ship");
    expect(sent.body).toEqual(load(7));
    expect(commandsOf(heard)).toEqual([
      ["load_ship", "queued"],
      ["load_ship", "sent"],
    ]);
    sent.answer({ ok: true, data: { on_board: 7 } });
    await expect.poll(() => values.size).toBe(0);
  });

  it("sends what several pages left in the order in which it was sent, whatever their keys are", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>([
      [keyOf("ada", 1), kept([command("c", load(3), { age: 1_000 })])],
      [keyOf("ada", 2), kept([command("a", load(1), { age: 3_000 })])],
      [keyOf("ada", 3), kept([command("b", load(2), { age: 2_000 })])],
    ]);
    createClient(server.url, { storage: storageOf(values) });
    for (const crates of [1, 2, 3]) expect((await server.next("load_ship")).body).toEqual(load(crates));
  });

  it("keeps what an earlier page left where it has no room to keep it twice", async () => {
    const key = keyOf("ada", 1);
    const values = new Map<string, unknown>([[key, kept([command("c", load(3))])]]);
    const store: KeyedStore = {
      ...createStore(values),
      set(of, value) {
        if (values.size > 0 && !values.has(of)) throw new DOMException("full", "QuotaExceededError");
        values.set(of, value);
      },
    };
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage: storageOf(store) });
    const heard = record(client, "ws:command");
    await heard.atLeast(1);
    expect(commandsOf(heard)).toEqual([["load_ship", "queued"]]);
    expect([...values.values()]).toMatchObject([{ commands: [{ id: "c" }] }]);
    expect(values.has(key)).toBe(false);
  });

  it("holds what an earlier page left twice rather than not at all, should this one end as it takes it up", async () => {
    const key = keyOf("ada", 1);
    const values = new Map<string, unknown>([[key, kept([command("c", load(3))])]]);
    const ended = new Promise<unknown[]>((resolve) => {
      const own = createStore(values);
      const store = {
        ...own,
        set: async (of: string, value: unknown) => {
          await new Promise(setImmediate);
          own.set(of, value);
        },
        remove: (of: string) => void (of === key && resolve([...values.values()])),
      };
      createClient("http://127.0.0.1:1", { userId: "ada", storage: storageOf(store) });
    });
    expect(await ended).toMatchObject([{ commands: [{ id: "c" }] }, { commands: [{ id: "c" }] }]);
  });

  it("is believed nothing: what an earlier version or a stranger left there is not sent", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>([
      [
        keyOf("ada", 1),
        kept([command("a", { crates: "many" }), command("b", {}, { name: "__proto__" }), command("c", load(3))]),
      ],
      [keyOf("ada", 2), "nonsense"],
      [keyOf("ada", 3), kept([command("d", load(4))], "bob")],
      [keyOf("bob", 4), kept([command("e", load(5))], "bob")],
    ]);
    const client = createClient(server.url, { storage: storageOf(values) });
    const heard = record(client, "ws:command");
    const asked = await server.next("load_ship");
    expect(asked.args).toEqual([load(3), { id: "c" }]);
    asked.answer({ ok: true, data: { on_board: 3 } });
    await expect.poll(() => commandsOf(heard).at(-1)).toEqual(["load_ship", "applied"]);
    expect(commandsOf(heard)).toEqual([
      ["load_ship", "refused", "payload_invalid"],
      ["__proto__", "refused", "unknown_command"],
      ["load_ship", "queued"],
      ["load_ship", "sent"],
      ["load_ship", "applied"],
    ]);
    expect(server.asked).toEqual([]);
    expect([...values.keys()]).toEqual([keyOf("bob", 4)]);
  });

  it("sends what an earlier version left with a field that is gone since, which the server leaves out", async () => {
    const harbour = await openBehindProxy();
    const given: unknown[] = [];
    harbour.server.handle("load_ship", (command) => {
      given.push(command);
      return { on_board: 3 };
    });
    const values = new Map([[keyOf("ada", 1), kept([command("c", { ...load(3), hurry: true })])]]);
    const client = createClient(harbour.url, { storage: storageOf(values) });
    const heard = record(client, "ws:command");
    await expect.poll(() => commandsOf(heard).at(-1)).toEqual(["load_ship", "applied"]);
    expect(given).toEqual([load(3)]);
  });

  it("gives what it kept to a connection that did not wait for it any longer", async () => {
    const server = await ScriptedServer.start();
    const left = kept([command("c", load(3), { sent: true })]);
    let answer = () => {};
    const slow: KeyedStore = {
      ...createStore(new Map([[keyOf("ada", 1), left]])),
      get: () =>
        new Promise((resolve) => {
          answer = () => resolve(left);
        }),
    };
    const client = createClient(server.url, { storage: storageOf(slow) });
    void client.send("load_ship", load(4)).catch(() => {});
    expect((await server.next("load_ship")).body).toEqual(load(4));
    answer();
    expect((await server.next("load_ship")).args).toEqual([load(3), { id: "c" }]);
  });

  it("gives a plain server that did not wait for it nothing that may have been carried out", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const left = kept([command("c", load(1), { sent: true }), command("d", load(2))]);
    let read = () => {};
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    const get = () => reading.then(() => left);
    const storage = storageOf({ ...createStore(new Map([[keyOf("ada", 1), left]])), get });
    const client = createClient(server.url, { userId: "ada", helloTimeoutMs: 10, storage });
    const heard = record(client, "ws:command");
    await snapshot(client, { status: "connected", mode: "plain" });
    read();
    expect((await server.next("load_ship")).body).toMatchObject(load(2));
    expect(commandsOf(heard).slice(0, 2)).toEqual([
      ["load_ship", "expired", "timeout"],
      ["load_ship", "queued"],
    ]);
    expect(server.asked).toEqual([]);
  });

  it("gives nobody what it kept for a connection that was closed meanwhile, or for another user", async () => {
    const left = (id: string, crates: number) => kept([command(id, load(crates), { sent: true })]);
    for (const user_id of ["ada", "bob"]) {
      const server = await ScriptedServer.start();
      const values = new Map<string, unknown>([
        [keyOf("ada", 1), left("c", 1)],
        [keyOf("ada", 2), left("d", 2)],
      ]);
      const reads: (() => void)[] = [];
      const slow: KeyedStore = {
        ...createStore(values),
        get: (key) =>
          key.endsWith("/2")
            ? new Promise((resolve) => {
                reads.push(() => resolve(values.get(key)));
              })
            : values.get(key),
      };
      const client = createClient(server.url, { storage: storageOf(slow) });
      const heard = record(client, "ws:command");
      // The first was taken up, and the second is being read.
      await expect.poll(() => reads.length).toBe(1);
      client.close();
      server.hello = { user_id };
      client.connect();
      await snapshot(client, { status: "connected" });
      if (user_id === "ada") expect((await server.next("load_ship")).args).toEqual([load(1), { id: "c" }]);
      for (const answer of reads) answer();
      await new Promise(setImmediate);
      void client.send("load_ship", load(3)).catch(() => {});
      expect((await server.next("load_ship")).body).toEqual(load(3));
      expect(server.asked).toEqual([]);
      const own = ["queued", "sent"];
      expect(commandsOf(heard).map(([, state]) => state)).toEqual(user_id === "ada" ? [...own, ...own] : own);
    }
  });

  it("is none where the page is kept from its localStorage, or from its IndexedDB, which is no error", async () => {
    const server = await ScriptedServer.start();
    replaceGlobal("navigator", { value: { locks: createLocks() } });
    for (const [name, create] of [
      ["localStorage", localStorageStore],
      ["indexedDB", indexedDbStore],
    ] as const) {
      replaceGlobal(name, {
        get() {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
      const client = createClient(server.url, { storage: create() });
      const errors = record(client, "ws:error");
      await snapshot(client, { status: "connected" });
      void client.send("load_ship", load(1)).catch(() => {});
      await server.next("load_ship");
      expect(errors.payloads("ws:error")).toEqual([]);
    }
  });

  it("is none where the page has locks but neither localStorage nor IndexedDB, which is no error", async () => {
    const server = await ScriptedServer.start();
    replaceGlobal("navigator", { value: { locks: createLocks() } });
    for (const storage of [localStorageStore(), indexedDbStore()]) {
      const client = createClient(server.url, { storage });
      const errors = record(client, "ws:error");
      await snapshot(client, { status: "connected" });
      void client.send("load_ship", load(1)).catch(() => {});
      await server.next("load_ship");
      expect(errors.payloads("ws:error")).toEqual([]);
    }
  });

  it("is none where the page has no locks, which is no error: what is there may be a living tab's", async () => {
    const server = await ScriptedServer.start();
    replaceGlobal("navigator", { value: {} });
    const values = new Map([[keyOf("ada", 1), kept([command("c", load(1))])]]);
    const client = createClient(server.url, { storage: createStorage(createStore(values)) });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    void client.send("load_ship", load(2)).catch(() => {});
    expect((await server.next("load_ship")).body).toEqual(load(2));
    expect(errors.payloads("ws:error")).toEqual([]);
    expect([...values.keys()]).toEqual([keyOf("ada", 1)]);
  });

  it("is what stands under its own keys of the page's localStorage, where that can be read", async () => {
    const server = await ScriptedServer.start();
    const strange = `x-${keyOf("ada", 3)}`;
    const page: Record<string, string> = {
      [keyOf("ada", 1)]: "no JSON",
      [keyOf("ada", 2)]: JSON.stringify(kept([command("c", load(3))])),
      [strange]: "{}",
    };
    const methods = {
      getItem: (key: string) => page[key] ?? null,
      setItem: (key: string, value: string) => void Object.assign(page, { [key]: value }),
      removeItem: (key: string) => void delete page[key],
    };
    replaceGlobal("localStorage", { value: Object.setPrototypeOf(page, methods) });
    replaceGlobal("navigator", { value: { locks: createLocks() } });
    const client = createClient(server.url, { storage: localStorageStore() });
    const errors = record(client, "ws:error");
    expect((await server.next("load_ship")).body).toEqual(load(3));
    client.close({ forget: true });
    await expect.poll(() => Object.keys(page)).toEqual([strange]);
    expect(errors.payloads("ws:error")).toEqual([]);
  });

  it("keeps what is sent after a reconnect though it failed when the page began", async () => {
    const server = await ScriptedServer.start();
    const kept = new Map<string, unknown>();
    const store = createStore(kept);
    let failing = true;
    const keys = (prefix: string) => {
      if (!failing) return store.keys(prefix);
      failing = false;
      throw new Error("not yet");
    };
    const client = createClient(server.url, { storage: storageOf({ ...store, keys }) });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "internal", error: { message: "not yet" } }]);
    await lost(client, () => server.drop());
    await snapshot(client, { status: "connected" });
    void client.send("load_ship", load(1)).catch(() => {});
    await server.next("load_ship");
    await expect.poll(() => JSON.stringify([...kept.values()])).toContain('"crates":1');
  });

  it.each(["keys", "get", "set", "remove"])("tells of it where it cannot do its %s", async (method) => {
    const store = {
      ...createStore(new Map([[keyOf("ada", 1), kept([command("c", load(3))])]])),
      [method]: async () => {
        throw new Error(method);
      },
    };
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage: storageOf(store) });
    const errors = record(client, "ws:error");
    await errors.atLeast(1);
    expect(errors.payloads("ws:error")[0]).toMatchObject({ code: "internal", error: { message: method } });
  });

  it("tells of it where it cannot forget a user as another one follows, or as one is signed out", async () => {
    const server = await ScriptedServer.start();
    const store = createStore(new Map([[keyOf("bob", 1), kept([], "bob")]]));
    let failing = false;
    const remove = async (key: string) => {
      if (failing) throw new Error("read only");
      store.remove(key);
    };
    const client = createClient(server.url, { storage: storageOf({ ...store, remove }) });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    failing = true;
    server.hello = { user_id: "bob" };
    await lost(client, () => server.drop());
    await snapshot(client, { status: "connected", userId: "bob" });
    const before = errors.length;
    client.close({ forget: true });
    await errors.atLeast(before + 1);
    expect(errors.payloads("ws:error")).toEqual(
      errors.map(() => ({ code: "internal", error: new Error("read only") })),
    );
  });

  it.each(["open", "closed"])("keeps nothing of a user who is signed out, and all of others (%s)", async (was) => {
    const values = new Map<string, unknown>([
      [keyOf("ada", 1), kept([command("a", load(1))])],
      [keyOf("bob", 2), kept([command("b", load(2))], "bob")],
    ]);
    const own = createStore(values);
    const store = { ...own, keys: async (prefix: string) => own.keys(prefix) };
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage: storageOf(store) });
    await record(client, "ws:command").atLeast(1);
    if (was === "closed") client.close();
    expect(values.size).toBe(2);
    client.close({ forget: true });
    await expect.poll(() => [...values.keys()]).toEqual([keyOf("bob", 2)]);
  });

  it("keeps apart whose names begin alike, and the contracts of one page, as one is signed out", async () => {
    const values = new Map<string, unknown>();
    const storage = storageOf(values);
    const others = [{ userId: "ada/1" }, { userId: "ada2" }, { userId: "ada", contract: { ...contract, name: "sea" } }];
    for (const other of others) {
      const client = createClient("http://127.0.0.1:1", { ...other, storage });
      client.send("load_ship", load(1)).catch(() => {});
      await expect.poll(() => values.size).toBe(others.indexOf(other) + 1);
      client.close();
    }
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage });
    client.send("load_ship", load(2)).catch(() => {});
    await expect.poll(() => values.size).toBe(others.length + 1);
    client.close({ forget: true });
    await new Promise(setImmediate);
    expect([...values.values()]).toMatchObject(others.map(() => ({ commands: [{ payload: load(1) }] })));
  });

  it("keeps nothing of a user who is signed out while a plain server does not say who that is", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>();
    const client = createClient(server.url, { helloTimeoutMs: 10, storage: storageOf(values) });
    await snapshot(client, { status: "connected", userId: "ada" });
    server.hello = undefined;
    await lost(client, () => server.drop());
    await snapshot(client, { mode: "plain", userId: undefined });
    // Left by another tab of hers since.
    values.set(keyOf("ada", 1), kept([command("a", load(1))]));
    client.close({ forget: true });
    await expect.poll(() => values.size).toBe(0);
  });

  it("keeps nothing of a user who is signed out as another one's commands are refused", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>([[keyOf("bob", 1), kept([command("b", load(2))], "bob")]]);
    const client = createClient(server.url, { storage: storageOf(values) });
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    let user: string | undefined;
    client.on("ws:command", ({ code }) => {
      if (code !== "identity_mismatch") return;
      user = client.connection.getSnapshot().userId;
      client.close({ forget: true });
    });
    server.hello = { user_id: "bob" };
    server.drop();
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    expect(user).toBe("bob");
    await expect.poll(() => values.size).toBe(0);
  });

  it("tells of it where it is given no lock", async () => {
    const refusing: TabLocks = { request: () => Promise.reject(new Error("no lock")) };
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage: storageOf(new Map(), refusing) });
    const errors = record(client, "ws:error");
    await errors.atLeast(1);
    expect(errors.payloads("ws:error")[0]).toMatchObject({ code: "internal", error: { message: "no lock" } });
  });

  it("lets go of the lock of a user whom another one follows", async () => {
    const server = await ScriptedServer.start();
    const values = new Map<string, unknown>();
    const locks = createLocks();
    const client = createClient(server.url, { storage: storageOf(values, locks) });
    void client.send("load_ship", load(1)).catch(() => {});
    await server.next("load_ship");
    const [key] = values.keys();
    server.hello = { user_id: "bob" };
    await lost(client, () => server.drop());
    await snapshot(client, { status: "connected", userId: "bob" });
    expect(await locks.request(String(key), { ifAvailable: true }, (lock) => lock as never)).not.toBeNull();
  });

  it("keeps no command back when it fails or does not answer, and that is told", async () => {
    const server = await ScriptedServer.start();
    const full = {
      set() {
        throw new Error("quota");
      },
    };
    const client = createClient(server.url, { storage: storageOf(full) });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    void client.send("load_ship", load(1)).catch(() => {});
    await server.next("load_ship");
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "internal", error: { message: "quota" } }]);

    const silent: TabLocks = { request: () => new Promise(() => {}) };
    const never = () => new Promise<never>(() => {});
    const set = vi.fn(never);
    for (const storage of [
      storageOf(new Map(), silent),
      storageOf({ keys: never, get: never, set, remove: never }),
      // It answered so far.
      storageOf({ set: never }),
    ]) {
      const waiting = createClient(server.url, { storage });
      await snapshot(waiting, { status: "connected" });
      void waiting.send("load_ship", load(2)).catch(() => {});
      expect((await server.next("load_ship")).body).toEqual(load(2));
    }
    // What has answered nothing so far is not waited for again.
    expect(set).not.toHaveBeenCalled();
  });
});
