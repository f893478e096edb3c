// The keyboard, in one place: what is registered works, and `?` shows just what is registered.

import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Key {
  /** `j`, `mod+k`, `g t` (one after the other), `Enter`, `Escape`, `ArrowDown` */
  keys: string;
  label: string;
  group: string;
  run: (event: KeyboardEvent) => void;
  /** works while typing too */
  whileTyping?: boolean;
  /** works, but the map does not list it: a second name of a listed key */
  unlisted?: boolean;
  /** asked at the press; false leaves the key to the browser */
  when?: () => boolean;
}

interface Entry {
  current: Key[];
}

let entries: Entry[] = [];
const listeners = new Set<() => void>();
let snapshot: Key[] = [];

const registered = () => entries.flatMap((e) => e.current);

function changed() {
  snapshot = registered();
  for (const listener of listeners) listener();
}

const TYPING = 'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]';
const PRESSABLE = 'button, a[href], summary, [role=option], [role=menuitem], [role=menuitemradio]';

function pressed(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  return mod + (event.key.length === 1 && mod ? event.key.toLowerCase() : event.key);
}

const SEQUENCE_MS = 1200;
let first = '';
let firstAt = 0;

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const typing = target.closest(TYPING) !== null;
  const dialog = document.querySelector('[role=dialog][aria-modal=true]') !== null;
  const key = pressed(event);
  const sequence = performance.now() - firstAt < SEQUENCE_MS && first !== '' ? `${first} ${key}` : '';
  first = '';

  const all = registered().reverse();
  const find = (wanted: string) =>
    all.find((k) => k.keys === wanted && ((!typing && !dialog) || k.whileTyping) && (k.when?.() ?? true));
  const match = (sequence && find(sequence)) || find(key);
  if (match) {
    // Enter and the space bar belong to what is focused before they belong to the page.
    if ((key === 'Enter' || key === ' ') && target.closest(PRESSABLE)) return;
    event.preventDefault();
    match.run(event);
    return;
  }
  if (!typing && !dialog && all.some((k) => k.keys.startsWith(`${key} `))) {
    first = key;
    firstAt = performance.now();
  }
}

/** Registers the keys while the component is there. Later registrations win over earlier ones. */
export function useKeys(keys: Key[]) {
  const entry = useRef<Entry>({ current: keys });
  entry.current.current = keys;
  const shape = keys.map((k) => `${k.keys}\n${k.label}`).join('\n');
  useEffect(() => {
    const mine = entry.current;
    entries = [...entries, mine];
    if (entries.length === 1) window.addEventListener('keydown', onKeyDown);
    return () => {
      entries = entries.filter((e) => e !== mine);
      if (entries.length === 0) window.removeEventListener('keydown', onKeyDown);
      changed();
    };
  }, []);
  // The functions change with every render; only another shape is news to the map.
  useEffect(changed, [shape]);
}

export function useRegisteredKeys(): Key[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}

const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

const NAMES: Record<string, string> = {
  mod: isApple ? '⌘' : 'Ctrl',
  Enter: '⏎',
  Escape: 'Esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The caps to draw, in order. */
export function caps(keys: string): string[] {
  return keys.split(/[+ ]/).map((k) => NAMES[k] ?? (keys.startsWith('mod+') ? k.toUpperCase() : k));
}
