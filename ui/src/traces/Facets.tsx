// What the answer can be narrowed by, counted over the traces in it. A click asks the server for
// less; alt-click hides from the answer.

import { useMemo, type MouseEvent } from 'react';
import type { TraceSummary } from '../api/search';
import { formatCount } from '../lib/format';
import { useUrlState } from '../lib/url';
import { Service } from '../parts/Service';
import css from './Facets.module.css';
import type { Filters, View } from './params';
import type { Narrow } from './TracesPage';

const MOST = 12;

interface Props {
  traces: TraceSummary[];
  filters: Filters;
  view: View;
  narrow: Narrow;
}

function count(lists: string[][]): [string, number][] {
  const counts = new Map<string, number>();
  for (const list of lists) for (const name of list) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

export function Facets({ traces, filters, view, narrow }: Props) {
  const { set } = useUrlState();
  const services = useMemo(() => count(traces.map((t) => t.services.map((s) => s.name))), [traces]);
  const names = useMemo(() => count(traces.map((t) => (t.rootName ? [t.rootName] : []))), [traces]);
  const errors = traces.filter((t) => t.errors > 0).length;
  const show = (what: View['show']) => set({ show: view.show === what ? undefined : what });
  return (
    <aside className={css.facets} aria-label="Narrow by">
      <section>
        <h2>State</h2>
        <ul>
          <Row on={view.show === 'errors'} n={errors} click={() => show('errors')} title="Show only traces with errors">
            <span className={css.error}>
              <span aria-hidden="true">◆</span> with errors
            </span>
          </Row>
          <Row
            on={view.show === 'ok'}
            n={traces.length - errors}
            click={() => show('ok')}
            title="Show only traces without errors"
          >
            <span>
              <span aria-hidden="true">●</span> without errors
            </span>
          </Row>
        </ul>
      </section>
      <section>
        <h2>Service</h2>
        <ul>
          {services.slice(0, MOST).map(([name, n]) => (
            <Row
              key={name}
              on={filters.service === name}
              n={n}
              click={(e) =>
                filters.service === name && !e.altKey ? set({ service: undefined }) : narrow.service(name, e.altKey)
              }
              title={`Traces that touch ${name}; alt-click hides them`}
            >
              <Service name={name} />
            </Row>
          ))}
        </ul>
        <Rest n={services.length - MOST} />
      </section>
      <section>
        <h2>Root span</h2>
        <ul>
          {names.slice(0, MOST).map(([name, n]) => (
            <Row
              key={name}
              on={filters.name === name}
              n={n}
              click={(e) => (filters.name === name && !e.altKey ? set({ name: undefined }) : narrow.name(name, e.altKey))}
              title={`Traces with a span ${name}; alt-click hides traces that begin with it`}
            >
              {name}
            </Row>
          ))}
        </ul>
        <Rest n={names.length - MOST} />
      </section>
    </aside>
  );
}

function Rest({ n }: { n: number }) {
  return n > 0 ? <p className={css.rest}>and {formatCount(n)} more</p> : null;
}

interface RowProps {
  on: boolean;
  n: number;
  title: string;
  click: (event: MouseEvent) => void;
  children: React.ReactNode;
}

function Row({ on, n, title, click, children }: RowProps) {
  return (
    <li>
      <button className={css.row} aria-pressed={on} onClick={click} title={title}>
        <span className={css.label}>{children}</span>
        <span className={css.count}>{formatCount(n)}</span>
      </button>
    </li>
  );
}
