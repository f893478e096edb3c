import { describe, expect, it } from 'vitest';
import type { Span } from '../api/trace';
import { criticalPath } from './critical';
import { find } from './find';
import { ticks } from './ticks';
import { totals } from './totals';
import { ancestors, buildTree, collapsedToLevel, selfTime, visibleRows } from './tree';

type Sketch = [id: string, parent: string, start: number, end: number, more?: Partial<Span>];

function spans(...sketches: Sketch[]): Span[] {
  return sketches
    .map(([spanId, parentId, start, end, more]) => ({
      spanId,
      parentId,
      name: spanId,
      kind: 'internal' as const,
      status: 'unset' as const,
      statusMessage: '',
      start,
      duration: end - start,
      attributes: [],
      events: [],
      links: [],
      traceState: '',
      resource: { service: 's', attributes: [] },
      scope: { name: '', version: '', attributes: [] },
      ...more,
    }))
    .sort((a, b) => a.start - b.start);
}

const tree = (...sketches: Sketch[]) => buildTree(spans(...sketches));
const names = (t: ReturnType<typeof tree>, list: number[]) => list.map((i) => t.spans[i]!.spanId).join(' ');

describe('buildTree', () => {
  it('builds a plain tree', () => {
    const t = tree(['r', '', 0, 100], ['a', 'r', 10, 20], ['b', 'r', 30, 90], ['c', 'b', 40, 50]);
    expect(names(t, visibleRows(t, new Set()))).toBe('r a b c');
    expect([...t.depth]).toEqual([0, 1, 1, 2]);
    expect(t.below[0]).toBe(3);
    expect(t.maxDepth).toBe(2);
    expect(t.marks.size).toBe(0);
  });

  it('marks orphans and keeps several roots', () => {
    const t = tree(['r', '', 0, 10], ['o', 'gone', 5, 9], ['p', 'o', 6, 8], ['q', '', 7, 20]);
    expect(names(t, t.roots)).toBe('r o q');
    expect([...t.marks]).toEqual([[t.byId.get('o'), 'orphan']]);
    expect(names(t, visibleRows(t, new Set()))).toBe('r o p q');
  });

  it('cuts a circle above its first span', () => {
    const t = tree(['a', 'c', 1, 5], ['b', 'a', 2, 5], ['c', 'b', 3, 5], ['d', 'c', 4, 5], ['self', 'self', 6, 7]);
    expect(names(t, t.roots)).toBe('a self');
    expect([...t.marks.values()]).toEqual(['cycle', 'cycle']);
    expect(names(t, visibleRows(t, new Set()))).toBe('a b c d self');
  });

  it('keeps spans that share an id', () => {
    const t = tree(['r', '', 0, 10], ['x', 'r', 1, 9], ['x', 'r', 2, 8], ['y', 'x', 3, 4]);
    expect(visibleRows(t, new Set())).toHaveLength(4);
    expect(names(t, [t.parent[3]!])).toBe('x');
  });

  it('marks children that start before their parent, and moves nothing', () => {
    const t = tree(['r', '', 20, 100], ['early', 'r', 5, 50], ['late', 'r', 90, 200]);
    expect(names(t, [...t.skewed])).toBe('early');
    expect(t.spans[t.byId.get('early')!]!.start).toBe(5);
  });

  it('takes a chain of ten thousand', () => {
    const chain = Array.from({ length: 10_000 }, (_, i): Sketch => [`s${i}`, i ? `s${i - 1}` : '', i, 20_000 - i]);
    const t = tree(...chain);
    expect(t.maxDepth).toBe(9999);
    expect(visibleRows(t, new Set())).toHaveLength(10_000);
    expect(criticalPath(t).segments.size).toBe(10_000);
    expect(ancestors(t, 9999)).toHaveLength(9999);
  });
});

describe('collapsing', () => {
  const t = tree(['r', '', 0, 100], ['a', 'r', 10, 20], ['b', 'r', 30, 90], ['c', 'b', 40, 50], ['d', 'c', 41, 42]);
  it('hides what is below', () => {
    expect(names(t, visibleRows(t, new Set([t.byId.get('b')!])))).toBe('r a b');
  });
  it('shows as many levels as asked', () => {
    expect(names(t, visibleRows(t, collapsedToLevel(t, 1)))).toBe('r');
    expect(names(t, visibleRows(t, collapsedToLevel(t, 2)))).toBe('r a b');
    expect(names(t, visibleRows(t, collapsedToLevel(t, 3)))).toBe('r a b c');
  });
});

it('tells self time: what no child covers', () => {
  const t = tree(['r', '', 0, 100], ['a', 'r', 10, 40], ['b', 'r', 30, 50], ['c', 'r', 90, 150], ['d', 'r', 0, 5]);
  expect(selfTime(t, t.byId.get('r')!)).toBe(100 - 5 - 40 - 10);
  expect(selfTime(t, t.byId.get('a')!)).toBe(30);
});

describe('criticalPath', () => {
  const path = (t: ReturnType<typeof tree>) =>
    Object.fromEntries([...criticalPath(t).segments].map(([i, list]) => [t.spans[i]!.spanId, list]));

  it('walks back through the last to finish', () => {
    const t = tree(['r', '', 0, 100], ['a', 'r', 10, 40], ['b', 'r', 20, 60], ['c', 'r', 70, 95], ['d', 'c', 75, 90]);
    expect(path(t)).toEqual({
      r: [
        [0, 20],
        [60, 70],
        [95, 100],
      ],
      b: [[20, 60]],
      c: [
        [70, 75],
        [90, 95],
      ],
      d: [[75, 90]],
    });
    const { time } = criticalPath(t);
    expect([...time.values()].reduce((a, b) => a + b)).toBe(100);
  });

  it('clips children that outlive their parent or start before it', () => {
    const t = tree(['r', '', 10, 100], ['early', 'r', 0, 30], ['async', 'r', 80, 500]);
    expect(path(t)).toMatchObject({ r: [[30, 80]], early: [[10, 30]], async: [[80, 100]] });
  });

  it('ends where the last root ends and covers the time of all roots', () => {
    const t = tree(['a', '', 0, 50], ['b', '', 20, 120], ['c', 'gone', 90, 100], ['d', '', 5, 8]);
    expect(path(t)).toEqual({ b: [[20, 120]], a: [[0, 20]] });
  });

  it('leaves a gap between roots a gap', () => {
    expect(path(tree(['a', '', 0, 10], ['b', '', 30, 40]))).toEqual({ a: [[0, 10]], b: [[30, 40]] });
  });

  it('takes spans without length', () => {
    expect(path(tree(['r', '', 0, 0]))).toEqual({});
    expect(path(tree(['r', '', 0, 10], ['z', 'r', 5, 5]))).toEqual({ r: [[0, 10]] });
  });
});

it('counts tokens and money at the innermost span that carries them', () => {
  const use = (input: number, cost?: number) => ({
    attributes: [
      { key: 'tokens.input', value: input },
      ...(cost === undefined ? [] : [{ key: 'cost.usd', value: String(cost) }]),
    ],
  });
  const t = tree(
    ['r', '', 0, 100, use(300)],
    ['a', 'r', 1, 10, use(100, 0.5)],
    ['b', 'r', 20, 30, { ...use(200, 0.25), status: 'error' }],
    ['c', 'b', 21, 22],
  );
  expect(totals(t)).toMatchObject({
    errors: 1,
    usage: { input: 300, output: undefined, cost: 0.75 },
    services: [{ name: 's', spans: 4, errors: 1 }],
  });
  expect(totals(tree(['r', '', 0, 1])).usage).toBeUndefined();
});

it('finds spans by all words', () => {
  const list = spans(
    ['checkout', '', 0, 1, { attributes: [{ key: 'http.status_code', value: 500 }] }],
    ['other', '', 0, 1, { status: 'error' }],
  );
  expect([...find(list, 'status_code=500')!]).toEqual([0]);
  expect([...find(list, 'CHECK out')!]).toEqual([0]);
  expect([...find(list, 'status=error')!]).toEqual([1]);
  expect(find(list, '  ')).toBeUndefined();
});

it('puts ticks at round places', () => {
  expect(ticks(0, 100e6, 5)).toEqual([0, 20e6, 40e6, 60e6, 80e6, 100e6]);
  expect(ticks(3, 11, 4)).toEqual([4, 6, 8, 10]);
  expect(ticks(0, 300e9, 5)).toEqual([0, 60e9, 120e9, 180e9, 240e9, 300e9]);
  expect(ticks(0, 1, 6)).toEqual([0, 1]);
  expect(ticks(5, 5, 6)).toEqual([5]);
});
