/**
 * Makes what documents show: `npm run docs`. With `--check` it changes nothing and fails when something is out of date.
 *
 * - A fenced block of kind `console` that begins with `$ npx lockstep ...` is followed by what that command prints (with
 *   `first=N`, by its first N lines), less the line with its time.
 * - A fenced block of kind `ts` with `file=PATH` is that file.
 * - The lines between `<!-- table: systems -->`, `<!-- table: pinned runs -->`, `<!-- table: symmetry -->`,
 *   `<!-- table: measured NAME -->`, or `<!-- table: mutants of SYSTEM -->`, and `<!-- end -->` are made of
 *   the manifests.
 * - Each picture below docs/pictures is drawn by the command that PICTURES gives for it.
 */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grouped } from '../explorer/report/numbers.ts';
import { SymmetryGroup } from '../explorer/semantics/symmetry-group.ts';
import type { System } from '../model/contract/system.ts';
import { builtInSystems } from '../model/registry.ts';
import { ROOT, readManifest, runName } from './manifest.ts';
import { measuredTable } from './measured.ts';

/** The commands that draw the pictures: without `lockstep` in front and `--out` behind. */
const PICTURES: Readonly<Record<string, readonly string[]>> = {
  'paxos-own-value.svg': ['check', 'paxos', '--mutant', 'own-value', '--quiet'],
  'paxos-adopt.svg': ['graph', 'paxos', '--scenario', 'adopt'],
  'paxos-example-run.svg': ['graph', 'paxos', '--scenario', 'example-run'],
  'die-hard.svg': ['graph', 'die-hard'],
  'multi-paxos-leader-order.svg': ['graph', 'multi-paxos', '--scenario', 'leader-order'],
  'multi-paxos-impose-no-raise.svg': ['check', 'multi-paxos', '--mutant', 'impose-no-raise', '--quiet'],
  'zab-leader-order.svg': ['graph', 'zab', '--scenario', 'leader-order'],
  'raft-slow-follower.svg': ['graph', 'raft', '--scenario', 'slow-follower'],
  'raft-commit-rule-case-2.svg': ['graph', 'raft', '--scenario', 'commit-rule-case-2'],
  'sequence-paxos-ballot-array.svg': ['graph', 'sequence-paxos', '--scenario', 'ballot-array-c0'],
  'sequence-paxos-no-prepare-req.svg': ['check', 'sequence-paxos', '--mutant', 'no-prepare-req', '--quiet'],
  'liveness-test-and-set.svg': ['check', 'examples/mutual-exclusion.ts', 'lock=test-and-set', '--quiet'],
  'flp-diamond.svg': ['flp', 'wait-for-all', '--picture', 'diamond'],
  'flp-line.svg': ['flp', 'first-answers', '--picture', 'line'],
  'flp-blocked.svg': ['flp', 'wait-for-all'],
  'flp-disagreement.svg': ['flp', 'leader-takeover'],
  'flp-critical.svg': ['flp', 'two-phase-commit', 'rms=2'],
  'flp-duel.svg': ['flp', 'dueling-proposers'],
  'flp-duel-run.svg': ['flp', 'dueling-proposers', '--picture', 'run'],
  'omni-paxos-stack-elect-and-decide.svg': ['graph', 'omni-paxos-stack', '--scenario', 'elect-and-decide'],
};

const LAUNCHER = fileURLToPath(new URL('bin/lockstep.js', ROOT));
/** A line whose figures differ from run to run. */
const TIMING = /(transitions|events|steps) a second/;

const checking = process.argv.includes('--check');
const outdated: string[] = [];
const systems = await builtInSystems();

/** What a command prints. */
function lockstep(args: readonly string[]): Promise<string> {
  const env = { ...process.env, COLUMNS: '80', NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [LAUNCHER, ...args],
      { cwd: ROOT, env, maxBuffer: Number.POSITIVE_INFINITY },
      (error, out, err) => {
        if (error === null || error.code === 1) resolve(out);
        else reject(new Error(`lockstep ${args.join(' ')} failed:\n${err}`, { cause: error }));
      },
    );
  });
}

/** Does all jobs, so many at a time as there are cores. */
async function doAll(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...jobs];
  const work = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

function put(path: string, text: string): void {
  const url = new URL(path, ROOT);
  if (existsSync(url) && readFileSync(url, 'utf8') === text) return;
  outdated.push(path);
  if (!checking) writeFileSync(url, text);
}

/** Jobs that draw the pictures below `place`. */
function drawings(place: string): (() => Promise<void>)[] {
  return Object.entries(PICTURES).map(([name, args]) => async () => {
    await lockstep([...args, '--out', join(place, name)]);
  });
}

function putPictures(place: string): void {
  mkdirSync(new URL('docs/pictures/', ROOT), { recursive: true });
  for (const name of Object.keys(PICTURES)) put(`docs/pictures/${name}`, readFileSync(join(place, name), 'utf8'));
}

function documents(): string[] {
  const below = readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' });
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...below.filter((path) => path.endsWith('.md')).map((path) => `docs/${path}`),
  ];
}

/** A console: how many lines of it are shown, if not all; and the command. */
const CONSOLE = /^```console(?: first=(\d+))?\n\$ npx lockstep ([^\n]*)\n[\s\S]*?^```$/gm;

function commandsIn(text: string): string[] {
  return [...text.matchAll(CONSOLE)].map(([, , command = '']) => command);
}

function argumentsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** The document with its consoles and tables made anew. */
function remade(text: string, printed: ReadonlyMap<string, string>): string {
  return text
    .replaceAll(CONSOLE, (_, first: string | undefined, command: string) => {
      const lines = (printed.get(command) ?? '')
        .trimEnd()
        .split('\n')
        .filter((line) => !TIMING.test(line));
      const shown = first === undefined ? lines : [...lines.slice(0, Number(first)), '...'];
      return `\`\`\`console${first === undefined ? '' : ` first=${first}`}\n$ npx lockstep ${command}\n${shown.join('\n')}\n\`\`\``;
    })
    .replaceAll(
      /(<!-- table: mutants of (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
      (_, begin: string, name: string, end: string) => `${begin}${mutantTable(name)}${end}`,
    )
    .replaceAll(
      /(<!-- table: systems -->\n)[\s\S]*?(<!-- end -->)/g,
      (_, begin: string, end: string) => `${begin}${systemTable()}${end}`,
    )
    .replaceAll(
      /(<!-- table: symmetry -->\n)[\s\S]*?(<!-- end -->)/g,
      (_, begin: string, end: string) => `${begin}${symmetryTable()}${end}`,
    )
    .replaceAll(
      /(<!-- table: measured (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
      (_, begin: string, name: string, end: string) => `${begin}${measuredTable(name)}${end}`,
    )
    .replaceAll(
      /(<!-- table: pinned runs -->\n)[\s\S]*?(<!-- end -->)/g,
      (_, begin: string, end: string) => `${begin}${pinnedTable()}${end}`,
    );
}

/** The mutants of a system: what each breaks, and how many events the shortest runs have that show it. */
function mutantTable(name: string): string {
  const system = systems.find((candidate) => candidate.name === name);
  if (system === undefined) throw new Error(`a table asks for the mutants of '${name}', which does not exist`);
  const { runs } = readManifest(system);
  const rows = Object.entries(system.mutants).map(([mutant, { help, breaks }]) => {
    const run = runs.find((candidate) => candidate.mutant === mutant && Object.keys(candidate.parameters).length === 0);
    const violated = (run?.violated ?? []).toSorted((a, b) => Number(b === breaks) - Number(a === breaks));
    const found = violated.map(
      (property) => `${property}${run?.lengths[property] === undefined ? '' : ` (${run.lengths[property]})`}`,
    );
    return `| \`${mutant}\` | ${help} | ${found.join(', ')} |\n`;
  });
  return `| mutant | what is broken | violated (after so many events) |\n| --- | --- | --- |\n${rows.join('')}`;
}

/** Every system: its properties, what its default run and its largest one visit, and how many mutants are killed. */
function systemTable(): string {
  const rows = systems.map((system) => {
    const sound = readManifest(system).runs.filter(({ mutant, verdict }) => mutant === null && verdict === 'holds');
    const usual = sound.find(({ parameters }) => Object.keys(parameters).length === 0);
    const largest = sound.toSorted((a, b) => b.distinct - a.distinct)[0];
    const instance = system.build({}, null);
    const properties = instance.properties.length + instance.temporal.length;
    const counts = [properties, usual?.distinct ?? 0, largest?.distinct ?? 0].map(grouped);
    return row([`\`${system.name}\``, ...counts, killed(system)]);
  });
  return table(['system', 'properties', 'states by default', 'in its largest pinned run', 'mutants killed'], rows);
}

/** Every pinned run of the unbroken protocols. */
function pinnedTable(): string {
  const rows = systems.flatMap((system) =>
    readManifest(system)
      .runs.filter(({ mutant }) => mutant === null)
      .map((run, index) => {
        const verdict = run.verdict === 'holds' ? 'holds' : `violated: ${run.violated.join(', ')}`;
        const counts = [run.distinct, run.generated, run.depth].map(grouped);
        return row([index === 0 ? `\`${system.name}\`` : '', runName(run), verdict, ...counts, run.tier]);
      }),
  );
  return table(['system', 'parameters', 'verdict', 'distinct', 'generated', 'depth', 'takes'], rows);
}

/** Every pinned run with symmetry of an unbroken protocol. */
function symmetryTable(): string {
  const rows = systems.flatMap((system) =>
    (readManifest(system).symmetric ?? [])
      .filter(({ mutant }) => mutant === null)
      .map((run, index) => {
        const { order } = new SymmetryGroup(system.build(run.parameters, null).symmetry);
        const counts = [order, run.represented, run.distinct].map(grouped);
        const factor = (run.represented / run.distinct).toFixed(1);
        return row([index === 0 ? `\`${system.name}\`` : '', runName(run), ...counts, factor]);
      }),
  );
  return table(['system', 'parameters', 'renamings', 'states', 'up to symmetry', 'factor'], rows);
}

/** How many mutants violate, as pinned, what they are there to break. */
function killed(system: System): string {
  const { runs } = readManifest(system);
  const mutants = Object.entries(system.mutants);
  const dead = mutants.filter(([name, { breaks }]) =>
    runs.some((run) => run.mutant === name && run.violated.includes(breaks)),
  );
  return `${dead.length} of ${mutants.length}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function table(head: readonly string[], rows: readonly string[]): string {
  return `${row(head)}${row(head.map(() => '---'))}${rows.join('')}`;
}

const texts = new Map(documents().map((path) => [path, readFileSync(new URL(path, ROOT), 'utf8')]));
const place = mkdtempSync(join(tmpdir(), 'lockstep-docs-'));
const printed = new Map<string, string>();
const printing = [...new Set([...texts.values()].flatMap(commandsIn))].map((command) => async () => {
  printed.set(command, await lockstep(argumentsOf(command)));
});
try {
  await doAll([...printing, ...drawings(place)]);
  putPictures(place);
} finally {
  rmSync(place, { recursive: true });
}
for (const [path, text] of texts) put(path, remade(text, printed));
for (const path of outdated) console.log(`${checking ? 'out of date' : 'made'}: ${path}`);
if (checking && outdated.length > 0) {
  console.log('run `npm run docs`');
  process.exitCode = 1;
}
