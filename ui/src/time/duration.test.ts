import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, shortDuration, toGoDuration } from './duration';

const plain = (ns: number) => formatDuration(ns).replace(/\u00a0/g, ' ');

describe('parseDuration', () => {
  it.each([
    ['100ms', 100e6],
    ['1.5s', 1.5e9],
    ['2m30s', 150e9],
    ['1 h', 3600e9],
    ['250us', 250e3],
    ['250µs', 250e3],
    ['.5s', 0.5e9],
    ['1d', 86400e9],
    ['2w', 14 * 86400e9],
    ['0', 0],
    [' 3S ', 3e9],
  ])('%s', (text, ns) => expect(parseDuration(text)).toBe(ns));

  it.each(['', '5', 'ms', '1x', '1s5', '-1s', 'fast'])('refuses "%s"', (text) => expect(parseDuration(text)).toBeUndefined());
});

describe('formatDuration', () => {
  it.each([
    [0, '0'],
    [850, '850 ns'],
    [12_340, '12.3 µs'],
    [4_567_000, '4.57 ms'],
    [50e6, '50 ms'],
    [999.6e6, '1 s'],
    [1.234e9, '1.23 s'],
    [59.94e9, '59.9 s'],
    [59.96e9, '1 m 00 s'],
    [123e9, '2 m 03 s'],
    [3599.6e9, '1 h 00 m'],
    [3720e9, '1 h 02 m'],
    [90_000e9, '1 d 01 h'],
    [-5e6, '−5 ms'],
  ])('%d', (ns, text) => expect(plain(ns)).toBe(text));
});

it('writes durations that Go reads', () => {
  expect(toGoDuration(100e6)).toBe('100ms');
  expect(toGoDuration(86400e9)).toBe('24h');
  expect(toGoDuration(1.5e9)).toBe('1500ms');
  expect(toGoDuration(0)).toBe('0ns');
  expect(shortDuration(86400e9)).toBe('1d');
});
