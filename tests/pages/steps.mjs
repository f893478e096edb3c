// Words that the suites share.

import assert from 'node:assert/strict';
import { until } from './harness.mjs';

export const rows = (page) => page.locator('tr[data-trace]');
export const spanRows = (page) => page.locator('[role=row][data-span]');
export const detail = (page) => page.locator('aside[aria-label^="Span"]');
export const query = (page) => new URL(page.url()).searchParams;
export const statusLine = (page) => page.locator('footer');

export async function openTraces(page, search = '') {
  await page.goto(`/traces${search}`);
  await rows(page).first().waitFor();
}

export async function openTrace(page, id, search = '') {
  await page.goto(`/trace/${id}${search}`);
  await spanRows(page).first().waitFor();
}

/** Waits until `read` gives `expected`, and says what it gave when it does not. */
export async function becomes(what, read, expected, timeoutMs = 8000) {
  let last;
  const matches = (value) =>
    expected instanceof RegExp ? expected.test(value) : typeof expected === 'function' ? expected(value) : value === expected;
  try {
    await until(what, async () => matches((last = await read())), timeoutMs);
  } catch {
    if (typeof expected === 'function') assert.fail(`${what}: ${JSON.stringify(last)}`);
    if (expected instanceof RegExp) assert.match(String(last), expected, what);
    assert.deepEqual(last, expected, what);
  }
}

/** What the scatter's canvas shows, once it shows something. */
export async function scatter(page) {
  await page.waitForFunction(() => window.__charts?.scatter?.marks.length > 0);
  return page.evaluate(() => window.__charts.scatter);
}

export const currentTrace = (page) => page.locator('tr[data-current]').getAttribute('data-trace');
export const currentSpan = (page) => page.locator('[role=row][data-current]').getAttribute('data-span');
