import { createEventServer, serverOptions } from "@gestaloka/events/server";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { Server } from "socket.io";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { contract } from "../fixtures/contract.js";
import { hasChromium, launchChromium, servePage } from "../support/browser.js";
import { requireOrSkip } from "../support/required-service.js";

/** What a page of these tests offers; it runs in the browser, on a client of the application's own contract. */
const page = `
import { createEventClient, indexedDbStore, localStorageStore } from "@gestaloka/events/client";
import { contract } from "./fixtures/contract.js";
globalThis.pageOpened = [];
const { open } = IDBFactory.prototype;
IDBFactory.prototype.open = function (...given) {
  pageOpened.push(given[0]);
  return open.apply(this, given);
};
const stores = { localStorage: localStorageStore, indexedDb: indexedDbStore };
globalThis.pageStart = ({ store, user, path = "/socket.io", known = true, connect = true, database }) => {
  const client = createEventClient(location.origin, {
    contract, auth: { token: user }, autoConnect: connect,
    ...(known && { userId: user }), storage: stores[store](database), socket: { path },
  });
  globalThis.pageClient = client;
  globalThis.pageStates = [];
  globalThis.pageErrors = [];
  client.on("ws:command", (event) => pageStates.push(event.state));
  client.on("ws:error", ({ code }) => code === "internal" && pageErrors.push(code));
  globalThis.pageLoad = (crates) => { client.send("load_ship", { quay_id: "q", ship_id: "s", crates }).catch(() => {}); };
};
globalThis.pageStored = async () => {
  const local = Object.values(localStorage).flatMap((text) => JSON.parse(text).commands);
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("gestaloka-events", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("commands");
    request.onsuccess = () => resolve(request.result);
  });
  const values = await new Promise((resolve) => {
    const request = database.transaction("commands").objectStore("commands").getAll();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return [...local, ...values.flatMap(({ commands }) => commands)].map(({ payload }) => payload.crates).sort();
};
globalThis.pageReady = true;
`;

// What the page above offers, named where closures of these tests run in it.
declare const pageReady: boolean;
declare const pageStates: string[];
declare const pageErrors: string[];
declare const pageOpened: string[];
declare const pageClient: {
  readonly connection: { getSnapshot(): { status: string } };
  connect(): void;
  close(options?: object): void;
};
declare function pageStart(options: object): void;
declare function pageLoad(crates: number): void;
declare function pageStored(): Promise<number[]>;
/** The same of a page in a frame. */
interface View {
  readonly pageClient: typeof pageClient;
  readonly pageStart: typeof pageStart;
  readonly pageLoad: typeof pageLoad;
}

let browser: Browser;
let context: BrowserContext;
let url: string;
let close: () => Promise<unknown>;
let applied: { crates: number; userId: string }[];
/** A path that answers nothing: how a page is kept offline. */
const nowhere = "/nowhere";

requireOrSkip("chromium", hasChromium())("commands kept over a page reload", () => {
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());

  beforeEach(async () => {
    const served = await servePage(page);
    url = served.url;
    applied = [];
    const io = new Server(served.http, serverOptions({ origins: [] }));
    const server = createEventServer(io, {
      contract,
      authenticate: ({ auth }) => ({ userId: String(auth.token) }),
      authorize: () => true,
    });
    server.handle("load_ship", ({ crates }, { userId }) => {
      applied.push({ crates, userId });
      return { on_board: crates };
    });
    context = await browser.newContext();
    close = async () => {
      await context.close();
      await server.close();
      await io.close();
    };
  });
  afterEach(() => close());

  async function open(options: object): Promise<Page> {
    const tab = await context.newPage();
    await tab.goto(url);
    return begin(tab, options);
  }

  async function begin(tab: Page, options: object): Promise<Page> {
    await tab.waitForFunction(() => pageReady);
    await tab.evaluate((given) => pageStart(given), options);
    return tab;
  }

  const stored = (tab: Page) => tab.evaluate(() => pageStored());
  const load = (tab: Page, ...crates: number[]) =>
    tab.evaluate((all) => {
      for (const one of all) pageLoad(one);
    }, crates);
  const isConnected = (tab: Page) =>
    tab.waitForFunction(() => pageClient.connection.getSnapshot().status === "connected");
  const all = () => applied.map(({ crates }) => crates);

  for (const store of ["localStorage", "indexedDb"]) {
    it(`sends what an earlier page could not, once and in order (${store})`, async () => {
      const tab = await open({ store, user: "ada", path: nowhere });
      await load(tab, 1, 2, 3);
      await expect.poll(() => stored(tab)).toEqual([1, 2, 3]);
      await tab.reload();
      await begin(tab, { store, user: "ada" });
      await expect.poll(all).toEqual([1, 2, 3]);
      await expect.poll(() => stored(tab)).toEqual([]);
      expect(await tab.evaluate(() => pageStates)).toEqual([
        "queued",
        "queued",
        "queued",
        "sent",
        "sent",
        "sent",
        "applied",
        "applied",
        "applied",
      ]);
      await tab.reload();
      await begin(tab, { store, user: "ada" });
      await isConnected(tab);
      await load(tab, 4);
      await expect.poll(all).toEqual([1, 2, 3, 4]);
    });

    it(`takes up an orphan in one tab only, and leaves alone what a living tab keeps (${store})`, async () => {
      const first = await open({ store, user: "ada", path: nowhere });
      const living = await open({ store, user: "ada", path: nowhere });
      await load(first, 1, 2);
      await load(living, 9);
      await expect.poll(() => stored(first)).toEqual([1, 2, 9]);
      await first.close();
      const tabs = await Promise.all([1, 2, 3].map(() => open({ store, user: "ada" })));
      await Promise.all(tabs.map(isConnected));
      await expect.poll(() => all().sort()).toEqual([1, 2]);
      await expect.poll(() => stored(living)).toEqual([9]);
      expect(all().sort()).toEqual([1, 2]);
    });

    it(`is never sent as another user, and waits for its own (${store})`, async () => {
      const gone = await open({ store, user: "zoe", path: nowhere });
      await load(gone, 9);
      await expect.poll(() => stored(gone)).toEqual([9]);
      await gone.close();
      const tab = await open({ store, user: "ada", path: nowhere });
      await load(tab, 1);
      await expect.poll(() => stored(tab)).toEqual([1, 9]);
      await tab.reload();
      // Not even where the page learns from the server whose it is.
      await begin(tab, { store, user: "bob", known: false });
      await isConnected(tab);
      await load(tab, 5);
      await expect.poll(() => applied).toEqual([{ crates: 5, userId: "bob" }]);
      await expect.poll(() => stored(tab)).toEqual([1, 9]);
      await tab.reload();
      await begin(tab, { store, user: "ada", known: false });
      await expect
        .poll(() => applied)
        .toEqual([
          { crates: 5, userId: "bob" },
          { crates: 1, userId: "ada" },
        ]);
      await expect.poll(() => stored(tab)).toEqual([9]);
    });

    it(`is gone when the user is forgotten, and kept when the client is closed (${store})`, async () => {
      const tab = await open({ store, user: "ada", path: nowhere });
      await load(tab, 1);
      await expect.poll(() => stored(tab)).toEqual([1]);
      await tab.evaluate(() => pageClient.close());
      expect(await stored(tab)).toEqual([1]);
      expect(await tab.evaluate(() => pageStates)).toEqual(["queued", "refused"]);
      await tab.evaluate(() => {
        pageClient.connect();
        pageLoad(2);
      });
      await expect.poll(() => stored(tab)).toEqual([1, 2]);
      await tab.evaluate(() => pageClient.close({ forget: true }));
      await expect.poll(() => stored(tab)).toEqual([]);
      await tab.reload();
      await begin(tab, { store, user: "ada" });
      await isConnected(tab);
      expect(applied).toEqual([]);
    });
  }

  for (const store of ["localStorage", "indexedDb"]) {
    it.each([
      ["kept", false, [1, 2]],
      ["gone", true, []],
    ])(`is %s where its page goes in the moment that says so (${store})`, async (_, forgets, left) => {
      const tab = await context.newPage();
      await tab.goto(url);
      await tab.waitForFunction(() => pageReady);
      await tab.evaluate(
        async (given) => {
          const frame = document.createElement("iframe");
          frame.src = location.href;
          document.body.append(frame);
          await new Promise((resolve) => frame.addEventListener("load", resolve));
          const view = frame.contentWindow as unknown as View;
          view.pageStart(given);
          view.pageLoad(1);
        },
        { store, user: "ada", path: nowhere },
      );
      await expect.poll(() => stored(tab)).toEqual([1]);
      await tab.evaluate(async (isLogOut) => {
        const frame = document.querySelector("iframe");
        const view = frame?.contentWindow as unknown as View;
        if (isLogOut) view.pageClient.close({ forget: true });
        else view.pageLoad(2);
        // Promises that are settled are heard, and nothing that the database answers.
        for (let turn = 0; turn < 100; turn++) await undefined;
        frame?.remove();
      }, forgets);
      expect(await stored(tab)).toEqual(left);
    });
  }

  it("is stored anew after somebody has deleted the database (indexedDb)", async () => {
    const tab = await open({ store: "indexedDb", user: "ada", path: nowhere });
    await load(tab, 1);
    await expect.poll(() => stored(tab)).toEqual([1]);
    await tab.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.deleteDatabase("gestaloka-events");
          request.onsuccess = () => resolve();
          request.onblocked = () => reject(new Error("the client keeps it open"));
        }),
    );
    await load(tab, 2);
    await expect.poll(() => stored(tab)).toEqual([1, 2]);
  });

  it("is stored anew after the browser has closed the database (indexedDb)", async () => {
    const tab = await open({ store: "indexedDb", user: "ada", path: nowhere });
    await load(tab, 1);
    await expect.poll(() => stored(tab)).toEqual([1]);
    const session = await context.newCDPSession(tab);
    await session.send("Storage.clearDataForOrigin", { origin: new URL(url).origin, storageTypes: "indexeddb" });
    await load(tab, 2);
    await expect.poll(() => stored(tab)).toEqual([1, 2]);
  });

  it("is told of where the database takes it back, which is opened once and by its name (indexedDb)", async () => {
    const tab = await open({ store: "indexedDb", user: "ada", path: nowhere, database: "others" });
    await tab.evaluate(() => {
      const { prototype } = IDBObjectStore;
      const { put } = prototype;
      // As where the disk turns out to be full, which takes back what was to be committed.
      IDBTransaction.prototype.commit = () => {};
      prototype.put = function (...given) {
        const request = put.apply(this, given);
        request.addEventListener("success", () => this.transaction.abort());
        return request;
      };
    });
    await load(tab, 1);
    await tab.waitForFunction(() => pageErrors.length > 0);
    expect(await tab.evaluate(() => pageOpened)).toEqual(["others"]);
  });

  it("is stored anew after the database could not be opened for once (indexedDb)", async () => {
    const tab = await open({ store: "indexedDb", user: "ada", path: nowhere });
    await load(tab, 1);
    await expect.poll(() => stored(tab)).toEqual([1]);
    await tab.evaluate(async () => {
      const settled = (request: IDBOpenDBRequest) =>
        new Promise<void>((resolve) => {
          request.onsuccess = () => resolve();
        });
      await settled(indexedDB.open("newer", 2));
      await settled(indexedDB.deleteDatabase("gestaloka-events"));
      const { prototype } = IDBFactory;
      const { open } = prototype;
      prototype.open = function () {
        prototype.open = open;
        // There is a newer one already.
        const request = open.call(this, "newer", 1);
        request.addEventListener("error", () => pageStates.push("not opened"));
        return request;
      };
    });
    await load(tab, 2);
    await tab.waitForFunction(() => pageStates.includes("not opened"));
    await load(tab, 3);
    await expect.poll(() => stored(tab)).toEqual([1, 2, 3]);
  });

  it("is told offline by the browser, and connects as soon as that is over", async () => {
    const tab = await open({ store: "localStorage", user: "ada" });
    await isConnected(tab);
    await context.setOffline(true);
    await tab.evaluate(() => pageClient.close());
    await tab.evaluate(() => pageClient.connect());
    await tab.waitForFunction(() => pageClient.connection.getSnapshot().status === "offline");
    await load(tab, 7);
    await context.setOffline(false);
    await isConnected(tab);
    await expect.poll(all).toEqual([7]);
  });
});
