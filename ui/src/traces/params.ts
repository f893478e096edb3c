// The trace search as the URL holds it, and as the server is asked.

import type { SearchQuery, TraceSummary } from '../api/search';
import { formatTag, parseTags } from '../lib/logfmt';
import type { Patch } from '../lib/url';
import { parseDuration, toGoDuration } from '../time/duration';
import type { Resolved } from '../time/range';

export interface Filters {
  service: string;
  name: string;
  tags: string;
  min: string;
  max: string;
  limit: string;
}

export const LIMITS = ['20', '100', '500', '1000'] as const;
const DEFAULT_LIMIT = '100';

export type SortKey = 'start' | 'duration' | 'spans' | 'errors';

/** What is done to the answer here, in the page, and not by the server. */
export interface View {
  /** services whose traces are hidden */
  notService: string[];
  /** root names whose traces are hidden */
  notName: string[];
  show: '' | 'errors' | 'ok';
  sort: SortKey;
  descending: boolean;
}

export function readFilters(params: URLSearchParams): Filters {
  const get = (key: string) => params.get(key) ?? '';
  const limit = Number(get('limit'));
  return {
    service: get('service'),
    name: get('name'),
    tags: get('tags'),
    min: get('min'),
    max: get('max'),
    limit: Number.isInteger(limit) && limit > 0 ? String(limit) : DEFAULT_LIMIT,
  };
}

export function writeFilters(f: Filters): Patch {
  return {
    ...f,
    tags: f.tags.trim(),
    min: f.min.trim(),
    max: f.max.trim(),
    name: f.name.trim(),
    limit: f.limit === DEFAULT_LIMIT ? undefined : f.limit,
  };
}

const SORTS: SortKey[] = ['start', 'duration', 'spans', 'errors'];

export function readView(params: URLSearchParams): View {
  const sort = params.get('sort') ?? '';
  const key = sort.replace(/^-/, '') as SortKey;
  const known = SORTS.includes(key);
  const show = params.get('show');
  return {
    notService: params.getAll('not.service'),
    notName: params.getAll('not.name'),
    show: show === 'errors' || show === 'ok' ? show : '',
    sort: known ? key : 'start',
    descending: known ? sort.startsWith('-') : true,
  };
}

export function writeSort(key: SortKey, descending: boolean): Patch {
  return { sort: key === 'start' && descending ? undefined : `${descending ? '-' : ''}${key}` };
}

export type Problems = Partial<Record<keyof Filters, string>>;

/** What is wrong with the filters, said before the server has to. */
export function check(f: Filters): Problems {
  const problems: Problems = {};
  const tags = parseTags(f.tags);
  if (tags.error) problems.tags = tags.error;
  for (const side of ['min', 'max'] as const) {
    if (f[side].trim() !== '' && parseDuration(f[side]) === undefined)
      problems[side] = 'Write a duration, such as 250ms, 1.5s or 2m30s.';
  }
  const min = parseDuration(f.min);
  const max = parseDuration(f.max);
  if (min !== undefined && max !== undefined && min > max) problems.max = 'The longest is shorter than the shortest.';
  return problems;
}

export function toQuery(f: Filters, r: Resolved): SearchQuery {
  const tags: string[] = [];
  if (f.service) tags.push(formatTag({ key: 'service.name', value: f.service }));
  if (f.name.trim()) tags.push(formatTag({ key: 'name', value: f.name.trim() }));
  for (const tag of parseTags(f.tags).tags ?? []) tags.push(formatTag(tag));
  const go = (text: string) => {
    const ns = parseDuration(text);
    return ns === undefined ? '' : toGoDuration(ns);
  };
  return { tags: tags.join(' '), minDuration: go(f.min), maxDuration: go(f.max), limit: Number(f.limit), from: r.from, to: r.to };
}

export function applyView(traces: TraceSummary[], view: View): TraceSummary[] {
  const hidden = (t: TraceSummary) =>
    view.notName.includes(t.rootName) ||
    view.notService.some((s) => t.rootService === s || t.services.some((x) => x.name === s)) ||
    (view.show === 'errors' && t.errors === 0) ||
    (view.show === 'ok' && t.errors > 0);
  const shown = traces.filter((t) => !hidden(t));
  const sign = view.descending ? -1 : 1;
  return shown.sort((a, b) => sign * (a[view.sort] - b[view.sort]) || b.start - a.start || (a.traceId < b.traceId ? -1 : 1));
}
