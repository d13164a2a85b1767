import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { dotToSvg } from '../../../explorer/report/graphviz.ts';
import { countOf, elementsOf } from './xml.ts';

describe('Graphviz', () => {
  test('draws a graph', async () => {
    const svg = await dotToSvg('digraph { a -> "b <&\\">" }');
    expect(elementsOf(svg)[0]).toBe('svg');
    expect(svg).toContain('b &lt;&amp;&quot;&gt;');
  });

  test('draws a graph of hundreds of nodes', async () => {
    const edges = Array.from({ length: 600 }, (_, index) => `n${index % 300} -> n${(index * 7 + 1) % 300};`);
    expect(countOf(await dotToSvg(`digraph { ${edges.join(' ')} }`), 'class="node"')).toBe(300);
  });

  test('says so when it cannot', async () => {
    await expect(dotToSvg('digraph { a -> ')).rejects.toThrow(/Graphviz could not draw the graph: .*syntax error/);
  });

  test('does not keep the program from ending', async () => {
    const program = `
      import('jiti')
        .then(({ createJiti }) => createJiti(process.cwd() + '/').import('./explorer/report/graphviz.ts'))
        .then(({ dotToSvg }) => dotToSvg('digraph { a }'))
        .then((svg) => console.log(svg.length > 0));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], { timeout: 240_000 });
    expect(stdout.trim()).toBe('true');
  });
});
