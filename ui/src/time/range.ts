// Time ranges as the URL holds them: two texts, each relative (`now-1h`, `now/d`) or absolute.

import { parseDuration, shortDuration } from './duration';
import { formatClock, formatDate, formatDateTime, fromWall, toWall, type Zone } from './zone';

export interface Range {
  from: string;
  to: string;
}

/** Milliseconds since the epoch. */
export interface Resolved {
  from: number;
  to: number;
}

export const DEFAULT_RANGE: Range = { from: 'now-1h', to: 'now' };

export const PRESETS = ['5m', '15m', '30m', '1h', '3h', '6h', '12h', '24h', '2d', '7d'] as const;

/** `24h` as it is read aloud in the picker: `Last 24 h`. */
export function presetLabel(preset: string): string {
  return `Last ${preset.replace(/(\d+)([a-z]+)/g, '$1\u00a0$2 ').trim()}`;
}

const RELATIVE = /^now(?:\s*([-+])\s*([0-9a-zµ.]+))?(?:\/([smhdwMy]))?$/;

export function isRelative(text: string): boolean {
  return RELATIVE.test(text.trim());
}

function snap(at: number, unit: string, zone: Zone): number {
  const w = toWall(at, zone);
  w.ms = 0;
  if (unit === 's') return fromWall(w, zone);
  w.second = 0;
  if (unit === 'm') return fromWall(w, zone);
  w.minute = 0;
  if (unit === 'h') return fromWall(w, zone);
  w.hour = 0;
  if (unit === 'w') w.day -= (new Date(Date.UTC(w.year, w.month - 1, w.day)).getUTCDay() + 6) % 7;
  if (unit === 'M' || unit === 'y') w.day = 1;
  if (unit === 'y') w.month = 1;
  return fromWall(w, zone);
}

/**
 * What people type or paste for an instant: `now-90m`, `now-1d/d`, `2026-08-01 12:30`, an ISO time,
 * `12:30` (today), or seconds or milliseconds since the epoch.
 */
export function parseInstant(text: string, now: number, zone: Zone): number | undefined {
  const t = text.trim();
  const relative = RELATIVE.exec(t);
  if (relative) {
    let at = now;
    if (relative[2]) {
      const span = parseDuration(relative[2]);
      if (span === undefined) return undefined;
      at += (relative[1] === '-' ? -1 : 1) * Math.round(span / 1e6);
    }
    return relative[3] ? snap(at, relative[3], zone) : at;
  }
  if (/^\d{9,11}(\.\d+)?$/.test(t)) return Math.round(Number(t) * 1000);
  if (/^\d{12,14}$/.test(t)) return Number(t);
  if (/^\d{18,20}$/.test(t)) return Number(BigInt(t) / 1_000_000n);
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)$/i;
  if (iso.test(t)) {
    const at = Date.parse(t);
    return Number.isNaN(at) ? undefined : at;
  }
  const wall = /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?[T ]*(?:(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?)?$/.exec(t);
  if (!wall || t === '' || (wall[1] === undefined && wall[4] === undefined)) return undefined;
  const today = toWall(now, zone);
  const n = (i: number, otherwise: number) => (wall[i] === undefined ? otherwise : Number(wall[i]));
  const w = {
    year: n(1, today.year),
    month: n(2, today.month),
    day: n(3, today.day),
    hour: n(4, 0),
    minute: n(5, 0),
    second: n(6, 0),
    ms: wall[7] === undefined ? 0 : Number(wall[7].padEnd(3, '0')),
  };
  if (w.hour > 24 || w.minute > 59 || w.second > 59 || w.month < 1 || w.month > 12 || w.day < 1) return undefined;
  const at = fromWall(w, zone);
  // A day that the month does not have rolls over silently in Date; refuse it instead.
  return wall[1] !== undefined && w.hour < 24 && toWall(at, zone).day !== w.day ? undefined : at;
}

/** The instants of a range; undefined when a side cannot be read or the range is not forward in time. */
export function resolveRange(range: Range, now: number, zone: Zone): Resolved | undefined {
  const from = parseInstant(range.from, now, zone);
  const to = parseInstant(range.to, now, zone);
  return from === undefined || to === undefined || from >= to ? undefined : { from, to };
}

/** Absolute instants in the URL are UTC, so that a link means the same to everyone. */
export function toUrlInstant(at: number): string {
  return new Date(Math.round(at)).toISOString().replace('.000Z', 'Z');
}

export function absoluteRange(r: Resolved): Range {
  return { from: toUrlInstant(r.from), to: toUrlInstant(r.to) };
}

/** Half a window back or forward, so that what is at the edge stays in sight. */
export function shiftRange(r: Resolved, direction: -1 | 1): Range {
  const by = ((r.to - r.from) / 2) * direction;
  return absoluteRange({ from: r.from + by, to: r.to + by });
}

/** Twice the window around the same middle, not past now when it was not already. */
export function zoomOut(r: Resolved, now: number): Range {
  const half = (r.to - r.from) / 2;
  const to = r.to <= now ? Math.min(r.to + half, now) : r.to + half;
  return absoluteRange({ from: to - 4 * half, to });
}

export function rangeLabel(range: Range, resolved: Resolved | undefined, zone: Zone): string {
  const last = /^now-([0-9a-z.]+)$/.exec(range.from.trim());
  if (last && range.to.trim() === 'now') {
    const span = parseDuration(last[1]!);
    if (span !== undefined) return presetLabel(PRESETS.includes(last[1] as never) ? last[1]! : shortDuration(span));
  }
  if (!resolved) return 'Unreadable range';
  if (isRelative(range.from) || isRelative(range.to)) return `${range.from} to ${range.to}`;
  const { from, to } = resolved;
  const precision = from % 1000 || to % 1000 ? 'ms' : from % 60_000 || to % 60_000 ? 's' : 'm';
  const end =
    formatDate(from, zone) === formatDate(to, zone) ? formatClock(to, zone, precision) : formatDateTime(to, zone, precision);
  return `${formatDateTime(from, zone, precision)} – ${end}`;
}
