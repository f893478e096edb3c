import { Button, Popover, TextInput } from '@mantine/core';
import { useEffect, useId, useState, type FormEvent } from 'react';
import { useKeys } from '../lib/keys';
import { Icon } from '../shell/Icon';
import { absoluteRange, parseInstant, presetLabel, PRESETS, rangeLabel, resolveRange } from './range';
import { useTime } from './TimeContext';
import css from './TimePicker.module.css';
import { formatDateTime, zoneName, zoneOffset } from './zone';

const EXAMPLES = 'now-90m, 2026-08-01 12:30, 12:30, or seconds since 1970';

export function TimePicker() {
  const time = useTime();
  const [open, setOpen] = useState(false);
  useKeys([
    { keys: 't', label: 'Choose the time range', group: 'Time', run: () => setOpen(true) },
    { keys: '[', label: 'Back by half the range', group: 'Time', run: () => time.shift(-1) },
    { keys: ']', label: 'Forward by half the range', group: 'Time', run: () => time.shift(1) },
    { keys: '-', label: 'Zoom out', group: 'Time', run: () => time.zoomOut() },
  ]);
  const label = rangeLabel(time.range, time.resolved, time.zone);
  return (
    <div className={css.group}>
      <button className={css.step} onClick={() => time.shift(-1)} aria-label="Back in time by half the range" title="Back ([)">
        <Icon name="left" />
      </button>
      <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus returnFocus withinPortal width={360}>
        <Popover.Target>
          <button
            className={css.current}
            onClick={() => setOpen((o) => !o)}
            aria-label={`Time range: ${label}`}
            title="Time range (t)"
          >
            {label}
            <Icon name="down" />
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Time range">
          <Choices close={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
      <button
        className={css.step}
        onClick={() => time.shift(1)}
        aria-label="Forward in time by half the range"
        title="Forward (])"
      >
        <Icon name="right" />
      </button>
    </div>
  );
}

function Choices({ close }: { close: () => void }) {
  const { range, resolved, zone, setRange } = useTime();
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const [error, setError] = useState('');
  const echo = useId();

  // Absolute ends are shown as wall-clock time in the page's zone, which is also how they are read.
  useEffect(() => {
    const now = Date.now();
    const show = (text: string) => (text.includes('now') ? text : (wall(parseInstant(text, now, zone)) ?? text));
    const wall = (at: number | undefined) => (at === undefined ? undefined : formatDateTime(at, zone, at % 1000 ? 'ms' : 's'));
    setFrom(show(range.from));
    setTo(show(range.to));
  }, [range.from, range.to, zone]);

  const apply = (event: FormEvent) => {
    event.preventDefault();
    const now = Date.now();
    const a = parseInstant(from, now, zone);
    const b = parseInstant(to, now, zone);
    if (a === undefined || b === undefined) {
      setError(`Cannot read "${a === undefined ? from : to}". Write ${EXAMPLES}.`);
      return;
    }
    if (a >= b) {
      setError('From must be before to.');
      return;
    }
    const keep = (text: string, at: number) => (text.includes('now') ? text.trim() : absoluteRange({ from: at, to: at }).from);
    setRange({ from: keep(from, a), to: keep(to, b) });
    close();
  };

  const now = Date.now();
  const preview = resolveRange({ from, to }, now, zone) ?? resolved;
  return (
    <div className={css.choices}>
      <ul className={css.presets} aria-label="Relative ranges">
        {PRESETS.map((preset) => {
          const chosen = range.from === `now-${preset}` && range.to === 'now';
          return (
            <li key={preset}>
              <button
                className={css.preset}
                aria-pressed={chosen}
                onClick={() => {
                  setRange({ from: `now-${preset}`, to: 'now' });
                  close();
                }}
              >
                {presetLabel(preset)}
              </button>
            </li>
          );
        })}
      </ul>
      <form className={css.absolute} onSubmit={apply}>
        <TextInput
          label="From"
          value={from}
          onChange={(e) => setFrom(e.target.value)}
          aria-describedby={echo}
          spellCheck={false}
          data-autofocus
        />
        <TextInput label="To" value={to} onChange={(e) => setTo(e.target.value)} aria-describedby={echo} spellCheck={false} />
        <p id={echo} className={css.echo} aria-live="polite">
          {error ? (
            <span className={css.error}>{error}</span>
          ) : preview ? (
            <>
              {formatDateTime(preview.from, zone)}
              <br />
              {formatDateTime(preview.to, zone)}
              <br />
              {zoneName(zone)}
              {zone === 'browser' && zoneName(zone) !== 'UTC' && `, ${zoneOffset(zone, preview.to)}`}
            </>
          ) : (
            EXAMPLES
          )}
        </p>
        <Button type="submit" fullWidth>
          Apply
        </Button>
      </form>
    </div>
  );
}
