const most = 2_048;
const dropped = 1_024;

/** The names of a room's last numbered events, so that a cursor can be told by event; at least 1,024 of them. */
export class RecentEvents {
  private epoch = "";
  private first = 1;
  private names: string[] = [];

  /** Takes note of the next event; one that is not the next begins anew. */
  note(epoch: string, seq: number, name: string): void {
    const { names } = this;
    if (epoch !== this.epoch || seq !== this.first + names.length) {
      this.epoch = epoch;
      this.first = seq;
      names.length = 0;
    } else if (names.length === most) {
      names.splice(0, dropped);
      this.first += dropped;
    }
    names.push(name);
  }

  /** The first and the last number whose event is known; of another epoch there is none. */
  bounds(epoch: string): { readonly first: number; readonly last: number } {
    const known = epoch === this.epoch ? this.names.length : 0;
    return { first: this.first, last: this.first + known - 1 };
  }

  /** The name of an event, as it was noted; `undefined` where it is not known any more. */
  at(epoch: string, seq: number): string | undefined {
    return epoch === this.epoch ? this.names[seq - this.first] : undefined;
  }
}
