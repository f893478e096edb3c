import { Select, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { useKeys } from '../lib/keys';
import { formatCount, plural } from '../lib/format';
import { Icon } from '../shell/Icon';
import css from './Toolbar.module.css';

interface Props {
  query: string;
  onQuery: (query: string) => void;
  /** undefined without a query */
  matches: number | undefined;
  onMatch: (by: 1 | -1) => void;
  errors: number;
  onError: () => void;
  levels: number;
  depth: number | undefined;
  onLevels: (levels: number | undefined) => void;
  zoomed: boolean;
  onWhole: () => void;
  reload: () => void;
}

export function Toolbar(p: Props) {
  const input = useRef<HTMLInputElement>(null);
  useKeys([{ keys: '/', label: 'Search in the trace', group: 'Trace', run: () => input.current?.select() }]);
  const choices = ['all', ...Array.from({ length: Math.min(p.levels - 1, 20) }, (_, i) => String(i + 1))];
  return (
    <div className={css.bar} role="toolbar" aria-label="Trace">
      <TextInput
        ref={input}
        className={css.search}
        aria-label="Search in the trace"
        placeholder="Find: name, service, key=value"
        value={p.query}
        onChange={(e) => p.onQuery(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key !== 'Enter') return;
          e.preventDefault();
          p.onMatch(e.shiftKey ? -1 : 1);
        }}
        spellCheck={false}
        leftSection={<Icon name="search" />}
      />
      <span className={css.found} role="status">
        {p.matches === undefined ? '' : p.matches === 0 ? 'not found' : plural(p.matches, 'span')}
      </span>
      {p.matches !== undefined && p.matches > 0 && (
        <>
          <button onClick={() => p.onMatch(-1)} aria-label="Previous match" title="Previous match (N)">
            ↑
          </button>
          <button onClick={() => p.onMatch(1)} aria-label="Next match" title="Next match (n)">
            ↓
          </button>
        </>
      )}
      {p.errors > 0 && (
        <button className={css.error} onClick={p.onError} title="Next error (e)">
          <span aria-hidden="true">◆</span> Next of {formatCount(p.errors)} {p.errors === 1 ? 'error' : 'errors'}
        </button>
      )}
      {p.zoomed && (
        <button onClick={p.onWhole} title="Whole trace (0)">
          Whole trace
        </button>
      )}
      <span className={css.space} />
      <button className={css.wide} onClick={p.reload} title="Spans may still arrive: ask again">
        Reload
      </button>
      <button className={css.wide} onClick={() => p.onLevels(1)} title="Collapse all (c)" disabled={p.levels < 2}>
        Collapse all
      </button>
      <button className={css.wide} onClick={() => p.onLevels(undefined)} title="Expand all (x)" disabled={p.levels < 2}>
        Expand all
      </button>
      <Select
        className={css.levels}
        aria-label="Levels shown"
        data={choices.map((value) => ({
          value,
          label: value === 'all' ? 'All levels' : value === '1' ? '1 level' : `${value} levels`,
        }))}
        value={p.depth ? String(p.depth) : 'all'}
        onChange={(value) => p.onLevels(value === 'all' ? undefined : Number(value))}
        allowDeselect={false}
      />
    </div>
  );
}
