/** A map that costs nothing while it has one entry, as the room of a user mostly does. A member is no `Map` itself. */
export class MemberMap<TMember, TState> {
  /** The member, or a map once there was another. */
  private members: TMember | Map<TMember, TState> | undefined = undefined;
  /** Of the one member. */
  private state: TState | undefined = undefined;

  get size(): number {
    const { members } = this;
    return members instanceof Map ? members.size : members === undefined ? 0 : 1;
  }

  get(member: TMember): TState | undefined {
    const { members } = this;
    return members instanceof Map ? members.get(member) : members === member ? this.state : undefined;
  }

  has(member: TMember): boolean {
    const { members } = this;
    return members instanceof Map ? members.has(member) : members === member;
  }

  set(member: TMember, state: TState): void {
    const { members } = this;
    if (members instanceof Map) members.set(member, state);
    else if (members === undefined || members === member) {
      this.members = member;
      this.state = state;
    } else {
      this.members = new Map([
        [members, this.state as TState],
        [member, state],
      ]);
      this.state = undefined;
    }
  }

  delete(member: TMember): void {
    const { members } = this;
    if (members instanceof Map) members.delete(member);
    else if (members === member) this.members = this.state = undefined;
  }

  /** Visits every entry in the order in which they came; entries may be taken out meanwhile. */
  forEach(visit: (state: TState, member: TMember) => void): void {
    const { members } = this;
    if (members instanceof Map) members.forEach(visit);
    else if (members !== undefined) visit(this.state as TState, members);
  }
}
