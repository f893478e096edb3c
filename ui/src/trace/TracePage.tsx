import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { ApiError } from '../api/http';
import { fetchTrace, type Trace } from '../api/trace';
import { normalizeTraceId } from '../lib/ids';
import { plural } from '../lib/format';
import { sharedParams, useUrlState } from '../lib/url';
import { explain, Failure } from '../parts/Failure';
import { Parts, StatusLine } from '../parts/StatusLine';
import { formatDuration } from '../time/duration';
import { criticalPath } from './critical';
import { totals } from './totals';
import css from './TracePage.module.css';
import { TraceView, TraceSkeleton } from './TraceView';
import { buildTree } from './tree';

export default function TracePage() {
  const { id = '' } = useParams();
  const { params } = useUrlState();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { state } = useLocation() as { state: { back?: string } | null };
  const traceId = normalizeTraceId(id);
  const back = state?.back ?? `/traces${sharedParams(params)}`;

  const key = ['trace', traceId];
  const answer = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => fetchTrace(traceId!, signal),
    enabled: traceId !== undefined,
  });
  const trace = answer.data?.data;
  const model = useMemo(() => (trace && trace.spans.length > 0 ? understand(trace) : undefined), [trace]);
  const toSearch = () => navigate(back);

  if (!traceId) {
    return (
      <Failure
        title="This is no trace id"
        what={`A trace id has up to 32 hexadecimal digits and is not all zeros; "${id}" is none. It may have been cut short or mixed with other text on its way.`}
        action={{ label: 'Go to traces', run: toSearch }}
      />
    );
  }
  const missing = (answer.error instanceof ApiError && answer.error.status === 404) || (trace && trace.spans.length === 0);
  const failed = answer.error && !missing ? explain(answer.error) : undefined;
  const cancelled = answer.isPending && answer.fetchStatus === 'idle';

  return (
    <div className={css.page}>
      <div className={css.content}>
        {missing ? (
          <Failure
            title="This trace is not here"
            what={`The server has no span of ${traceId}. It may still be on its way, older than the retention, dropped by sampling, or sent somewhere else.`}
            words={answer.error?.message ?? ''}
            action={{ label: 'Look again', run: () => void answer.refetch() }}
          />
        ) : failed ? (
          <Failure
            title="The trace could not be loaded"
            what={failed.why}
            words={failed.words}
            action={{ label: 'Try again', run: () => void answer.refetch() }}
          />
        ) : cancelled ? (
          <Failure
            title="Cancelled"
            what="Loading was stopped before the trace was here."
            action={{ label: 'Load it', run: () => void answer.refetch() }}
          />
        ) : model ? (
          <TraceView model={model} back={back} reload={() => void answer.refetch()} />
        ) : (
          <TraceSkeleton traceId={traceId} />
        )}
      </div>
      <StatusLine
        busy={answer.isFetching}
        busyText="Loading the trace…"
        cancel={() => void client.cancelQueries({ queryKey: key })}
      >
        {model && trace && (
          <Parts
            items={[
              plural(trace.spans.length, 'span'),
              plural(model.totals.services.length, 'service'),
              `${formatDuration(trace.duration)} long`,
              `${Math.round(answer.data!.ms)} ms`,
              trace.partial ? `partial: ${trace.message || 'the server did not say why'}` : 'complete',
              ...oddities(model),
            ]}
          />
        )}
      </StatusLine>
    </div>
  );
}

function understand(trace: Trace) {
  const tree = buildTree(trace.spans);
  return { trace, tree, critical: criticalPath(tree), totals: totals(tree) };
}

export type Model = ReturnType<typeof understand>;

/** What does not fit together, counted where the answer is judged. */
function oddities({ tree }: Model): string[] {
  const marks = [...tree.marks.values()];
  const orphans = marks.filter((m) => m === 'orphan').length;
  const cycles = marks.filter((m) => m === 'cycle').length;
  return [
    orphans > 0 ? `${plural(orphans, 'span')} with a missing parent` : '',
    cycles > 0 ? `${plural(cycles, 'loop')} of parent links cut` : '',
    tree.roots.length - orphans - cycles > 1 ? `${plural(tree.roots.length - orphans - cycles, 'root')}` : '',
    tree.skewed.size > 0 ? `${plural(tree.skewed.size, 'span')} before the parent: clocks differ` : '',
  ];
}
