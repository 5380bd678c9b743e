import { Console } from "node:console";
import { addressed, exitCode } from "./exit-code.js";
import { reasonOf } from "./files.js";
import { run } from "./run.js";

// A reader that has seen enough, as `head`, closes the pipe: not a failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.stderr.write(`gestaloka-events: ${addressed(`stdout: ${reasonOf(error)}`)}\n`);
  end(exitCode.misuse);
});

// A contract may end the process, as one that misses a setting does: it must not pass for one that was judged.
function cutShort(): void {
  process.stderr.write(`gestaloka-events: ${addressed("the process was ended before the command was done")}\n`);
  process.exitCode = exitCode.misuse;
}
process.once("exit", cutShort);

function end(code: number): void {
  process.off("exit", cutShort);
  process.exit(code);
}

// What a contract prints as it is loaded, as dotenv does, must not stand in what a program reads from here.
globalThis.console = new Console(process.stderr);

// A terminal sends the one; `timeout`, CI and containers send the other.
const interrupts = ["SIGINT", "SIGTERM"] as const;

const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  onInterrupt: (stop) => {
    // The second signal ends the process, whichever of them it is.
    const stopOnce = () => {
      for (const signal of interrupts) process.off(signal, stopOnce);
      stop();
    };
    for (const signal of interrupts) process.on(signal, stopOnce);
    process.stdout.once("error", stop);
  },
});

// A contract may have left a timer or a connection open, which would keep the process for ever. What was written goes
// out first, and an error of it is told.
process.stderr.write("", () => process.stdout.write("", () => setImmediate(end, code)));
