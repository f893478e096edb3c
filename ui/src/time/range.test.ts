import { describe, expect, it } from 'vitest';
import { absoluteRange, parseInstant, rangeLabel, resolveRange, shiftRange, toUrlInstant, zoomOut } from './range';
import { formatNanos, formatTick } from './zone';

const NOW = Date.UTC(2026, 7, 12, 15, 30, 45, 250); // a Wednesday
const at = (text: string) => parseInstant(text, NOW, 'utc');
const iso = (text: string) => {
  const t = at(text);
  return t === undefined ? undefined : new Date(t).toISOString();
};

describe('parseInstant', () => {
  it.each([
    ['now', '2026-08-12T15:30:45.250Z'],
    ['now-90m', '2026-08-12T14:00:45.250Z'],
    ['now - 1h', '2026-08-12T14:30:45.250Z'],
    ['now+1d', '2026-08-13T15:30:45.250Z'],
    ['now/h', '2026-08-12T15:00:00.000Z'],
    ['now-1d/d', '2026-08-11T00:00:00.000Z'],
    ['now/w', '2026-08-10T00:00:00.000Z'],
    ['now/M', '2026-08-01T00:00:00.000Z'],
    ['now/y', '2026-01-01T00:00:00.000Z'],
    ['2026-08-01', '2026-08-01T00:00:00.000Z'],
    ['2026-08-01 12:30', '2026-08-01T12:30:00.000Z'],
    ['2026-08-01 12:30:05.12', '2026-08-01T12:30:05.120Z'],
    ['2026-08-01T12:30:00Z', '2026-08-01T12:30:00.000Z'],
    ['2026-08-01T12:30:00+02:00', '2026-08-01T10:30:00.000Z'],
    ['12:30', '2026-08-12T12:30:00.000Z'],
    ['1786548600', '2026-08-12T15:30:00.000Z'],
    ['1786548600250', '2026-08-12T15:30:00.250Z'],
    ['1786548600250000000', '2026-08-12T15:30:00.250Z'],
  ])('%s', (text, expected) => expect(iso(text)).toBe(expected));

  it.each(['', 'yesterday', 'now-', 'now-1x', '2026-13-01', '2026-02-30', '25:00', '12:61', '2026-08-01 12'])(
    'refuses "%s"',
    (text) => expect(at(text)).toBeUndefined(),
  );

  it('reads wall-clock time in the browser zone', () => {
    expect(parseInstant('2026-08-01 12:30', NOW, 'browser')).toBe(new Date(2026, 7, 1, 12, 30).getTime());
  });
});

describe('ranges', () => {
  it('must go forward', () => {
    expect(resolveRange({ from: 'now', to: 'now-1h' }, NOW, 'utc')).toBeUndefined();
    expect(resolveRange({ from: 'now-1h', to: 'now' }, NOW, 'utc')).toEqual({ from: NOW - 3600_000, to: NOW });
  });

  it('survive the URL', () => {
    const r = { from: NOW - 1000, to: NOW };
    expect(resolveRange(absoluteRange(r), 0, 'browser')).toEqual(r);
    expect(toUrlInstant(Date.UTC(2026, 0, 1))).toBe('2026-01-01T00:00:00Z');
  });

  it('shift by half and zoom out by two, not past now', () => {
    const r = { from: NOW - 60_000, to: NOW };
    expect(resolveRange(shiftRange(r, -1), NOW, 'utc')).toEqual({ from: NOW - 90_000, to: NOW - 30_000 });
    expect(resolveRange(zoomOut(r, NOW), NOW, 'utc')).toEqual({ from: NOW - 120_000, to: NOW });
  });

  it('have short names', () => {
    const label = (from: string, to: string) =>
      rangeLabel({ from, to }, resolveRange({ from, to }, NOW, 'utc'), 'utc').replace(/\u00a0/g, ' ');
    expect(label('now-1h', 'now')).toBe('Last 1 h');
    expect(label('now-24h', 'now')).toBe('Last 24 h');
    expect(label('now-90m', 'now')).toBe('Last 90 m');
    expect(label('now/d', 'now')).toBe('now/d to now');
    expect(label('2026-08-01T10:00:00Z', '2026-08-01T11:30:00Z')).toBe('2026-08-01 10:00 – 11:30');
    expect(label('2026-08-01T10:00:00Z', '2026-08-02T11:30:05Z')).toBe('2026-08-01 10:00:00 – 2026-08-02 11:30:05');
    expect(label('x', 'now')).toBe('Unreadable range');
  });
});

it('writes nanoseconds and ticks', () => {
  expect(formatNanos(1786548600123456789n, 'utc')).toBe('2026-08-12 15:30:00.123456789');
  expect(formatTick(Date.UTC(2026, 7, 12), 3600_000, 'utc')).toBe('08-12');
  expect(formatTick(NOW, 60_000, 'utc')).toBe('15:30');
  expect(formatTick(NOW, 100, 'utc')).toBe('15:30:45.250');
});
