// axe on every page and dialog in both themes, and at the narrow width.

import { axe } from './harness.mjs';
import { detail, openTrace, openTraces, spanRows } from './steps.mjs';

const NARROW = { width: 390, height: 844 };

export default function accessibility(flow) {
  for (const colorScheme of ['light', 'dark']) {
    flow(
      `traces, ${colorScheme}`,
      async ({ page }) => {
        await openTraces(page);
        await axe(page, 'the traces page');
        await page.keyboard.press('j');
        await axe(page, 'a chosen row');
        await page.keyboard.press('Escape');
        await page.keyboard.press('t');
        await page.getByLabel('From').waitFor();
        await axe(page, 'the time picker');
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Search everything' }).waitFor();
        await axe(page, 'the palette');
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        await axe(page, 'the keyboard map');
        await page.setViewportSize(NARROW);
        await openTraces(page);
        await axe(page, 'the narrow traces page');
      },
      { colorScheme },
    );

    flow(
      `trace, ${colorScheme}`,
      async ({ page, seed }) => {
        const run = seed.runs.find((_, n) => n % 9 === 4);
        await openTrace(page, run.traceId, '?q=complete');
        await axe(page, 'the trace page');
        for (const row of await spanRows(page).all()) {
          if (!/adapter.complete/.test(await row.innerText())) continue;
          await row.click();
          await detail(page).waitFor();
          await axe(page, 'the span');
          break;
        }
        await openTrace(page, seed.odd.traceId, '?span=0dd0000000000002');
        await axe(page, 'the odd trace');
        await page.setViewportSize(NARROW);
        await axe(page, 'the narrow trace page');
      },
      { colorScheme },
    );

    flow(
      `nothing and failure, ${colorScheme}`,
      async ({ page, expectFault }) => {
        expectFault(/500/);
        await page.goto('/traces?service=nobody');
        await page.getByText('How to send traces here').click();
        await axe(page, 'the empty page');
        await page.route('**/tempo/api/search?*', (route) =>
          route.fulfill({ status: 500, contentType: 'text/plain', body: 'no' }),
        );
        await page.goto('/traces');
        await page.getByText('The search failed').waitFor();
        await axe(page, 'the failure');
      },
      { colorScheme },
    );
  }
}
