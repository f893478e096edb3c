// Fails the build when the pages grow past their budget. "Initial" is what a browser
// must load before the first paint: the entry chunk and everything it imports statically.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1024;
const INITIAL_JS = 200 * KB;
const INITIAL_CSS = 48 * KB;
const LAZY_CHUNK = 60 * KB;

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

const initial = new Set();
function visit(key) {
  if (initial.has(key)) return;
  initial.add(key);
  for (const next of manifest[key].imports ?? []) visit(next);
}
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);

const files = (keys, pick) => [...new Set(keys.flatMap((key) => pick(manifest[key])))];
const scripts = (chunk) => (chunk.file.endsWith('.js') ? [chunk.file] : []);
const styles = (chunk) => [...(chunk.css ?? []), ...(chunk.file.endsWith('.css') ? [chunk.file] : [])];

const sum = (list) => list.reduce((total, file) => total + size(file), 0);
const report = (what, bytes, limit) => {
  const over = bytes > limit;
  console.log(
    `${over ? 'OVER  ' : 'ok    '}${what.padEnd(34)}${(bytes / KB).toFixed(1).padStart(7)} KB gzip of ${limit / KB} KB`,
  );
  return over ? 1 : 0;
};

let over = 0;
over += report('initial JavaScript', sum(files([...initial], scripts)), INITIAL_JS);
over += report('initial CSS', sum(files([...initial], styles)), INITIAL_CSS);
const early = new Set(files([...initial], scripts));
for (const file of readdirSync(new URL('assets/', dist)).sort()) {
  if (file.endsWith('.js') && !early.has(`assets/${file}`)) over += report(file, size(`assets/${file}`), LAZY_CHUNK);
}
process.exit(over ? 1 : 0);
