import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useId, useImperativeHandle, useLayoutEffect, useRef, useState, type MouseEvent, type Ref } from 'react';
import { formatDuration } from '../time/duration';
import { usageOf } from './totals';
import type { View } from './params';
import { Splitter, useNameWidth } from './Splitter';
import { ticks } from './ticks';
import type { Model } from './TracePage';
import css from './Waterfall.module.css';
import { Row, ROW_HEIGHT } from './WaterfallRow';

export interface WaterfallHandle {
  reveal(index: number): void;
  focus(): void;
  hasFocus(): boolean;
}

/** Pixels that a tick's label needs. */
const TICK_SPACE = 76;

interface Props {
  ref: Ref<WaterfallHandle>;
  model: Model;
  rows: number[];
  position: Map<number, number>;
  collapsed: ReadonlySet<number>;
  matches: Set<number> | undefined;
  cursor: number;
  open: number | undefined;
  view: View;
  onToggle: (index: number) => void;
  onOpen: (index: number) => void;
}

export function Waterfall({ ref, model, rows, position, collapsed, matches, cursor, open, view, onToggle, onOpen }: Props) {
  const { tree, totals, critical, trace } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const instant = useRef<HTMLSpanElement>(null);
  const id = useId();
  const [nameWidth, setNameWidth] = useNameWidth();
  const usage = totals.usage !== undefined;
  const [mostTicks, setMostTicks] = useState(6);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 16,
    getItemKey: (at) => rows[at]!,
  });

  // A span may be asked for before the rows that show it are there.
  const wanted = useRef<number | undefined>(undefined);
  const settle = useCallback(() => {
    const at = wanted.current === undefined ? undefined : position.get(wanted.current);
    if (at === undefined) return;
    wanted.current = undefined;
    virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [position, virtualizer]);
  useLayoutEffect(settle);
  useImperativeHandle(
    ref,
    () => ({
      reveal(index) {
        wanted.current = index;
        settle();
      },
      focus: () => scroller.current?.focus({ preventScroll: true }),
      hasFocus: () => document.activeElement === document.body || (frame.current?.contains(document.activeElement) ?? false),
    }),
    [settle],
  );

  // The keys work at once: nobody should have to click first.
  useLayoutEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.id === 'page')
      scroller.current?.focus({ preventScroll: true });
  }, []);

  // Ruler and rows share one scale, whatever width this system's scroll bars have.
  useLayoutEffect(() => {
    const box = scroller.current!;
    const measure = () => {
      frame.current!.style.setProperty('--scrollbar', `${box.offsetWidth - box.clientWidth}px`);
      const ruler = frame.current!.querySelector('[data-ruler]')!;
      setMostTicks(Math.max(1, Math.floor(ruler.clientWidth / TICK_SPACE)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [nameWidth, usage]);

  const span = view.to - view.from;
  const marks = ticks(view.from, view.to, mostTicks);
  const percent = (t: number) => ((t - view.from) / span) * 100;

  /** One instant, shown on the ruler, the rows and the minimap, without rendering any of them anew. */
  const onMove = (event: MouseEvent) => {
    const box = frame.current!.querySelector('[data-ruler]')!.getBoundingClientRect();
    const fraction = (event.clientX - box.left) / box.width;
    const page = frame.current!.parentElement!;
    if (fraction < 0 || fraction > 1) return onLeave();
    const at = view.from + fraction * span;
    page.style.setProperty('--instant', String(fraction));
    page.style.setProperty('--instant-whole', String(at / Math.max(1, trace.duration)));
    instant.current!.textContent = formatDuration(at);
  };
  const onLeave = () => {
    const page = frame.current!.parentElement!;
    page.style.removeProperty('--instant');
    page.style.removeProperty('--instant-whole');
  };

  const activeAt = position.get(cursor);
  const style = { '--name-width': `${nameWidth}px` } as React.CSSProperties;
  return (
    <div
      className={css.frame}
      ref={frame}
      style={style}
      data-usage={usage || undefined}
      onMouseMove={onMove}
      onMouseLeave={onLeave}
    >
      <div className={css.head} aria-hidden="true">
        <span className={css.headName}>
          Service and span <span className={css.criticalKey}>critical path</span>
        </span>
        {usage && <span className={css.headTokens}>Tokens in, out</span>}
        {usage && <span className={css.headCost}>Cost</span>}
        <div className={css.ruler} data-ruler>
          {marks.map((t) => (
            <span key={t} className={css.tick} style={{ left: `${percent(t)}%` }}>
              {formatDuration(t)}
            </span>
          ))}
          <span ref={instant} className={css.instant} />
        </div>
      </div>
      <Splitter width={nameWidth} onWidth={setNameWidth} />
      <div
        className={css.scroller}
        ref={scroller}
        role="treegrid"
        tabIndex={0}
        aria-label="Spans"
        aria-rowcount={rows.length}
        aria-readonly="true"
        aria-activedescendant={activeAt === undefined ? undefined : `${id}-${cursor}`}
      >
        <div className={css.canvas} style={{ height: virtualizer.getTotalSize() }} role="presentation">
          <div className={css.grid} aria-hidden="true">
            {marks.map((t) => (
              <i key={t} style={{ left: `${percent(t)}%` }} />
            ))}
            <i className={css.hover} />
          </div>
          {virtualizer.getVirtualItems().map((item) => {
            const index = rows[item.index]!;
            const s = tree.spans[index]!;
            const parent = tree.parent[index]!;
            return (
              <Row
                key={item.key}
                id={`${id}-${index}`}
                index={index}
                top={item.start}
                rowIndex={item.index + 1}
                span={s}
                depth={tree.depth[index]!}
                kids={tree.children[index]!.length}
                below={tree.below[index]!}
                collapsed={collapsed.has(index)}
                mark={tree.marks.get(index)}
                skewed={tree.skewed.has(index)}
                newService={parent < 0 || tree.spans[parent]!.resource.service !== s.resource.service}
                critical={critical.segments.get(index)}
                from={view.from}
                to={view.to}
                current={index === cursor}
                open={index === open}
                found={matches === undefined ? undefined : matches.has(index)}
                usage={usage ? usageOf(s) : undefined}
                withUsage={usage}
                onToggle={onToggle}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
