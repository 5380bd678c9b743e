import { expect, it } from "vitest";
import { Expected } from "./expected.js";

it("lets a user be told of as many new logs as there were, and of none once everybody has caught up with the last", () => {
  const oracle = new Expected();
  oracle.joining("ada", "p");
  oracle.joined("ada", "p");
  // What the second server said is heard once the third is there.
  for (let restart = 0; restart < 2; restart++) oracle.forgotten();
  for (let told = 0; told < 2; told++) oracle.resynced("ada", "p", "epoch_changed");
  expect(oracle.wrong).toEqual([]);
  oracle.resynced("ada", "p", "epoch_changed");
  expect(oracle.wrong).toHaveLength(1);
  for (let restart = 0; restart < 3; restart++) oracle.forgotten();
  oracle.settled();
  for (let told = 0; told < 2; told++) oracle.resynced("ada", "p", "epoch_changed");
  expect(oracle.wrong).toHaveLength(2);
});
