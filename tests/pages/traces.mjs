import assert from 'node:assert/strict';
import { becomes, currentTrace, openTraces, query, rows, scatter, spanRows, statusLine } from './steps.mjs';

export default function traces(flow) {
  flow('lists the newest first, with its cost in one line', async ({ page, seed }) => {
    await openTraces(page);
    await becomes('rows', () => rows(page).count(), seed.all.length);
    const times = await page.locator('tr[data-trace] time').evaluateAll((list) => list.map((t) => t.dateTime));
    assert.deepEqual(times, [...times].sort().reverse());
    const line = (await statusLine(page).innerText()).replace(/\u00a0/g, ' ');
    assert.match(line, new RegExp(`${seed.all.length} traces`));
    assert.match(line, /\d+ ms/);
    assert.match(line, /complete/);
    const big = page.locator(`tr[data-trace="${seed.big.traceId}"]`);
    assert.match(await big.innerText(), /batch.run[\s\S]*1 m 00 s|batch.run[\s\S]*1\u00a0m\u00a000\u00a0s/);
    assert.match(await big.innerText(), /10,000/);
  });

  flow('filters by service, and back and forward work', async ({ page }) => {
    await openTraces(page);
    const all = await rows(page).count();
    await page
      .getByRole('combobox', { name: 'Service' })
      .or(page.getByRole('textbox', { name: 'Service' }))
      .first()
      .click();
    await page.getByRole('option', { name: 'gateway', exact: true }).click();
    await becomes('rows', () => rows(page).count(), 1);
    assert.equal(query(page).get('service'), 'gateway');
    await page.goBack();
    await becomes('rows', () => rows(page).count(), all);
    await page.goForward();
    await becomes('rows', () => rows(page).count(), 1);
    await page.reload();
    await becomes('rows', () => rows(page).count(), 1);
  });

  flow('asks by tags with / and Enter, and refuses what is no tag', async ({ page, seed }) => {
    await openTraces(page);
    await page.keyboard.press('/');
    await page.keyboard.type('team.id=red');
    const asked = page.waitForRequest((r) => r.url().includes('/tempo/api/search?') && r.url().includes('team.id'));
    await page.keyboard.press('Enter');
    await asked;
    await becomes('rows', () => rows(page).count(), seed.runs.length / 3);
    assert.equal(query(page).get('tags'), 'team.id=red');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.getByLabel('Tags').fill('red');
    await page.keyboard.press('Enter');
    await page.getByText('Write tags as key=value').waitFor();
    assert.equal(query(page).get('tags'), 'team.id=red');
  });

  flow('filters by span name and by duration', async ({ page, seed }) => {
    await openTraces(page);
    await page.getByLabel('Shortest duration').fill('30s');
    await page.keyboard.press('Enter');
    await becomes('rows', () => rows(page).count(), 1);
    assert.equal(await rows(page).first().getAttribute('data-trace'), seed.big.traceId);
    await page.getByLabel('Shortest duration').fill('');
    await page.locator('input[aria-label="Span name"]').fill('mail.send');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await becomes('trace', () => rows(page).first().getAttribute('data-trace'), seed.odd.traceId);
    assert.equal(query(page).get('min'), null);
    assert.equal(query(page).get('name'), 'mail.send');
  });

  flow('stops at the limit and says so', async ({ page }) => {
    await openTraces(page, '?limit=20');
    await becomes('rows', () => rows(page).count(), 20);
    assert.match(await statusLine(page).innerText(), /stopped at the limit of 20/);
  });

  flow('walks and opens rows by keyboard, and comes back to the same place', async ({ page }) => {
    await openTraces(page, '?service=router');
    const ids = await rows(page).evaluateAll((list) => list.map((r) => r.dataset.trace));
    for (const [key, at] of [
      ['j', 0],
      ['j', 1],
      ['j', 2],
      ['k', 1],
    ]) {
      await page.keyboard.press(key);
      await becomes(`row after ${key}`, () => currentTrace(page), ids[at]);
    }
    await page.keyboard.press('o');
    await page.waitForURL(`**/trace/${ids[1]}*`);
    await spanRows(page).first().waitFor();
    await page.getByRole('link', { name: 'Back to the traces' }).click();
    await rows(page).first().waitFor();
    assert.equal(query(page).get('service'), 'router');
    await page.goBack();
    await spanRows(page).first().waitFor();
  });

  flow('opens the focused row with Enter', async ({ page }) => {
    await openTraces(page);
    await page.keyboard.press('j');
    const id = await currentTrace(page);
    await page.waitForFunction(() => document.activeElement?.closest('tr[data-trace]'));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/trace/${id}*`);
  });

  flow('draws every trace, errors apart, and opens one by a click', async ({ page, seed }) => {
    await openTraces(page);
    const { marks, area } = await scatter(page);
    assert.equal(marks.length, seed.all.length);
    const failed = await page
      .locator('tr[data-trace]')
      .filter({ hasText: '◆' })
      .evaluateAll((list) => list.map((r) => r.dataset.trace));
    assert.deepEqual(
      marks
        .filter((m) => m.error)
        .map((m) => m.traceId)
        .sort(),
      failed.sort(),
    );
    const mark = marks.find((m) => m.traceId === seed.big.traceId);
    await page.mouse.move(area.left + mark.x, area.top + mark.y);
    await becomes('hovered row', () => page.locator('tr[data-hovered]').getAttribute('data-trace'), seed.big.traceId);
    await page.mouse.click(area.left + mark.x, area.top + mark.y);
    await page.waitForURL(`**/trace/${seed.big.traceId}*`);
  });

  flow('zooms by dragging and out by a double click', async ({ page }) => {
    await openTraces(page);
    const { area } = await scatter(page);
    const y = area.top + area.height - 6;
    await page.mouse.move(area.left + area.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(area.left + area.width * 0.6, y, { steps: 4 });
    await page.mouse.move(area.left + area.width * 0.75, y, { steps: 4 });
    await page.mouse.up();
    await becomes('from', () => query(page).get('from'), /^\d{4}-\d\d-\d\dT/);
    const width = () => Date.parse(query(page).get('to')) - Date.parse(query(page).get('from'));
    assert.ok(Math.abs(width() - 15 * 60_000) < 90_000, `a quarter of an hour, got ${width()} ms`);
    await becomes(
      'axis',
      async () => (await scatter(page)).range.map((s) => Math.round(s * 1000)).join(),
      [Date.parse(query(page).get('from')), Date.parse(query(page).get('to'))].join(),
    );
    const before = width();
    await page.mouse.dblclick(area.left + area.width * 0.01, y);
    await becomes('width', () => Math.round(width() / before), 2);
    await page.goBack();
    await becomes('width', () => Math.round(width() / before), 1);
  });

  flow('narrows by a click and excludes by alt-click', async ({ page, seed }) => {
    await openTraces(page);
    const facets = page.getByRole('complementary', { name: 'Narrow by' });
    await facets.getByTitle(/^Traces that touch batch;/).click();
    await becomes('rows', () => rows(page).count(), 1);
    await facets.getByTitle(/^Traces that touch batch;/).click();
    await becomes('rows', () => rows(page).count(), seed.all.length);
    await facets.getByTitle(/^Traces that touch gateway;/).click({ modifiers: ['Alt'] });
    await becomes('rows', () => rows(page).count(), seed.all.length - 1);
    assert.match(
      (await statusLine(page).innerText()).replace(/\u00a0/g, ' '),
      new RegExp(`${seed.all.length - 1} of ${seed.all.length} traces shown`),
    );
    await page.getByRole('button', { name: 'Remove: not service gateway' }).click();
    await becomes('rows', () => rows(page).count(), seed.all.length);
    await facets.getByRole('button', { name: /with errors/ }).click();
    await becomes('show', () => query(page).get('show'), 'errors');
    await becomes('rows without errors', () => rows(page).filter({ hasNotText: '◆' }).count(), 0);
    await page.locator('tr[data-trace] td:nth-child(2) button').first().click();
    await becomes('service', () => query(page).get('service'), /./);
  });

  flow('sorts by duration', async ({ page, seed }) => {
    await openTraces(page);
    await page.getByRole('columnheader', { name: 'Duration' }).getByRole('button').click();
    await becomes('first', () => rows(page).first().getAttribute('data-trace'), seed.big.traceId);
    assert.equal(await page.getByRole('columnheader', { name: 'Duration' }).getAttribute('aria-sort'), 'descending');
    assert.equal(query(page).get('sort'), '-duration');
  });

  flow('goes to a trace by a pasted id, zeros trimmed', async ({ page, seed }) => {
    await openTraces(page);
    const box = page.getByLabel('Go to trace by id');
    await box.fill('not an id');
    await box.press('Enter');
    await page.getByText('That is no trace id').waitFor();
    await box.fill(seed.odd.traceId.replace(/^0+/, ''));
    await box.press('Enter');
    await page.waitForURL(`**/trace/${seed.odd.traceId}*`);
    await spanRows(page).first().waitFor();
    await page.goBack();
    await page.evaluate((text) => navigator.clipboard.writeText(text), `00-${seed.runs[0].traceId}-${seed.runs[0].root}-01`);
    await page.getByLabel('Go to trace by id').focus();
    await page.keyboard.press('Control+v');
    await page.waitForURL(`**/trace/${seed.runs[0].traceId}?span=${seed.runs[0].root}`);
  });

  flow('keeps a thousand traces out of the document', async ({ page }) => {
    const now = Date.now();
    const many = Array.from({ length: 1000 }, (_, i) => ({
      traceID: (i + 1).toString(16),
      rootServiceName: 'router',
      rootTraceName: `call ${i}`,
      startTimeUnixNano: `${now - i * 1000}000000`,
      durationMs: 1 + (i % 400),
      serviceStats: { router: { spanCount: 1 } },
    }));
    await page.route('**/tempo/api/search?*', (route) =>
      route.fulfill({ json: { traces: many, metrics: { inspectedTraces: 1000, completedJobs: 1, totalJobs: 1 } } }),
    );
    await openTraces(page, '?limit=1000');
    assert.equal(await page.locator('table').first().getAttribute('aria-rowcount'), '1001');
    assert.ok((await rows(page).count()) < 100);
    await page.getByRole('region', { name: /^Traces/ }).evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.getByRole('link', { name: 'call 999', exact: true }).waitFor();
    await page.keyboard.press('k');
    await becomes('current', () => currentTrace(page), (1000).toString(16).padStart(32, '0'));
  });
}
