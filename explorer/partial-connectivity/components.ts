/** Strongly connected components: Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), without recursion. */

/** The components, each with its nodes; a component comes after all that its edges lead to. */
export function componentsOf(edges: readonly (readonly number[])[]): number[][] {
  const index = new Array<number>(edges.length).fill(-1);
  const low = new Array<number>(edges.length).fill(0);
  const isOpen = new Array<boolean>(edges.length).fill(false);
  const open: number[] = [];
  const components: number[][] = [];
  let visited = 0;

  const enter = (node: number): { node: number; next: number } => {
    index[node] = low[node] = visited++;
    open.push(node);
    isOpen[node] = true;
    return { node, next: 0 };
  };
  const lower = (node: number, to: number): void => {
    low[node] = Math.min(low[node] ?? 0, to);
  };

  for (let root = 0; root < edges.length; root++) {
    if (index[root] !== -1) continue;
    const path = [enter(root)];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = edges[at.node]?.[at.next++];
      if (to === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) lower(parent.node, low[at.node] ?? 0);
        if (low[at.node] === index[at.node]) components.push(closed(open, isOpen, at.node));
      } else if (index[to] === -1) {
        path.push(enter(to));
      } else if (isOpen[to] === true) {
        lower(at.node, index[to] ?? 0);
      }
    }
  }
  return components;
}

function closed(open: number[], isOpen: boolean[], root: number): number[] {
  const component = open.splice(open.lastIndexOf(root));
  for (const node of component) isOpen[node] = false;
  return component.sort((a, b) => a - b);
}
