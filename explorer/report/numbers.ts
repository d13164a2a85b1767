/** Numbers as people read them. */

/** A whole number: `1,194,428`. (The first `toLocaleString` of a program takes as long as a small check.) */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 state`, `2 states`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** `85 ms`, `1.2 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const LARGE = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
] as const;

/** `2.4 million`, `950`. */
export function rounded(count: number): string {
  const [unit, name] = LARGE.find(([size]) => count >= size) ?? [1, ''];
  const scaled = count / unit;
  if (name === '') return grouped(Math.round(scaled));
  return `${scaled < 10 ? Number(scaled.toFixed(1)) : Math.round(scaled)} ${name}`;
}

/** A probability: `1 in 26 million`, `12%`. */
export function odds(probability: number): string {
  if (probability >= 0.01) return `${Math.round(Math.min(1, probability) * 100)}%`;
  const against = 1 / probability;
  return against >= 1e15 ? 'less than 1 in 1,000 trillion' : `1 in ${rounded(against)}`;
}
