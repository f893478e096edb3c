// Bad input: a clear error with the right status, counted, and nothing else is lost.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { fetchTrace, metric, postJson, span, spansOf, traces, withServer } from './server.mjs';

const post = (server, body, headers) => fetch(`${server.otlp}/v1/traces`, { method: 'POST', headers, body });
const proto = { 'content-type': 'application/x-protobuf' };

test('bad requests are refused with the status of the specification, good ones go on', () =>
  withServer(async (server) => {
    const good = span();
    assert.equal((await postJson(server, traces('good', [good]))).status, 200);

    const truncated = await post(server, Buffer.from([0x0a, 0x50, 0x01]), proto);
    assert.equal(truncated.status, 400);
    assert.equal(truncated.headers.get('content-type'), 'application/x-protobuf');
    assert.ok((await truncated.arrayBuffer()).byteLength > 2, 'a google.rpc.Status');

    const broken = await postJson(server, '{"resourceSpans":[');
    assert.equal(broken.status, 400);
    const status = await broken.json();
    assert.equal(status.code, 3);
    assert.match(status.message, /json/i);

    assert.equal((await post(server, 'x', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await fetch(`${server.otlp}/v1/traces`)).status, 405);
    assert.equal((await post(server, 'x', { ...proto, 'content-encoding': 'br' })).status, 415);
    assert.equal((await post(server, 'not gzip at all', { ...proto, 'content-encoding': 'gzip' })).status, 400);
    assert.equal((await fetch(`${server.otlp}/v1/nothing`, { method: 'POST' })).status, 404);

    const empty = await post(server, '', proto);
    assert.equal(empty.status, 200);
    assert.equal((await postJson(server, '{}')).status, 200);

    assert.equal((await fetchTrace(server, good.traceId)).status, 200);
    assert.ok((await metric(server, 'tercet_http_requests_total', { code: '400' })) >= 2);
  }));

test('a bomb of 1 GiB of zeros in 1 MB of gzip is cut while inflating', () =>
  withServer(async (server) => {
    const gzip = zlib.createGzip({ level: 9 });
    const chunks = [];
    gzip.on('data', (chunk) => chunks.push(chunk));
    const zeros = Buffer.alloc(1 << 20);
    for (let i = 0; i < 1024; i++) {
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
    }
    gzip.end();
    await new Promise((resolve) => gzip.once('end', resolve));
    const answer = await post(server, Buffer.concat(chunks), { ...proto, 'content-encoding': 'gzip' });
    assert.equal(answer.status, 413);
    assert.ok((await metric(server, 'process_resident_memory_bytes')) < 400 * 2 ** 20);
  }));

test('deep nesting is refused, in both encodings', () =>
  withServer(async (server) => {
    // JSON.stringify would overflow its own stack: the text is built by hand.
    const deep = '{"arrayValue":{"values":['.repeat(10_000) + '{"stringValue":"x"}' + ']}}'.repeat(10_000);
    const body = JSON.stringify(traces('deep', [span({ attributes: [{ key: 'k', value: 0 }] })])).replace('"value":0', `"value":${deep}`);
    assert.equal((await postJson(server, body)).status, 400);

    const lengthDelimited = (field, bytes) => {
      const size = [];
      for (let n = bytes.length; ; n = Math.floor(n / 128)) {
        size.push(n >= 128 ? (n % 128) | 128 : n);
        if (n < 128) break;
      }
      return Buffer.concat([Buffer.from([(field << 3) | 2, ...size]), bytes]);
    };
    let any = lengthDelimited(1, Buffer.from('x'));
    for (let i = 0; i < 10_000; i++) any = lengthDelimited(5, lengthDelimited(1, any));
    const keyValue = Buffer.concat([lengthDelimited(1, Buffer.from('k')), lengthDelimited(2, any)]);
    const one = Buffer.concat([lengthDelimited(1, Buffer.alloc(16, 1)), lengthDelimited(2, Buffer.alloc(8, 1)), lengthDelimited(9, keyValue)]);
    const request = lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, one)));
    const answer = await post(server, request, proto);
    assert.equal(answer.status, 400);
    assert.match(Buffer.from(await answer.arrayBuffer()).toString('latin1'), /deep|depth|nest/i);
  }));

test('spans with impossible ids are dropped and counted, their neighbours kept; broken UTF-8 is kept readable', () =>
  withServer(async (server) => {
    const good = span();
    const answer = await postJson(server, traces('ids', [span({ traceId: 'ab'.repeat(30) }), span({ spanId: '00'.repeat(8) }), good]));
    assert.equal(answer.status, 200);
    const body = await answer.json();
    assert.equal(body.partialSuccess.rejectedSpans, '2');
    assert.match(body.partialSuccess.errorMessage, /id/);
    assert.equal(spansOf(await (await fetchTrace(server, good.traceId)).json()).length, 1);
    assert.equal(await metric(server, 'tercet_lost_items_total', { signal: 'traces' }), 2);

    const named = span({ name: 'PLACEHOLDER' });
    const raw = Buffer.from(JSON.stringify(traces('utf8', [named])), 'latin1');
    const at = raw.indexOf('PLACEHOLDER');
    raw[at] = 0xff;
    const utf8 = await fetch(`${server.otlp}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: raw });
    // Kept with the broken byte replaced, as the specification of the decoder says.
    assert.equal(utf8.status, 200);
    assert.equal(spansOf(await (await fetchTrace(server, named.traceId)).json())[0].name, '\ufffdLACEHOLDER');
    assert.equal((await fetchTrace(server, good.traceId)).status, 200);
  }));

test('CORS: a browser SDK may ask first', () =>
  withServer(async (server) => {
    const answer = await fetch(`${server.otlp}/v1/traces`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,traceparent' },
    });
    assert.ok([200, 204].includes(answer.status));
    assert.ok(answer.headers.get('access-control-allow-origin'));
    assert.match(answer.headers.get('access-control-allow-headers') ?? '', /content-type/i);
  }));

test('slow clients do not hold up others', { timeout: 60_000 }, () =>
  withServer(async (server) => {
    const slow = Array.from({ length: 200 }, () => {
      const socket = net.connect(server.otlpPort, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Le');
      return socket;
    });
    const good = span();
    assert.equal((await postJson(server, traces('quick', [good]))).status, 200);
    assert.equal((await fetchTrace(server, good.traceId)).status, 200);
    // The header deadline (10 s) cuts them.
    await Promise.all(slow.map((socket) => new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', resolve)))));
    assert.ok((await metric(server, 'tercet_http_refused_total', { reason: 'header_timeout' })) >= 200);
  }));

test('an unknown API path is never answered with a page', () =>
  withServer(async (server) => {
    for (const path of ['/api/nothing', '/loki/api/v1/nothing', '/tempo/api/nothing', '/tercet/api/nothing', '/v1/traces', '/rules', '/config/v1/rules']) {
      const answer = await fetch(server.http + path);
      assert.equal(answer.status, 404, path);
      assert.doesNotMatch(await answer.text(), /<html/i, path);
    }
    const page = await fetch(`${server.http}/traces`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-security-policy'), /default-src 'self'/);
    assert.match(await page.text(), /<html/i);
  }));
