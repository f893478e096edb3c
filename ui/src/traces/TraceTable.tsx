import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type MouseEvent } from 'react';
import { Link } from 'react-router';
import type { TraceSummary } from '../api/search';
import { formatCount } from '../lib/format';
import { Errors, Service } from '../parts/Service';
import { formatDuration } from '../time/duration';
import type { Resolved } from '../time/range';
import { formatClock, formatDate, formatDateTime, zoneOffset, type Zone } from '../time/zone';
import type { SortKey } from './params';
import type { Narrow } from './TracesPage';
import css from './TraceTable.module.css';

const ROW = 28;
/** Up to here all rows are in the document, where the browser's own search finds them. */
const ALL = 200;
const SERVICES_SHOWN = 4;

/**
 * Bars share the picture's logarithmic scale: from the decade below the shortest to the longest. On a
 * linear one a single long batch run would flatten all that a person wants to compare.
 */
function barScale(traces: TraceSummary[]): (duration: number) => number {
  let low = Infinity;
  let high = 0;
  for (const { duration } of traces) {
    low = Math.min(low, Math.max(1e6, duration));
    high = Math.max(high, duration);
  }
  const from = Math.floor(Math.log10(low) - 0.1);
  const span = Math.max(1, Math.log10(Math.max(high, 1e6)) - from);
  return (duration) => (duration < 1e6 ? 0.01 : (Math.log10(duration) - from) / span);
}

interface Props {
  traces: TraceSummary[];
  range: Resolved;
  zone: Zone;
  sort: SortKey;
  descending: boolean;
  current: string | undefined;
  hovered: string | undefined;
  hrefOf: (id: string) => string;
  onOpen: (id: string) => void;
  onCurrent: (id: string) => void;
  onHover: (id: string | undefined) => void;
  onSort: (key: SortKey) => void;
  narrow: Narrow;
}

export function TraceTable(props: Props) {
  const { traces, range, zone, current } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = traces.length > ALL;
  const virtualizer = useVirtualizer({
    count: traces.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    enabled: virtual,
  });

  useEffect(() => {
    const at = traces.findIndex((t) => t.traceId === current);
    if (at < 0) return;
    if (virtual) virtualizer.scrollToIndex(at);
    // The row may have to be drawn first.
    const frame = requestAnimationFrame(() => {
      const link = scroller.current?.querySelector<HTMLElement>(`[data-trace="${current}"] a`);
      link?.focus({ preventScroll: virtual });
    });
    return () => cancelAnimationFrame(frame);
    // Only a moved selection moves the focus; new data must not take it away from a field.
  }, [current]);

  const scale = useMemo(() => barScale(traces), [traces]);
  const dated = formatDate(range.from, zone) !== formatDate(range.to, zone);
  const items = virtual ? virtualizer.getVirtualItems().map((i) => i.index) : traces.map((_, i) => i);
  const before = virtual ? (virtualizer.getVirtualItems()[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (virtualizer.getVirtualItems().at(-1)?.end ?? 0) : 0;

  return (
    <div
      className={css.scroller}
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Traces, newest first"
      onMouseLeave={() => props.onHover(undefined)}
    >
      <table className={css.table} aria-rowcount={traces.length + 1}>
        <thead>
          <tr>
            <Head {...props} k="start" className={dated ? css.startDated! : css.start!}>
              Start, {zoneOffset(zone, range.to)}
            </Head>
            <th scope="col" className={css.root}>
              Root service
            </th>
            <th scope="col" className={css.name}>
              Root span
            </th>
            <Head {...props} k="duration" className={css.duration!} numeric>
              Duration
            </Head>
            <Head {...props} k="spans" className={css.count!} numeric>
              Spans
            </Head>
            <Head {...props} k="errors" className={css.count!} numeric>
              Errors
            </Head>
            <th scope="col" className={css.services}>
              Other services
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} aria-hidden="true" />}
          {items.map((i) => (
            <Row key={traces[i]!.traceId} {...props} trace={traces[i]!} index={i} scale={scale} dated={dated} />
          ))}
          {after > 0 && <tr style={{ height: after }} aria-hidden="true" />}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps extends Pick<Props, 'sort' | 'descending' | 'onSort'> {
  k: SortKey;
  className: string;
  numeric?: boolean;
  children: React.ReactNode;
}

function Head({ k, sort, descending, onSort, className, numeric, children }: HeadProps) {
  const active = sort === k;
  return (
    <th
      scope="col"
      className={`${className} ${numeric ? 'num' : ''}`}
      aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      <button onClick={() => onSort(k)}>
        {children}
        <span aria-hidden="true">{active ? (descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

interface RowProps extends Props {
  trace: TraceSummary;
  index: number;
  scale: (duration: number) => number;
  dated: boolean;
}

function Row({ trace, index, scale, dated, zone, current, hovered, hrefOf, onOpen, onHover, narrow }: RowProps) {
  const { traceId, rootService, rootName, start, duration, spans, errors, services } = trace;
  const others = services.filter((s) => s.name !== rootService);
  const only = (run: (exclude: boolean) => void) => (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
    run(event.altKey);
  };
  return (
    <tr
      data-trace={traceId}
      data-current={traceId === current || undefined}
      data-hovered={traceId === hovered || undefined}
      aria-rowindex={index + 2}
      onMouseEnter={() => onHover(traceId)}
      onClick={(event) => {
        if (!(event.target as Element).closest('a, button') && window.getSelection()?.isCollapsed !== false) onOpen(traceId);
      }}
    >
      <td className="mono">
        <time dateTime={new Date(start).toISOString()} title={formatDateTime(start, zone, 'ms')}>
          {dated ? formatDateTime(start, zone).slice(5) : formatClock(start, zone, 'ms')}
        </time>
      </td>
      <td className={css.root}>
        {rootService ? (
          <button
            onClick={only((x) => narrow.service(rootService, x))}
            title={`Only traces of ${rootService}; alt-click hides them`}
          >
            <Service name={rootService} />
          </button>
        ) : (
          <span className="dim">root not received</span>
        )}
      </td>
      <td className={css.name}>
        <Link
          to={hrefOf(traceId)}
          state={{ back: `/traces${window.location.search}` }}
          title={`Trace ${traceId}`}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            onOpen(traceId);
          }}
        >
          {rootName || traceId}
        </Link>
        <span className={css.narrowOnly}>
          {rootService && <Service name={rootService} />} {errors > 0 && <Errors count={errors} />}
        </span>
      </td>
      <td className={css.duration}>
        <span
          className={css.bar}
          style={{ width: `${scale(duration) * 60}%` }}
          data-errors={errors > 0 || undefined}
          aria-hidden="true"
        />
        <span>{duration === 0 ? '<\u00a01\u00a0ms' : formatDuration(duration)}</span>
      </td>
      <td className={`num ${css.count}`}>{formatCount(spans)}</td>
      <td className={`num ${css.count}`}>
        <Errors count={errors} />
      </td>
      <td className={css.services}>
        {others.slice(0, SERVICES_SHOWN).map((s) => (
          <button
            key={s.name}
            onClick={only((x) => narrow.service(s.name, x))}
            title={`${s.name}: ${s.spans} spans, ${s.errors} errors; click for its traces, alt-click hides them`}
          >
            <Service name={s.name} />
          </button>
        ))}
        {others.length > SERVICES_SHOWN && (
          <span className="dim" title={others.map((s) => s.name).join(', ')}>
            +{others.length - SERVICES_SHOWN}
          </span>
        )}
      </td>
    </tr>
  );
}

/** As high as the real thing, so that nothing jumps when it comes. */
export function TraceTableSkeleton() {
  return (
    <div className={css.skeleton} aria-hidden="true">
      <div className={css.skeletonFacets} />
      <div>
        <div className={css.skeletonChart} />
        {Array.from({ length: 14 }, (_, i) => (
          <div key={i} className={css.skeletonRow}>
            <i style={{ width: `${70 - ((i * 17) % 40)}%` }} />
          </div>
        ))}
      </div>
    </div>
  );
}
