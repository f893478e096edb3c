// Durations as text. Inside the pages a duration is a number of nanoseconds: exact to 104 days.

const UNIT: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86400e9,
  w: 7 * 86400e9,
};

/** `250ms`, `1.5s`, `2m30s`, `1 h`; undefined when it is no duration. A bare number has no unit, so it is none. */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().toLowerCase().replace(/\s+/g, '');
  if (compact === '0') return 0;
  if (compact === '') return undefined;
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/y;
  let total = 0;
  while (part.lastIndex < compact.length) {
    const match = part.exec(compact);
    if (!match) return undefined;
    total += Number(match[1]) * UNIT[match[2]!]!;
  }
  return Math.round(total);
}

/** As Go's time.ParseDuration takes it, which knows no days. */
export function toGoDuration(ns: number): string {
  for (const unit of ['h', 'm', 's', 'ms', 'us'] as const) {
    const size = UNIT[unit]!;
    if (ns >= size && ns % size === 0) return `${ns / size}${unit}`;
  }
  return `${ns}ns`;
}

const NBSP = '\u00a0';

function three(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return trim(value.toFixed(1));
  return trim(value.toFixed(2));
}

function trim(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Three significant digits and a unit: `4.57 ms`; from a minute on two units: `2 m 03 s`. */
export function formatDuration(ns: number): string {
  if (!Number.isFinite(ns)) return '–';
  if (ns < 0) return `−${formatDuration(-ns)}`;
  if (ns === 0) return '0';
  if (ns < 1e3) return `${Math.round(ns)}${NBSP}ns`;
  // The limits are where rounding to three digits would reach the next unit.
  if (ns < 999.5e3) return `${three(ns / 1e3)}${NBSP}µs`;
  if (ns < 999.5e6) return `${three(ns / 1e6)}${NBSP}ms`;
  if (ns < 59.95e9) return `${three(ns / 1e9)}${NBSP}s`;
  const seconds = Math.round(ns / 1e9);
  const two = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}m${NBSP}${two(seconds % 60)}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}${NBSP}h${NBSP}${two(minutes % 60)}${NBSP}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}${NBSP}d${NBSP}${two(hours % 24)}${NBSP}h`;
}

/** The short form of the URL and of the presets: `5m`, `1h`, `7d`. */
export function shortDuration(ns: number): string {
  for (const unit of ['d', 'h', 'm', 's', 'ms', 'us'] as const) {
    const size = UNIT[unit]!;
    if (ns >= size && ns % size === 0) return `${ns / size}${unit}`;
  }
  return `${ns}ns`;
}
