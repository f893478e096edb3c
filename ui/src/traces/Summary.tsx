import { useQuery } from '@tanstack/react-query';
import type { Timed } from '../api/http';
import type { SearchResult } from '../api/search';
import { status } from '../api/status';
import { formatBytes, formatCount, plural } from '../lib/format';
import { Parts } from '../parts/StatusLine';

interface Props {
  answer: Timed<SearchResult>;
  shown: number;
  limit: number;
}

export function Summary({ answer: { data, ms, partial: why }, shown, limit }: Props) {
  const lost = useLost();
  const total = data.traces.length;
  const jobs = data.totalJobs > 0 && data.completedJobs < data.totalJobs;
  const partial = why ?? (jobs && `${data.completedJobs} of ${data.totalJobs} parts searched`);
  return (
    <Parts
      items={[
        shown === total ? plural(total, 'trace') : `${formatCount(shown)} of ${plural(total, 'trace')} shown`,
        data.inspectedTraces > 0 && `inspected ${formatCount(data.inspectedTraces)}`,
        data.inspectedBytes > 0 && `${formatBytes(data.inspectedBytes)} read`,
        `${Math.round(ms)} ms`,
        partial ? `partial: ${partial}` : 'complete',
        total >= limit && `stopped at the limit of ${formatCount(limit)}: older ones may match`,
        lost,
      ]}
    />
  );
}

/** Nothing is lost silently: what the server had to drop stands where the answer is judged. */
function useLost(): string | undefined {
  const { data } = useQuery({ queryKey: ['status'], queryFn: ({ signal }) => status(signal), retry: false });
  const traces = data?.lost.filter((l) => l.count > 0 && (l.signal === '' || l.signal === 'traces')) ?? [];
  if (traces.length === 0) return undefined;
  const count = traces.reduce((n, l) => n + l.count, 0);
  const reasons = [...new Set(traces.map((l) => l.reason))].join(', ');
  return `${plural(count, 'span')} dropped since start: ${reasons}`;
}
