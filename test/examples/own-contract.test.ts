import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectCaptain } from "../../examples/own-contract/client.js";
import { Example, type ExampleProcess } from "./example.js";

describe("the example own-contract", () => {
  let example: Example;
  let server: ExampleProcess;
  beforeAll(() => {
    example = new Example("own-contract");
    server = example.start("start");
  });
  afterAll(() => example.close());

  it("runs, and serves other captains, too", async () => {
    await server.said(/Argo sailed, number 1\n7 coins/);
    const captain = connectCaptain(await server.url(), "bess");
    expect(await captain.join("harbour_h1")).toEqual({});
    captain.close();
  });

  it("generates from its contract", () => {
    expect(example.run("generate")).toContain("wrote client.gen.ts");
  });

  it("finds its recorded messages to be of its contract", () => {
    expect(example.run("validate", ["captured.ndjson"])).toContain("3 valid, 0 invalid");
  });
});
