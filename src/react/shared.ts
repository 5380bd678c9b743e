/** Functions that take back what was registered. */
export type Offs = readonly (() => void)[];

/** Something that several users have in common. */
export interface Shared<TUser> {
  readonly users: ReadonlySet<TUser>;
  /** Takes a user on, until the function that comes back is called. */
  readonly use: (user: TUser) => () => void;
}

/** Makes something that runs, from `start` until all that it gives back is called, only while it has users. */
export function createShared<TUser>(start?: (users: ReadonlySet<TUser>) => Offs): Shared<TUser> {
  const users = new Set<TUser>();
  let offs: Offs | undefined;
  return {
    users,
    use(user) {
      users.add(user);
      offs ??= start?.(users);
      return () => {
        users.delete(user);
        // StrictMode and hot reload come back in the same turn: that stops nothing.
        setTimeout(() => {
          if (users.size) return;
          offs?.forEach((off) => {
            off();
          });
          offs = undefined;
        });
      };
    },
  };
}
