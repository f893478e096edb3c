import { describe, expect, it } from 'vitest';
import { base64ToHex, normalizeTraceId, parseTraceRef } from './ids';

const ID = '5b8aa5a2d2c872e8321cf37308d69df2';

it('turns base64 bytes into hex', () => {
  expect(base64ToHex('W4qlotLIcugyHPNzCNad8g==')).toBe(ID);
  expect(base64ToHex('AAECA_-_')).toBe('00010203ffbf');
  expect(base64ToHex('')).toBe('');
  expect(base64ToHex(undefined)).toBe('');
});

it('gives trimmed ids their zeros back', () => {
  expect(normalizeTraceId('ABC')).toBe('abc'.padStart(32, '0'));
  expect(normalizeTraceId(ID)).toBe(ID);
  for (const wrong of ['', '0', '0'.repeat(32), 'xyz', ID + '0']) expect(normalizeTraceId(wrong)).toBeUndefined();
});

describe('parseTraceRef', () => {
  it.each([
    [ID, { traceId: ID }],
    [` "${ID}", `, { traceId: ID }],
    ['5b8aa5a2-d2c8-72e8-321c-f37308d69df2', { traceId: ID }],
    [`00-${ID}-051581bf3cb55c13-01`, { traceId: ID, spanId: '051581bf3cb55c13' }],
    [`traceparent: 00-${ID}-051581bf3cb55c13-01`, { traceId: ID, spanId: '051581bf3cb55c13' }],
    [`http://host:4319/trace/${ID}?span=051581bf3cb55c13&tz=utc`, { traceId: ID, spanId: '051581bf3cb55c13' }],
    [`/trace/${ID}`, { traceId: ID }],
  ])('%s', (text, expected) => expect(parseTraceRef(text)).toEqual(expected));

  it.each(['', 'router', `00-${'0'.repeat(32)}-051581bf3cb55c13-01`, ID + ID])('refuses %s', (text) =>
    expect(parseTraceRef(text)).toBeUndefined(),
  );
});
