// Wall-clock times in the zone that the page shows: UTC or the browser's. 24 hours, always.

export type Zone = 'utc' | 'browser';

export function zoneName(zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time';
}

/** `UTC+02:00` at that instant, which daylight saving may change. */
export function zoneOffset(zone: Zone, at: number): string {
  const minutes = zone === 'utc' ? 0 : -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const abs = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(abs / 60))}:${two(abs % 60)}`;
}

const two = (n: number) => String(n).padStart(2, '0');
const three = (n: number) => String(n).padStart(3, '0');

export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

export function toWall(at: number, zone: Zone): Wall {
  const d = new Date(at);
  return zone === 'utc'
    ? {
        year: d.getUTCFullYear(),
        month: d.getUTCMonth() + 1,
        day: d.getUTCDate(),
        hour: d.getUTCHours(),
        minute: d.getUTCMinutes(),
        second: d.getUTCSeconds(),
        ms: d.getUTCMilliseconds(),
      }
    : {
        year: d.getFullYear(),
        month: d.getMonth() + 1,
        day: d.getDate(),
        hour: d.getHours(),
        minute: d.getMinutes(),
        second: d.getSeconds(),
        ms: d.getMilliseconds(),
      };
}

export function fromWall(w: Wall, zone: Zone): number {
  return zone === 'utc'
    ? Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second, w.ms)
    : new Date(w.year, w.month - 1, w.day, w.hour, w.minute, w.second, w.ms).getTime();
}

export function formatDate(at: number, zone: Zone): string {
  const w = toWall(at, zone);
  return `${w.year}-${two(w.month)}-${two(w.day)}`;
}

export function formatClock(at: number, zone: Zone, precision: 'm' | 's' | 'ms' = 's'): string {
  const w = toWall(at, zone);
  const minutes = `${two(w.hour)}:${two(w.minute)}`;
  if (precision === 'm') return minutes;
  const seconds = `${minutes}:${two(w.second)}`;
  return precision === 's' ? seconds : `${seconds}.${three(w.ms)}`;
}

export function formatDateTime(at: number, zone: Zone, precision: 'm' | 's' | 'ms' = 's'): string {
  return `${formatDate(at, zone)} ${formatClock(at, zone, precision)}`;
}

/** A nanosecond instant with all its digits. */
export function formatNanos(at: bigint, zone: Zone): string {
  const ms = Number(at / 1_000_000n);
  const rest = String(at % 1_000_000n).padStart(6, '0');
  return `${formatDateTime(ms, zone, 'ms')}${rest}`;
}

/** A tick of a time axis: the date where a day begins, else the clock as fine as the step asks. */
export function formatTick(at: number, stepMs: number, zone: Zone): string {
  const w = toWall(at, zone);
  if (stepMs >= 86_400_000 || (w.hour === 0 && w.minute === 0 && w.second === 0 && w.ms === 0)) {
    return `${two(w.month)}-${two(w.day)}`;
  }
  return formatClock(at, zone, stepMs >= 60_000 ? 'm' : stepMs >= 1000 ? 's' : 'ms');
}
