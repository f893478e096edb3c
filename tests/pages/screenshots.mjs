// Writes docs/img/{traces,trace}-{light,dark}.png at 1440 × 900; with SHOTS=<folder> also what is only
// looked at while working: the narrow layout, the empty page, the dialogs.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, openPage, seededServer } from './harness.mjs';

const out = fileURLToPath(new URL('../../docs/img/', import.meta.url));
const extra = process.env.SHOTS;
mkdirSync(out, { recursive: true });
if (extra) mkdirSync(extra, { recursive: true });

const { server, seed } = await seededServer();
const browser = await launch();
// A failed run with much to see.
const spansOf = (run) => run.body.resourceSpans.reduce((n, r) => n + r.scopeSpans[0].spans.length, 0);
const shown = seed.runs.filter((_, n) => n % 9 === 4).reduce((a, b) => (spansOf(b) > spansOf(a) ? b : a));

for (const theme of ['light', 'dark']) {
  const { page, finish } = await openPage(browser, server.url, { colorScheme: theme });
  const shot = (folder, name) => page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' });
  await page.goto('/traces?from=now-1h&to=now');
  await page.locator('tr[data-trace]').first().waitFor();
  await page.waitForFunction(() => window.__charts?.scatter.marks.length > 0);
  await shot(out, 'traces');
  await page.goto(`/trace/${shown.traceId}`);
  await page.locator('[data-span]').first().waitFor();
  await page.keyboard.press('E');
  await page.keyboard.press('o');
  await page.locator('aside[aria-label^="Span"]').waitFor();
  await shot(out, 'trace');
  if (extra) {
    await page.goto(`/trace/${seed.big.traceId}`);
    await page.locator('[data-span]').first().waitFor();
    await shot(extra, 'big');
    await page.goto(`/trace/${seed.odd.traceId}?span=0dd0000000000002`);
    await page.locator('[data-span]').first().waitFor();
    await shot(extra, 'odd');
    await page.goto('/traces?service=nobody');
    await page.getByText('No trace matches').waitFor();
    await shot(extra, 'nomatch');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await shot(extra, 'keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.getByLabel('From').waitFor();
    await shot(extra, 'time');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search everything' }).waitFor();
    await shot(extra, 'palette');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/traces');
    await page.locator('tr[data-trace]').first().waitFor();
    await shot(extra, 'narrow-traces');
    await page.goto(`/trace/${shown.traceId}`);
    await page.locator('[data-span]').first().waitFor();
    await shot(extra, 'narrow-trace');
    await page.locator('[data-span]').nth(3).click();
    await page.locator('aside[aria-label^="Span"]').waitFor();
    await shot(extra, 'narrow-span');
  }
  await finish();
}
await browser.close();
await server.stop();
