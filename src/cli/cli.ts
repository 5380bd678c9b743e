import { exitCode } from "./exit-code.js";
import { reasonOf } from "./files.js";
import { run } from "./run.js";

// A reader that has seen enough, as `head`, closes the pipe: not a failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.stderr.write(`gestaloka-events: stdout: ${reasonOf(error)}\n`);
  process.exit(exitCode.misuse);
});

process.exitCode = await run(process.argv.slice(2), {
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
