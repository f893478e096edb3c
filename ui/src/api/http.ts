// The one place that talks to the server: same origin, cancellable, timed, and with errors that
// carry the server's own words.

export interface Timed<T> {
  data: T;
  /** From asking to having decoded the answer. */
  ms: number;
  /** Why the answer is not whole, in the server's words; Tempo's JSON has no place for it, so it travels in a header. */
  partial?: string;
}

export class ApiError extends Error {
  /** HTTP status; 0 when the server could not be reached at all. */
  readonly status: number;
  /** What the server said, as it said it. */
  readonly words: string;
  readonly retryAfter: string | undefined;

  constructor(status: number, words: string, retryAfter?: string) {
    super(words || `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.words = words;
    this.retryAfter = retryAfter;
  }
}

export type Params = Record<string, string | number | undefined>;

export function withParams(path: string, params: Params): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') query.set(key, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** The server's words are shown to a person: enough of them to understand, not a whole page of HTML. */
const MAX_WORDS = 2000;

export async function getJson<T>(url: string, decode: (raw: unknown) => T, signal?: AbortSignal): Promise<Timed<T>> {
  const started = performance.now();
  let response: Response;
  try {
    response = await fetch(url, { headers: { Accept: 'application/json' }, signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, cause instanceof Error ? cause.message : String(cause));
  }
  const text = await response.text();
  if (!response.ok) {
    throw new ApiError(response.status, text.trim().slice(0, MAX_WORDS), response.headers.get('Retry-After') ?? undefined);
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new ApiError(response.status, `The answer is not JSON: ${text.trim().slice(0, 200)}`);
  }
  const data = decode(raw);
  const partial = response.headers.get('X-Tercet-Partial');
  return { data, ms: performance.now() - started, ...(partial ? { partial } : {}) };
}

export type Json = Record<string, unknown>;

export function asObject(raw: unknown): Json {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Json) : {};
}

export function asArray(raw: unknown): unknown[] {
  return Array.isArray(raw) ? raw : [];
}

export function asString(raw: unknown): string {
  return typeof raw === 'string' ? raw : raw === undefined || raw === null ? '' : String(raw);
}

/** Protobuf JSON writes 64-bit numbers as text and leaves zeros out. */
export function asNumber(raw: unknown): number {
  const n = typeof raw === 'number' ? raw : typeof raw === 'string' && raw !== '' ? Number(raw) : 0;
  return Number.isFinite(n) ? n : 0;
}

export function asBigInt(raw: unknown): bigint {
  if (typeof raw === 'string' && /^\d+$/.test(raw)) return BigInt(raw);
  return typeof raw === 'number' && raw >= 0 ? BigInt(Math.trunc(raw)) : 0n;
}

export function asStrings(raw: unknown): string[] {
  return asArray(raw).map(asString);
}
