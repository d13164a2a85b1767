/** A list of 32-bit integers that grows. */
export class IntList {
  items: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.items = new Int32Array(capacity);
  }

  push(item: number): void {
    this.reserve(1);
    this.items[this.length++] = item;
  }

  /** Sets an item, whether or not there are as many yet; those between are 0. */
  put(index: number, item: number): void {
    if (index >= this.length) {
      this.reserve(index + 1 - this.length);
      this.length = index + 1;
    }
    this.items[index] = item;
  }

  /** Makes room for `more` items behind the last. */
  reserve(more: number): void {
    if (this.length + more <= this.items.length) return;
    const larger = new Int32Array(Math.max(this.items.length * 2, this.length + more));
    larger.set(this.items);
    this.items = larger;
  }

  at(index: number): number {
    return this.items[index] ?? 0;
  }
}
