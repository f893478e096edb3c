// Starts the real binary on free ports with a data directory of its own, and asks it questions.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const binary = process.env.TERCET_BIN ?? path.resolve(here, '../../build/release/bin/tercet');

export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'tercet-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Resolves when the server says `ready`; rejects with its log when it ends before. */
export async function start(data, extra = []) {
  const child = spawn(
    binary,
    ['serve', '--data', data, '--listen', '127.0.0.1:0', '--otlp-http', '127.0.0.1:0', '--otlp-grpc', '127.0.0.1:0', ...extra],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const began = performance.now();
  const ready = await new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const line = /^ready http=(\S+) otlp_grpc=(\S+) otlp_http=(\S+)$/m.exec(out);
      if (line) resolve(line);
    });
    exited.then((how) => reject(new Error(`tercet ended before it was ready: ${JSON.stringify(how)}\n${log}`)));
  });
  return {
    child,
    exited,
    pid: child.pid,
    readyMs: performance.now() - began,
    http: `http://${ready[1]}`,
    otlp: `http://${ready[3]}`,
    otlpPort: Number(ready[3].split(':').pop()),
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      return exited;
    },
  };
}

/** Runs `body` with a server on an empty folder; stops it and removes the folder whatever happens. */
export async function withServer(body, extra = []) {
  const { folder, remove } = temporaryFolder();
  const server = await start(folder, extra);
  try {
    return await body(server, folder);
  } finally {
    server.child.kill('SIGKILL');
    await server.exited;
    remove();
  }
}

export function randomHex(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, '0')).join('');
}

/** One resource with `spans`, in OTLP/JSON. */
export function traces(service, spans) {
  return { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] }, scopeSpans: [{ scope: { name: 'e2e' }, spans }] }] };
}

export function span(fields = {}) {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    traceId: randomHex(16),
    spanId: randomHex(8),
    name: 'work',
    kind: 2,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 5_000_000n),
    ...fields,
  };
}

export function postJson(server, body, headers = {}) {
  return fetch(`${server.otlp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const fetchTrace = (server, id) => fetch(`${server.http}/tempo/api/v2/traces/${id}`, { headers: { accept: 'application/json' } });

/** Every span of a v2 answer, flat. */
export function spansOf(answer) {
  return (answer.trace?.resourceSpans ?? []).flatMap((r) => r.scopeSpans.flatMap((s) => s.spans));
}

export async function metric(server, name, labels = {}) {
  const text = await (await fetch(`${server.http}/metrics`)).text();
  let total = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(name) || line.startsWith('#')) continue;
    if (line[name.length] !== '{' && line[name.length] !== ' ') continue;
    if (Object.entries(labels).every(([k, v]) => line.includes(`${k}="${v}"`))) total += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return total;
}
