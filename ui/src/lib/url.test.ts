import { expect, it } from 'vitest';
import { readFilters, readView, toQuery, writeFilters, writeSort, check } from '../traces/params';
import { readView as readZoom, writeView as writeZoom } from '../trace/params';
import { applyPatch, sharedParams } from './url';

it('patches the address and leaves the rest', () => {
  expect(applyPatch('?a=1&b=2', { b: undefined, c: 'x y' })).toBe('?a=1&c=x+y');
  expect(applyPatch('?a=1', { a: '' })).toBe('');
  expect(applyPatch('', { 'not.name': ['p', 'q'] })).toBe('?not.name=p&not.name=q');
  expect(applyPatch('', { from: '2026-08-01T10:00:00Z' })).toBe('?from=2026-08-01T10:00:00Z');
});

it('carries time, zone and refresh to other pages and nothing else', () => {
  const params = new URLSearchParams('from=now-6h&to=now&tz=utc&refresh=30s&service=router&span=1');
  expect(sharedParams(params)).toBe('?from=now-6h&to=now&refresh=30s&tz=utc');
  expect(sharedParams(params, { span: 'ab' })).toBe('?from=now-6h&to=now&refresh=30s&tz=utc&span=ab');
});

it('round trips the search', () => {
  const filters = { service: 'router', name: 'a & b', tags: 'team.id=red x="1 2"', min: '100ms', max: '5s', limit: '500' };
  expect(readFilters(new URLSearchParams(applyPatch('', writeFilters(filters))))).toEqual(filters);
  const plain = readFilters(new URLSearchParams());
  expect(plain.limit).toBe('100');
  expect(applyPatch('?service=x', writeFilters(plain))).toBe('');
  expect(readFilters(new URLSearchParams('limit=-3')).limit).toBe('100');
});

it('round trips the view', () => {
  const read = (patch: Record<string, string | string[] | undefined>) => readView(new URLSearchParams(applyPatch('', patch)));
  expect(read(writeSort('start', true))).toMatchObject({ sort: 'start', descending: true });
  expect(read(writeSort('duration', false))).toMatchObject({ sort: 'duration', descending: false });
  expect(read(writeSort('errors', true))).toMatchObject({ sort: 'errors', descending: true });
  expect(read({ sort: 'nonsense', show: 'nonsense' })).toMatchObject({ sort: 'start', descending: true, show: '' });
  expect(read({ 'not.service': ['a', 'b'], show: 'errors' })).toMatchObject({ notService: ['a', 'b'], show: 'errors' });
  expect(readZoom(writeZoom({ from: 10, to: 20.4 })!, 100)).toEqual({ from: 10, to: 20 });
  expect(readZoom('20-10', 100)).toBeUndefined();
  expect(readZoom('5-5000', 100)).toEqual({ from: 5, to: 100 });
  expect(readZoom('nonsense', 100)).toBeUndefined();
});

it('asks the server in its own words', () => {
  const filters = { service: 'my app', name: 'GET /', tags: 'a=1', min: '1.5s', max: '', limit: '20' };
  expect(toQuery(filters, { from: 1000, to: 2000 })).toEqual({
    tags: 'service.name="my app" name="GET /" a=1',
    minDuration: '1500ms',
    maxDuration: '',
    limit: 20,
    from: 1000,
    to: 2000,
  });
});

it('finds what is wrong before the server has to', () => {
  const ok = { service: '', name: '', tags: '', min: '', max: '', limit: '100' };
  expect(check(ok)).toEqual({});
  expect(Object.keys(check({ ...ok, tags: 'red', min: '5' }))).toEqual(['tags', 'min']);
  expect(Object.keys(check({ ...ok, min: '2s', max: '1s' }))).toEqual(['max']);
});
