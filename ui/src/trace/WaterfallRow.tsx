import { memo, type MouseEvent } from 'react';
import type { Span } from '../api/trace';
import { formatCompact, formatCount, formatUsd } from '../lib/format';
import { hueVar } from '../lib/hue';
import { formatDuration } from '../time/duration';
import type { Segment } from './critical';
import type { Usage } from './totals';
import type { RootMark } from './tree';
import css from './Waterfall.module.css';

export const ROW_HEIGHT = 24;
const INDENT = 12;
/** Deeper spans keep their level in words only, or a chain of a thousand would leave the screen. */
const DEEPEST = 14;

interface Props {
  id: string;
  index: number;
  top: number;
  rowIndex: number;
  span: Span;
  depth: number;
  kids: number;
  below: number;
  collapsed: boolean;
  mark: RootMark | undefined;
  skewed: boolean;
  newService: boolean;
  critical: Segment[] | undefined;
  from: number;
  to: number;
  current: boolean;
  open: boolean;
  /** undefined without a search */
  found: boolean | undefined;
  usage: Usage | undefined;
  withUsage: boolean;
  onToggle: (index: number) => void;
  onOpen: (index: number) => void;
}

export const MARKS: Record<RootMark, string> = { orphan: 'parent missing', cycle: 'parent loop' };

export const Row = memo(function Row(p: Props) {
  const { span } = p;
  const error = span.status === 'error';
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    p.onToggle(p.index);
  };
  return (
    <div
      id={p.id}
      className={css.row}
      style={{ top: p.top }}
      role="row"
      aria-rowindex={p.rowIndex}
      aria-level={p.depth + 1}
      aria-expanded={p.kids > 0 ? !p.collapsed : undefined}
      aria-selected={p.open}
      data-current={p.current || undefined}
      data-open={p.open || undefined}
      data-found={p.found}
      data-span={span.spanId}
      onClick={() => p.onOpen(p.index)}
    >
      <div className={css.name} role="gridcell" style={{ paddingLeft: 8 + Math.min(p.depth, DEEPEST) * INDENT }}>
        {p.kids > 0 ? (
          <button
            className={css.fold}
            tabIndex={-1}
            onClick={toggle}
            aria-label={`${p.collapsed ? 'Expand' : 'Collapse'} ${span.name}`}
          >
            {p.collapsed ? '▸' : '▾'}
          </button>
        ) : (
          <i className={css.leaf} />
        )}
        {p.collapsed && p.kids > 0 && (
          <span className={css.below} title={`${formatCount(p.below)} spans hidden`}>
            {formatCompact(p.below)}
          </span>
        )}
        <i className={css.swatch} style={{ background: hueVar(span.resource.service) }} aria-hidden="true" />
        {error && (
          <span className={css.error} role="img" aria-label="Error">
            ◆
          </span>
        )}
        <span className={css.label} title={`${span.resource.service}: ${span.name}`}>
          {p.newService && <b>{span.resource.service} </b>}
          {span.name || 'unnamed'}
        </span>
        {p.mark && <span className={css.odd}>{MARKS[p.mark]}</span>}
        {p.skewed && (
          <span className={css.odd} title="Starts before its parent does: the clocks of the two hosts differ">
            clock
          </span>
        )}
      </div>
      {p.withUsage && <UsageCells usage={p.usage} />}
      <div className={css.time} role="gridcell">
        <Bar {...p} />
      </div>
    </div>
  );
});

function UsageCells({ usage }: { usage: Usage | undefined }) {
  const tokens = usage && (usage.input !== undefined || usage.output !== undefined);
  return (
    <>
      <div className={css.tokens} role="gridcell">
        {tokens && (
          <>
            {formatCompact(usage.input ?? 0)}, {formatCompact(usage.output ?? 0)}
          </>
        )}
      </div>
      <div className={css.cost} role="gridcell">
        {usage?.cost !== undefined && formatUsd(usage.cost)}
      </div>
    </>
  );
}

function Bar({ span, from, to, critical }: Props) {
  const width = to - from;
  const percent = (t: number) => ((t - from) / width) * 100;
  const left = percent(span.start);
  const right = percent(span.start + span.duration);
  const text = formatDuration(span.duration);
  if (right < 0) return <span className={css.away}>◂ {text}</span>;
  if (left > 100) return <span className={css.awayRight}>{text} ▸</span>;
  const a = Math.max(0, left);
  const b = Math.min(100, right);
  return (
    <>
      <i
        className={css.bar}
        style={{ left: `${a}%`, width: `${b - a}%`, background: hueVar(span.resource.service) }}
        data-error={span.status === 'error' || undefined}
      />
      {critical?.map(([s, e]) => {
        const c = Math.max(0, percent(s));
        const d = Math.min(100, percent(e));
        return d > c ? <i key={s} className={css.critical} style={{ left: `${c}%`, width: `${d - c}%` }} /> : null;
      })}
      {span.events.map((event, i) => {
        const at = percent(event.at);
        return at >= 0 && at <= 100 ? <i key={i} className={css.event} style={{ left: `${at}%` }} title={event.name} /> : null;
      })}
      <span className={css.duration} style={{ left: `${b}%` }}>
        {text}
      </span>
    </>
  );
}
