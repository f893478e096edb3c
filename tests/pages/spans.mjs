import assert from 'node:assert/strict';
import { becomes, currentSpan, detail, openTrace, query, rows, spanRows, statusLine } from './steps.mjs';

const spansIn = (run) => run.body.resourceSpans.flatMap((r) => r.scopeSpans[0].spans);
const failedRun = (seed) => seed.runs.find((_, n) => n % 9 === 4);
const sumOf = (run, key) =>
  spansIn(run)
    .flatMap((s) => s.attributes)
    .filter((a) => a.key === key)
    .reduce((n, a) => n + Number(a.value.intValue ?? a.value.doubleValue), 0);

export default function spans(flow) {
  flow('shows an agent run: tree, errors, tokens and money', async ({ page, seed }) => {
    const run = failedRun(seed);
    await openTrace(page, run.traceId);
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'task.execute');
    await becomes('rows', () => spanRows(page).count(), spansIn(run).length);
    assert.equal(await spanRows(page).first().getAttribute('aria-level'), '1');
    const errors = spansIn(run).filter((s) => s.status.code === 2).length;
    assert.equal(await spanRows(page).getByRole('img', { name: 'Error' }).count(), errors);
    const header = (await page.locator('header', { has: page.getByRole('heading', { level: 1 }) }).innerText()).replace(
      /\u00a0/g,
      ' ',
    );
    assert.match(header, new RegExp(`${sumOf(run, 'tokens.input').toLocaleString('en-US')} in`));
    assert.ok(header.includes(`$${sumOf(run, 'cost.usd').toFixed(4)}`) || sumOf(run, 'cost.usd') === 0, header);
    assert.match(
      (await statusLine(page).innerText()).replace(/\u00a0/g, ' '),
      new RegExp(`${spansIn(run).length} spans · 4 services|${spansIn(run).length} spans`),
    );
  });

  flow('moves, opens and closes a span by keyboard; the span is in the URL', async ({ page, seed }) => {
    const run = failedRun(seed);
    await openTrace(page, run.traceId);
    const ids = await spanRows(page).evaluateAll((list) => list.map((r) => r.dataset.span));
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await becomes('cursor', () => currentSpan(page), ids[2]);
    await page.keyboard.press('k');
    await page.keyboard.press('o');
    await becomes('span', () => query(page).get('span'), ids[1]);
    await detail(page).getByText(ids[1]).first().waitFor();
    await page.keyboard.press('j');
    await becomes('span', () => query(page).get('span'), ids[2]);
    await page.keyboard.press('Escape');
    await becomes('span', () => query(page).get('span'), null);
    await detail(page).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await becomes('span', () => query(page).get('span'), ids[2]);
    await page.goBack();
    await becomes('span', () => query(page).get('span'), null);
    await page.goForward();
    await detail(page).waitFor();
    assert.equal(await currentSpan(page), ids[2]);
  });

  flow('opens a span by its link and says all about it', async ({ page, seed }) => {
    const run = failedRun(seed);
    const failing = spansIn(run).find((s) => s.name === 'adapter.complete' && s.status.code === 2);
    await openTrace(page, run.traceId, `?span=${failing.spanId}`);
    const panel = detail(page);
    await panel.getByText('upstream returned 500: overloaded').first().waitFor();
    const text = (await panel.innerText()).replace(/\u00a0/g, ' ');
    for (const part of [
      'model-adapter',
      'server',
      'error',
      failing.spanId,
      run.traceId,
      'task.execute',
      'exception.stacktrace',
      'tokens.input',
      'service.name',
      'agent-platform 1.4.0',
    ])
      assert.ok(text.includes(part), part);
    await panel.getByRole('button', { name: 'Copy span id' }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), failing.spanId);
    await panel.getByRole('button', { name: 'Copy link to this span' }).click();
    assert.match(
      await page.evaluate(() => navigator.clipboard.readText()),
      new RegExp(`/trace/${run.traceId}\\?span=${failing.spanId}$`),
    );
    await panel.getByRole('button', { name: 'task.execute' }).click();
    await becomes('span', () => query(page).get('span'), run.root);
  });

  flow('prints nested values', async ({ page, seed }) => {
    const run = failedRun(seed);
    const call = spansIn(run).find((s) => s.name === 'http.client');
    await openTrace(page, run.traceId, `?span=${call.spanId}`);
    const value = detail(page).locator('pre[aria-label="http.request"]');
    assert.deepEqual(JSON.parse(await value.innerText()).options, { temperature: 0.2, top_p: 1 });
  });

  flow('leads from a value to the traces that carry it', async ({ page, seed }) => {
    const run = failedRun(seed);
    await openTrace(page, run.traceId, `?span=${run.root}`);
    const task = spansIn(run)
      .find((s) => s.spanId === run.root)
      .attributes.find((a) => a.key === 'task.id').value.stringValue;
    await detail(page).getByRole('link', { name: task }).click();
    await becomes('rows', () => rows(page).count(), 1);
    assert.equal(query(page).get('tags'), `task.id=${task}`);
  });

  flow('collapses and expands', async ({ page, seed }) => {
    const run = failedRun(seed);
    await openTrace(page, run.traceId);
    const all = await spanRows(page).count();
    await page.getByRole('button', { name: 'Collapse all' }).click();
    await becomes('rows', () => spanRows(page).count(), 1);
    assert.equal(query(page).get('depth'), '1');
    await page.getByRole('button', { name: 'Expand all' }).click();
    await becomes('rows', () => spanRows(page).count(), all);
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('ArrowLeft');
    await becomes('rows', () => spanRows(page).count(), 1);
    assert.equal(await spanRows(page).first().getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('ArrowRight');
    await becomes('rows', () => spanRows(page).count(), all);
    await page.goto(`/trace/${run.traceId}?depth=2`);
    await becomes('deepest', () => spanRows(page).evaluateAll((list) => Math.max(...list.map((r) => Number(r.ariaLevel)))), 2);
  });

  flow('searches within the trace and finds the next error', async ({ page, seed }) => {
    const run = failedRun(seed);
    await openTrace(page, run.traceId);
    await page.keyboard.press('/');
    await page.keyboard.type('http.status_code=500');
    await page.getByText(/^1.span$/).waitFor();
    await page.keyboard.press('Enter');
    const wanted = spansIn(run).find((s) => s.name === 'http.client' && s.status.code === 2).spanId;
    await becomes('cursor', () => currentSpan(page), wanted);
    await becomes('q', () => query(page).get('q'), 'http.status_code=500');
    await page.keyboard.press('Escape');
    const seen = new Set();
    for (const _ of [1, 2, 3]) {
      await page.keyboard.press('e');
      seen.add(await currentSpan(page));
    }
    const errors = spansIn(run)
      .filter((s) => s.status.code === 2)
      .map((s) => s.spanId);
    assert.deepEqual([...seen].sort(), errors.sort());
  });

  flow('marks what does not fit together, and follows a link', async ({ page, seed }) => {
    await openTrace(page, seed.odd.traceId);
    await page
      .getByRole('row', { name: /ledger.append/ })
      .getByText('parent missing')
      .waitFor();
    await page
      .getByRole('row', { name: /task.accept/ })
      .getByText('clock')
      .waitFor();
    const line = (await statusLine(page).innerText()).replace(/\u00a0/g, ' ');
    assert.match(line, /1 span with a missing parent/);
    assert.match(line, /2 roots/);
    await page.getByRole('row', { name: /task.accept/ }).click();
    await detail(page)
      .getByText(/before its parent/)
      .waitFor();
    await page.getByRole('row', { name: /POST \/tasks/ }).click();
    await detail(page)
      .getByRole('link', { name: /^trace / })
      .click();
    await page.waitForURL(`**/trace/${seed.runs[10].traceId}?span=${seed.runs[10].root}`);
    await detail(page).waitFor();
  });

  flow('zooms by dragging in the minimap', async ({ page, seed }) => {
    await openTrace(page, failedRun(seed).traceId);
    const box = await page.getByTestId('minimap').boundingBox();
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await becomes('view', () => query(page).get('view'), /^\d+-\d+$/);
    await page.getByRole('button', { name: 'Whole trace' }).click();
    await becomes('view', () => query(page).get('view'), null);
    await page.keyboard.press('j');
    await page.keyboard.press('z');
    await becomes('view', () => query(page).get('view'), /^\d+-\d+$/);
    await page.goBack();
    await becomes('view', () => query(page).get('view'), null);
  });

  flow('shows ten thousand spans within two seconds and scrolls to the last', async ({ page, seed }) => {
    await page.goto('/traces?service=nobody');
    const started = Date.now();
    await openTrace(page, seed.big.traceId);
    const took = Date.now() - started;
    assert.ok(took < 2000, `first rows after ${took} ms`);
    assert.equal(await page.getByRole('treegrid').getAttribute('aria-rowcount'), '10000');
    assert.ok((await spanRows(page).count()) < 120);
    await page.keyboard.press('End');
    await becomes('cursor', () => page.locator('[role=row][data-current]').getAttribute('aria-rowindex'), '10000');
    await page.keyboard.press('/');
    await page.keyboard.type('gave up');
    await becomes('found', () => page.getByRole('toolbar').getByRole('status').innerText(), /10.spans/);
  });

  flow('keeps the range and the search while reading a trace', async ({ page, seed }) => {
    await page.goto('/traces?service=gateway&from=now-6h&to=now&tz=utc');
    await rows(page).first().click();
    await page.waitForURL(`**/trace/${seed.odd.traceId}*`);
    assert.equal(query(page).get('from'), 'now-6h');
    assert.equal(query(page).get('tz'), 'utc');
    await page.goBack();
    await rows(page).first().waitFor();
    assert.equal(query(page).get('service'), 'gateway');
  });

  flow(
    'is a bottom sheet on a narrow screen',
    async ({ page, seed }) => {
      await openTrace(page, failedRun(seed).traceId);
      await spanRows(page).nth(2).click();
      const box = await detail(page).boundingBox();
      assert.ok(box.width >= 389 && box.y > 200 && Math.abs(box.y + box.height - 844) < 2, JSON.stringify(box));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(overflow, 0, 'nothing sticks out');
      await page.getByRole('button', { name: 'Close the span' }).click();
      await detail(page).waitFor({ state: 'detached' });
    },
    { viewport: { width: 390, height: 844 }, hasTouch: true },
  );
}
