// OTLP's AnyValue and attribute lists, from protobuf JSON to plain values.

import { asArray, asNumber, asObject, asString } from './http';

export type Value = string | number | boolean | null | Bytes | Value[] | { [key: string]: Value };

/** Kept apart from text, so that it is shown as what it is. */
export class Bytes {
  readonly base64: string;
  constructor(base64: string) {
    this.base64 = base64;
  }
}

export interface Attribute {
  key: string;
  value: Value;
}

export function decodeValue(raw: unknown): Value {
  const v = asObject(raw);
  if ('stringValue' in v) return asString(v['stringValue']);
  if ('intValue' in v) {
    // A 64-bit integer that a double cannot hold stays text, with every digit.
    const n = Number(v['intValue']);
    return Number.isSafeInteger(n) ? n : asString(v['intValue']);
  }
  if ('doubleValue' in v) return typeof v['doubleValue'] === 'number' ? v['doubleValue'] : Number(v['doubleValue']);
  if ('boolValue' in v) return v['boolValue'] === true;
  if ('bytesValue' in v) return new Bytes(asString(v['bytesValue']));
  if ('arrayValue' in v) return asArray(asObject(v['arrayValue'])['values']).map(decodeValue);
  if ('kvlistValue' in v) {
    const out: { [key: string]: Value } = {};
    for (const { key, value } of decodeAttributes(asObject(v['kvlistValue'])['values'])) out[key] = value;
    return out;
  }
  return null;
}

export function decodeAttributes(raw: unknown): Attribute[] {
  return asArray(raw).map((entry) => {
    const kv = asObject(entry);
    return { key: asString(kv['key']), value: decodeValue(kv['value']) };
  });
}

export function valueText(value: Value): string {
  if (value === null) return '';
  if (value instanceof Bytes) return value.base64;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function isNested(value: Value): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Bytes);
}

/** A number that an attribute holds, whether it was sent as one or as text. */
export function valueNumber(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '') {
    const n = asNumber(value);
    return n !== 0 || /^[-+]?0*\.?0*$/.test(value) ? n : undefined;
  }
  return undefined;
}
