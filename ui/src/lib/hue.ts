// The fixed order of ten series hues: Okabe and Ito's eight, extended by two. A service keeps its
// hue everywhere, because the hue is a function of its name alone. The colours themselves live in
// app/tokens.css as --hue-0 … --hue-9, one set for each ground; hue.test.ts holds their contrast.

export const HUES = 10;

// Ten hues cannot keep all names apart. This basis was chosen so that the services which an agent
// platform usually has do not share one; changing it would recolour everybody's memory.
const BASIS = 31427;

/** FNV-1a with a final mix, so that names which differ in one letter still spread. */
export function hashName(name: string): number {
  let h = BASIS;
  for (const byte of new TextEncoder().encode(name)) {
    h ^= byte;
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

const known = new Map<string, number>();

export function hueOf(service: string): number {
  let hue = known.get(service);
  if (hue === undefined) {
    hue = hashName(service) % HUES;
    if (known.size > 10_000) known.clear();
    known.set(service, hue);
  }
  return hue;
}

export function hueVar(service: string): string {
  return `var(--hue-${hueOf(service)})`;
}
