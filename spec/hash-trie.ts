/**
 * Maps that grow large: hash tries, of which a change copies the path to what it changes, and nothing else.
 *
 * Source: Bagwell, "Ideal Hash Trees" (2001). Difference: branches are not compressed, and keys stand in the leaves only.
 *
 * A map of few keys is just a `Map`. One of more is an array of maps, each of the keys whose hash has its place as next
 * digit. So the shape follows from the keys, whatever happened to the map before, and equal maps are equal values.
 * What is made here is frozen.
 */

export type HashTrie<Value> = ReadonlyMap<string, Value> | readonly HashTrie<Value>[];

/** The most keys of a leaf; more of them only where all digits of their hashes are the same. */
export const LARGEST_LEAF = 16;

const BITS_OF_DIGIT = 4;
const BRANCHES = 1 << BITS_OF_DIGIT;
const DIGITS = 32 / BITS_OF_DIGIT;

export function valueAt<Value>(trie: HashTrie<Value>, key: string): Value | undefined {
  let node: HashTrie<Value> | undefined = trie;
  for (let hash = hashOf(key); isBranching(node); hash >>>= BITS_OF_DIGIT) node = node[hash % BRANCHES];
  return node?.get(key);
}

/** The map with a value for a key, in place of the one that it may have had. */
export function withValue<Value>(trie: HashTrie<Value>, key: string, value: Value): HashTrie<Value> {
  return put(trie, hashOf(key), DIGITS, key, value);
}

/** The map without a key; the very same if it has none. */
export function withoutKey<Value>(trie: HashTrie<Value>, key: string): HashTrie<Value> {
  return removed(trie, hashOf(key), key);
}

/** @param digits how many of the hash are left */
function put<Value>(node: HashTrie<Value>, hash: number, digits: number, key: string, value: Value): HashTrie<Value> {
  if (isBranching(node)) {
    return replaced(node, hash, (branch) => put(branch, hash >>> BITS_OF_DIGIT, digits - 1, key, value));
  }
  const leaf = new Map(node).set(key, value);
  return leaf.size <= LARGEST_LEAF || digits === 0 ? Object.freeze(leaf) : split(leaf, digits);
}

function split<Value>(leaf: ReadonlyMap<string, Value>, digits: number): HashTrie<Value> {
  let node: HashTrie<Value> = Array.from({ length: BRANCHES }, () => Object.freeze(new Map<string, Value>()));
  for (const [key, value] of leaf) {
    node = put(node, hashOf(key) >>> (BITS_OF_DIGIT * (DIGITS - digits)), digits, key, value);
  }
  return node;
}

function removed<Value>(node: HashTrie<Value>, hash: number, key: string): HashTrie<Value> {
  if (!isBranching(node)) {
    if (!node.has(key)) return node;
    const leaf = new Map(node);
    leaf.delete(key);
    return Object.freeze(leaf);
  }
  const left = replaced(node, hash, (branch) => removed(branch, hash >>> BITS_OF_DIGIT, key));
  const leaves = left.flatMap((branch) => (isBranching(branch) ? [] : [branch]));
  const size = leaves.reduce((sum, leaf) => sum + leaf.size, 0);
  // What is no leaf has more keys than a leaf may have.
  if (leaves.length < BRANCHES || size > LARGEST_LEAF) return left;
  return Object.freeze(new Map(leaves.flatMap((leaf) => [...leaf])));
}

/** With another branch at the last digit of the hash; the very same if it is no other. */
function replaced<Value>(
  branches: readonly HashTrie<Value>[],
  hash: number,
  change: (branch: HashTrie<Value>) => HashTrie<Value>,
): readonly HashTrie<Value>[] {
  const at = hash % BRANCHES;
  const branch = branches[at] ?? new Map();
  const changed = change(branch);
  if (changed === branch) return branches;
  // Spread, for V8 has other ways to copy a frozen array go over its elements one by one.
  const copy = [...branches];
  copy[at] = changed;
  return Object.freeze(copy);
}

function isBranching<Value>(node: HashTrie<Value> | undefined): node is readonly HashTrie<Value>[] {
  return Array.isArray(node);
}

/** FNV-1a of the key's UTF-16 code units: 32 bits. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
