#!/usr/bin/env node
// A stand-in for `tercet serve`, for working on the pages without the binary. It speaks just what the
// pages use: OTLP/JSON in, Tempo's search and trace APIs, the status, and the built pages with the
// same Content Security Policy. In memory, one trace at a time, no durability: never a server.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedAll } from './seed.mjs';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const started = Date.now();

/** traceId (hex) → [{resource, scope, span}] */
const traces = new Map();
let spansReceived = 0;

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS = ['UNSET', 'OK', 'ERROR'];

function ingest(body) {
  for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
    for (const { scope, spans } of scopeSpans ?? []) {
      for (const span of spans ?? []) {
        const list = traces.get(span.traceId) ?? [];
        list.push({ resource, scope, span });
        traces.set(span.traceId, list);
        spansReceived++;
      }
    }
  }
}

const base64 = (hex) => Buffer.from(hex, 'hex').toString('base64');

/** OTLP/JSON (hex ids, numbered enums) to protobuf JSON (base64 ids, named enums). */
function asProtobufJson(span) {
  return {
    ...span,
    traceId: base64(span.traceId),
    spanId: base64(span.spanId),
    ...(span.parentSpanId ? { parentSpanId: base64(span.parentSpanId) } : {}),
    kind: `SPAN_KIND_${KINDS[span.kind ?? 0]}`,
    status: span.status?.code ? { ...span.status, code: `STATUS_CODE_${STATUS[span.status.code]}` } : {},
    ...(span.links ? { links: span.links.map((l) => ({ ...l, traceId: base64(l.traceId), spanId: base64(l.spanId) })) } : {}),
  };
}

const text = (value) => {
  const [inner] = Object.values(value ?? {});
  return typeof inner === 'object' ? JSON.stringify(inner) : String(inner);
};

const find = (list, key) => list?.find((a) => a.key === key);
const serviceOf = (entry) => text(find(entry.resource?.attributes, 'service.name')?.value);

function summarize(traceId, entries) {
  const starts = entries.map((e) => BigInt(e.span.startTimeUnixNano));
  const ends = entries.map((e) => BigInt(e.span.endTimeUnixNano));
  const start = starts.reduce((a, b) => (a < b ? a : b));
  const end = ends.reduce((a, b) => (a > b ? a : b));
  const root = entries.find((e) => !e.span.parentSpanId);
  const stats = {};
  for (const entry of entries) {
    const s = (stats[serviceOf(entry)] ??= { spanCount: 0 });
    s.spanCount++;
    if (entry.span.status?.code === 2) s.errorCount = (s.errorCount ?? 0) + 1;
  }
  const durationMs = Number((end - start) / 1_000_000n);
  return {
    traceID: traceId.replace(/^0+/, ''),
    ...(root ? { rootServiceName: serviceOf(root), rootTraceName: root.span.name } : {}),
    startTimeUnixNano: String(start),
    ...(durationMs ? { durationMs } : {}),
    serviceStats: stats,
    start,
    duration: Number(end - start),
  };
}

function parseTags(tags) {
  const out = [];
  for (const [, key, quoted, plain] of tags.matchAll(/([^\s=]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)) {
    out.push([key, quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1')]);
  }
  return out;
}

function holds(entries, key, value) {
  return entries.some((e) => {
    if (key === 'name') return e.span.name === value;
    const found = find(e.span.attributes, key) ?? find(e.resource?.attributes, key);
    return found !== undefined && text(found.value) === value;
  });
}

const UNITS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function goDuration(value) {
  if (!value) return undefined;
  let total = 0;
  for (const [, n, unit] of value.matchAll(/([\d.]+)(ns|us|ms|s|m|h)/g)) total += Number(n) * UNITS[unit];
  return total;
}

const inTime = (params) => {
  const from = BigInt(params.get('start') ?? 0) * 1_000_000_000n;
  const to = BigInt(params.get('end') ?? 99_999_999_999) * 1_000_000_000n;
  return (start) => start >= from && start <= to;
};

function search(params) {
  const tags = parseTags(params.get('tags') ?? '');
  const min = goDuration(params.get('minDuration')) ?? 0;
  const max = goDuration(params.get('maxDuration')) ?? Infinity;
  const within = inTime(params);
  const found = [];
  let inspected = 0;
  for (const [traceId, entries] of traces) {
    inspected++;
    const s = summarize(traceId, entries);
    if (!within(s.start) || s.duration < min || s.duration > max) continue;
    if (!tags.every(([k, v]) => holds(entries, k, v))) continue;
    found.push(s);
  }
  found.sort((a, b) => (a.start < b.start ? 1 : -1));
  const list = found.slice(0, Number(params.get('limit') ?? 20)).map(({ start: _s, duration: _d, ...rest }) => rest);
  return {
    traces: list,
    metrics: { inspectedTraces: inspected, inspectedBytes: String(inspected * 5120), completedJobs: 1, totalJobs: 1 },
  };
}

function tagValues(tag, params) {
  const within = inTime(params);
  const values = new Set();
  for (const [id, entries] of traces) {
    if (!within(summarize(id, entries).start)) continue;
    for (const e of entries) {
      if (tag === 'name') values.add(e.span.name);
      for (const list of [e.span.attributes, e.resource?.attributes]) {
        const found = find(list, tag);
        if (found) values.add(text(found.value));
      }
    }
  }
  return { tagValues: [...values] };
}

function tagNames() {
  const names = new Set();
  for (const entries of traces.values()) {
    for (const e of entries)
      for (const list of [e.span.attributes, e.resource?.attributes]) for (const { key } of list ?? []) names.add(key);
  }
  return { tagNames: [...names] };
}

function traceById(id) {
  const entries = traces.get(id.toLowerCase().padStart(32, '0'));
  if (!entries) return undefined;
  const groups = new Map();
  for (const entry of entries) {
    const group = groups.get(entry.resource) ?? { resource: entry.resource, scopeSpans: [{ scope: entry.scope, spans: [] }] };
    group.scopeSpans[0].spans.push(asProtobufJson(entry.span));
    groups.set(entry.resource, group);
  }
  return { trace: { resourceSpans: [...groups.values()] }, status: 'COMPLETE' };
}

const TYPES = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.html': 'text/html',
};

function policy(nonce) {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function page(response, path) {
  const file = normalize(join(DIST, path));
  if (path !== '/' && file.startsWith(DIST) && statSync(file, { throwIfNoEntry: false })?.isFile()) {
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    return response.end(readFileSync(file));
  }
  const nonce = randomBytes(16).toString('base64');
  const html = readFileSync(join(DIST, 'index.html'), 'utf8').replaceAll('__TERCET_NONCE__', nonce);
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy(nonce),
  });
  return response.end(html);
}

let address = '';

async function answer(request, response) {
  const url = new URL(request.url, 'http://mock');
  const path = url.pathname;
  const json = (body) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const plain = (status, body) => {
    response.writeHead(status, { 'Content-Type': 'text/plain' });
    response.end(body);
  };
  if (request.method === 'POST' && path === '/v1/traces') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    ingest(JSON.parse(Buffer.concat(chunks).toString()));
    return json({});
  }
  if (path === '/tempo/api/search') return json(search(url.searchParams));
  if (path === '/tempo/api/search/tags') return json(tagNames());
  const values = /^\/tempo\/api\/search\/tag\/([^/]+)\/values$/.exec(path);
  if (values) return json(tagValues(decodeURIComponent(values[1]), url.searchParams));
  const byId = /^\/tempo\/api\/v2\/traces\/([0-9a-fA-F]{1,32})$/.exec(path);
  if (byId) {
    const trace = traceById(byId[1]);
    return trace ? json(trace) : plain(404, 'trace not found');
  }
  if (path === '/tercet/api/status') {
    const uptime = (Date.now() - started) / 1000;
    return json({
      version: '0.1.0-mock',
      uptime_seconds: uptime,
      otlp_http: address,
      http: address,
      profile: 'dev',
      spans_received: spansReceived,
      lost: [],
    });
  }
  if (/^\/(api|tempo|tercet|loki|v1|otlp|rules)(\/|$)/.test(path)) return plain(404, 'no such API');
  return page(response, path);
}

const flag = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const [host, port] = (flag('--listen') ?? '127.0.0.1:4319').split(/:(?=\d+$)/);

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    response.writeHead(500, { 'Content-Type': 'text/plain' });
    response.end(String(error));
  });
});
server.listen(Number(port), host, () => {
  address = `${host}:${server.address().port}`;
  if (process.argv.includes('--seed')) for (const { body } of seedAll(Date.now()).all) ingest(body);
  console.log(`ready http=${address} otlp_grpc=none otlp_http=${address}`);
});
process.on('SIGTERM', () => process.exit(0));
