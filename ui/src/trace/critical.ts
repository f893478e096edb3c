// The critical path: what the trace's end was waiting for, walked backwards from it. From the end of
// a span the last child to finish is what it waited for, up to that child's start; before that, the
// last child to finish before then; in between, the span itself. Children are clipped to their
// parent, so that work which outlives it, or a clock that differs, does not lengthen the path.
// The same walk as Jaeger's pages do.

import type { Tree } from './tree';

export type Segment = readonly [start: number, end: number];

export interface CriticalPath {
  /** by span index, in order of time */
  segments: Map<number, Segment[]>;
  /** nanoseconds on the path by span index */
  time: Map<number, number>;
}

interface Clipped {
  index: number;
  start: number;
  end: number;
}

function clip(tree: Tree, indices: number[], from: number, to: number): Clipped[] {
  const out: Clipped[] = [];
  for (const index of indices) {
    const span = tree.spans[index]!;
    const start = Math.max(span.start, from);
    const end = Math.min(span.start + span.duration, to);
    if (end > start) out.push({ index, start, end });
  }
  return out.sort((a, b) => b.end - a.end || a.start - b.start);
}

export function criticalPath(tree: Tree): CriticalPath {
  const segments = new Map<number, Segment[]>();
  const time = new Map<number, number>();
  const add = (index: number, start: number, end: number) => {
    if (end <= start) return;
    const list = segments.get(index) ?? [];
    list.push([start, end]);
    segments.set(index, list);
    time.set(index, (time.get(index) ?? 0) + end - start);
  };

  let last = 0;
  for (const r of tree.roots) last = Math.max(last, tree.spans[r]!.start + tree.spans[r]!.duration);
  const stack = chainOfRoots(clip(tree, tree.roots, 0, last), last);
  while (stack.length > 0) {
    const { index, start, end } = stack.pop()!;
    let cursor = end;
    for (const child of clip(tree, tree.children[index]!, start, end)) {
      if (child.end > cursor) continue;
      add(index, child.end, cursor);
      stack.push(child);
      cursor = child.start;
    }
    add(index, start, cursor);
  }
  for (const list of segments.values()) list.reverse();
  return { segments, time };
}

/**
 * Nothing is known of what several roots have to do with one another, and no span above them could
 * have run itself. So the path goes back through whichever root ran last before each moment.
 */
function chainOfRoots(roots: Clipped[], end: number): Clipped[] {
  const byStart = [...roots].sort((a, b) => a.start - b.start);
  // latest[i]: of the first i + 1 to start, the one to end last.
  const latest: Clipped[] = [];
  for (const root of byStart) {
    const before = latest.at(-1);
    latest.push(before && before.end >= root.end ? before : root);
  }
  const chain: Clipped[] = [];
  let cursor = end;
  for (let i = byStart.length - 1; i >= 0; i--) {
    if (byStart[i]!.start >= cursor) continue;
    const best = latest[i]!;
    chain.push({ ...best, end: Math.min(best.end, cursor) });
    cursor = best.start;
  }
  return chain;
}
