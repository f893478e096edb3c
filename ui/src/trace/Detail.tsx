import { useEffect, useMemo, useRef } from 'react';
import { Link } from 'react-router';
import type { SpanLink } from '../api/trace';
import { formatUsd, formatCount } from '../lib/format';
import { shortId } from '../lib/ids';
import { sharedParams, useUrlState } from '../lib/url';
import { CopyButton } from '../parts/CopyButton';
import { Service } from '../parts/Service';
import { Icon } from '../shell/Icon';
import { formatDuration } from '../time/duration';
import { useTime } from '../time/TimeContext';
import { formatNanos, zoneOffset } from '../time/zone';
import { Attributes } from './Attributes';
import css from './Detail.module.css';
import { Events } from './Events';
import { usageOf } from './totals';
import type { Model } from './TracePage';
import { selfTime } from './tree';

interface Props {
  model: Model;
  index: number | undefined;
  spanId: string;
  close: () => void;
  go: (index: number) => void;
}

export function Detail({ model, index, spanId, close, go }: Props) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    box.current?.scrollTo(0, 0);
  }, [spanId]);
  const name = index === undefined ? 'Unknown span' : model.tree.spans[index]!.name || 'unnamed';
  return (
    <aside className={css.panel} ref={box} aria-label={`Span ${name}`} tabIndex={0}>
      <header className={css.head}>
        <h2>{name}</h2>
        <CopyButton text={() => spanLink(model.trace.traceId, spanId)} label="Copy link to this span" icon="link" quiet />
        <button className={css.close} onClick={close} aria-label="Close the span" title="Close (Esc)">
          <Icon name="close" />
        </button>
      </header>
      {index === undefined ? (
        <p className={css.note}>The link names span {spanId}, which this trace does not have. It may still be on its way.</p>
      ) : (
        <Body model={model} index={index} go={go} />
      )}
    </aside>
  );
}

function spanLink(traceId: string, spanId: string): string {
  return `${window.location.origin}/trace/${traceId}?span=${spanId}`;
}

const STATUS = { unset: 'unset', ok: '✓ ok', error: '◆ error' } as const;

function Body({ model, index, go }: { model: Model; index: number; go: (index: number) => void }) {
  const { tree, trace, critical } = model;
  const { zone } = useTime();
  const span = tree.spans[index]!;
  const parent = tree.parent[index]!;
  const mark = tree.marks.get(index);
  const self = useMemo(() => selfTime(tree, index), [tree, index]);
  const onPath = critical.time.get(index) ?? 0;
  const usage = usageOf(span);
  const startsAt = trace.start + BigInt(Math.round(span.start));
  const share = (part: number) => (span.duration > 0 ? ` (${Math.round((part / span.duration) * 100)}%)` : '');
  return (
    <>
      {span.status === 'error' && (
        <p className={css.error}>
          <span aria-hidden="true">◆</span> {span.statusMessage || 'This span failed; it carries no message.'}
        </p>
      )}
      {mark === 'orphan' && (
        <p className={css.note}>
          Its parent <span className="mono">{span.parentId}</span> is not in the trace: not sent, dropped, or still on its way. So
          it stands at the top.
        </p>
      )}
      {mark === 'cycle' && (
        <p className={css.note}>Its parent links run in a circle. It is shown at the top, because it started first.</p>
      )}
      {tree.skewed.has(index) && (
        <p className={css.note}>
          It starts {formatDuration(tree.spans[parent]!.start - span.start)} before its parent. The clocks of the two hosts differ
          by at least that much; nothing was moved.
        </p>
      )}
      <dl className={css.facts}>
        <Fact name="Service">
          <Service name={span.resource.service} />
        </Fact>
        <Fact name="Kind">{span.kind}</Fact>
        <Fact name="Status">
          <span data-status={span.status} className={css.status}>
            {STATUS[span.status]}
          </span>
          {span.status !== 'error' && span.statusMessage && `: ${span.statusMessage}`}
        </Fact>
        <Fact name="Duration">{formatDuration(span.duration)}</Fact>
        <Fact name="Self time" title="In which none of its children ran">
          {formatDuration(self)}
          <span className="dim">{share(self)}</span>
        </Fact>
        <Fact name="Critical path" title="In which the end of the trace waited for just this span">
          {formatDuration(onPath)}
          <span className="dim">{share(onPath)}</span>
        </Fact>
        <Fact name="Start">
          <span className="mono">{formatNanos(startsAt, zone)}</span>{' '}
          <span className="dim">{zoneOffset(zone, Number(startsAt / 1_000_000n))}</span>
        </Fact>
        <Fact name="After start">{formatDuration(span.start)}</Fact>
        {usage && (
          <Fact name="Usage">
            {formatCount(usage.input ?? 0)} tokens in, {formatCount(usage.output ?? 0)} out
            {usage.cost !== undefined && `, ${formatUsd(usage.cost)}`}
          </Fact>
        )}
        <Fact name="Span id">
          <Id value={span.spanId} what="span id" />
        </Fact>
        <Fact name="Parent">
          {parent >= 0 ? (
            <button className={css.door} onClick={() => go(parent)} title={`Go to the parent, ${tree.spans[parent]!.name}`}>
              {tree.spans[parent]!.name || span.parentId}
            </button>
          ) : span.parentId ? (
            <Id value={span.parentId} what="parent id" />
          ) : (
            'none: a root'
          )}
        </Fact>
        <Fact name="Trace id">
          <Id value={trace.traceId} what="trace id" />
        </Fact>
        {span.traceState && (
          <Fact name="Trace state">
            <span className="mono">{span.traceState}</span>
          </Fact>
        )}
      </dl>
      <Events events={span.events} start={span.start} duration={span.duration} />
      <Links links={span.links} />
      <Attributes title="Attributes" attributes={span.attributes} doors />
      <Attributes title="Resource" attributes={span.resource.attributes} doors />
      <Attributes
        title="Scope"
        note={[span.scope.name, span.scope.version].filter(Boolean).join(' ')}
        attributes={span.scope.attributes}
      />
    </>
  );
}

function Fact({ name, title, children }: { name: string; title?: string; children: React.ReactNode }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Id({ value, what }: { value: string; what: string }) {
  return (
    <span className={css.id}>
      <span className="mono">{value}</span>
      <CopyButton text={value} label={`Copy ${what}`} quiet />
    </span>
  );
}

function Links({ links }: { links: SpanLink[] }) {
  const { params } = useUrlState();
  if (links.length === 0) return null;
  return (
    <section className={css.section}>
      <h3>Links</h3>
      <ul className={css.links}>
        {links.map((link, i) => (
          <li key={i}>
            <Link
              className="mono"
              to={`/trace/${link.traceId}${sharedParams(params, { span: link.spanId })}`}
              title={`Open trace ${link.traceId} at span ${link.spanId}`}
            >
              trace {shortId(link.traceId)}…, span {link.spanId}
            </Link>
            {link.attributes.length > 0 && <Attributes title="" attributes={link.attributes} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
