import { expect, it } from 'vitest';
import { Bytes, decodeValue, valueNumber } from './otlp';
import { decodeTrace } from './trace';

const START = 1786548600000000000n;
const at = (ns: number) => String(START + BigInt(ns));

it('flattens OTLP and makes times relative without losing a nanosecond', () => {
  const trace = decodeTrace(
    {
      trace: {
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'router' } }] },
            scopeSpans: [
              {
                scope: { name: 'lib', version: '1' },
                spans: [
                  {
                    spanId: 'AAAAAAAAAAI=',
                    parentSpanId: 'AAAAAAAAAAE=',
                    name: 'child',
                    kind: 'SPAN_KIND_CLIENT',
                    startTimeUnixNano: at(5),
                    endTimeUnixNano: at(12),
                    events: [{ timeUnixNano: at(7), name: 'e' }],
                    links: [{ traceId: 'W4qlotLIcugyHPNzCNad8g==', spanId: 'AAAAAAAAAAk=' }],
                    status: { code: 'STATUS_CODE_ERROR', message: 'no' },
                  },
                  {
                    spanId: 'AAAAAAAAAAE=',
                    parentSpanId: 'AAAAAAAAAAA=',
                    name: 'root',
                    kind: 2,
                    startTimeUnixNano: at(1),
                    endTimeUnixNano: at(20),
                  },
                  { spanId: 'AAAAAAAAAAM=', name: 'backwards', startTimeUnixNano: at(9), endTimeUnixNano: at(3) },
                  { spanId: 'AAAAAAAAAAQ=', name: 'timeless' },
                ],
              },
            ],
          },
        ],
      },
      status: 'PARTIAL',
      message: 'one block is away',
    },
    'id',
  );
  expect(trace.start).toBe(START + 1n);
  expect(trace.duration).toBe(19);
  expect(trace).toMatchObject({ partial: true, message: 'one block is away' });
  const by = Object.fromEntries(trace.spans.map((s) => [s.name, s]));
  expect(by['root']).toMatchObject({
    spanId: '0000000000000001',
    parentId: '',
    start: 0,
    duration: 19,
    kind: 'server',
    status: 'unset',
  });
  expect(by['child']).toMatchObject({
    parentId: '0000000000000001',
    start: 4,
    duration: 7,
    kind: 'client',
    status: 'error',
    statusMessage: 'no',
  });
  expect(by['child']!.events[0]!.at).toBe(6);
  expect(by['child']!.links[0]).toMatchObject({ traceId: '5b8aa5a2d2c872e8321cf37308d69df2', spanId: '0000000000000009' });
  expect(by['child']!.resource.service).toBe('router');
  expect(by['backwards']!.duration).toBe(0);
  expect(by['timeless']).toMatchObject({ start: 0, duration: 0 });
});

it('survives an empty trace', () => {
  expect(decodeTrace({}, 'id')).toMatchObject({ spans: [], duration: 0, partial: false });
});

it('decodes every kind of value', () => {
  expect(decodeValue({ intValue: '42' })).toBe(42);
  expect(decodeValue({ intValue: '9223372036854775807' })).toBe('9223372036854775807');
  expect(decodeValue({ doubleValue: 0.5 })).toBe(0.5);
  expect(decodeValue({ doubleValue: 'NaN' })).toBeNaN();
  expect(decodeValue({ boolValue: false })).toBe(false);
  expect(decodeValue({ bytesValue: 'AQI=' })).toEqual(new Bytes('AQI='));
  expect(decodeValue({ arrayValue: {} })).toEqual([]);
  expect(
    decodeValue({ kvlistValue: { values: [{ key: 'a', value: { arrayValue: { values: [{ stringValue: 'x' }] } } }] } }),
  ).toEqual({ a: ['x'] });
  expect(decodeValue({})).toBeNull();
  expect(decodeValue(undefined)).toBeNull();
  expect([valueNumber('0.25'), valueNumber(3), valueNumber('0'), valueNumber('many'), valueNumber(undefined)]).toEqual([
    0.25,
    3,
    0,
    undefined,
    undefined,
  ]);
});
