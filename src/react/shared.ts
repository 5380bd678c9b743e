/** Something that several users have in common. */
export interface Shared<TUser> {
  readonly users: ReadonlySet<TUser>;
  /** Takes a user on, until the function that comes back is called. */
  readonly use: (user: TUser) => () => void;
}

/** Makes something that runs, from `start` until what that gives back is called, only while it has users. */
export function createShared<TUser>(start: (users: ReadonlySet<TUser>) => () => void): Shared<TUser> {
  const users = new Set<TUser>();
  let stop: (() => void) | undefined;
  return {
    users,
    use(user) {
      users.add(user);
      stop ??= start(users);
      return () => {
        users.delete(user);
        // StrictMode and hot reload come back in the same turn: that stops nothing.
        setTimeout(() => {
          if (users.size) return;
          stop?.();
          stop = undefined;
        });
      };
    },
  };
}

/** One function that takes back several registrations. */
export function all(offs: readonly (() => void)[]): () => void {
  return () => {
    for (const off of offs) off();
  };
}
