// Numbers as the pages write them: grouped by thousands, with units, without false precision.

const NBSP = '\u00a0';
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function formatCount(n: number): string {
  return grouped.format(n);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)}${NBSP}${n === 1 ? one : many}`;
}

/** Three digits: `842`, `1.24k`, `18.3M`. */
export function formatCompact(n: number): string {
  if (Math.abs(n) < 1000) return Number.isInteger(n) ? String(n) : n.toPrecision(3);
  let value = n / 1000;
  let unit = 'k';
  for (const next of ['M', 'G']) {
    if (Math.abs(value) < 999.5) break;
    value /= 1000;
    unit = next;
  }
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
  return `${text}${unit}`;
}

export function formatBytes(n: number): string {
  let value = n;
  let unit = 'B';
  for (const next of ['kB', 'MB', 'GB', 'TB']) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  const text = unit === 'B' || value >= 100 ? value.toFixed(0) : value.toFixed(1);
  return `${text}${NBSP}${unit}`;
}

/** Money of model calls is small: cents below a dollar get four digits, tiny sums two significant ones. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  const abs = Math.abs(usd);
  if (abs >= 100) return `$${grouped.format(usd)}`;
  if (abs >= 1) return `$${usd.toFixed(2)}`;
  if (abs >= 0.001) return `$${usd.toFixed(4)}`;
  return `$${Number(usd.toPrecision(2)).toFixed(Math.min(10, 1 - Math.floor(Math.log10(abs))))}`;
}
