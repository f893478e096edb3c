// Duration over time, one mark a trace. uPlot keeps the axes, the scales and the drag; the marks are
// drawn here, because an error must differ in shape as well as in colour. The table below is the same
// in words, which is why the canvas is one image to assistive technology.

import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { TraceSummary } from '../api/search';
import { hueOf, HUES } from '../lib/hue';
import { plural } from '../lib/format';
import { formatDuration } from '../time/duration';
import type { Resolved } from '../time/range';
import { formatClock, formatTick, type Zone } from '../time/zone';
import { drawMarks, nearest, type Mark } from './marks';
import css from './Scatter.module.css';

interface Props {
  traces: TraceSummary[];
  range: Resolved;
  zone: Zone;
  current: string | undefined;
  onOpen: (traceId: string) => void;
  onHover: (traceId: string | undefined) => void;
  onZoom: (from: number, to: number) => void;
  onZoomOut: () => void;
}

const HEIGHT = 180;
/** The server tells whole milliseconds; what took less sits on the floor. */
const FLOOR_NS = 0.5e6;

function colours(): { hues: string[]; error: string; text: string; grid: string; accent: string; ground: string } {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string) => style.getPropertyValue(name).trim();
  return {
    hues: Array.from({ length: HUES }, (_, i) => get(`--hue-${i}`)),
    error: get('--error'),
    text: get('--text-dim'),
    grid: get('--hairline'),
    accent: get('--accent'),
    ground: get('--ground'),
  };
}

const isDecade = (y: number) => Math.abs(Math.log10(y) - Math.round(Math.log10(y))) < 1e-6;

/** A decade of seconds stays seconds: `100 s` is the round number on this axis, not `1 m 40 s`. */
const decadeLabel = (y: number) => (y >= 60e9 ? `${y / 1e9}\u00a0s` : formatDuration(y));

/** The decades that hold all durations; at least one, so that a single trace has a scale to stand on. */
function decades(ys: number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const y of ys) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  if (low === Infinity) return [1e6, 1e9];
  return [10 ** Math.floor(Math.log10(low * 0.8)), 10 ** Math.ceil(Math.log10(high * 1.25))];
}

export function Scatter({ traces, range, zone, current, onOpen, onHover, onZoom, onZoomOut }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const { colorScheme } = useMantineColorScheme();
  const [tip, setTip] = useState<{ trace: TraceSummary; x: number; y: number }>();

  // What the plot's callbacks read: always the newest, without building the plot anew.
  const live = useRef({ traces, current, onOpen, onHover, onZoom, onZoomOut, palette: colours(), marks: [] as Mark[] });
  Object.assign(live.current, { traces, current, onOpen, onHover, onZoom, onZoomOut });

  // uPlot wants x in order; ties are fine.
  const sorted = useMemo(() => [...traces].sort((a, b) => a.start - b.start), [traces]);
  const data = useMemo<uPlot.AlignedData>(
    () => [sorted.map((t) => t.start / 1000), sorted.map((t) => Math.max(FLOOR_NS, t.duration))],
    [sorted],
  );
  const sortedRef = useRef(sorted);
  sortedRef.current = sorted;
  const rangeRef = useRef(range);
  rangeRef.current = range;

  useEffect(() => {
    const box = host.current!;
    const axis = {
      stroke: () => live.current.palette.text,
      grid: { stroke: () => live.current.palette.grid, width: 1 },
      ticks: { show: false },
      font: `11px ${getComputedStyle(box).fontFamily}`,
    };
    const u = new uPlot(
      {
        width: Math.max(200, box.clientWidth),
        height: box.clientHeight || HEIGHT,
        legend: { show: false },
        padding: [6, 16, 0, 0],
        cursor: {
          x: true,
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          bind: { dblclick: () => null },
        },
        select: { show: true, left: 0, top: 0, width: 0, height: 0 },
        scales: {
          x: { time: true, range: () => [rangeRef.current.from / 1000, rangeRef.current.to / 1000] },
          y: { distr: 3, log: 10, range: (self) => decades(self.data[1] as number[]) },
        },
        axes: [
          {
            ...axis,
            size: 24,
            space: 90,
            values: (_u, splits, _axis, _space, step) => splits.map((s) => formatTick(s * 1000, step * 1000, zone)),
          },
          {
            ...axis,
            size: 64,
            space: 24,
            filter: (_u, splits) => splits.map((s) => (isDecade(s) ? s : null)),
            grid: { ...axis.grid, filter: (_u, splits) => splits.map((s) => (isDecade(s) ? s : null)) },
            values: (_u, splits) => splits.map((s) => (s === null ? '' : decadeLabel(s))),
          },
        ],
        series: [{}, { paths: () => null, points: { show: false } }],
        hooks: {
          draw: [
            (self) => {
              live.current.marks = drawMarks(
                self,
                sortedRef.current,
                live.current.palette,
                live.current.current,
                (t) => live.current.palette.hues[hueOf(t.rootService)]!,
              );
              publish(self, live.current.marks);
            },
          ],
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              if (width < 4) return;
              live.current.onZoom(self.posToVal(left, 'x') * 1000, self.posToVal(left + width, 'x') * 1000);
            },
          ],
        },
      },
      [[], []],
      box,
    );
    plot.current = u;

    const under = (event: MouseEvent) => nearest(live.current.marks, event.offsetX, event.offsetY);
    let downAt = 0;
    const onDown = (event: MouseEvent) => (downAt = event.clientX);
    const onMove = (event: MouseEvent) => {
      const mark = under(event);
      u.over.style.cursor = mark ? 'pointer' : 'crosshair';
      setTip(mark ? { trace: mark.trace, x: mark.x + u.over.offsetLeft, y: mark.y + u.over.offsetTop } : undefined);
      live.current.onHover(mark?.trace.traceId);
    };
    const onLeave = () => {
      setTip(undefined);
      live.current.onHover(undefined);
    };
    const onClick = (event: MouseEvent) => {
      const mark = Math.abs(event.clientX - downAt) < 4 ? under(event) : undefined;
      if (mark) live.current.onOpen(mark.trace.traceId);
    };
    const onDouble = (event: MouseEvent) => {
      if (!under(event)) live.current.onZoomOut();
    };
    u.over.addEventListener('mousedown', onDown);
    u.over.addEventListener('mousemove', onMove);
    u.over.addEventListener('mouseleave', onLeave);
    u.over.addEventListener('click', onClick);
    u.over.addEventListener('dblclick', onDouble);

    const observer = new ResizeObserver(() => u.setSize({ width: Math.max(200, box.clientWidth), height: box.clientHeight }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      u.destroy();
      plot.current = undefined;
    };
  }, [zone]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data, range, zone]);

  useEffect(() => {
    // The scheme is set on the root element in the same commit; colours are known one frame later.
    const frame = requestAnimationFrame(() => {
      live.current.palette = colours();
      plot.current?.redraw(false, true);
    });
    return () => cancelAnimationFrame(frame);
  }, [colorScheme]);

  useEffect(() => {
    plot.current?.redraw(false, false);
  }, [current]);

  const errors = traces.filter((t) => t.errors > 0).length;
  const flip = tip && host.current && tip.x > host.current.clientWidth - 260;
  return (
    <div className={css.frame}>
      <div
        ref={host}
        className={css.plot}
        role="img"
        aria-label={`Duration over time of ${plural(traces.length, 'trace')}, ${plural(errors, 'trace')} with errors. The table below lists them.`}
      />
      <p className={css.key} aria-hidden="true">
        <span>● root service</span> <span className={css.errorKey}>◆ has errors</span>{' '}
        <span>drag to zoom, double-click to zoom out</span>
      </p>
      {tip && (
        <div className={css.tip} style={{ left: tip.x, top: tip.y, translate: flip ? 'calc(-100% - 10px) -50%' : '10px -50%' }}>
          <strong>{tip.trace.rootName || 'root not received'}</strong>
          <span>
            {tip.trace.rootService} · {formatDuration(tip.trace.duration)} · {formatClock(tip.trace.start, zone)}
          </span>
          {tip.trace.errors > 0 && <span className={css.errorKey}>◆ {plural(tip.trace.errors, 'error')}</span>}
        </div>
      )}
    </div>
  );
}

/** A read-only window into the canvas for tests: what is drawn, and where. */
function publish(u: uPlot, marks: Mark[]) {
  const box = u.over.getBoundingClientRect();
  (window as { __charts?: Record<string, unknown> }).__charts = {
    scatter: {
      range: [u.scales['x']!.min, u.scales['x']!.max],
      area: { left: box.left, top: box.top, width: box.width, height: box.height },
      marks: marks.map((m) => ({ traceId: m.trace.traceId, x: m.x, y: m.y, error: m.trace.errors > 0 })),
    },
  };
}
