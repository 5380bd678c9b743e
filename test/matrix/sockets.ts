import { type Check, expectOutput, expectVersion } from "./check.js";

const servers = ["4.7.5", "4"];
const clients = ["4.8.0", "4"];
const said = (version: string) => (version === "4" ? "newest 4" : version);

/** The oldest and the newest Socket.IO of each end, against each other. */
export const sockets: readonly Check[] = servers.flatMap((server) =>
  clients.map((client) => ({
    name: `Socket.IO server ${said(server)}, client ${said(client)}: an exchange`,
    packages: { "socket.io": server, "socket.io-client": client },
    run(project) {
      expectVersion(project, "socket.io", server);
      expectVersion(project, "socket.io-client", client);
      expectOutput(project.node("exchange.mjs"), "exchanged");
    },
  })),
);
