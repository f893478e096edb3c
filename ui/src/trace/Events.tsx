import type { SpanEvent } from '../api/trace';
import { plural } from '../lib/format';
import { formatDuration } from '../time/duration';
import { Attributes } from './Attributes';
import css from './Detail.module.css';

interface Props {
  events: SpanEvent[];
  start: number;
  duration: number;
}

/** The span's own time from left to right, then each event in words. */
export function Events({ events, start, duration }: Props) {
  if (events.length === 0) return null;
  const sorted = [...events].sort((a, b) => a.at - b.at);
  const place = (at: number) => (duration > 0 ? Math.min(100, Math.max(0, ((at - start) / duration) * 100)) : 0);
  return (
    <section className={css.section}>
      <h3>{plural(events.length, 'event')}</h3>
      <div className={css.timeline} aria-hidden="true">
        {sorted.map((e, i) => (
          <i key={i} style={{ left: `${place(e.at)}%` }} data-exception={e.name === 'exception' || undefined} />
        ))}
      </div>
      <ol className={css.events}>
        {sorted.map((e, i) => (
          <li key={i}>
            <span className={css.eventAt}>{formatDuration(e.at - start)}</span>
            <span className={css.eventName} data-exception={e.name === 'exception' || undefined}>
              {e.name === 'exception' && <span aria-hidden="true">◆ </span>}
              {e.name || 'unnamed'}
            </span>
            <Attributes title="" attributes={e.attributes} />
          </li>
        ))}
      </ol>
    </section>
  );
}
