// Trace and span ids as the pages know them: lower-case hex, 32 and 16 digits.

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes in base64 (protobuf JSON) to hex; '' for an absent id. */
export function base64ToHex(text: string | undefined): string {
  if (!text) return '';
  const bytes = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += HEX[bytes.charCodeAt(i)];
  return hex;
}

const isZero = (hex: string) => /^0*$/.test(hex);

/** Pads an id whose leading zeros were trimmed; undefined when it cannot be one. */
export function normalizeTraceId(text: string): string | undefined {
  const hex = text.trim().toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(hex) || isZero(hex)) return undefined;
  return hex.padStart(32, '0');
}

export interface TraceRef {
  traceId: string;
  spanId?: string;
}

/**
 * What a person pastes when they have "a trace id": the id itself, bare, quoted, with its zeros
 * trimmed or as a UUID; a W3C traceparent header; or the address of a trace page.
 */
export function parseTraceRef(pasted: string): TraceRef | undefined {
  const text = pasted
    .trim()
    .replace(/^["'`]+|["'`,;]+$/g, '')
    .trim();
  const parent = /^(?:traceparent:\s*)?[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/i.exec(text);
  if (parent) {
    const traceId = normalizeTraceId(parent[1]!);
    return traceId ? { traceId, spanId: parent[2]!.toLowerCase() } : undefined;
  }
  const url = /\/trace\/([0-9a-f]{1,32})(?:\?(.*))?$/i.exec(text);
  if (url) {
    const traceId = normalizeTraceId(url[1]!);
    const spanId = new URLSearchParams(url[2] ?? '').get('span');
    return traceId ? { traceId, ...(spanId ? { spanId } : {}) } : undefined;
  }
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    const traceId = normalizeTraceId(text.replace(/-/g, ''));
    return traceId ? { traceId } : undefined;
  }
  const traceId = normalizeTraceId(text);
  return traceId ? { traceId } : undefined;
}

/** Long enough to tell ids apart on one screen, short enough for a table. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
