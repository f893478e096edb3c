import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useKeys } from '../lib/keys';
import { useUrlState } from '../lib/url';
import { Detail } from './Detail';
import { find } from './find';
import { Header } from './Header';
import { Minimap } from './Minimap';
import { readDepth, readView, writeView, type View } from './params';
import { Toolbar } from './Toolbar';
import type { Model } from './TracePage';
import css from './TraceView.module.css';
import { ancestors, collapsedToLevel, visibleRows } from './tree';
import { Waterfall, type WaterfallHandle } from './Waterfall';

interface Props {
  model: Model;
  back: string;
  reload: () => void;
}

export function TraceView({ model, back, reload }: Props) {
  const { tree, trace } = model;
  const { params, set } = useUrlState();
  const waterfall = useRef<WaterfallHandle>(null);

  const openId = params.get('span') ?? '';
  const open = openId ? tree.byId.get(openId) : undefined;
  const depth = readDepth(params.get('depth'));
  const view = useMemo(() => readView(params.get('view'), trace.duration), [params, trace.duration]);
  const [query, setQuery] = useQueryText();

  const [cursor, setCursor] = useState(open ?? tree.roots[0] ?? 0);
  const [collapsed, setCollapsed] = useState<ReadonlySet<number>>(() => {
    const start = depth ? collapsedToLevel(tree, depth) : new Set<number>();
    if (open !== undefined) for (const a of ancestors(tree, open)) start.delete(a);
    return start;
  });
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const position = useMemo(() => new Map(rows.map((index, at) => [index, at])), [rows]);

  const deferred = useDeferredValue(query);
  const matches = useMemo(() => find(tree.spans, deferred), [tree, deferred]);

  const openSpan = useCallback(
    (index: number) => set({ span: tree.spans[index]?.spanId }, { replace: params.has('span') }),
    [set, tree, params],
  );
  const close = () => {
    set({ span: undefined });
    waterfall.current?.focus();
  };

  /** Moves to a span, uncovering it when it is hidden; an open detail follows. */
  const go = (index: number) => {
    const hidden = ancestors(tree, index).filter((a) => collapsed.has(a));
    if (hidden.length > 0) setCollapsed((now) => new Set([...now].filter((i) => !hidden.includes(i))));
    setCursor(index);
    waterfall.current?.reveal(index);
    if (open !== undefined) openSpan(index);
  };
  const step = (by: number) => {
    const at = position.get(cursor) ?? 0;
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next !== undefined) go(next);
  };
  /** The next span of a set in the order of the rows, around the end; hidden ones count by where they would be. */
  const all = useMemo(() => visibleRows(tree, new Set()), [tree]);
  const cycle = (wanted: (index: number) => boolean, by: 1 | -1) => {
    const from = all.indexOf(cursor);
    for (let k = 1; k <= all.length; k++) {
      const index = all[(from + by * k + all.length * 2) % all.length]!;
      if (wanted(index)) return go(index);
    }
  };
  const nextError = (by: 1 | -1) => cycle((i) => tree.spans[i]!.status === 'error', by);
  const nextMatch = (by: 1 | -1) => matches && cycle((i) => matches.has(i), by);

  const toggle = useCallback((index: number) => {
    setCollapsed((now) => {
      const next = new Set(now);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  }, []);
  const showLevels = (levels: number | undefined) => {
    set({ depth: levels ? String(levels) : undefined }, { replace: true });
    const next = levels ? collapsedToLevel(tree, levels) : new Set<number>();
    setCollapsed(next);
    // The cursor stays on something that can be seen.
    const covering = ancestors(tree, cursor).filter((a) => next.has(a));
    if (covering.length > 0) setCursor(covering.at(-1)!);
  };
  const zoom = useCallback((next: View | undefined) => set({ view: writeView(next) }), [set]);
  const zoomToSpan = () => {
    const span = tree.spans[cursor]!;
    const pad = Math.max(span.duration * 0.05, 1);
    zoom({ from: Math.max(0, span.start - pad), to: Math.min(trace.duration, span.start + span.duration + pad) });
  };
  const sideways = (right: boolean) => {
    const kids = tree.children[cursor]!;
    const shut = collapsed.has(cursor);
    if (right && kids.length > 0) return shut ? toggle(cursor) : go(kids[0]!);
    if (!right && kids.length > 0 && !shut) return toggle(cursor);
    if (!right && tree.parent[cursor]! >= 0) go(tree.parent[cursor]!);
  };

  // A link with ?span=, back and forward: the span in the URL is the one in sight.
  useEffect(() => {
    if (open === undefined) return;
    const hidden = ancestors(tree, open);
    setCollapsed((now) => (hidden.some((a) => now.has(a)) ? new Set([...now].filter((i) => !hidden.includes(i))) : now));
    setCursor(open);
    waterfall.current?.reveal(open);
  }, [open, tree]);

  const inTree = () => waterfall.current?.hasFocus() ?? false;
  useKeys([
    { keys: 'j', label: 'Next span', group: 'Rows', run: () => step(1) },
    { keys: 'k', label: 'Previous span', group: 'Rows', run: () => step(-1) },
    { keys: 'o', label: 'Open the span', group: 'Rows', run: () => openSpan(cursor) },
    { keys: 'Enter', label: 'Open the span', group: 'Rows', run: () => openSpan(cursor) },
    { keys: 'ArrowRight', label: 'Expand, or into the children', group: 'Rows', when: inTree, run: () => sideways(true) },
    { keys: 'ArrowLeft', label: 'Collapse, or up to the parent', group: 'Rows', when: inTree, run: () => sideways(false) },
    { keys: 'ArrowDown', label: 'Next span', group: 'Rows', unlisted: true, when: inTree, run: () => step(1) },
    { keys: 'ArrowUp', label: 'Previous span', group: 'Rows', unlisted: true, when: inTree, run: () => step(-1) },
    { keys: 'PageDown', label: 'A page down', group: 'Rows', unlisted: true, when: inTree, run: () => step(20) },
    { keys: 'PageUp', label: 'A page up', group: 'Rows', unlisted: true, when: inTree, run: () => step(-20) },
    { keys: 'Home', label: 'First span', group: 'Rows', unlisted: true, when: inTree, run: () => step(-rows.length) },
    { keys: 'End', label: 'Last span', group: 'Rows', unlisted: true, when: inTree, run: () => step(rows.length) },
    { keys: 'e', label: 'Next error', group: 'Trace', run: () => nextError(1) },
    { keys: 'E', label: 'Previous error', group: 'Trace', run: () => nextError(-1) },
    { keys: 'n', label: 'Next match', group: 'Trace', run: () => nextMatch(1) },
    { keys: 'N', label: 'Previous match', group: 'Trace', run: () => nextMatch(-1) },
    { keys: 'c', label: 'Collapse all', group: 'Trace', run: () => showLevels(1) },
    { keys: 'x', label: 'Expand all', group: 'Trace', run: () => showLevels(undefined) },
    { keys: 'z', label: 'Zoom to the span', group: 'Trace', run: zoomToSpan },
    { keys: '0', label: 'Whole trace', group: 'Trace', run: () => zoom(undefined) },
    {
      keys: 'Escape',
      label: 'Leave the field; close the detail',
      group: 'Everywhere',
      whileTyping: true,
      run: () => {
        const focused = document.activeElement;
        if (focused instanceof HTMLElement && focused.matches('input, textarea')) waterfall.current?.focus();
        else if (openId) close();
      },
    },
  ]);

  return (
    <div className={css.view}>
      <Header model={model} back={back} find={setQuery} />
      <div className={css.body}>
        <div className={css.main}>
          <Toolbar
            query={query}
            onQuery={setQuery}
            matches={matches?.size}
            onMatch={nextMatch}
            errors={model.totals.errors}
            onError={() => nextError(1)}
            levels={tree.maxDepth + 1}
            depth={depth}
            onLevels={showLevels}
            zoomed={view !== undefined}
            onWhole={() => zoom(undefined)}
            reload={reload}
          />
          <Minimap model={model} rows={all} view={view} onView={zoom} />
          <Waterfall
            ref={waterfall}
            model={model}
            rows={rows}
            position={position}
            collapsed={collapsed}
            matches={matches}
            cursor={cursor}
            open={open}
            view={view ?? { from: 0, to: Math.max(1, trace.duration) }}
            onToggle={toggle}
            onOpen={(index) => {
              setCursor(index);
              openSpan(index);
            }}
          />
        </div>
        {openId && (
          <Detail
            key={openId}
            model={model}
            index={open}
            spanId={openId}
            close={close}
            go={(index) => (setCursor(index), openSpan(index))}
          />
        )}
      </div>
    </div>
  );
}

const SETTLE_MS = 250;

/** The search as it is typed; the URL follows when the typing pauses, and leads on back and forward. */
function useQueryText(): [string, (text: string) => void] {
  const { params, set } = useUrlState();
  const inUrl = params.get('q') ?? '';
  const [text, setText] = useState(inUrl);
  const written = useRef(inUrl);
  useEffect(() => {
    if (inUrl === written.current) return;
    written.current = inUrl;
    setText(inUrl);
  }, [inUrl]);
  useEffect(() => {
    if (text === written.current) return;
    const timer = setTimeout(() => {
      written.current = text;
      set({ q: text }, { replace: true });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, set]);
  return [text, setText];
}

/** As high as the real thing, so that nothing jumps when it comes. */
export function TraceSkeleton({ traceId }: { traceId: string }) {
  return (
    <div className={css.view} aria-hidden="true">
      <div className={css.skeletonHead}>
        <span className="mono dim">{traceId}</span>
      </div>
      <div className={css.skeletonBody}>
        {Array.from({ length: 16 }, (_, i) => (
          <div key={i} className={css.skeletonRow}>
            <i style={{ width: `${24 - (i % 4) * 3}%`, marginLeft: (i % 4) * 12 }} />
            <i style={{ width: `${50 - ((i * 13) % 40)}%`, marginLeft: `${(i * 7) % 30}%` }} />
          </div>
        ))}
      </div>
    </div>
  );
}
