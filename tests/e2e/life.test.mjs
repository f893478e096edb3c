// Starting, stopping, asking from the command line, and what is said when something is wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { binary, fetchTrace, metric, postJson, span, start, temporaryFolder, traces, withServer } from './server.mjs';

const run = (...args) =>
  new Promise((resolve) => execFile(binary, args, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr })));

test('ready within 200 ms on an empty directory (best of five), idle under 40 MiB', async (t) => {
  const times = [];
  for (let i = 0; i < 5; i++) {
    await withServer(async (server) => {
      times.push(server.readyMs);
      if (i === 0) {
        const rss = await metric(server, 'process_resident_memory_bytes');
        t.diagnostic(`idle RSS ${(rss / 2 ** 20).toFixed(1)} MiB`);
        assert.ok(rss > 0 && rss <= 40 * 2 ** 20, `${rss} bytes`);
      }
    });
  }
  t.diagnostic(`ready after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  assert.ok(Math.min(...times) <= 200, times.join(', '));
});

test('SIGTERM drains, exits 0, and the next start finds everything', async () => {
  const { folder, remove } = temporaryFolder();
  try {
    let server = await start(folder);
    const one = span();
    await postJson(server, traces('svc', [one]));
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    server = await start(folder);
    assert.equal((await fetchTrace(server, one.traceId)).status, 200);
    await server.stop();
  } finally {
    remove();
  }
});

test('two servers cannot share a data directory', () =>
  withServer(async (server, folder) => {
    const second = await run('serve', '--data', folder, '--listen', '127.0.0.1:0', '--otlp-http', '127.0.0.1:0', '--otlp-grpc', '127.0.0.1:0');
    assert.notEqual(second.code, 0);
    assert.match(second.stderr, new RegExp(`lock|already|${server.pid}`));
  }));

test('a taken port is named', () =>
  withServer(async (server) => {
    const { folder, remove } = temporaryFolder();
    const second = await run('serve', '--data', folder, '--listen', '127.0.0.1:0', '--otlp-http', `127.0.0.1:${server.otlpPort}`, '--otlp-grpc', '127.0.0.1:0');
    assert.notEqual(second.code, 0);
    assert.match(second.stderr, new RegExp(String(server.otlpPort)));
    remove();
  }));

test('health, readiness, metrics, status', () =>
  withServer(async (server) => {
    assert.equal((await fetch(`${server.http}/-/healthy`)).status, 200);
    assert.equal((await fetch(`${server.http}/-/ready`)).status, 200);
    await postJson(server, traces('svc', [span()]));
    const status = await (await fetch(`${server.http}/tercet/api/status`)).json();
    assert.equal(status.spans_received, 1);
    assert.match(status.version, /^\d+\.\d+\.\d+/);
    assert.equal(await metric(server, 'tercet_accepted_items_total', { signal: 'traces' }), 1);
  }));

test('tercet trace prints the tree; an unknown id is an error', () =>
  withServer(async (server) => {
    const root = span({ name: 'task.execute' });
    await postJson(server, traces('runner', [root, span({ traceId: root.traceId, parentSpanId: root.spanId, name: 'adapter.complete', status: { code: 2 } })]));
    const shown = await run('trace', root.traceId, '--server', server.http);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /task\.execute/);
    assert.match(shown.stdout, /adapter\.complete/);
    const json = await run('trace', root.traceId, '--server', server.http, '--json');
    assert.equal(JSON.parse(json.stdout).trace.resourceSpans.length, 1);
    const missing = await run('trace', 'f'.repeat(32), '--server', server.http);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /not found/i);
  }));

test('tercet check config names file, line and a suggestion', async () => {
  const { folder, remove } = temporaryFolder();
  const good = path.join(folder, 'good.yaml');
  writeFileSync(good, 'profile: dev\nserver:\n  listen: 127.0.0.1:0\nstorage:\n  path: /tmp/x\n');
  assert.equal((await run('check', 'config', good)).code, 0);
  const bad = path.join(folder, 'bad.yaml');
  writeFileSync(bad, 'profile: dev\nserver:\n  lisen: 127.0.0.1:0\n');
  const refused = await run('check', 'config', bad);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr + refused.stdout, /bad\.yaml:3/);
  assert.match(refused.stderr + refused.stdout, /listen/);
  const twice = path.join(folder, 'twice.yaml');
  writeFileSync(twice, 'profile: dev\nprofile: prod\n');
  assert.equal((await run('check', 'config', twice)).code, 1);
  remove();
});

test('help and version', async () => {
  assert.match((await run('--help')).stdout, /serve/);
  assert.match((await run('--version')).stdout, /^tercet \d+\.\d+\.\d+/);
  assert.notEqual((await run('no-such-command')).code, 0);
});
