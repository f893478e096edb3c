// What a trace adds up to: services, errors, and an agent run's tokens and money.

import { valueNumber } from '../api/otlp';
import type { Span } from '../api/trace';
import type { Tree } from './tree';

export interface Usage {
  input: number | undefined;
  output: number | undefined;
  cost: number | undefined;
}

export interface ServiceTotal {
  name: string;
  spans: number;
  errors: number;
}

export interface Totals {
  errors: number;
  services: ServiceTotal[];
  /** undefined when no span carries any */
  usage: Usage | undefined;
}

const KEYS = { input: 'tokens.input', output: 'tokens.output', cost: 'cost.usd' } as const;
type Measure = keyof typeof KEYS;

export function usageOf(span: Span): Usage | undefined {
  let found: Usage | undefined;
  for (const { key, value } of span.attributes) {
    for (const measure of Object.keys(KEYS) as Measure[]) {
      if (key !== KEYS[measure]) continue;
      found ??= { input: undefined, output: undefined, cost: undefined };
      found[measure] = valueNumber(value);
    }
  }
  return found;
}

export function totals(tree: Tree): Totals {
  const services = new Map<string, ServiceTotal>();
  let errors = 0;
  for (const span of tree.spans) {
    const entry = services.get(span.resource.service) ?? { name: span.resource.service, spans: 0, errors: 0 };
    entry.spans++;
    if (span.status === 'error') {
      entry.errors++;
      errors++;
    }
    services.set(entry.name, entry);
  }
  return {
    errors,
    services: [...services.values()].sort((a, b) => b.spans - a.spans || (a.name < b.name ? -1 : 1)),
    usage: totalUsage(tree),
  };
}

/**
 * A parent often repeats the sum of what its children used. Each measure is therefore counted at the
 * innermost span that carries it, and not again above.
 */
function totalUsage(tree: Tree): Usage | undefined {
  const own = tree.spans.map(usageOf);
  if (own.every((u) => u === undefined)) return undefined;
  const sum: Usage = { input: undefined, output: undefined, cost: undefined };
  for (const measure of Object.keys(KEYS) as Measure[]) {
    const carriedBelow = new Uint8Array(own.length);
    own.forEach((u, i) => {
      if (u?.[measure] === undefined) return;
      for (let p = tree.parent[i]!; p >= 0 && carriedBelow[p] === 0; p = tree.parent[p]!) carriedBelow[p] = 1;
    });
    own.forEach((u, i) => {
      const value = u?.[measure];
      if (value !== undefined && carriedBelow[i] === 0) sum[measure] = (sum[measure] ?? 0) + value;
    });
  }
  return sum;
}
