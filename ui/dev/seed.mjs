// Deterministic traces of a small agent platform, as OTLP/JSON bodies for POST /v1/traces. The mock
// server, the page tests and the screenshots share them: the same base time gives the same bytes.

/** Mulberry32: small, seeded, good enough to look alive. */
function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const hex = (n, digits) => n.toString(16).padStart(digits, '0');
const MS = 1_000_000n;

export function attribute(key, value) {
  if (Array.isArray(value)) return { key, value: { arrayValue: { values: value.map((v) => attribute('', v).value) } } };
  if (typeof value === 'boolean') return { key, value: { boolValue: value } };
  if (typeof value === 'number')
    return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
  if (typeof value === 'object') {
    return { key, value: { kvlistValue: { values: Object.entries(value).map(([k, v]) => attribute(k, v)) } } };
  }
  return { key, value: { stringValue: value } };
}

const attributes = (object) => Object.entries(object).map(([k, v]) => attribute(k, v));

/** Collects spans by service and writes them as one ExportTraceServiceRequest. */
class TraceBuilder {
  constructor(traceId, startMs) {
    this.traceId = traceId;
    this.start = BigInt(startMs) * MS;
    this.next = 1;
    this.services = new Map();
  }

  /** Times in milliseconds from the trace's start; returns the span's id. */
  span(service, name, parent, from, length, more = {}) {
    const spanId = more.spanId ?? this.traceId.slice(0, 8) + hex(this.next++, 8);
    const at = (ms) => String(this.start + BigInt(Math.round(ms * 1e6)));
    const span = {
      traceId: this.traceId,
      spanId,
      ...(parent ? { parentSpanId: parent } : {}),
      name,
      kind: more.kind ?? 1,
      startTimeUnixNano: at(from),
      endTimeUnixNano: at(from + length),
      attributes: attributes(more.attributes ?? {}),
      ...(more.events
        ? {
            events: more.events.map((e) => ({
              timeUnixNano: at(from + e.at),
              name: e.name,
              attributes: attributes(e.attributes ?? {}),
            })),
          }
        : {}),
      ...(more.links ? { links: more.links } : {}),
      status: more.error ? { code: 2, message: more.error } : {},
    };
    const list = this.services.get(service) ?? [];
    list.push(span);
    this.services.set(service, list);
    return spanId;
  }

  body() {
    return {
      resourceSpans: [...this.services].map(([service, spans]) => ({
        resource: {
          attributes: attributes({
            'service.name': service,
            environment: 'demo',
            'host.name': `${service}-1`,
            'telemetry.sdk.language': 'cpp',
          }),
        },
        scopeSpans: [{ scope: { name: 'agent-platform', version: '1.4.0' }, spans }],
      })),
    };
  }
}

const MODELS = [
  ['acme', 'acme-large', 3, 15],
  ['globex', 'globex-xl', 5, 20],
  ['local', 'local-70b', 0, 0],
];
const TEAMS = ['red', 'blue', 'green'];

/** One agent run. `kind`: 'ok', 'fallback' (first model refused, second answered) or 'failed'. */
export function agentRun(n, startMs, kind = 'ok') {
  const r = random(1000 + n);
  const traceId = hex(0xa9e27000 + n, 32).replace(/^0{24}/, '5b8aa5a2d2c872e8321cf373');
  const t = new TraceBuilder(traceId, startMs);
  const pick = (list) => list[Math.floor(r() * list.length)];
  const [provider, model, inPrice, outPrice] = pick(MODELS);
  const common = {
    'task.id': `task-${4200 + n}`,
    'correlation.id': `corr-${hex(0x9f00 + n, 8)}`,
    'user.id': `user-${1 + (n % 9)}`,
    'team.id': TEAMS[n % 3],
  };
  const scale = 0.4 + r() * 1.8 + (n % 11 === 0 ? 4 : 0);
  const select = 14 + r() * 20;
  const steps = 1 + Math.floor(r() * 3);
  let clock = 2 + r() * 4;

  const root = traceId.slice(0, 8) + hex(0xffff, 8);
  t.span('router', 'router.select_model', root, clock, select, {
    attributes: {
      ...common,
      'model.provider': provider,
      'model.id': model,
      'model.selection': kind === 'fallback' ? 'fallback' : 'primary',
      'router.candidates': MODELS.map((m) => m[1]),
    },
  });
  const selectSpan = traceId.slice(0, 8) + hex(1, 8);
  t.span('model-adapter', 'adapter.health_check', selectSpan, clock + 2, select - 5, {
    kind: 2,
    attributes: { 'model.provider': provider, 'health.ok': true },
  });
  clock += select + 3;

  for (let step = 0; step < steps; step++) {
    const failing = (kind === 'failed' && step === steps - 1) || (kind === 'fallback' && step === 0);
    const wait = failing ? 180 + r() * 300 : (250 + r() * 700) * scale;
    const input = 300 + Math.floor(r() * 5200);
    const output = failing ? 0 : 40 + Math.floor(r() * 900);
    const cost = Number(((input * inPrice + output * outPrice) / 1e6).toFixed(6));
    const status = failing ? (kind === 'failed' ? 500 : 429) : 200;
    const why = status === 500 ? 'upstream returned 500: overloaded' : 'rate limited by the provider';
    const complete = t.span('model-adapter', 'adapter.complete', root, clock, wait + 12, {
      kind: 2,
      ...(failing ? { error: why } : {}),
      attributes: {
        ...common,
        'model.provider': provider,
        'model.id': model,
        'tokens.input': input,
        'tokens.output': output,
        'cost.usd': cost,
        step,
      },
      ...(failing
        ? {
            events: [
              { at: 4, name: 'request.sent', attributes: { bytes: input * 4 } },
              {
                at: wait,
                name: 'exception',
                attributes: {
                  'exception.type': status === 500 ? 'UpstreamError' : 'RateLimited',
                  'exception.message': why,
                  'exception.stacktrace':
                    'UpstreamError: upstream returned an error\n    at Adapter::complete (adapter.cc:118)\n    at Runner::step (runner.cc:77)\n    at Runner::execute (runner.cc:41)',
                },
              },
            ],
          }
        : {
            events: [
              { at: 4, name: 'request.sent', attributes: { bytes: input * 4 } },
              { at: wait * 0.35, name: 'first.token' },
            ],
          }),
    });
    t.span('model-adapter', 'http.client', complete, clock + 3, wait, {
      kind: 3,
      ...(failing ? { error: why } : {}),
      attributes: {
        'http.method': 'POST',
        'http.url': `https://${provider}.example/v1/complete`,
        'http.status_code': status,
        'http.request': { model, stream: true, stop: ['\n\n', 'END'], options: { temperature: 0.2, top_p: 1 } },
      },
    });
    t.span('cost-meter', 'cost.calculate', complete, clock + wait + 5, 3 + r() * 3, {
      attributes: { 'price.table': '2026-07', currency: 'USD' },
    });
    clock += wait + 16 + r() * 25;
  }
  if (kind !== 'failed') {
    const store = 20 + r() * 60;
    t.span('artifact-store', 'artifact.store', root, clock, store, {
      kind: 2,
      attributes: { ...common, 'artifact.bytes': 2048 + Math.floor(r() * 90000), 'artifact.ok': true },
    });
    clock += store + 2;
  }
  t.span('agent-runner', 'task.execute', '', 0, clock + 3, {
    spanId: root,
    kind: 2,
    ...(kind === 'failed' ? { error: 'step failed: upstream returned 500: overloaded' } : {}),
    attributes: { ...common, environment: 'demo', 'task.priority': n % 4 === 0 ? 'high' : 'normal' },
  });
  return { traceId, root, body: t.body() };
}

/** 10,000 spans: forty workers, each with a chain of calls, and a few errors. */
export function bigTrace(startMs, count = 10_000) {
  const r = random(7);
  const traceId = 'b1600000' + hex(0x10000, 24);
  const t = new TraceBuilder(traceId, startMs);
  const services = ['batch', 'router', 'model-adapter', 'artifact-store', 'cost-meter', 'search', 'ledger'];
  const root = t.span('batch', 'batch.run', '', 0, 60_000, { kind: 2, attributes: { 'batch.size': count } });
  const open = [{ id: root, from: 0, to: 60_000, depth: 0 }];
  for (let i = 1; i < count; i++) {
    const at = open[Math.floor(r() ** 1.5 * open.length)];
    const from = at.from + r() * (at.to - at.from) * 0.7;
    const length = Math.max(0.02, (at.to - from) * (0.1 + r() * 0.6));
    const service = services[Math.floor(r() * services.length)];
    const failing = i % 997 === 0;
    const id = t.span(service, `${service}.step_${i % 23}`, at.id, from, length, {
      kind: 1 + (i % 3),
      attributes: { index: i },
      ...(failing ? { error: `step ${i} gave up` } : {}),
    });
    if (at.depth < 9 && length > 1) open.push({ id, from, to: from + length, depth: at.depth + 1 });
  }
  return { traceId, root, body: t.body() };
}

/** What real telemetry does: a missing parent, a second root, a clock that is behind, a link elsewhere. */
export function oddTrace(startMs, linked) {
  const traceId = '000000000000000000000dd000000001';
  const t = new TraceBuilder(traceId, startMs);
  const root = t.span('gateway', 'POST /tasks', '', 20, 300, {
    kind: 2,
    spanId: '0dd0000000000001',
    attributes: { 'http.status_code': 202 },
    links: [{ traceId: linked.traceId, spanId: linked.root, attributes: attributes({ reason: 'follows' }) }],
  });
  t.span('agent-runner', 'task.accept', root, 0, 120, { spanId: '0dd0000000000002', kind: 2 });
  t.span('ledger', 'ledger.append', 'feedfacefeedface', 140, 60, { spanId: '0dd0000000000003' });
  t.span('mailer', 'mail.send', '', 250, 400, { spanId: '0dd0000000000004', kind: 5 });
  return { traceId, root, body: t.body() };
}

const RUNS = 48;

/** Everything that is seeded, spread over the 50 minutes before `nowMs`. */
export function seedAll(nowMs) {
  const runs = [];
  for (let n = 0; n < RUNS; n++) {
    const kind = n % 9 === 4 ? 'failed' : n % 7 === 3 ? 'fallback' : 'ok';
    const jitter = Math.floor(random(n)() * 40_000);
    runs.push(agentRun(n, nowMs - 50 * 60_000 + n * 60_000 + jitter, kind));
  }
  const odd = oddTrace(nowMs - 20 * 60_000, runs[10]);
  const big = bigTrace(nowMs - 12 * 60_000);
  return { runs, odd, big, all: [...runs, odd, big] };
}
