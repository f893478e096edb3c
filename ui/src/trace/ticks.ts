// Ticks of the time ruler: round steps of 1, 2 or 5, and of minutes and hours where those are round.

const LONG = [60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400].map((s) => s * 1e9);

export function ticks(from: number, to: number, most: number): number[] {
  const rough = (to - from) / Math.max(1, most);
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const step = Math.max(1, round > 30e9 ? (LONG.find((s) => s >= rough) ?? Math.ceil(rough / 86400e9) * 86400e9) : round);
  const out: number[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) out.push(t);
  return out;
}
