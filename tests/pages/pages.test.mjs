// The pages, driven as a person drives them, against a real server with known traces. Every test gets
// a fresh profile; any console message, page error, policy violation or failed request fails it.

import { after, before, describe, it } from 'node:test';
import { launch, openPage, seededServer } from './harness.mjs';
import accessibility from './accessibility.mjs';
import faults from './faults.mjs';
import shell from './shell.mjs';
import spans from './spans.mjs';
import traces from './traces.mjs';

const world = { server: undefined, seed: undefined, browser: undefined };

before(async () => {
  Object.assign(world, await seededServer());
  world.browser = await launch();
});

after(async () => {
  await world.browser?.close();
  await world.server?.stop();
});

/** Declares a test with a page of its own; `options` are the browser context's. */
function flow(name, run, options = {}) {
  it(name, { timeout: 60_000 }, async () => {
    const visit = await openPage(world.browser, options.baseURL ?? world.server.url, options);
    let failure;
    try {
      await run({ ...world, ...visit });
    } catch (error) {
      failure = error;
      if (process.env.SHOTS)
        await visit.page.screenshot({ path: `${process.env.SHOTS}/failed-${name.replace(/\W+/g, '-')}.png` }).catch(() => {});
    }
    await visit.finish().catch((error) => (failure ??= error));
    if (failure) throw failure;
  });
}

describe('traces page', () => traces(flow));
describe('trace page', () => spans(flow));
describe('shell', () => shell(flow));
describe('honest states', () => faults(flow));
describe('accessibility', () => accessibility(flow));
