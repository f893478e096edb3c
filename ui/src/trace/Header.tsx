import { Link } from 'react-router';
import { traceUrl } from '../api/trace';
import { formatCount, formatUsd, plural } from '../lib/format';
import { CopyButton } from '../parts/CopyButton';
import { Errors, Service } from '../parts/Service';
import { Icon } from '../shell/Icon';
import { formatDuration } from '../time/duration';
import { useTime } from '../time/TimeContext';
import { formatDateTime, formatNanos, zoneOffset } from '../time/zone';
import css from './Header.module.css';
import type { Model } from './TracePage';

interface Props {
  model: Model;
  back: string;
  find: (text: string) => void;
}

const SERVICES_SHOWN = 8;

export function Header({ model, back, find }: Props) {
  const { trace, tree, totals } = model;
  const { zone } = useTime();
  const root = tree.spans[tree.roots.find((r) => !tree.marks.has(r)) ?? tree.roots[0]!]!;
  const start = Number(trace.start / 1_000_000n);
  const usage = totals.usage;
  return (
    <header className={css.header}>
      <div className={css.title}>
        <Link to={back} className={css.back} aria-label="Back to the traces" title="Back to the traces">
          <Icon name="left" />
          <span className={css.backWord}>Traces</span>
        </Link>
        <h1>{root.name || 'unnamed'}</h1>
        <Service name={root.resource.service} />
        <span className={css.id}>
          <span className="mono dim">{trace.traceId}</span>
          <CopyButton text={trace.traceId} label="Copy trace id" quiet />
        </span>
        <a
          className={css.raw}
          href={traceUrl(trace.traceId)}
          target="_blank"
          rel="noreferrer"
          title="The trace as the server answers it"
        >
          JSON
        </a>
      </div>
      <div className={css.facts}>
        <Fact name="Start">
          <time className="mono" dateTime={new Date(start).toISOString()} title={formatNanos(trace.start, zone)}>
            {formatDateTime(start, zone, 'ms')}
          </time>{' '}
          <span className="dim">{zoneOffset(zone, start)}</span>
        </Fact>
        <Fact name="Duration">{formatDuration(trace.duration)}</Fact>
        <Fact name="Spans">{formatCount(trace.spans.length)}</Fact>
        <Fact name="Errors">
          <Errors count={totals.errors} />
        </Fact>
        {usage && (
          <>
            <Fact name="Tokens" title="Each measure is counted at the innermost span that carries it">
              {formatCount(usage.input ?? 0)} in, {formatCount(usage.output ?? 0)} out
            </Fact>
            {usage.cost !== undefined && (
              <Fact name="Cost" title={`$${usage.cost}: each cost is counted at the innermost span that carries it`}>
                {formatUsd(usage.cost)}
              </Fact>
            )}
          </>
        )}
        <ul className={css.services} aria-label="Services">
          {totals.services.slice(0, SERVICES_SHOWN).map((s) => (
            <li key={s.name}>
              <button onClick={() => find(s.name)} title={`Find the ${plural(s.spans, 'span')} of ${s.name}`}>
                <Service name={s.name} />
                <span className="dim">{formatCount(s.spans)}</span>
              </button>
            </li>
          ))}
          {totals.services.length > SERVICES_SHOWN && <li className="dim">and {totals.services.length - SERVICES_SHOWN} more</li>}
        </ul>
      </div>
    </header>
  );
}

function Fact({ name, title, children }: { name: string; title?: string; children: React.ReactNode }) {
  return (
    <span className={css.fact} title={title}>
      <span className="dim">{name}</span> {children}
    </span>
  );
}
