import { resolve } from "node:path";
import { checkLinks } from "./dead-links.js";

const [site = "site"] = process.argv.slice(2);
const { pages, links, dead } = checkLinks(resolve(site));
for (const link of dead) process.stderr.write(`${link}\n`);
process.stdout.write(`${pages} pages, ${links} links, ${dead.length} dead\n`);
process.exitCode = dead.length === 0 && pages > 0 ? 0 : 1;
