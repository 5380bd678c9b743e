import type { DialOptions } from "../../client/dial.js";
import { requireSecureUrl } from "../../client/secure-url.js";
import type { Contract } from "../../contract/contract.js";
import type { CliOptions } from "../cli-options.js";
import type { OptionDeclaration } from "../command.js";
import { Misuse } from "../exit-code.js";
import type { Io } from "../io.js";
import { loadContract } from "../load-contract.js";
import { printable } from "../printable.js";

/** What every command that connects to a server takes. */
export const liveOptions: readonly OptionDeclaration[] = [
  { flags: "--contract <file>", description: "A TypeScript or JavaScript file that exports the contract" },
  { flags: "--user <id>", description: "Who the user is, where the server does not say so: to a plain server" },
  { flags: "--origin <origin>", description: "The Origin header, for a server that lets browsers in only" },
  { flags: "--path <path>", description: "Where Socket.IO is served; /socket.io unless said otherwise" },
  { flags: "--allow-insecure", description: "Lets http: and ws: URLs reach other machines" },
];

/** The paragraph of help about the credential. */
export const credentialHelp = `The credential comes from the environment: GESTALOKA_TOKEN goes out as { "token": … }, GESTALOKA_AUTH is a JSON object
that goes out as it is, in place of the token where both are set.`;

/** Where to connect to, and as whom. */
export interface Live {
  readonly url: string;
  readonly contract: Contract;
  readonly auth: object;
  readonly userId: string | undefined;
  readonly socket: DialOptions;
  readonly allowInsecure: boolean;
}

/**
 * Reads what `liveOptions` declares.
 *
 * @throws {Misuse} for a URL or a path that is none, a URL that is not secure, and a credential that is no object.
 */
export async function readLive(url: string | undefined, options: CliOptions, io: Io): Promise<Live> {
  if (url === undefined || !/^(https?|wss?):\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new Misuse("name the server: https://play.example");
  const [path, origin] = [options.text("path"), options.text("origin")];
  if (path !== undefined && !path.startsWith("/")) throw new Misuse("--path: write a path that begins with /");
  const allowInsecure = options.flag("allow-insecure");
  try {
    requireSecureUrl(url, allowInsecure);
  } catch {
    throw new Misuse(`${printable(url)} can be read on its way: write https://, or --allow-insecure`);
  }
  return {
    url,
    contract: await loadContract(options.text("contract"), io.cwd),
    auth: credentialOf(io.env),
    userId: options.text("user"),
    socket: { ...(path && { path }), ...(origin && { extraHeaders: { origin } }) },
    allowInsecure,
  };
}

function credentialOf({ GESTALOKA_AUTH, GESTALOKA_TOKEN }: Io["env"]): object {
  if (GESTALOKA_AUTH === undefined) return GESTALOKA_TOKEN === undefined ? {} : { token: GESTALOKA_TOKEN };
  try {
    const auth: unknown = JSON.parse(GESTALOKA_AUTH);
    if (typeof auth === "object" && auth !== null && !Array.isArray(auth)) return auth;
  } catch {
    // Said below, without a word of the credential.
  }
  throw new Misuse('GESTALOKA_AUTH: write a JSON object, such as {"token":"…"}');
}
