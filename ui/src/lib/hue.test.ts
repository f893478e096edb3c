import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashName, hueOf, HUES } from './hue';

it('gives a service the same hue for ever', () => {
  // Changing these recolours what people have learned to recognise.
  const known = { 'agent-runner': 5, router: 3, 'model-adapter': 6, 'artifact-store': 8, 'cost-meter': 2, 'mcp-server': 1 };
  for (const [name, hue] of Object.entries(known)) expect([name, hueOf(name)]).toEqual([name, hue]);
});

it('spreads names over all hues', () => {
  const counts = new Array<number>(HUES).fill(0);
  for (let i = 0; i < 2000; i++) counts[hueOf(`service-${i}`)]!++;
  for (const n of counts) expect(n).toBeGreaterThan(140);
  expect(hashName('é')).toBe(hashName('é'));
});

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

describe('contrast', () => {
  const css = readFileSync(new URL('../app/tokens.css', import.meta.url), 'utf8');
  const [light, dark] = css.split(":root[data-mantine-color-scheme='dark']");
  const tokens = (text: string) =>
    Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1]!, m[2]!]));

  it.each([
    ['light', tokens(light!)],
    ['dark', tokens(dark!)],
  ])('%s: marks 3:1, text 4.5:1 on every ground', (_name, t) => {
    const failures: string[] = [];
    const hold = (ink: string, ground: string, least: number) => {
      const ratio = contrast(t[ink]!, t[ground]!);
      if (ratio < least) failures.push(`${ink} on ${ground}: ${ratio.toFixed(2)} < ${least}`);
    };
    for (let i = 0; i < HUES; i++) for (const ground of ['ground', 'raised', 'hover', 'chosen']) hold(`hue-${i}`, ground, 3);
    for (const ink of ['text', 'text-dim', 'accent', 'error', 'warn'])
      for (const ground of ['ground', 'raised', 'hover', 'chosen']) hold(ink, ground, 4.5);
    hold('error', 'error-soft', 4.5);
    hold('text', 'warn-soft', 4.5);
    hold('text', 'match', 4.5);
    hold('on-accent', 'accent', 4.5);
    expect(failures).toEqual([]);
  });
});
