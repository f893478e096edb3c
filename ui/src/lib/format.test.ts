import { expect, it } from 'vitest';
import { formatBytes, formatCompact, formatCount, formatUsd, plural } from './format';

it('writes numbers with units and without false precision', () => {
  expect([0, 1, 0.0118, 0.00012, 2.5, 1234].map(formatUsd)).toEqual(['$0', '$1.00', '$0.0118', '$0.00012', '$2.50', '$1,234']);
  expect([0, 999, 1240, 18_300, 999_600, 1.5e9].map(formatCompact)).toEqual(['0', '999', '1.24k', '18.3k', '1.00M', '1.50G']);
  expect(formatBytes(256_000).replace('\u00a0', ' ')).toBe('256 kB');
  expect(formatCount(10_000)).toBe('10,000');
  expect(plural(1, 'span')).toBe('1\u00a0span');
  expect(plural(2, 'trace')).toBe('2\u00a0traces');
});
