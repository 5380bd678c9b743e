/** Makes a lookup of one thing a client and key: made when first asked for, forgotten with the client. */
export function perClient<TClient extends object, TThing>(
  make: (client: TClient, key: string) => TThing,
): (client: TClient, key: string) => TThing {
  const clients = new WeakMap<TClient, Map<string, TThing>>();
  return (client, key) => {
    const things = clients.get(client) ?? new Map<string, TThing>();
    clients.set(client, things);
    const thing = things.get(key) ?? make(client, key);
    things.set(key, thing);
    return thing;
  };
}
