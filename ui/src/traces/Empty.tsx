// No traces: either nothing was ever sent, and the page says how to send; or nothing matches, and it
// says what to loosen.

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reachable, status, type Status } from '../api/status';
import { formatCount, plural } from '../lib/format';
import { useUrlState } from '../lib/url';
import { CopyButton } from '../parts/CopyButton';
import { PRESETS, presetLabel } from '../time/range';
import { useTime } from '../time/TimeContext';
import css from './Empty.module.css';
import type { Filters } from './params';

export function Empty({ filters }: { filters: Filters }) {
  const { data } = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => status(signal),
    retry: false,
    // The first span may arrive at any moment.
    refetchInterval: 5000,
  });
  if (!data) return <div className={css.empty} />;
  return (
    <div className={css.empty}>
      {data.spansReceived === 0 ? (
        <>
          <h2>No spans have arrived yet</h2>
          <p>
            The server has been up for {upFor(data.uptimeSeconds)} and waits for OpenTelemetry. Point a service at it, or send one
            trace by hand.
          </p>
          <Lost status={data} />
          <Snippets status={data} />
        </>
      ) : (
        <>
          <h2>No trace matches</h2>
          <p>
            The server has received {plural(data.spansReceived, 'span')} since it started, but none in this time with these
            filters.
          </p>
          <Loosen filters={filters} />
          <Lost status={data} />
          <details className={css.details}>
            <summary>How to send traces here</summary>
            <Snippets status={data} />
          </details>
        </>
      )}
    </div>
  );
}

function upFor(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function Loosen({ filters }: { filters: Filters }) {
  const { set } = useUrlState();
  const { setRange, range } = useTime();
  const filtered = filters.service || filters.name || filters.tags || filters.min || filters.max;
  const wider = PRESETS.filter((p) => ['6h', '24h', '7d'].includes(p) && range.from !== `now-${p}`);
  return (
    <div className={css.actions}>
      {filtered && (
        <Button onClick={() => set({ service: undefined, name: undefined, tags: undefined, min: undefined, max: undefined })}>
          Clear the filters
        </Button>
      )}
      {wider.map((preset) => (
        <Button key={preset} variant="default" onClick={() => setRange({ from: `now-${preset}`, to: 'now' })}>
          {presetLabel(preset)}
        </Button>
      ))}
    </div>
  );
}

function Lost({ status: { lost } }: { status: Status }) {
  const rows = lost.filter((l) => l.count > 0);
  if (rows.length === 0) return null;
  return (
    <div className={css.lost}>
      <h3>
        <span aria-hidden="true">▲</span> Some telemetry was refused or dropped
      </h3>
      <ul>
        {rows.map((l, i) => (
          <li key={i}>
            {formatCount(l.count)} {l.signal}: {l.reason}
            {l.sender && <span className="dim"> from {l.sender}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Snippets({ status: s }: { status: Status }) {
  const address = reachable(s.otlpHttp, window.location.hostname);
  return (
    <div className={css.snippets}>
      <Snippet
        title="Any OpenTelemetry SDK"
        text={`export OTEL_EXPORTER_OTLP_ENDPOINT=http://${address}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_SERVICE_NAME=my-service`}
      />
      <Snippet title="One trace with curl" text={curl(address)} />
    </div>
  );
}

function curl(address: string): string {
  return `now=$(date +%s)
curl http://${address}/v1/traces -H 'Content-Type: application/json' -d '{
  "resourceSpans": [{
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "hello"}}]},
    "scopeSpans": [{"spans": [{
      "traceId": "'$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')'",
      "spanId": "'$(od -An -N8 -tx1 /dev/urandom | tr -d ' \\n')'",
      "name": "first.span", "kind": 1,
      "startTimeUnixNano": "'$now'000000000",
      "endTimeUnixNano": "'$now'250000000"
    }]}]
  }]
}'`;
}

function Snippet({ title, text }: { title: string; text: string }) {
  return (
    <figure className={css.snippet}>
      <figcaption>
        {title}
        <CopyButton text={text} label="Copy" title={`Copy: ${title}`} />
      </figcaption>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </figure>
  );
}
