// The trace page's part of the URL: the open span, the search, the visible levels, the zoom.

export interface View {
  from: number;
  to: number;
}

/** `view=1200000-3400000`: nanoseconds since the trace's start. */
export function readView(text: string | null, duration: number): View | undefined {
  const match = /^(\d+)-(\d+)$/.exec(text ?? '');
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = Math.min(Number(match[2]), duration);
  return to > from ? { from, to } : undefined;
}

export function writeView(view: View | undefined): string | undefined {
  return view && `${Math.max(0, Math.round(view.from))}-${Math.round(view.to)}`;
}

export function readDepth(text: string | null): number | undefined {
  const n = Number(text);
  return Number.isInteger(n) && n > 0 ? n : undefined;
}
