import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import css from './Waterfall.module.css';

const KEY = 'tercet.trace.nameWidth';
const LEAST = 120;
const MOST = 900;

const clamp = (width: number) => Math.min(MOST, Math.max(LEAST, Math.round(width)));

/** The width of the name column: a habit of the reader, so it is kept in the browser and not in the URL. */
export function useNameWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => {
    const fitting = window.innerWidth < 700 ? 150 : window.innerWidth < 1100 ? 260 : 360;
    try {
      const kept = Number(localStorage.getItem(KEY));
      return kept >= LEAST ? clamp(Math.min(kept, window.innerWidth * 0.6)) : fitting;
    } catch {
      return fitting;
    }
  });
  return [
    width,
    (next) => {
      const kept = clamp(next);
      setWidth(kept);
      try {
        localStorage.setItem(KEY, String(kept));
      } catch {
        // Without storage the width lasts as long as the page.
      }
    },
  ];
}

export function Splitter({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const move = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onWidth(event.clientX - event.currentTarget.parentElement!.getBoundingClientRect().left);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    onWidth(width + by);
  };
  return (
    <div
      className={css.splitter}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the names"
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
      onPointerMove={move}
      onKeyDown={onKeyDown}
    />
  );
}
