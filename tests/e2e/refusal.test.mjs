// What a client meets that sends too much, and what the server says of its addresses.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import net from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { binary, metric, postJson, span, temporaryFolder, traces, withServer } from './server.mjs';

const once = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));

test('a body that is too large is answered 413 before the connection ends, with the name of the limit', () =>
  withServer(async (server) => {
    const socket = net.connect(server.otlpPort, '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    const ended = once(socket, 'close'); // also of a reset
    socket.write('POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100000000\r\n\r\n');
    for (let i = 0; i < 64; i++) socket.write(Buffer.alloc(1 << 20));
    await ended;
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /server\.request_bytes_max/);
  }));

test('bombs that are being inflated do not hold up others', () =>
  withServer(async (server) => {
    const bomb = zlib.gzipSync(Buffer.alloc(64 << 20), { level: 9 });
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };
    const bombs = Array.from({ length: 20 }, () => fetch(`${server.otlp}/v1/traces`, { method: 'POST', headers, body: bomb }));
    let slowest = 0;
    for (let i = 0; i < 20; i++) {
      const began = performance.now();
      // No worker is needed for it: what is measured is whether the loop still turns.
      assert.equal((await fetch(`${server.otlp}/nothing`)).status, 404);
      slowest = Math.max(slowest, performance.now() - began);
    }
    for (const answer of await Promise.all(bombs)) assert.notEqual(answer.status, 200);
    assert.ok(slowest < 1000, `${slowest.toFixed(0)} ms`);
    assert.equal((await postJson(server, traces('after', [span()]))).status, 200);
    assert.equal(await metric(server, 'tercet_http_inflight_bytes'), 0);
  }));

test('an address for gRPC that nothing serves is warned of', () =>
  withServer(async (server) => assert.match(server.log(), /"warn".*gRPC is not served.*127\.0\.0\.1:0/)));

test('a port that was asked for by name and is taken is a failed start, also the default one', async () => {
  const blocker = net.createServer();
  blocker.on('error', () => {}); // another program has it: as good
  blocker.listen(4318, '127.0.0.1');
  await Promise.race([once(blocker, 'listening'), once(blocker, 'error')]);
  const { folder, remove } = temporaryFolder();
  try {
    const args = ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--otlp-http', '127.0.0.1:4318'];
    const [error, , stderr] = await new Promise((resolve) => execFile(binary, args, { timeout: 10_000 }, (...all) => resolve(all)));
    assert.equal(error?.code, 1);
    assert.match(stderr, /server\.otlp_http.*4318/);
  } finally {
    blocker.close();
    remove();
  }
});
