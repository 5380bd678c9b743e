/** A map that costs nothing while it has one entry, as the room of a user mostly does. */
export class MemberMap<TMember, TState> {
  private member: TMember | undefined = undefined;
  private state: TState | undefined = undefined;
  private more: Map<TMember, TState> | undefined = undefined;

  get size(): number {
    return this.more ? this.more.size : this.member === undefined ? 0 : 1;
  }

  get(member: TMember): TState | undefined {
    return this.more ? this.more.get(member) : this.member === member ? this.state : undefined;
  }

  has(member: TMember): boolean {
    return this.more ? this.more.has(member) : this.member === member;
  }

  set(member: TMember, state: TState): void {
    if (this.more) this.more.set(member, state);
    else if (this.member === undefined || this.member === member) {
      this.member = member;
      this.state = state;
    } else {
      this.more = new Map([
        [this.member, this.state as TState],
        [member, state],
      ]);
      this.member = this.state = undefined;
    }
  }

  delete(member: TMember): void {
    if (this.more) this.more.delete(member);
    else if (this.member === member) this.member = this.state = undefined;
  }

  /** Visits every entry in the order in which they came; entries may be taken out meanwhile. */
  forEach(visit: (state: TState, member: TMember) => void): void {
    if (this.more) this.more.forEach(visit);
    else if (this.member !== undefined) visit(this.state as TState, this.member);
  }
}
