// The whole trace in 48 pixels: every span a line in its service's hue, errors in the error colour,
// the critical path along the bottom. Dragging chooses the part of time that the waterfall shows.

import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { hueOf, HUES } from '../lib/hue';
import { formatDuration } from '../time/duration';
import css from './Minimap.module.css';
import type { View } from './params';
import type { Model } from './TracePage';

interface Props {
  model: Model;
  /** all spans in the order of the tree */
  rows: number[];
  view: View | undefined;
  onView: (view: View | undefined) => void;
}

const HEIGHT = 44;
const CRITICAL = 3;

function paint(canvas: HTMLCanvasElement, { tree, trace, critical }: Model, rows: number[]) {
  const scale = devicePixelRatio;
  const width = canvas.clientWidth;
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.round(HEIGHT * scale);
  const ctx = canvas.getContext('2d')!;
  const style = getComputedStyle(canvas);
  const hues = Array.from({ length: HUES }, (_, i) => style.getPropertyValue(`--hue-${i}`));
  const error = style.getPropertyValue('--error');
  ctx.scale(scale, scale);
  ctx.clearRect(0, 0, width, HEIGHT);
  const total = Math.max(1, trace.duration);
  const room = HEIGHT - CRITICAL - 2;
  const line = Math.min(3, Math.max(0.75, (room / rows.length) * 0.8));
  rows.forEach((index, at) => {
    const span = tree.spans[index]!;
    const y = (at / rows.length) * room;
    ctx.fillStyle = span.status === 'error' ? error : hues[hueOf(span.resource.service)]!;
    ctx.fillRect((span.start / total) * width, y, Math.max(1, (span.duration / total) * width), line);
  });
  ctx.fillStyle = style.getPropertyValue('--accent');
  for (const list of critical.segments.values()) {
    for (const [from, to] of list)
      ctx.fillRect((from / total) * width, HEIGHT - CRITICAL, Math.max(0.5, ((to - from) / total) * width), CRITICAL);
  }
}

export function Minimap({ model, rows, view, onView }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { colorScheme } = useMantineColorScheme();
  const [drag, setDrag] = useState<{ a: number; b: number }>();

  useEffect(() => {
    const target = canvas.current!;
    let frame = 0;
    const draw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => paint(target, model, rows));
    };
    const observer = new ResizeObserver(draw);
    observer.observe(target);
    draw();
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [model, rows, colorScheme]);

  const total = Math.max(1, model.trace.duration);
  const fraction = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const shown = drag
    ? { from: Math.min(drag.a, drag.b), to: Math.max(drag.a, drag.b) }
    : view
      ? { from: view.from / total, to: view.to / total }
      : undefined;
  return (
    <div
      className={css.frame}
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        const at = fraction(e);
        setDrag({ a: at, b: at });
      }}
      onPointerMove={(e) => drag && setDrag({ ...drag, b: fraction(e) })}
      onPointerUp={() => {
        if (drag && shown && shown.to - shown.from > 0.004) onView({ from: shown.from * total, to: shown.to * total });
        setDrag(undefined);
      }}
      onPointerCancel={() => setDrag(undefined)}
      onDoubleClick={() => onView(undefined)}
      title="Drag to zoom, double-click for the whole trace"
      data-testid="minimap"
    >
      <canvas
        ref={canvas}
        className={css.canvas}
        role="img"
        aria-label={`The whole trace, ${formatDuration(model.trace.duration)}${view ? `; shown from ${formatDuration(view.from)} to ${formatDuration(view.to)}` : ''}`}
      />
      {shown && (
        <>
          <i className={css.outside} style={{ left: 0, width: `${shown.from * 100}%` }} />
          <i className={css.outside} style={{ left: `${shown.to * 100}%`, right: 0 }} />
        </>
      )}
      <i className={css.hover} />
    </div>
  );
}
