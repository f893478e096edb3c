// The time range, the zone and the refresh of the whole page: kept in the URL, resolved to instants
// once per question. A relative range moves only when something asks anew (Run, refresh, a change).

import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useUrlState } from '../lib/url';
import { parseDuration } from './duration';
import { absoluteRange, DEFAULT_RANGE, resolveRange, shiftRange, zoomOut, type Range, type Resolved } from './range';
import type { Zone } from './zone';

export const REFRESH_CHOICES = ['5s', '10s', '30s', '1m', '5m'] as const;

interface Time {
  range: Range;
  /** undefined when the URL holds a range that cannot be read */
  resolved: Resolved | undefined;
  zone: Zone;
  /** '' for off */
  refresh: string;
  /** counts the times that something asked anew */
  asked: number;
  askAnew(): void;
  setRange(range: Range): void;
  setZone(zone: Zone): void;
  setRefresh(refresh: string): void;
  shift(direction: -1 | 1): void;
  zoomOut(): void;
}

const Context = createContext<Time | undefined>(undefined);

const ZONE_KEY = 'tercet.zone';

function rememberedZone(): Zone {
  try {
    return localStorage.getItem(ZONE_KEY) === 'utc' ? 'utc' : 'browser';
  } catch {
    return 'browser';
  }
}

/** Read anew for every step: two quick presses are two steps, whether or not the first was drawn yet. */
function rangeInUrl(): Range {
  const params = new URLSearchParams(window.location.search);
  return { from: params.get('from') ?? DEFAULT_RANGE.from, to: params.get('to') ?? DEFAULT_RANGE.to };
}

export function TimeProvider({ children }: { children: ReactNode }) {
  const { params, set } = useUrlState();
  const [ask, setAsk] = useState({ count: 0, at: Date.now() });

  const from = params.get('from') ?? DEFAULT_RANGE.from;
  const to = params.get('to') ?? DEFAULT_RANGE.to;
  const tz = params.get('tz');
  const zone: Zone = tz === 'utc' || tz === 'browser' ? tz : rememberedZone();
  const wanted = params.get('refresh') ?? '';
  const refresh = (REFRESH_CHOICES as readonly string[]).includes(wanted) ? wanted : '';

  const askAnew = useCallback(() => setAsk((a) => ({ count: a.count + 1, at: Date.now() })), []);

  const resolved = useMemo(() => {
    // A range from the picker is newer than the last question.
    const now = Math.max(ask.at, Date.now());
    return resolveRange({ from, to }, now, zone);
  }, [from, to, zone, ask]);

  useEffect(() => {
    const every = refresh ? parseDuration(refresh) : undefined;
    if (!every) return;
    const timer = setInterval(() => {
      if (!document.hidden) askAnew();
    }, every / 1e6);
    return () => clearInterval(timer);
  }, [refresh, askAnew]);

  const setRange = useCallback(
    (range: Range) => {
      const now = rangeInUrl();
      if (range.from === now.from && range.to === now.to) askAnew();
      else set({ from: range.from, to: range.to });
    },
    [set, askAnew],
  );

  const value = useMemo<Time>(
    () => ({
      range: { from, to },
      resolved,
      zone,
      refresh,
      asked: ask.count,
      askAnew,
      setRange,
      setZone(next) {
        try {
          localStorage.setItem(ZONE_KEY, next);
        } catch {
          // Without storage the zone lives in the URL alone.
        }
        set({ tz: next }, { replace: true });
      },
      setRefresh: (next) => set({ refresh: next || undefined }, { replace: true }),
      shift(direction) {
        const now = resolveRange(rangeInUrl(), Date.now(), zone);
        if (now) setRange(shiftRange(now, direction));
      },
      zoomOut() {
        const now = resolveRange(rangeInUrl(), Date.now(), zone);
        if (now) setRange(zoomOut(now, Date.now()));
      },
    }),
    [from, to, resolved, zone, refresh, ask.count, askAnew, setRange, set],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useTime(): Time {
  const time = useContext(Context);
  if (!time) throw new Error('useTime outside TimeProvider');
  return time;
}

/** The address of this page with its time range made absolute: what a colleague should open. */
export function shareableUrl(time: Pick<Time, 'resolved' | 'zone'>, usesTime: boolean): string {
  const url = new URL(window.location.href);
  if (usesTime && time.resolved) {
    const { from, to } = absoluteRange(time.resolved);
    url.searchParams.set('from', from);
    url.searchParams.set('to', to);
  }
  url.searchParams.delete('refresh');
  url.searchParams.set('tz', time.zone);
  url.search = url.searchParams.toString().replace(/%3A/g, ':');
  return url.toString();
}
