import assert from 'node:assert/strict';
import { post, startServer, until } from './harness.mjs';
import { becomes, openTrace, openTraces, query, rows, spanRows, statusLine } from './steps.mjs';
import { agentRun } from '../../ui/dev/seed.mjs';

const SEARCH = '**/tempo/api/search?*';
const text =
  (status, body, headers = {}) =>
  (route) =>
    route.fulfill({ status, contentType: 'text/plain', body, headers });

/** Makes one request fault, then lets the server answer again. */
async function once(page, pattern, answer) {
  let done = false;
  await page.route(pattern, (route) => {
    if (done) return route.continue();
    done = true;
    return answer(route);
  });
}

export default function faults(flow) {
  flow('says what nothing yet looks like and how to fill it, and fills', async ({ page, context, server }) => {
    // A server of its own where one can be started; else the same answers from a fixture.
    if (process.env.TERCET_URL) {
      await page.route(SEARCH, (route) => route.fulfill({ json: { traces: [], metrics: {} } }));
      await page.route('**/tercet/api/status', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ json: { ...(await response.json()), spans_received: 0 } });
      });
      await page.goto('/traces');
      await page.getByText('No spans have arrived yet').waitFor();
      await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${server.otlp}`).waitFor();
      return;
    }
    const fresh = await startServer();
    try {
      const quiet = await context.newPage();
      await quiet.goto(`${fresh.url}/traces`);
      await quiet.getByText('No spans have arrived yet').waitFor();
      await quiet.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${fresh.otlp}`).waitFor();
      await post(fresh, agentRun(1, Date.now() - 60_000).body);
      await until('the first trace shows', async () => {
        await quiet.getByRole('button', { name: 'Run', exact: true }).click();
        return (await rows(quiet).count()) === 1;
      });
    } finally {
      await fresh.stop();
    }
  });

  flow('says what to loosen when nothing matches', async ({ page, seed }) => {
    await page.goto('/traces?service=nobody&tags=a%3Db');
    await page.getByText('No trace matches').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await becomes('rows', () => rows(page).count(), seed.all.length);
    assert.equal(query(page).get('tags'), null);
  });

  flow('shows the words of a failing server and tries again', async ({ page, expectFault }) => {
    expectFault(/500/);
    await once(page, SEARCH, text(500, 'block 7: checksum mismatch'));
    await page.goto('/traces');
    await page.getByText('The search failed').waitFor();
    await page.getByText('block 7: checksum mismatch').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await rows(page).first().waitFor();
  });

  flow('explains a refused question', async ({ page, expectFault }) => {
    expectFault(/400/);
    await page.route(SEARCH, text(400, 'invalid tags: unexpected token'));
    await page.goto('/traces');
    await page.getByText('did not understand the question').waitFor();
    await page.getByText('invalid tags: unexpected token').waitFor();
  });

  flow('tries a busy server once more by itself', async ({ page, expectFault }) => {
    expectFault(/503/);
    await once(page, SEARCH, text(503, 'short of memory', { 'Retry-After': '1' }));
    await openTraces(page);
  });

  flow('says when the server is gone', async ({ page, expectFault }) => {
    expectFault(/ERR_CONNECTION_REFUSED|Failed to load/);
    await openTraces(page);
    await page.route('**/tempo/**', (route) => route.abort('connectionrefused'));
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page.getByText('The server cannot be reached').waitFor();
    assert.ok((await rows(page).count()) > 0, 'what was there stays');
    await page.unroute('**/tempo/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await rows(page).first().waitFor();
  });

  flow('refuses an answer that is no JSON', async ({ page }) => {
    await page.route(SEARCH, (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<html>a proxy</html>' }));
    await page.goto('/traces');
    await page.getByText('The answer is not JSON').waitFor();
  });

  flow('shows progress and can be cancelled', async ({ page }) => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await once(page, SEARCH, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await page.goto('/traces');
    await page
      .getByText(/^Searching….*s/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The search was stopped').waitFor();
    release();
    await page.getByRole('button', { name: 'Run again' }).click();
    await rows(page).first().waitFor();
  });

  flow('keeps the old answer while the new one is on its way, and drops a stale one', async ({ page }) => {
    await openTraces(page);
    const all = await rows(page).count();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const aborted = page.waitForEvent('requestfailed', (r) => r.url().includes('slow'));
    await page.route(/search\?.*slow/, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await page.getByLabel('Tags').fill('slow=1');
    await page.keyboard.press('Enter');
    await page
      .getByText(/^Searching/)
      .first()
      .waitFor();
    assert.equal(await rows(page).count(), all);
    await page.getByLabel('Tags').fill('team.id=blue');
    await page.keyboard.press('Enter');
    await aborted;
    release();
    await becomes(
      'rows',
      () => rows(page).count(),
      (n) => n > 0 && n < all,
    );
  });

  flow('says why an answer is partial', async ({ page, seed }) => {
    await page.route(SEARCH, async (route) => {
      const body = await (await route.fetch()).json();
      await route.fulfill({ json: { ...body, metrics: { ...body.metrics, completedJobs: 3, totalJobs: 10 } } });
    });
    await openTraces(page);
    assert.match(await statusLine(page).innerText(), /partial: 3 of 10 parts searched/);
    await page.route(SEARCH, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'x-tercet-partial': 'part-3 block 2: checksum mismatch' } });
    });
    await openTraces(page);
    assert.match(await statusLine(page).innerText(), /partial: part-3 block 2: checksum mismatch/);
    await page.route('**/tempo/api/v2/traces/*', async (route) => {
      const body = await (await route.fetch()).json();
      await route.fulfill({ json: { ...body, status: 'PARTIAL', message: 'one block is being compacted' } });
    });
    await openTrace(page, seed.runs[0].traceId);
    assert.match(await statusLine(page).innerText(), /partial: one block is being compacted/);
  });

  flow('shows what was dropped and why', async ({ page }) => {
    await page.route('**/tercet/api/status', async (route) => {
      const body = await (await route.fetch()).json();
      await route.fulfill({
        json: { ...body, lost: [{ signal: 'traces', reason: 'invalid_id', sender: '10.0.0.7', count: 3 }] },
      });
    });
    await openTraces(page);
    await becomes(
      'status',
      async () => (await statusLine(page).innerText()).replace(/\u00a0/g, ' '),
      /3 spans dropped since start: invalid_id/,
    );
    await page.goto('/traces?service=nobody');
    await page.getByText('10.0.0.7').waitFor();
  });

  flow('says that a trace is not here, and looks again', async ({ page, expectFault, seed }) => {
    expectFault(/404/);
    await page.goto('/trace/00000000000000000000000000abcdef');
    await page.getByText('This trace is not here').waitFor();
    await page.getByRole('button', { name: 'Look again' }).waitFor();
    await page.goto('/trace/not-an-id');
    await page.getByText('This is no trace id').waitFor();
    await openTrace(page, seed.runs[0].traceId, '?span=00000000000000ff');
    await page.getByText('which this trace does not have').waitFor();
    assert.ok((await spanRows(page).count()) > 0);
  });
}
