import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { search, searchUrl } from '../api/search';
import { useKeys } from '../lib/keys';
import { sharedParams, useUrlState } from '../lib/url';
import { explain, Failure } from '../parts/Failure';
import { StatusLine } from '../parts/StatusLine';
import { absoluteRange } from '../time/range';
import { useTime } from '../time/TimeContext';
import { Empty } from './Empty';
import { Facets } from './Facets';
import { Filters } from './Filters';
import { applyView, check, readFilters, readView, toQuery, writeSort } from './params';
import { Scatter } from './Scatter';
import { Summary } from './Summary';
import { TraceTable, TraceTableSkeleton } from './TraceTable';
import css from './TracesPage.module.css';

export default function TracesPage() {
  const { params, set } = useUrlState();
  const time = useTime();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [current, setCurrent] = useState<string>();
  const [hovered, setHovered] = useState<string>();

  const filters = useMemo(() => readFilters(params), [params]);
  const view = useMemo(() => readView(params), [params]);
  const problems = check(filters);
  const valid = Object.keys(problems).length === 0;

  const { resolved } = time;
  const query = resolved && valid ? toQuery(filters, resolved) : undefined;
  // Asking anew is a new question even within the second that the address of the search is exact to.
  const key = ['search', query ? searchUrl(query) : '', time.asked];
  const answer = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => search(query!, signal),
    enabled: query !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  // A refresh that fails must not take away what was already on the screen.
  const before = useRef<typeof answer.data>(undefined);
  if (answer.data && !answer.isPlaceholderData) before.current = answer.data;
  const shown = answer.data ?? (answer.isError ? before.current : undefined);
  const traces = useMemo(() => applyView(shown?.data.traces ?? [], view), [shown, view]);

  const hrefOf = useCallback((id: string) => `/trace/${id}${sharedParams(params)}`, [params]);
  const open = useCallback(
    (id: string) => navigate(hrefOf(id), { state: { back: `/traces${window.location.search}` } }),
    [navigate, hrefOf],
  );

  const move = (by: number) => {
    const at = traces.findIndex((t) => t.traceId === current);
    const next = traces[at < 0 ? (by > 0 ? 0 : traces.length - 1) : Math.min(traces.length - 1, Math.max(0, at + by))];
    if (next) setCurrent(next.traceId);
  };
  useKeys([
    { keys: 'j', label: 'Next trace', group: 'Rows', run: () => move(1) },
    { keys: 'k', label: 'Previous trace', group: 'Rows', run: () => move(-1) },
    { keys: 'o', label: 'Open the trace', group: 'Rows', run: () => current && open(current) },
  ]);

  const narrow = {
    service: (name: string, exclude: boolean) =>
      exclude ? set({ 'not.service': [...view.notService, name] }) : set({ service: name }),
    name: (name: string, exclude: boolean) => (exclude ? set({ 'not.name': [...view.notName, name] }) : set({ name })),
  };

  const total = shown?.data.traces.length ?? 0;
  const cancelled = answer.isPending && answer.fetchStatus === 'idle' && query !== undefined;
  const failed = answer.error ? explain(answer.error) : undefined;

  return (
    <div className={css.page}>
      <h1 className="hidden-text">Traces</h1>
      <Filters filters={filters} view={view} />
      <div className={css.answer} data-stale={answer.isPlaceholderData || undefined} aria-busy={answer.isFetching}>
        {!resolved ? (
          <Failure
            inline
            title="The time range cannot be read"
            what={`From "${time.range.from}" to "${time.range.to}" is no range that ends after it starts.`}
            action={{ label: 'Last hour', run: () => time.setRange({ from: 'now-1h', to: 'now' }) }}
          />
        ) : !valid ? (
          <Failure inline title="The question cannot be asked like this" what={Object.values(problems).join(' ')} />
        ) : failed && total === 0 ? (
          <Failure
            inline
            title="The search failed"
            what={failed.why}
            words={failed.words}
            action={{ label: 'Try again', run: () => void answer.refetch() }}
          />
        ) : cancelled ? (
          <Failure
            inline
            title="Cancelled"
            what="The search was stopped before it had an answer."
            action={{ label: 'Run again', run: time.askAnew }}
          />
        ) : answer.isPending ? (
          <TraceTableSkeleton />
        ) : total === 0 ? (
          <Empty filters={filters} />
        ) : (
          <>
            <Facets traces={shown!.data.traces} view={view} filters={filters} narrow={narrow} />
            <div className={css.main}>
              {failed && (
                <Failure
                  inline
                  low
                  title="The search failed"
                  what={`${failed.why} Below is the answer before.`}
                  words={failed.words}
                  action={{ label: 'Try again', run: () => void answer.refetch() }}
                />
              )}
              <Scatter
                traces={traces}
                range={resolved}
                zone={time.zone}
                current={hovered ?? current}
                onOpen={open}
                onHover={setHovered}
                onZoom={(from, to) => time.setRange(absoluteRange({ from, to }))}
                onZoomOut={time.zoomOut}
              />
              <TraceTable
                traces={traces}
                range={resolved}
                zone={time.zone}
                sort={view.sort}
                descending={view.descending}
                current={current}
                hovered={hovered}
                hrefOf={hrefOf}
                onOpen={open}
                onCurrent={setCurrent}
                onHover={setHovered}
                onSort={(k) => set(writeSort(k, k === view.sort ? !view.descending : true), { replace: true })}
                narrow={narrow}
              />
            </div>
          </>
        )}
      </div>
      <StatusLine busy={answer.isFetching} busyText="Searching…" cancel={() => void client.cancelQueries({ queryKey: key })}>
        {answer.data && !answer.isError && <Summary answer={answer.data} shown={traces.length} limit={Number(filters.limit)} />}
      </StatusLine>
    </div>
  );
}

export type Narrow = Record<'service' | 'name', (name: string, exclude: boolean) => void>;
