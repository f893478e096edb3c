// The marks of the scatter: a disc in the root service's hue, or a diamond in the error colour.

import type uPlot from 'uplot';
import type { TraceSummary } from '../api/search';

export interface Mark {
  trace: TraceSummary;
  /** CSS pixels inside the plotting area */
  x: number;
  y: number;
}

interface Palette {
  error: string;
  text: string;
  accent: string;
  ground: string;
}

const RADIUS = 3.5;
const REACH = 12;

export function drawMarks(
  u: uPlot,
  traces: TraceSummary[],
  palette: Palette,
  current: string | undefined,
  hue: (t: TraceSummary) => string,
): Mark[] {
  const { ctx, bbox } = u;
  const scale = devicePixelRatio;
  const xs = u.data[0];
  const ys = u.data[1]!;
  const marks: Mark[] = [];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - 6 * scale, bbox.top - 6 * scale, bbox.width + 12 * scale, bbox.height + 12 * scale);
  ctx.clip();
  const from = u.scales['x']!.min!;
  const to = u.scales['x']!.max!;
  // Errors last: they must not hide under the others.
  const order = traces.map((_, i) => i).sort((a, b) => Number(traces[a]!.errors > 0) - Number(traces[b]!.errors > 0));
  for (const i of order) {
    const trace = traces[i]!;
    if (i >= xs.length || xs[i]! < from || xs[i]! > to) continue;
    const x = u.valToPos(xs[i]!, 'x');
    const y = u.valToPos(ys[i] as number, 'y');
    marks.push({ trace, x, y });
    const px = bbox.left + x * scale;
    const py = bbox.top + y * scale;
    const r = RADIUS * scale * (trace.errors > 0 ? 1.45 : 1);
    ctx.beginPath();
    if (trace.errors > 0) {
      ctx.moveTo(px, py - r);
      ctx.lineTo(px + r, py);
      ctx.lineTo(px, py + r);
      ctx.lineTo(px - r, py);
      ctx.closePath();
      ctx.fillStyle = palette.error;
    } else {
      ctx.arc(px, py, r, 0, 2 * Math.PI);
      ctx.fillStyle = hue(trace);
    }
    ctx.fill();
    ctx.lineWidth = scale;
    ctx.strokeStyle = palette.ground;
    ctx.stroke();
    if (trace.traceId === current) {
      ctx.beginPath();
      ctx.arc(px, py, 8 * scale, 0, 2 * Math.PI);
      ctx.lineWidth = 2 * scale;
      ctx.strokeStyle = palette.accent;
      ctx.stroke();
    }
  }
  ctx.restore();
  return marks;
}

export function nearest(marks: Mark[], x: number, y: number): Mark | undefined {
  let best: Mark | undefined;
  let distance = REACH * REACH;
  for (const mark of marks) {
    const d = (mark.x - x) ** 2 + (mark.y - y) ** 2;
    if (d <= distance) {
      distance = d;
      best = mark;
    }
  }
  return best;
}
