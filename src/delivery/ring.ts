const smallest = 4;

/** A first-in, first-out list that is also read by position; adding and taking cost the same at any length. */
export class Ring<TItem> {
  length = 0;
  private items: (TItem | undefined)[] = [];
  private start = 0;

  /** The item `index` places behind the oldest; it must be there. */
  at(index: number): TItem {
    return this.items[(this.start + index) & (this.items.length - 1)] as TItem;
  }

  push(item: TItem): void {
    const { items, length } = this;
    if (length === items.length) this.resize(length === 0 ? smallest : length * 2);
    this.items[(this.start + length) & (this.items.length - 1)] = item;
    this.length = length + 1;
  }

  /** Takes out the oldest item; there must be one. */
  shift(): TItem {
    const { items, start } = this;
    const item = items[start] as TItem;
    items[start] = undefined;
    this.start = (start + 1) & (items.length - 1);
    this.length--;
    return item;
  }

  /** Gives back the room of a burst that is over. */
  shrink(): void {
    let size = this.items.length;
    while (size > smallest && this.length <= size / 4) size /= 2;
    if (size < this.items.length) this.resize(size);
  }

  private resize(size: number): void {
    const { length } = this;
    const items = new Array<TItem | undefined>(size);
    for (let index = 0; index < length; index++) items[index] = this.at(index);
    items.fill(undefined, length);
    this.items = items;
    this.start = 0;
  }
}
