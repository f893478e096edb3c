import { expect, it } from 'vitest';
import { decodeSearch, searchUrl } from './search';
import { decodeStatus, reachable } from './status';

it('decodes an answer in which zeros are left out', () => {
  const { traces, ...metrics } = decodeSearch({
    traces: [
      { traceID: 'abc', startTimeUnixNano: '1786548600123456789' },
      {
        traceID: '5b8aa5a2d2c872e8321cf37308d69df2',
        rootServiceName: 'router',
        rootTraceName: 'task.execute',
        startTimeUnixNano: '1786548700000000000',
        durationMs: 12,
        serviceStats: { router: { spanCount: 2 }, adapter: { spanCount: 5, errorCount: 1 } },
      },
      { traceID: '' },
    ],
    metrics: { inspectedTraces: 7, inspectedBytes: '123456', completedJobs: 3, totalJobs: 4 },
  });
  expect(metrics).toEqual({ inspectedTraces: 7, inspectedBytes: 123456, completedJobs: 3, totalJobs: 4 });
  expect(traces.map((t) => t.traceId)).toEqual(['5b8aa5a2d2c872e8321cf37308d69df2', 'abc'.padStart(32, '0')]);
  expect(traces[0]).toMatchObject({
    rootService: 'router',
    duration: 12e6,
    spans: 7,
    errors: 1,
    services: [{ name: 'adapter' }, { name: 'router' }],
  });
  expect(traces[1]).toMatchObject({ rootService: '', rootName: '', duration: 0, spans: 0, start: 1786548600123.456 });
});

it('decodes nothing', () => {
  for (const nothing of [{}, null, [], 'text', { traces: null }]) expect(decodeSearch(nothing).traces).toEqual([]);
});

it('asks for whole seconds that hold the range', () => {
  const url = searchUrl({ tags: 'a=1', minDuration: '', maxDuration: '5s', limit: 20, from: 1500, to: 2500 });
  expect(url).toBe('/tempo/api/search?tags=a%3D1&maxDuration=5s&start=1&end=3&limit=20&spss=1');
});

it('tells senders an address that they can reach', () => {
  expect(reachable('127.0.0.1:4318', 'example.org')).toBe('127.0.0.1:4318');
  expect(reachable('0.0.0.0:4318', 'example.org')).toBe('example.org:4318');
  expect(reachable('[::]:4318', 'fe80::1')).toBe('[fe80::1]:4318');
  expect(decodeStatus({ lost: [{ signal: 'traces', reason: 'invalid_id', count: '3' }] }).lost).toEqual([
    { signal: 'traces', reason: 'invalid_id', sender: '', count: 3 },
  ]);
});
