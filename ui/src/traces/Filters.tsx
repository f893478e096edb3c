import { Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { tagNames, tagValues } from '../api/search';
import { parseTraceRef } from '../lib/ids';
import { useKeys } from '../lib/keys';
import { sharedParams, useUrlState } from '../lib/url';
import { Icon } from '../shell/Icon';
import { useTime } from '../time/TimeContext';
import css from './Filters.module.css';
import { check, LIMITS, writeFilters, type Filters as Values, type View } from './params';

export function Filters({ filters, view }: { filters: Values; view: View }) {
  const { set } = useUrlState();
  const { askAnew } = useTime();
  const [draft, setDraft] = useState(filters);
  const [more, setMore] = useState(false);
  const question = useRef<HTMLInputElement>(null);
  const names = useNames();

  // Back, forward and a click on a value change the question from outside.
  useEffect(() => setDraft(filters), [filters]);

  const run = (next: Values) => {
    if (Object.keys(check(next)).length > 0) return;
    const before = JSON.stringify(writeFilters(filters));
    if (JSON.stringify(writeFilters(next)) === before) askAnew();
    else set(writeFilters(next));
  };
  useKeys([
    { keys: '/', label: 'The question', group: 'Question', run: () => question.current?.focus() },
    { keys: 'Enter', label: 'Run', group: 'Question', run: () => run(draft) },
    { keys: 'mod+Enter', label: 'Run', group: 'Question', whileTyping: true, unlisted: true, run: () => run(draft) },
  ]);

  const problems = check(draft);
  const put = (patch: Partial<Values>) => setDraft((d) => ({ ...d, ...patch }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run(draft);
  };
  const set1 = (patch: Partial<Values>) => {
    const next = { ...draft, ...patch };
    setDraft(next);
    run(next);
  };
  const inUse = [draft.name, draft.min, draft.max].filter((v) => v.trim() !== '').length;

  return (
    <search className={css.bar}>
      <form className={css.form} onSubmit={submit} data-more={more || undefined} aria-label="Trace search">
        <Select
          className={css.service}
          aria-label="Service"
          placeholder="Any service"
          data={withChosen(names.services, draft.service)}
          value={draft.service || null}
          onChange={(value) => set1({ service: value ?? '' })}
          searchable
          clearable
          nothingFoundMessage={names.loading ? 'Loading…' : 'No service of that name sent spans in this time'}
          limit={200}
        />
        <TextInput
          ref={question}
          className={css.tags}
          classNames={{ input: css.mono! }}
          aria-label="Tags"
          placeholder="Tags: http.status_code=500 team.id=red"
          value={draft.tags}
          error={problems.tags}
          onChange={(e) => put({ tags: e.currentTarget.value })}
          list="tag-keys"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
        />
        <datalist id="tag-keys">
          {completions(draft.tags, names.keys).map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
        <Autocomplete
          className={`${css.name} ${css.second}`}
          aria-label="Span name"
          placeholder="Any span name"
          data={names.spans}
          value={draft.name}
          onChange={(name) => put({ name })}
          onOptionSubmit={(name) => set1({ name })}
          limit={100}
          spellCheck={false}
        />
        <TextInput
          className={`${css.duration} ${css.second}`}
          aria-label="Shortest duration"
          placeholder="≥ 100ms"
          value={draft.min}
          error={problems.min}
          onChange={(e) => put({ min: e.currentTarget.value })}
        />
        <TextInput
          className={`${css.duration} ${css.second}`}
          aria-label="Longest duration"
          placeholder="≤ 5s"
          value={draft.max}
          error={problems.max}
          onChange={(e) => put({ max: e.currentTarget.value })}
        />
        <Select
          className={`${css.limit} ${css.second}`}
          aria-label="Most traces"
          data={withChosen([...LIMITS], draft.limit).map((value) => ({ value, label: `${value} traces` }))}
          value={draft.limit}
          onChange={(value) => value && set1({ limit: value })}
          allowDeselect={false}
        />
        <button type="button" className={css.more} aria-expanded={more} onClick={() => setMore((m) => !m)}>
          <Icon name="filter" />
          {inUse > 0 ? `Filters, ${inUse} set` : 'Filters'}
        </button>
        <Button type="submit" className={css.run} rightSection={<span aria-hidden="true">⏎</span>}>
          Run
        </Button>
      </form>
      <GoToTrace />
      <Exclusions view={view} />
    </search>
  );
}

function withChosen(list: string[], chosen: string): string[] {
  return chosen && !list.includes(chosen) ? [chosen, ...list] : list;
}

/** Completes the key that is being typed at the end of the tags. */
function completions(tags: string, keys: string[]): string[] {
  const typed = /(^|\s)([^\s="]*)$/.exec(tags);
  if (!typed) return [];
  const before = tags.slice(0, tags.length - typed[2]!.length);
  return keys
    .filter((k) => k.startsWith(typed[2]!))
    .slice(0, 50)
    .map((k) => `${before}${k}=`);
}

/** The names that complete a field; the old ones stay while the new ones are on their way. */
function useList(key: string[], ask: (from: number, to: number, signal: AbortSignal) => Promise<string[]>) {
  const { range, resolved } = useTime();
  const [settled] = useDebouncedValue(resolved, 200);
  return useQuery({
    queryKey: [...key, range],
    queryFn: ({ signal }) => ask(settled!.from, settled!.to, signal),
    enabled: settled !== undefined,
    retry: false,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

function useNames() {
  const services = useList(['tag-values', 'service.name'], (from, to, signal) => tagValues('service.name', from, to, signal));
  const spans = useList(['tag-values', 'name'], (from, to, signal) => tagValues('name', from, to, signal));
  const keys = useList(['tag-names'], tagNames);
  return { services: services.data ?? [], spans: spans.data ?? [], keys: keys.data ?? [], loading: services.isLoading };
}

function GoToTrace() {
  const navigate = useNavigate();
  const { params } = useUrlState();
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const go = (pasted: string) => {
    const ref = parseTraceRef(pasted);
    if (ref) {
      navigate(
        { pathname: `/trace/${ref.traceId}`, search: sharedParams(params, { span: ref.spanId }) },
        { state: { back: `/traces${window.location.search}` } },
      );
    } else if (pasted.trim()) {
      setError('That is no trace id: it has up to 32 hexadecimal digits.');
    }
  };
  return (
    <form
      className={css.go}
      aria-label="Go to a trace"
      onSubmit={(event) => {
        event.preventDefault();
        go(text);
      }}
    >
      <TextInput
        classNames={{ input: css.mono! }}
        aria-label="Go to trace by id"
        placeholder="Paste a trace id"
        value={text}
        error={error}
        onChange={(e) => {
          setText(e.currentTarget.value);
          setError('');
        }}
        onPaste={(e) => {
          // Pasting a whole id is already the wish to see it.
          const pasted = e.clipboardData.getData('text');
          if (text === '' && pasted.trim().length >= 16 && parseTraceRef(pasted)) {
            e.preventDefault();
            go(pasted);
          }
        }}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
    </form>
  );
}

/** What the page hides from the answer, each with a way to bring it back. */
function Exclusions({ view }: { view: View }) {
  const { set } = useUrlState();
  const chips: { label: string; drop: () => void }[] = [
    ...view.notService.map((name) => ({
      label: `not service ${name}`,
      drop: () => set({ 'not.service': view.notService.filter((n) => n !== name) }),
    })),
    ...view.notName.map((name) => ({
      label: `not ${name}`,
      drop: () => set({ 'not.name': view.notName.filter((n) => n !== name) }),
    })),
    ...(view.show
      ? [{ label: view.show === 'errors' ? 'with errors' : 'without errors', drop: () => set({ show: undefined }) }]
      : []),
  ];
  if (chips.length === 0) return null;
  return (
    <ul className={css.chips} aria-label="Hidden from the answer">
      {chips.map(({ label, drop }) => (
        <li key={label}>
          <button onClick={drop} aria-label={`Remove: ${label}`}>
            {label}
            <Icon name="close" size={10} />
          </button>
        </li>
      ))}
    </ul>
  );
}
