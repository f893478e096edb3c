// The OpenTelemetry JS SDK, unmodified, over both encodings; kill -9 in between; found by id and by search.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { fetchTrace, span, spansOf, start, temporaryFolder, traces, postJson, withServer } from './server.mjs';

async function sendTrace(Exporter, url, service, options = {}) {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, environment: 'test' }),
    spanProcessors: [new BatchSpanProcessor(new Exporter({ url, ...options }))],
  });
  const tracer = provider.getTracer('e2e', '1.2.3');
  const root = tracer.startSpan('task.execute', { attributes: { 'task.id': 't-1', attempts: 3, ratio: 0.5, ok: true, tags: ['a', 'b'] } });
  const child = tracer.startSpan('adapter.complete', { kind: 2 }, trace.setSpan(context.active(), root));
  child.addEvent('first token', { index: 0 });
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'upstream said no' });
  child.recordException(new Error('boom'));
  child.end();
  root.end();
  await provider.forceFlush();
  await provider.shutdown();
  return root.spanContext().traceId;
}

for (const [name, Exporter, options] of [
  ['http/protobuf', ProtoExporter, {}],
  ['http/protobuf gzip', ProtoExporter, { compression: 'gzip' }],
  ['http/json', JsonExporter, {}],
  ['http/json gzip', JsonExporter, { compression: 'gzip' }],
]) {
  test(`the SDK sends over ${name} and finds its trace, before and after kill -9`, async () => {
    const { folder, remove } = temporaryFolder();
    let server = await start(folder);
    try {
      const id = await sendTrace(Exporter, `${server.otlp}/v1/traces`, 'agent-runner', options);
      for (const round of ['running', 'restarted']) {
        const answer = await fetchTrace(server, id);
        assert.equal(answer.status, 200, round);
        const body = await answer.json();
        const spans = spansOf(body);
        assert.equal(spans.length, 2, round);
        const root = spans.find((s) => s.name === 'task.execute');
        const child = spans.find((s) => s.name === 'adapter.complete');
        const attributes = Object.fromEntries(root.attributes.map((a) => [a.key, a.value]));
        assert.deepEqual(attributes['task.id'], { stringValue: 't-1' });
        assert.deepEqual(attributes.attempts, { intValue: '3' });
        assert.deepEqual(attributes.ratio, { doubleValue: 0.5 });
        assert.deepEqual(attributes.ok, { boolValue: true });
        assert.deepEqual(attributes.tags, { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } });
        assert.equal(child.parentSpanId, root.spanId);
        assert.equal(child.status.code, 'STATUS_CODE_ERROR');
        assert.equal(child.status.message, 'upstream said no');
        assert.deepEqual(child.events.map((e) => e.name), ['first token', 'exception']);
        const search = await (await fetch(`${server.http}/tempo/api/search?tags=${encodeURIComponent('service.name=agent-runner task.id=t-1')}`)).json();
        assert.equal(search.traces.length, 1, round);
        assert.equal(search.traces[0].rootServiceName, 'agent-runner');
        assert.equal(search.traces[0].rootTraceName, 'task.execute');
        if (round === 'running') {
          await server.kill();
          server = await start(folder);
        }
      }
    } finally {
      await server.kill();
      remove();
    }
  });
}

test('search filters by tags, durations and time, newest first, and keeps its limit', () =>
  withServer(async (server) => {
    const base = BigInt(Date.now()) * 1_000_000n - 60_000_000_000n;
    for (let i = 0; i < 30; i++) {
      const begin = base + BigInt(i) * 1_000_000_000n;
      const body = traces(i % 2 ? 'router' : 'adapter', [
        span({ name: `op-${i % 3}`, startTimeUnixNano: String(begin), endTimeUnixNano: String(begin + BigInt(i + 1) * 10_000_000n), attributes: [{ key: 'http.status_code', value: { intValue: i % 5 === 0 ? 500 : 200 } }] }),
      ]);
      assert.equal((await postJson(server, body)).status, 200);
    }
    const search = async (query) => (await fetch(`${server.http}/tempo/api/search?${new URLSearchParams(query)}`)).json();
    const all = await search({ limit: 100 });
    assert.equal(all.traces.length, 30);
    const starts = all.traces.map((t) => BigInt(t.startTimeUnixNano));
    assert.deepEqual(starts, [...starts].sort((a, b) => (a < b ? 1 : -1)));
    assert.equal((await search({})).traces.length, 20);
    assert.equal((await search({ limit: 5 })).traces[0].startTimeUnixNano, String(base + 29_000_000_000n));
    assert.equal((await search({ tags: 'http.status_code=500', limit: 100 })).traces.length, 6);
    assert.equal((await search({ tags: 'service.name=router name=op-1', limit: 100 })).traces.length, 5);
    assert.equal((await search({ minDuration: '250ms', limit: 100 })).traces.length, 6);
    assert.equal((await search({ minDuration: '100ms', maxDuration: '150ms', limit: 100 })).traces.length, 6);
    const seconds = Number(base / 1_000_000_000n);
    const window = await search({ start: seconds + 10, end: seconds + 12, limit: 100 });
    assert.ok(window.traces.length >= 2 && window.traces.length <= 4, `${window.traces.length}`);
    assert.equal((await search({ tags: 'nothing=here' })).traces?.length ?? 0, 0);
  }));

test('a trace that arrives in several batches is one trace; a retried batch adds nothing', () =>
  withServer(async (server) => {
    const root = span({ name: 'root' });
    const child = span({ traceId: root.traceId, parentSpanId: root.spanId, name: 'child' });
    await postJson(server, traces('b', [child]));
    await postJson(server, traces('a', [root]));
    await postJson(server, traces('a', [root]));
    const spans = spansOf(await (await fetchTrace(server, root.traceId)).json());
    assert.deepEqual(spans.map((s) => s.name).sort(), ['child', 'root']);
  }));

test('Tempo clients: protobuf and JSON, v1 and v2, 404, echo, buildinfo', () =>
  withServer(async (server) => {
    const one = span({ traceId: '0000000000000000' + 'abcdef0123456789' });
    await postJson(server, traces('svc', [one]));
    const v1 = await (await fetch(`${server.http}/tempo/api/traces/abcdef0123456789`)).json();
    assert.equal(v1.batches[0].scopeSpans[0].spans[0].traceId, Buffer.from(one.traceId, 'hex').toString('base64'));
    for (const version of ['', '/v2']) {
      const proto = await fetch(`${server.http}/tempo/api${version}/traces/${one.traceId}`, { headers: { accept: 'application/protobuf' } });
      assert.equal(proto.headers.get('content-type'), 'application/protobuf');
      assert.ok((await proto.arrayBuffer()).byteLength > 40);
      const missing = await fetch(`${server.http}/tempo/api${version}/traces/${'f'.repeat(32)}`);
      assert.equal(missing.status, 404);
      assert.equal((await fetch(`${server.http}/tempo/api${version}/traces/not-hex`)).status, 400);
    }
    assert.equal(await (await fetch(`${server.http}/tempo/api/echo`)).text(), 'echo');
    assert.match((await (await fetch(`${server.http}/tempo/api/status/buildinfo`)).json()).version, /^\d+\.\d+\.\d+/);
    const found = await (await fetch(`${server.http}/tempo/api/search`)).json();
    assert.equal(found.traces[0].traceID, 'abcdef0123456789');
    assert.equal((await fetch(`${server.http}/tempo/api/search?minDuration=fast`)).status, 400);
    assert.equal((await fetch(`${server.http}/tempo/api/search?tags=${encodeURIComponent('a="')}`)).status, 400);
    assert.equal((await fetch(`${server.http}/tempo/api/search?q=%7B%7D&tags=a%3Db`)).status, 400);
    const values = await (await fetch(`${server.http}/tempo/api/search/tag/service.name/values`)).json();
    assert.deepEqual(values.tagValues, ['svc']);
    const tags = await (await fetch(`${server.http}/tempo/api/search/tags`)).json();
    assert.ok(tags.tagNames.includes('service.name'));
  }));
