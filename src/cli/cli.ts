import { Console } from "node:console";
import { exitCode } from "./exit-code.js";
import { reasonOf } from "./files.js";
import { run } from "./run.js";

// A reader that has seen enough, as `head`, closes the pipe: not a failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.stderr.write(`gestaloka-events: stdout: ${reasonOf(error)}\n`);
  process.exit(exitCode.misuse);
});

// What a contract prints as it is loaded, as dotenv does, must not stand in what a program reads from here.
globalThis.console = new Console(process.stderr);

const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  onInterrupt: (stop) => {
    process.once("SIGINT", stop);
    process.stdout.once("error", stop);
  },
});

// A contract may have left a timer or a connection open, which would keep the process for ever. What was written goes
// out first, and an error of it is told.
process.stdout.write("", () => setImmediate(process.exit, code));
