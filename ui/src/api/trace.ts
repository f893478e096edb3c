// GET /tempo/api/v2/traces/{id}: OTLP's nesting, flattened into spans that know their resource
// and scope. Times become nanoseconds since the trace's start, which a double holds exactly.

import { base64ToHex } from '../lib/ids';
import { asArray, asBigInt, asNumber, asObject, asString, getJson, type Json, type Timed } from './http';
import { decodeAttributes, valueText, type Attribute } from './otlp';

export type SpanStatus = 'unset' | 'ok' | 'error';
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';

export interface SpanEvent {
  /** nanoseconds since the trace's start */
  at: number;
  name: string;
  attributes: Attribute[];
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Attribute[];
}

export interface Resource {
  service: string;
  attributes: Attribute[];
}

export interface Scope {
  name: string;
  version: string;
  attributes: Attribute[];
}

export interface Span {
  spanId: string;
  parentId: string;
  name: string;
  kind: SpanKind;
  status: SpanStatus;
  statusMessage: string;
  /** nanoseconds since the trace's start */
  start: number;
  duration: number;
  attributes: Attribute[];
  events: SpanEvent[];
  links: SpanLink[];
  traceState: string;
  resource: Resource;
  scope: Scope;
}

export interface Trace {
  traceId: string;
  /** nanoseconds since the epoch */
  start: bigint;
  /** nanoseconds from the first start to the last end */
  duration: number;
  /** by start, then as the server sent them */
  spans: Span[];
  partial: boolean;
  message: string;
}

const KINDS: SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

function decodeKind(raw: unknown): SpanKind {
  if (typeof raw === 'number') return KINDS[raw] ?? 'unspecified';
  const name = asString(raw).replace('SPAN_KIND_', '').toLowerCase() as SpanKind;
  return KINDS.includes(name) ? name : 'unspecified';
}

function decodeStatus(raw: unknown): SpanStatus {
  if (raw === 2 || raw === 'STATUS_CODE_ERROR') return 'error';
  return raw === 1 || raw === 'STATUS_CODE_OK' ? 'ok' : 'unset';
}

function serviceName(attributes: Attribute[]): string {
  const found = attributes.find((a) => a.key === 'service.name');
  return (found && valueText(found.value)) || 'unknown_service';
}

interface Placed {
  raw: Json;
  resource: Resource;
  scope: Scope;
  start: bigint;
  end: bigint;
}

function collect(trace: Json): Placed[] {
  const found: Placed[] = [];
  for (const rawResource of asArray(trace['resourceSpans'] ?? trace['batches'])) {
    const group = asObject(rawResource);
    const attributes = decodeAttributes(asObject(group['resource'])['attributes']);
    const resource = { service: serviceName(attributes), attributes };
    for (const rawScope of asArray(group['scopeSpans'])) {
      const scopeSpans = asObject(rawScope);
      const s = asObject(scopeSpans['scope']);
      const scope = { name: asString(s['name']), version: asString(s['version']), attributes: decodeAttributes(s['attributes']) };
      for (const rawSpan of asArray(scopeSpans['spans'])) {
        const raw = asObject(rawSpan);
        const start = asBigInt(raw['startTimeUnixNano']);
        const end = asBigInt(raw['endTimeUnixNano']);
        found.push({ raw, resource, scope, start, end: end < start ? start : end });
      }
    }
  }
  return found;
}

function decodeSpan({ raw, resource, scope, start, end }: Placed, origin: bigint): Span {
  const status = asObject(raw['status']);
  return {
    spanId: base64ToHex(asString(raw['spanId'])),
    parentId: base64ToHex(asString(raw['parentSpanId'])).replace(/^0+$/, ''),
    name: asString(raw['name']),
    kind: decodeKind(raw['kind']),
    status: decodeStatus(status['code']),
    statusMessage: asString(status['message']),
    start: Number(start - origin),
    duration: Number(end - start),
    attributes: decodeAttributes(raw['attributes']),
    events: asArray(raw['events']).map((entry) => {
      const e = asObject(entry);
      return {
        at: Number(asBigInt(e['timeUnixNano']) - origin),
        name: asString(e['name']),
        attributes: decodeAttributes(e['attributes']),
      };
    }),
    links: asArray(raw['links']).map((entry) => {
      const l = asObject(entry);
      return {
        traceId: base64ToHex(asString(l['traceId'])),
        spanId: base64ToHex(asString(l['spanId'])),
        attributes: decodeAttributes(l['attributes']),
      };
    }),
    traceState: asString(raw['traceState']),
    resource,
    scope,
  };
}

export function decodeTrace(raw: unknown, traceId: string): Trace {
  const body = asObject(raw);
  const placed = collect(asObject(body['trace']));
  let first: bigint | undefined;
  let last = 0n;
  for (const p of placed) {
    // A span without a start would stretch the ruler back to 1970.
    if (p.start !== 0n && (first === undefined || p.start < first)) first = p.start;
    if (p.end > last) last = p.end;
  }
  const origin = first ?? 0n;
  for (const p of placed) {
    if (p.start === 0n) p.start = origin;
    if (p.end < p.start) p.end = p.start;
  }
  const spans = placed.map((p) => decodeSpan(p, origin));
  spans.sort((a, b) => a.start - b.start);
  return {
    traceId,
    start: origin,
    duration: last > origin ? Number(last - origin) : 0,
    spans,
    partial: body['status'] === 'PARTIAL' || asNumber(body['status']) === 1,
    message: asString(body['message']),
  };
}

export function fetchTrace(traceId: string, signal: AbortSignal): Promise<Timed<Trace>> {
  return getJson(traceUrl(traceId), (raw) => decodeTrace(raw, traceId), signal);
}

export function traceUrl(traceId: string): string {
  return `/tempo/api/v2/traces/${traceId}`;
}
