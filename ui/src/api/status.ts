// GET /tercet/api/status: who the server is, where it takes telemetry, what it had to drop.

import { asArray, asNumber, asObject, asString, getJson } from './http';

export interface Loss {
  signal: string;
  reason: string;
  sender: string;
  count: number;
}

export interface Status {
  version: string;
  uptimeSeconds: number;
  /** as configured, so the host may be 0.0.0.0 */
  otlpHttp: string;
  profile: string;
  spansReceived: number;
  lost: Loss[];
}

export function decodeStatus(raw: unknown): Status {
  const s = asObject(raw);
  return {
    version: asString(s['version']),
    uptimeSeconds: asNumber(s['uptime_seconds']),
    otlpHttp: asString(s['otlp_http']),
    profile: asString(s['profile']),
    spansReceived: asNumber(s['spans_received']),
    lost: asArray(s['lost']).map((entry) => {
      const l = asObject(entry);
      return {
        signal: asString(l['signal']),
        reason: asString(l['reason']),
        sender: asString(l['sender']),
        count: asNumber(l['count']),
      };
    }),
  };
}

export async function status(signal?: AbortSignal): Promise<Status> {
  return (await getJson('/tercet/api/status', decodeStatus, signal)).data;
}

/** An address that a sender can use: a wildcard host becomes the one this page was loaded from. */
export function reachable(address: string, pageHost: string): string {
  const match = /^(.*):(\d+)$/.exec(address);
  if (!match) return address;
  const host = match[1]!.replace(/^\[|\]$/g, '');
  const wildcard = host === '' || host === '0.0.0.0' || host === '::';
  if (!wildcard) return address;
  return `${pageHost.includes(':') && !pageHost.startsWith('[') ? `[${pageHost}]` : pageHost}:${match[2]}`;
}
