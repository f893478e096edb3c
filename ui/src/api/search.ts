// GET /tempo/api/search and the names that complete its filters.

import { normalizeTraceId } from '../lib/ids';
import { asArray, asBigInt, asNumber, asObject, asString, asStrings, getJson, withParams, type Timed } from './http';

export interface SearchQuery {
  /** logfmt, service and span name included */
  tags: string;
  /** Go durations, '' for none */
  minDuration: string;
  maxDuration: string;
  limit: number;
  /** milliseconds since the epoch */
  from: number;
  to: number;
}

export interface ServiceStats {
  name: string;
  spans: number;
  errors: number;
}

export interface TraceSummary {
  traceId: string;
  rootService: string;
  rootName: string;
  /** milliseconds since the epoch, with fractions */
  start: number;
  /** nanoseconds; the server tells whole milliseconds, so 0 means "less than one" */
  duration: number;
  spans: number;
  errors: number;
  services: ServiceStats[];
}

export interface SearchResult {
  traces: TraceSummary[];
  inspectedTraces: number;
  inspectedBytes: number;
  completedJobs: number;
  totalJobs: number;
}

function decodeTrace(raw: unknown): TraceSummary | undefined {
  const t = asObject(raw);
  const traceId = normalizeTraceId(asString(t['traceID']));
  if (!traceId) return undefined;
  const services = Object.entries(asObject(t['serviceStats'])).map(([name, stats]) => ({
    name,
    spans: asNumber(asObject(stats)['spanCount']),
    errors: asNumber(asObject(stats)['errorCount']),
  }));
  services.sort((a, b) => b.spans - a.spans || (a.name < b.name ? -1 : 1));
  return {
    traceId,
    rootService: asString(t['rootServiceName']),
    rootName: asString(t['rootTraceName']),
    start: Number(asBigInt(t['startTimeUnixNano']) / 1000n) / 1000,
    duration: asNumber(t['durationMs']) * 1e6,
    spans: services.reduce((n, s) => n + s.spans, 0),
    errors: services.reduce((n, s) => n + s.errors, 0),
    services,
  };
}

export function decodeSearch(raw: unknown): SearchResult {
  const body = asObject(raw);
  const metrics = asObject(body['metrics']);
  const traces = asArray(body['traces'])
    .map(decodeTrace)
    .filter((t) => t !== undefined);
  traces.sort((a, b) => b.start - a.start || (a.traceId < b.traceId ? -1 : 1));
  return {
    traces,
    inspectedTraces: asNumber(metrics['inspectedTraces']),
    inspectedBytes: asNumber(metrics['inspectedBytes']),
    completedJobs: asNumber(metrics['completedJobs']),
    totalJobs: asNumber(metrics['totalJobs']),
  };
}

const seconds = (ms: number) => Math.floor(ms / 1000);

export function searchUrl(q: SearchQuery): string {
  return withParams('/tempo/api/search', {
    tags: q.tags,
    minDuration: q.minDuration,
    maxDuration: q.maxDuration,
    start: seconds(q.from),
    // The server's end is in whole seconds: round up, so that what has just arrived is inside.
    end: seconds(q.to) + 1,
    limit: q.limit,
    spss: 1,
  });
}

export function search(q: SearchQuery, signal: AbortSignal): Promise<Timed<SearchResult>> {
  return getJson(searchUrl(q), decodeSearch, signal);
}

export async function tagValues(tag: string, from: number, to: number, signal: AbortSignal): Promise<string[]> {
  const path = `/tempo/api/search/tag/${encodeURIComponent(tag)}/values`;
  const url = withParams(path, { start: seconds(from), end: seconds(to) + 1 });
  const { data } = await getJson(url, (raw) => asStrings(asObject(raw)['tagValues']), signal);
  return [...new Set(data)].filter((v) => v !== '').sort();
}

export async function tagNames(from: number, to: number, signal: AbortSignal): Promise<string[]> {
  const url = withParams('/tempo/api/search/tags', { start: seconds(from), end: seconds(to) + 1 });
  const { data } = await getJson(url, (raw) => asStrings(asObject(raw)['tagNames']), signal);
  return [...new Set(data)].filter((v) => v !== '').sort();
}
