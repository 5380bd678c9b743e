import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

// Stands in for Keycloak while you try the server: publishes one key, and prints a token for each name. Never deploy it.
const names = process.argv.slice(2);
const { PORT = "8080", CLIENT_ID = "game-web" } = process.env;
const { publicKey, privateKey } = await generateKeyPair("RS256");
const key = { ...(await exportJWK(publicKey)), kid: "dev", use: "sig" };

const http = createServer((request, response) => {
  const known = request.url === "/realms/game/protocol/openid-connect/certs";
  response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
  response.end(known ? JSON.stringify({ keys: [key] }) : "{}");
});
http.listen(Number(PORT), "127.0.0.1", async () => {
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}/realms/game`;
  console.log(`ISSUER ${issuer}`);
  for (const name of names.length > 0 ? names : ["alice", "bob"]) {
    const token = await new SignJWT({ azp: CLIENT_ID, typ: "Bearer" })
      .setProtectedHeader({ alg: "RS256", kid: key.kid })
      .setIssuer(issuer)
      .setSubject(name)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(privateKey);
    console.log(`${name} ${token}`);
  }
});
