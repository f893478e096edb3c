// Twenty kill -9 of the real binary at random moments under load: every acknowledged trace is found afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchTrace, postJson, span, spansOf, start, temporaryFolder, traces } from './server.mjs';

const kRounds = 20;
const kSenders = 8;

test(`${kRounds} times kill -9 under load lose nothing acknowledged`, { timeout: 300_000 }, async (t) => {
  const { folder, remove } = temporaryFolder();
  const acknowledged = new Map(); // trace id → spans
  let server = await start(folder);
  try {
    for (let round = 0; round < kRounds; round++) {
      let running = true;
      const sender = async () => {
        while (running) {
          const root = span();
          const spans = [root, ...Array.from({ length: 1 + Math.floor(Math.random() * 40) }, () => span({ traceId: root.traceId, parentSpanId: root.spanId }))];
          try {
            const answer = await postJson(server, traces(`svc-${round % 5}`, spans));
            if (answer.status === 200) acknowledged.set(root.traceId, spans.length);
          } catch {
            // The connection died with the server: not acknowledged.
          }
        }
      };
      const senders = Array.from({ length: kSenders }, sender);
      const before = acknowledged.size;
      const delay = 50 + Math.random() * 350;
      const begun = performance.now();
      while (acknowledged.size === before || performance.now() - begun < delay) await new Promise((resolve) => setImmediate(resolve));
      await server.kill();
      running = false;
      await Promise.all(senders);
      server = await start(folder);
      // All of this round, and a sample of the earlier ones.
      const ids = [...acknowledged.keys()];
      const check = ids.filter((_, i) => i >= before || Math.random() < 0.05);
      for (const id of check) {
        const answer = await fetchTrace(server, id);
        assert.equal(answer.status, 200, `round ${round}: acknowledged trace ${id} is gone`);
        assert.equal(spansOf(await answer.json()).length, acknowledged.get(id), `round ${round}: spans of ${id}`);
      }
    }
    for (const [id, count] of acknowledged) {
      const answer = await fetchTrace(server, id);
      assert.equal(answer.status, 200, `acknowledged trace ${id} is gone`);
      assert.equal(spansOf(await answer.json()).length, count);
    }
    t.diagnostic(`${acknowledged.size} acknowledged traces, all found`);
  } finally {
    await server.kill();
    remove();
  }
});
