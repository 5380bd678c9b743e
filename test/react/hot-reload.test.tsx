// @vitest-environment jsdom
// biome-ignore-all lint/correctness/noComponentHookFactories: a version of a component is made for one hot reload
import { createEventClient } from "@gestaloka/events/client";
import { expect, it } from "vitest";
import { contract } from "../fixtures/contract.js";
import { openHarbour } from "../support/harbour-server.js";

interface Runtime {
  injectIntoGlobalHook(window: object): void;
  register(type: object, id: string): void;
  createSignatureFunctionForTransform(): (type: object, key?: string) => object;
  validateRefreshBoundaryAndEnqueueUpdate(id: string, before: object, now: object): string | undefined;
}

it("keeps one connection and one registration through hot reload, and calls the new handler", async () => {
  // What Vite puts into a page; it has to be there before React is.
  const runtime: Runtime = await import("../../node_modules/@vitejs/plugin-react/dist/refresh-runtime.js" as string);
  runtime.injectIntoGlobalHook(window);
  const { render, waitFor } = await import("@testing-library/react");
  const { createEventHooks } = await import("@gestaloka/events/react");
  const { EventsProvider, useConnection, useEvent } = createEventHooks(contract);
  const until = (check: () => void) => waitFor(check, { timeout: 10_000, interval: 5 });

  const harbour = await openHarbour();
  let handshakes = 0;
  harbour.io.engine.on("connection", () => handshakes++);
  const heard: string[] = [];
  /** A module's components, as written for the n-th time; another key runs their effects anew. */
  function write(version: string) {
    const Letters = () => {
      useEvent("letter:came", () => heard.push(version));
      return <p>{`${version} ${useConnection().status}`}</p>;
    };
    const App = () => (
      <EventsProvider create={() => createEventClient(harbour.url, { contract, auth: { token: "ada" } })}>
        <Letters />
      </EventsProvider>
    );
    for (const [id, type] of Object.entries({ Letters, App })) {
      runtime.createSignatureFunctionForTransform()(type, "the same hooks");
      runtime.register(type, id);
    }
    return { App };
  }
  const first = write("first");
  const page = render(<first.App />);
  await until(() => page.getByText("first connected"));
  expect(runtime.validateRefreshBoundaryAndEnqueueUpdate("module", first, write("second"))).toBeUndefined();
  await until(() => page.getByText("second connected"));
  await harbour.server.to.sailor("ada").emit("letter_came", { kind: "text", text: "hello" });
  await until(() => expect(heard).toEqual(["second"]));
  expect([handshakes, harbour.io.engine.clientsCount]).toEqual([1, 1]);
  page.unmount();
  await until(() => expect(harbour.io.engine.clientsCount).toBe(0));
  await harbour.close();
});
