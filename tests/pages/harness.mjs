// A server with known traces and a browser that forgives nothing. The server is the real binary
// (TERCET_BIN, else the release build), or whatever already runs at TERCET_URL.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seedAll } from '../../ui/dev/seed.mjs';

// The browser driver is a development dependency of ui/; this folder has no packages of its own.
const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
export const AxeBuilder = require('@axe-core/playwright').default;

const CHROMIUM = process.env.TERCET_CHROMIUM ?? '/usr/bin/chromium';
const BINARY = process.env.TERCET_BIN ?? fileURLToPath(new URL('../../build/release/bin/tercet', import.meta.url));
const START_TIMEOUT_MS = 20_000;

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
];

/** Resolves when `condition` returns something true; waits on it, never merely for a time. */
export async function until(what, condition, timeoutMs = 20_000) {
  const deadline = Date.now() + timeoutMs;
  let last;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`timed out: ${what}${last ? ` (${last.message})` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts one server on free ports with an empty data directory. */
export async function startServer() {
  if (!existsSync(BINARY)) throw new Error(`no server at ${BINARY}: build it, or set TERCET_BIN or TERCET_URL`);
  const data = mkdtempSync(join(tmpdir(), 'tercet-pages-'));
  const args = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--otlp-http', '127.0.0.1:0', '--otlp-grpc', '127.0.0.1:0'];
  const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const ready = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /^ready http=(\S+) .*otlp_http=(\S+)/.exec(line);
      if (match) resolve({ http: match[1], otlp: match[2] });
    });
  });
  const failed = (why) => Promise.reject(new Error(`the server did not start: ${why}\n${log}`));
  const timer = new Promise((resolve) => setTimeout(resolve, START_TIMEOUT_MS, 'timeout').unref());
  const first = await Promise.race([ready, exited.then(() => 'exit'), timer]);
  if (typeof first === 'string') {
    child.kill('SIGKILL');
    return failed(first);
  }
  return {
    url: `http://${first.http}`,
    otlp: `http://${first.otlp}`,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(killer);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function runningServer(url) {
  const status = await (await fetch(`${url}/tercet/api/status`)).json();
  return { url, otlp: `http://${status.otlp_http}`, log: () => '(a server that was already running)', stop: async () => {} };
}

const SPANS_PER_REQUEST = 2500;

/** Large bodies go in parts, as a real exporter sends them. */
function* requests(body) {
  for (const group of body.resourceSpans) {
    for (const scoped of group.scopeSpans) {
      for (let i = 0; i < scoped.spans.length; i += SPANS_PER_REQUEST) {
        yield {
          resourceSpans: [
            {
              resource: group.resource,
              scopeSpans: [{ scope: scoped.scope, spans: scoped.spans.slice(i, i + SPANS_PER_REQUEST) }],
            },
          ],
        };
      }
    }
  }
}

export async function post(server, body) {
  for (const part of requests(body)) {
    const response = await fetch(`${server.otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(part),
    });
    assert.equal(response.status, 200, `OTLP refused: ${await response.clone().text()}`);
  }
}

/** The newest whole minute: the same bytes within it, and always inside the last hour. */
const seedBase = () => Math.floor(Date.now() / 60_000) * 60_000;

export async function seededServer() {
  const url = process.env.TERCET_URL?.replace(/\/$/, '');
  const server = url ? await runningServer(url) : await startServer();
  const seed = seedAll(seedBase());
  if (!process.env.TERCET_SEEDED) for (const { body } of seed.all) await post(server, body);
  const spansOf = async (id) => {
    const response = await fetch(`${server.url}/tempo/api/v2/traces/${id}`, { headers: { Accept: 'application/json' } });
    if (!response.ok) return 0;
    const { trace } = await response.json();
    return trace.resourceSpans.flatMap((r) => r.scopeSpans).reduce((n, s) => n + s.spans.length, 0);
  };
  await until('the seeded traces can be read', async () => (await spansOf(seed.big.traceId)) >= 10_000);
  return { server, seed };
}

export async function launch() {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGS });
}

/**
 * A fresh profile and a page in it. Console errors, page errors, policy violations and answers of 400
 * and above are collected; `finish` fails on any that the test did not announce with `expectFault`.
 */
export async function openPage(browser, base, options = {}) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1,
    locale: 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    colorScheme: 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(8000);
  const page = await context.newPage();
  const faults = [];
  const expected = [];
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`console ${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`HTTP ${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:') && !request.url().startsWith('blob:'))
      faults.push(`foreign request: ${request.url()}`);
  });
  return {
    page,
    context,
    /** Announces a fault that the test provokes on purpose. */
    expectFault: (pattern) => expected.push(pattern),
    async finish() {
      await context.close();
      const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
      assert.deepEqual(unexpected, [], 'the page must be quiet');
    },
  };
}

export async function axe(page, what) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
    .analyze();
  const grave = violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map(
      (v) =>
        `${v.id}: ${v.help}\n    ${v.nodes
          .slice(0, 4)
          .map((n) => `${n.html.slice(0, 160)} | ${n.failureSummary?.replace(/\s+/g, ' ').slice(0, 200)}`)
          .join('\n    ')}`,
    );
  assert.deepEqual(grave, [], `${what} must have no serious accessibility violation`);
}
