/**
 * The containers of a state, as a function of the model gets them (see state-draft.ts): proxies of targets that fill as
 * they are read. What is written goes into the targets, and is compared in the end with what was fetched.
 */

import { ContentSet } from '../../model/contract/content-set.ts';
import { type Cell, NONE } from './cells.ts';
import type { Changes, StateDraft } from './state-draft.ts';

/** A container of the state, and its proxy. */
export interface ContainerDraft {
  readonly draft: object;
  /** Notes what is different now from what was there. */
  compare(changes: Changes): void;
}

/** What becomes of a key between what was fetched and now. */
function compareKey(of: StateDraft, cell: Cell, before: unknown, isThere: boolean, now: unknown, changes: Changes) {
  if (!isThere) {
    if (before !== undefined) of.erase(cell, changes);
  } else if (now !== before || before === undefined) {
    of.replace(cell, now, changes);
  } else {
    of.draftOf(now)?.compare(changes);
  }
}

/** An object or array. */
export class KeyedDraft implements ContainerDraft, ProxyHandler<Record<string, unknown>> {
  readonly draft: object;
  readonly #of: StateDraft;
  readonly #cell: Cell;
  readonly #is: Record<string, unknown>;
  /** How long the array was; null for an object. */
  readonly #length: number | null;
  /** By key, what was there; undefined for nothing. */
  readonly #fetched = new Map<string, unknown>();
  #isWhole = false;

  constructor(of: StateDraft, cell: Cell, kind: 'object' | 'array') {
    this.#of = of;
    this.#cell = cell;
    this.#length = kind === 'array' ? of.readSize(cell) : null;
    this.#is = (this.#length === null ? {} : new Array(this.#length)) as Record<string, unknown>;
    this.draft = new Proxy(this.#is, this);
  }

  get(is: Record<string, unknown>, key: string | symbol): unknown {
    this.#fetch(key);
    return Reflect.get(is, key);
  }

  has(is: Record<string, unknown>, key: string | symbol): boolean {
    this.#fetch(key);
    return Reflect.has(is, key);
  }

  getOwnPropertyDescriptor(is: Record<string, unknown>, key: string | symbol): PropertyDescriptor | undefined {
    this.#fetch(key);
    return Reflect.getOwnPropertyDescriptor(is, key);
  }

  ownKeys(is: Record<string, unknown>): (string | symbol)[] {
    this.#fetchAll();
    return Reflect.ownKeys(is);
  }

  set(is: Record<string, unknown>, key: string | symbol, value: unknown): boolean {
    if (this.#of.isFrozen || typeof key === 'symbol' || key === '__proto__') this.#of.refuse();
    const isShorter = this.#length !== null && key === 'length' && value !== is.length;
    if (isShorter) this.#fetchAll();
    this.#fetch(key);
    // What was there, is gone and comes again, comes last.
    if (this.#fetched.get(key) !== undefined && !Object.hasOwn(is, key)) this.#fetchAll();
    return Reflect.set(is, key, value);
  }

  deleteProperty(is: Record<string, unknown>, key: string | symbol): boolean {
    if (this.#of.isFrozen) this.#of.refuse();
    this.#fetch(key);
    return Reflect.deleteProperty(is, key);
  }

  defineProperty(): boolean {
    return this.#of.refuse();
  }

  setPrototypeOf(): boolean {
    return this.#of.refuse();
  }

  preventExtensions(): boolean {
    return this.#of.refuse();
  }

  compare(changes: Changes): void {
    const is = this.#is;
    for (const [key, before] of this.#fetched)
      compareKey(this.#of, this.#inner(key), before, Object.hasOwn(is, key), is[key], changes);
    if (this.#length === null) return;
    for (let index = 0; index < (is.length as number); index++) {
      const isNew = index >= this.#length || this.#fetched.has(String(index));
      if (isNew && !Object.hasOwn(is, index)) this.#of.refuse();
    }
  }

  #inner(key: string): Cell {
    return this.#of.cells.child(this.#cell, this.#length === null ? key : Number(key));
  }

  #fetch(key: string | symbol): void {
    if (typeof key === 'symbol' || this.#fetched.has(key) || (this.#length !== null && !INDEX.test(key))) return;
    const value = this.#of.read(this.#inner(key));
    this.#fetched.set(key, value);
    if (value !== undefined) define(this.#is, key, value);
  }

  #fetchAll(): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    const is = this.#is;
    const added = Object.keys(is).filter((key) => this.#length === null && this.#fetched.get(key) === undefined);
    for (const { key } of this.#of.readWithin(this.#cell)) {
      const name = String(key);
      if (!this.#fetched.has(name)) this.#fetch(name);
      else if (Object.hasOwn(is, name)) putLast(is, name);
    }
    for (const key of added) putLast(is, key);
  }
}

const INDEX = /^(?:0|[1-9]\d*)$/;

/** Its own key, whatever it is called. */
function define(is: object, key: string, value: unknown): void {
  Object.defineProperty(is, key, { value, writable: true, enumerable: true, configurable: true });
}

function putLast(is: Record<string, unknown>, key: string): void {
  if (Array.isArray(is)) return;
  const value = is[key];
  delete is[key];
  define(is, key, value);
}

/** What there is in a Set or Map: filled as it is read. */
abstract class CollectionDraft<Is extends Set<unknown> | Map<unknown, unknown>>
  implements ContainerDraft, ProxyHandler<Is>
{
  readonly draft: object;
  protected readonly of: StateDraft;
  protected readonly cell: Cell;
  protected readonly is: Is;
  /** By cell, what was there; undefined for nothing. */
  protected readonly fetched = new Map<Cell, unknown>();
  #isWhole = false;

  constructor(of: StateDraft, cell: Cell, is: Is) {
    this.of = of;
    this.cell = cell;
    this.is = is;
    this.draft = new Proxy<object>(is, this as ProxyHandler<object>);
  }

  get(is: Is, name: string | symbol): unknown {
    switch (name) {
      case 'size':
        return this.#size();
      case 'has':
        return (key: unknown): boolean => {
          this.fetchKey(key);
          return is.has(key);
        };
      case 'delete':
        return (key: unknown): boolean => {
          if (this.of.isFrozen) this.of.refuse();
          this.fetchKey(key);
          return is.delete(key);
        };
    }
    const own = this.getOwn(is, name);
    if (own !== undefined) return own;
    this.fetchAll();
    if (this.of.isFrozen && name === 'clear') this.of.refuse();
    const value: unknown = Reflect.get(is, name, is);
    return typeof value === 'function' ? value.bind(is) : value;
  }

  set(): boolean {
    return this.of.refuse();
  }

  deleteProperty(): boolean {
    return this.of.refuse();
  }

  defineProperty(): boolean {
    return this.of.refuse();
  }

  setPrototypeOf(): boolean {
    return this.of.refuse();
  }

  preventExtensions(): boolean {
    return this.of.refuse();
  }

  abstract compare(changes: Changes): void;

  /** Whether keys that are objects are told apart by their content, and not by identity. */
  protected abstract readonly knowsContent: boolean;

  /** What only a Set or only a Map has, other than methods that look at it from end to end. */
  protected abstract getOwn(is: Is, name: string | symbol): unknown;

  /** Puts what is in a cell into the target. */
  protected abstract put(cell: Cell, value: unknown): void;

  /** Puts all keys that there were first, in canonical order, and those that were added behind them. */
  protected abstract reorder(before: readonly Cell[]): void;

  /** Fetches what is at a key, if it can be told by its content. */
  protected fetchKey(key: unknown): void {
    if (!this.knowsContent && typeof key === 'object' && key !== null) return this.fetchAll();
    const cell = this.of.cellWithin(this.cell, key);
    if (cell !== null) this.fetch(cell);
  }

  /** What was there, is gone and is put again, is put last: this must be known of all before. */
  protected fetchBeforeAdding(key: unknown): void {
    this.fetchKey(key);
    if (this.#isWhole || this.is.has(key)) return;
    const cell = this.of.cellWithin(this.cell, key);
    if (cell !== null && this.fetched.get(cell) !== undefined) this.fetchAll();
  }

  protected fetchAll(): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    const before = this.of.readWithin(this.cell);
    for (const cell of before) this.fetch(cell);
    this.reorder(before);
  }

  protected fetch(cell: Cell): void {
    if (this.fetched.has(cell)) return;
    const value = this.of.read(cell);
    this.fetched.set(cell, value);
    if (value !== undefined) this.put(cell, value);
  }

  #size(): number {
    let known = 0;
    for (const value of this.fetched.values()) if (value !== undefined) known++;
    return this.of.readSize(this.cell) + this.is.size - known;
  }
}

export class SetDraft extends CollectionDraft<Set<unknown>> {
  protected readonly knowsContent: boolean;

  constructor(of: StateDraft, cell: Cell) {
    super(of, cell, of.setsKnowContent ? new ContentSet() : new Set());
    this.knowsContent = of.setsKnowContent;
  }

  compare(changes: Changes): void {
    const { cells } = this.of;
    const now = new Set([...this.is].map((member) => cells.child(this.cell, member)));
    if (now.size < this.is.size) this.of.refuse();
    for (const [cell, before] of this.fetched)
      if (before !== undefined && !now.has(cell)) changes.set(cell.number, NONE);
    for (const cell of now)
      if (this.fetched.get(cell) === undefined) changes.set(cell.number, cells.atom(cell, 'member'));
  }

  protected getOwn(is: Set<unknown>, name: string | symbol): unknown {
    if (name !== 'add') return undefined;
    return (member: unknown): object => {
      if (this.of.isFrozen) this.of.refuse();
      this.fetchBeforeAdding(member);
      is.add(member);
      return this.draft;
    };
  }

  protected put(cell: Cell): void {
    this.is.add(cell.key);
  }

  protected reorder(before: readonly Cell[]): void {
    const { is } = this;
    const kept = before.map(({ key }) => key).filter((key) => is.has(key));
    const members = [...is];
    is.clear();
    for (const member of kept) is.add(member);
    for (const member of members) is.add(member);
  }
}

export class MapDraft extends CollectionDraft<Map<unknown, unknown>> {
  protected readonly knowsContent = false;

  constructor(of: StateDraft, cell: Cell) {
    super(of, cell, new Map());
  }

  compare(changes: Changes): void {
    const { cells } = this.of;
    const now = new Map([...this.is].map(([key, value]) => [cells.child(this.cell, key), value]));
    if (now.size < this.is.size) this.of.refuse();
    for (const [cell, before] of this.fetched) compareKey(this.of, cell, before, now.has(cell), now.get(cell), changes);
    for (const [cell, value] of now) if (!this.fetched.has(cell)) this.of.replace(cell, value, changes);
  }

  protected getOwn(is: Map<unknown, unknown>, name: string | symbol): unknown {
    if (name === 'get')
      return (key: unknown): unknown => {
        this.fetchKey(key);
        return is.get(key);
      };
    if (name !== 'set') return undefined;
    return (key: unknown, value: unknown): object => {
      if (this.of.isFrozen) this.of.refuse();
      this.fetchBeforeAdding(key);
      is.set(key, value);
      return this.draft;
    };
  }

  protected put({ key }: Cell, value: unknown): void {
    this.is.set(key, value);
  }

  protected reorder(before: readonly Cell[]): void {
    const { is } = this;
    const kept = before.map(({ key }) => key).filter((key) => is.has(key));
    const entries = [...is];
    const values = new Map(entries);
    is.clear();
    for (const key of kept) is.set(key, values.get(key));
    for (const [key, value] of entries) is.set(key, value);
  }
}
