import assert from 'node:assert/strict';
import { becomes, openTrace, openTraces, query, rows, spanRows } from './steps.mjs';

const scheme = (page) => page.locator('html').getAttribute('data-mantine-color-scheme');
const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

export default function shell(flow) {
  flow('leads from the root to the traces and keeps the question', async ({ page }) => {
    await page.goto('/?service=gateway');
    await becomes('path', () => new URL(page.url()).pathname, '/traces');
    await becomes('rows', () => rows(page).count(), 1);
  });

  flow('switches the theme, keeps it, and never flashes the other', async ({ page }) => {
    await openTraces(page);
    assert.equal(await scheme(page), 'light');
    await page.getByRole('button', { name: /^Theme/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await becomes('scheme', () => scheme(page), 'dark');
    await becomes('ground', () => ground(page), 'rgb(18, 18, 18)');
    await page.goto('/traces', { waitUntil: 'commit' });
    await page.waitForFunction(() => document.body);
    assert.equal(await scheme(page), 'dark');
    await rows(page).first().waitFor();
    assert.equal(await scheme(page), 'dark');
    await page.getByRole('button', { name: /^Theme/ }).click();
    await page.getByRole('menuitemradio', { name: 'As the system' }).click();
    await becomes('scheme', () => scheme(page), 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await becomes('scheme', () => scheme(page), 'dark');
  });

  flow('chooses relative and absolute times', async ({ page }) => {
    await openTraces(page);
    await page.keyboard.press('t');
    await page.getByRole('button', { name: /^Last.15.m$/ }).click();
    await becomes('from', () => query(page).get('from'), 'now-15m');
    await page.getByLabel('From').waitFor({ state: 'detached' });
    await page.keyboard.press('t');
    await page.getByLabel('From').fill('soon');
    await page.keyboard.press('Enter');
    await page.getByText('Cannot read "soon"').waitFor();
    await page.getByLabel('From').fill('2026-08-01 10:00');
    await page.getByLabel('To', { exact: true }).fill('2026-08-01 12:00');
    await page.keyboard.press('Enter');
    await becomes('from', () => query(page).get('from'), '2026-08-01T10:00:00Z');
    await becomes('to', () => query(page).get('to'), '2026-08-01T12:00:00Z');
    await page.getByText('No trace matches').waitFor();
    await page.keyboard.press(']');
    await becomes('from', () => query(page).get('from'), '2026-08-01T11:00:00Z');
    await page.keyboard.press('[');
    await becomes('from', () => query(page).get('from'), '2026-08-01T10:00:00Z');
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await becomes('from', () => query(page).get('from'), 'now-15m');
  });

  flow('says when the range in the address cannot be read', async ({ page }) => {
    await page.goto('/traces?from=tomorrowish');
    await page.getByText('The time range cannot be read').waitFor();
    await page.getByRole('button', { name: 'Last hour' }).click();
    await rows(page).first().waitFor();
  });

  flow('asks again by itself', async ({ page }) => {
    await openTraces(page);
    await page.getByRole('button', { name: /^Refresh by itself/ }).click();
    await page.getByRole('menuitemradio', { name: /^every.5.?s$/ }).click();
    await becomes('refresh', () => query(page).get('refresh'), '5s');
    await page.waitForRequest((r) => r.url().includes('/tempo/api/search?'), { timeout: 9000 });
    await becomes(
      'rows',
      () => rows(page).count(),
      (n) => n > 0,
    );
  });

  flow(
    'shows the same instants in the chosen zone',
    async ({ page }) => {
      await openTraces(page);
      const clock = () => page.locator('tr[data-trace] time').first().innerText();
      const local = await clock();
      await page.getByText(/Start, UTC−0[45]:00/).waitFor();
      await page.getByRole('button', { name: /^Local: times are in America\/New_York/ }).click();
      await page.getByText('Start, UTC', { exact: false }).first().waitFor();
      await becomes('tz', () => query(page).get('tz'), 'utc');
      await becomes('clock', clock, (text) => text !== local);
    },
    { timezoneId: 'America/New_York' },
  );

  flow('copies a link with absolute times that opens the same', async ({ page, context }) => {
    await openTraces(page, '?from=now-1h&to=now&service=router&refresh=30s');
    const count = await rows(page).count();
    await page.getByRole('button', { name: 'Copy link' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const params = new URL(link).searchParams;
    assert.match(params.get('from'), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.equal(Date.parse(params.get('to')) - Date.parse(params.get('from')), 3600_000);
    assert.equal(params.get('service'), 'router');
    assert.equal(params.get('refresh'), null);
    const other = await context.newPage();
    await other.goto(link);
    await becomes('rows', () => rows(other).count(), count);
  });

  flow('finds everything by name: services, time, a trace by its id', async ({ page, seed }) => {
    await openTraces(page);
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: 'Search everything' });
    await box.waitFor();
    await page.keyboard.type('traces of gate');
    await becomes('choices', () => page.getByRole('listbox', { name: 'Choices' }).getByRole('option').count(), 1);
    await page.keyboard.press('Enter');
    await becomes('service', () => query(page).get('service'), 'gateway');
    await box.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await box.fill(seed.runs[3].traceId.toUpperCase());
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/trace/${seed.runs[3].traceId}*`);
    await spanRows(page).first().waitFor();
    await page.keyboard.press('Control+k');
    await box.waitFor();
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
  });

  flow('shows the keys that work here, and g t goes to the traces', async ({ page, seed }) => {
    await openTrace(page, seed.runs[3].traceId);
    await page.keyboard.press('?');
    const map = page.getByRole('dialog');
    for (const label of ['Next span', 'Next error', 'Collapse all', 'Search everything'])
      await map.getByText(label, { exact: true }).waitFor();
    assert.equal(await map.getByText('Choose the time range').count(), 0, 'a key without effect here is not listed');
    await page.keyboard.press('Escape');
    await map.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await rows(page).first().waitFor();
  });

  flow('says that an address is no page', async ({ page }) => {
    await page.goto('/nowhere');
    await page.getByText('There is no page at this address').waitFor();
    await page.getByRole('button', { name: 'Go to traces' }).click();
    await rows(page).first().waitFor();
  });

  flow('runs under a strict policy with a fresh nonce', async ({ page }) => {
    const load = async () => {
      const response = await page.goto('/traces');
      await rows(page).first().waitFor();
      return {
        policy: response.headers()['content-security-policy'],
        nonce: await page.locator('meta[name=csp-nonce]').getAttribute('content'),
      };
    };
    const first = await load();
    for (const part of ["default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"])
      assert.ok(first.policy?.includes(part), `${part} in ${first.policy}`);
    assert.ok(!/unsafe/.test(first.policy));
    assert.ok(first.policy.includes(`'nonce-${first.nonce}'`));
    assert.notEqual((await load()).nonce, first.nonce);
    // Dialogs lock scrolling with a style tag of their own: it needs the nonce too.
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  });
}
