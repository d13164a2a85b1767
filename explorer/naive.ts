/**
 * The naive explorer: a map, a queue, and handlers called directly. Slow, and so plain that it can be believed: it is the
 * oracle that the engine is tested against, and stays for ever.
 */

import { canonical } from '../model/contract/data.ts';
import type { Instance } from '../model/contract/system.ts';
import type { TraceEvent } from '../model/contract/trace.ts';
import type { Verdict } from '../spec/property.ts';
import { type Exploration, type FoundRun, isEnough, type Limits, QUIESCENCE, type Stop } from './exploration.ts';
import { type Orbit, plainOrbits } from './orbits.ts';
import { callModel } from './semantics/observation.ts';
import { semanticsOf } from './semantics/semantics.ts';

interface Node {
  readonly state: unknown;
  readonly initial: number;
  readonly parent: Node | null;
  readonly event: TraceEvent | null;
}

export function exploreNaively(instance: Instance, limits: Limits = {}): Exploration {
  const { depth: deepest = Number.POSITIVE_INFINITY, states: most = Number.POSITIVE_INFINITY } = limits;
  const semantics = semanticsOf(instance);
  const orbitOf: (state: unknown) => Orbit =
    limits.symmetry === true ? plainOrbits(instance, semantics) : (state) => ({ key: semantics.key(state), size: 1 });
  const visited = new Set<string>();
  const found = new Map<string, FoundRun>();
  const cut: Record<string, number> = {};
  let generated = 0;
  let represented = 0;
  let quiescent = 0;
  let violated = false;
  let stopped: Stop | null = null;

  function judge(name: string, verdict: Verdict, expected: boolean, node: Node): void {
    if ((verdict === true) !== expected || found.has(name)) return;
    found.set(name, runTo(node));
    violated ||= !expected;
  }

  function visit(node: Node, beyond: string | null, level: Node[]): void {
    if (beyond !== null) {
      cut[beyond] = (cut[beyond] ?? 0) + 1;
      return;
    }
    generated++;
    if (node.parent !== null) checkStep(node.parent, node);
    const { key, size } = orbitOf(node.state);
    if (visited.has(key)) return;
    visited.add(key);
    represented += size;
    level.push(node);
    for (const { kind, name, check } of instance.properties) {
      if (kind === 'alwaysStep') continue;
      const verdict = callModel(`property '${name}'`, () => check(semantics.seen(node.state) as never));
      judge(name, verdict, kind === 'sometimes', node);
    }
  }

  function checkStep(before: Node, after: Node): void {
    const steps = instance.properties.filter((property) => property.kind === 'alwaysStep');
    if (steps.length === 0) return;
    const [seenBefore, seenAfter] = [semantics.seen(before.state), semantics.seen(after.state)];
    if (canonical(seenBefore) === canonical(seenAfter)) return;
    for (const { name, check } of steps) {
      const verdict = callModel(`property '${name}'`, () => check(seenBefore as never, seenAfter as never));
      judge(name, verdict, false, after);
    }
  }

  let level: Node[] = [];
  for (const [initial, { state, beyond }] of semantics.initial().entries()) {
    visit({ state, initial, parent: null, event: null }, beyond, level);
  }

  let depth = 0;
  while (level.length > 0) {
    depth++;
    if (isEnough(found, violated, limits)) break;
    if (depth === deepest || visited.size > most) {
      stopped = depth === deepest ? { reason: 'depth', limit: deepest } : { reason: 'states', limit: most };
      break;
    }
    const next: Node[] = [];
    for (const node of level) {
      const successors = semantics.successors(node.state);
      for (const { event, state, beyond } of successors) {
        visit({ state, initial: node.initial, parent: node, event }, beyond, next);
      }
      if (successors.length > 0) continue;
      quiescent++;
      const verdict = callModel(QUIESCENCE, () => instance.quiescence(semantics.seen(node.state) as never));
      judge(QUIESCENCE, verdict, false, node);
    }
    level = next;
  }
  return { distinct: visited.size, represented, generated, depth, stopped, quiescent, cut, found };
}

function runTo(node: Node): FoundRun {
  const events: TraceEvent[] = [];
  for (let at: Node | null = node; at !== null; at = at.parent) {
    if (at.event !== null) events.unshift(at.event);
  }
  return { initial: node.initial, events };
}
