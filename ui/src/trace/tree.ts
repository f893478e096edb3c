// The tree of a trace as it really came: parents may be missing, several spans may have none,
// parent links may run in a circle, ids may be used twice, clocks may disagree. Nothing is dropped
// or moved; what is odd is marked. Everything is by index into `spans`, for 10,000 spans and more.

import type { Span } from '../api/trace';

/** Why a span stands at the top although it names a parent. */
export type RootMark = 'orphan' | 'cycle';

export interface Tree {
  spans: Span[];
  parent: Int32Array;
  children: number[][];
  depth: Int32Array;
  /** number of spans below */
  below: Int32Array;
  roots: number[];
  marks: Map<number, RootMark>;
  /** spans that start before their parent does: no causal order has that, so clocks differ */
  skewed: Set<number>;
  maxDepth: number;
  byId: Map<string, number>;
}

export function buildTree(spans: Span[]): Tree {
  const n = spans.length;
  const byId = new Map<string, number>();
  spans.forEach((span, i) => {
    if (span.spanId !== '' && !byId.has(span.spanId)) byId.set(span.spanId, i);
  });

  const parent = new Int32Array(n).fill(-1);
  const marks = new Map<number, RootMark>();
  for (let i = 0; i < n; i++) {
    const id = spans[i]!.parentId;
    if (id === '') continue;
    const p = byId.get(id);
    if (p === undefined) marks.set(i, 'orphan');
    else if (p === i) marks.set(i, 'cycle');
    else parent[i] = p;
  }
  breakCycles(parent, marks);

  const children: number[][] = Array.from({ length: n }, () => []);
  const roots: number[] = [];
  // Spans come by start, so children and roots do too.
  for (let i = 0; i < n; i++) {
    const p = parent[i]!;
    if (p < 0) roots.push(i);
    else children[p]!.push(i);
  }

  const depth = new Int32Array(n);
  const below = new Int32Array(n);
  const skewed = new Set<number>();
  const order: number[] = [...roots];
  let maxDepth = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    maxDepth = Math.max(maxDepth, depth[i]!);
    for (const c of children[i]!) {
      depth[c] = depth[i]! + 1;
      if (spans[c]!.start < spans[i]!.start) skewed.add(c);
      order.push(c);
    }
  }
  for (let k = order.length - 1; k >= 0; k--) {
    const i = order[k]!;
    if (parent[i]! >= 0) below[parent[i]!]! += below[i]! + 1;
  }
  return { spans, parent, children, depth, below, roots, marks, skewed, maxDepth, byId };
}

/** Each circle of parent links is cut above its earliest span, which becomes a marked root. */
function breakCycles(parent: Int32Array, marks: Map<number, RootMark>) {
  const state = new Uint8Array(parent.length); // 0 unseen, 1 on this walk, 2 done
  for (let i = 0; i < parent.length; i++) {
    const walk: number[] = [];
    let at = i;
    while (at >= 0 && state[at] === 0) {
      state[at] = 1;
      walk.push(at);
      at = parent[at]!;
    }
    if (at >= 0 && state[at] === 1) {
      // Spans are by start, so the smallest index of the circle started first.
      const circle = walk.slice(walk.indexOf(at));
      const head = circle.reduce((a, b) => Math.min(a, b));
      parent[head] = -1;
      marks.set(head, 'cycle');
    }
    for (const w of walk) state[w] = 2;
  }
}

/** Depth-first order, without what lies below a collapsed span. */
export function visibleRows(tree: Tree, collapsed: ReadonlySet<number>): number[] {
  const rows: number[] = [];
  const stack = [...tree.roots].reverse();
  while (stack.length > 0) {
    const i = stack.pop()!;
    rows.push(i);
    if (collapsed.has(i)) continue;
    const kids = tree.children[i]!;
    for (let k = kids.length - 1; k >= 0; k--) stack.push(kids[k]!);
  }
  return rows;
}

/** What to collapse so that only the first `levels` levels show. */
export function collapsedToLevel(tree: Tree, levels: number): Set<number> {
  const out = new Set<number>();
  tree.spans.forEach((_, i) => {
    if (tree.depth[i]! >= levels - 1 && tree.children[i]!.length > 0) out.add(i);
  });
  return out;
}

export function ancestors(tree: Tree, index: number): number[] {
  const out: number[] = [];
  for (let p = tree.parent[index]!; p >= 0; p = tree.parent[p]!) out.push(p);
  return out;
}

/** The span's time in which none of its children ran. */
export function selfTime(tree: Tree, index: number): number {
  const span = tree.spans[index]!;
  const end = span.start + span.duration;
  let covered = 0;
  let reached = span.start;
  // Children come by start, which makes the union one pass.
  for (const c of tree.children[index]!) {
    const child = tree.spans[c]!;
    const from = Math.max(child.start, reached);
    const to = Math.min(child.start + child.duration, end);
    if (to > from) {
      covered += to - from;
      reached = to;
    }
  }
  return span.duration - covered;
}
