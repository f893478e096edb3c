// Search within a trace: every word must occur in a span's name, service, ids, status, attributes
// (as `key=value`), events or links.

import type { Attribute } from '../api/otlp';
import { valueText } from '../api/otlp';
import type { Span } from '../api/trace';

const cache = new WeakMap<Span, string>();

function haystack(span: Span): string {
  let text = cache.get(span);
  if (text === undefined) {
    const list = (attributes: Attribute[]) => attributes.map((a) => `${a.key}=${valueText(a.value)}`).join('\n');
    text = [
      span.name,
      span.resource.service,
      span.spanId,
      `kind=${span.kind}`,
      `status=${span.status}`,
      span.statusMessage,
      span.scope.name,
      list(span.attributes),
      list(span.resource.attributes),
      ...span.events.map((e) => `${e.name}\n${list(e.attributes)}`),
      ...span.links.map((l) => l.traceId),
    ]
      .join('\n')
      .toLowerCase();
    cache.set(span, text);
  }
  return text;
}

export function find(spans: Span[], query: string): Set<number> | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const found = new Set<number>();
  spans.forEach((span, i) => {
    const text = haystack(span);
    if (words.every((w) => text.includes(w))) found.add(i);
  });
  return found;
}
