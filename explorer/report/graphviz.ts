/** Graphs drawn by Graphviz, which comes as a package: nothing has to be installed. */

import { messageOf } from '../../model/contract/errors.ts';

/**
 * Draws a graph in the language of Graphviz as SVG.
 *
 * @throws Error when it is not a graph.
 */
export async function dotToSvg(dot: string): Promise<string> {
  // Loaded when it is first needed: it is large, and most commands draw nothing.
  const { renderGraphFromSource } = await import('graphviz-cli');
  try {
    const svg = await renderGraphFromSource({ input: dot }, { format: 'svg', engine: 'dot' });
    // The spaces at the beginning of a line are there to indent it.
    return svg.replace('<svg ', '<svg xml:space="preserve" ');
  } catch (thrown) {
    throw new Error(`Graphviz could not draw the graph: ${messageOf(thrown)}`);
  }
}
