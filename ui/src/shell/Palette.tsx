// Everything by name: pages, time ranges, themes, services, and a trace by its id.

import { Modal, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { tagValues } from '../api/search';
import { PAGES } from '../app/pages';
import { caps } from '../lib/keys';
import { parseTraceRef } from '../lib/ids';
import { sharedParams, useUrlState } from '../lib/url';
import { presetLabel, PRESETS } from '../time/range';
import { shareableUrl, useTime } from '../time/TimeContext';
import { copyText } from '../parts/CopyButton';
import css from './Palette.module.css';
import { THEMES } from './ThemeSwitch';

interface Choice {
  id: string;
  label: string;
  /** where it leads, told before it opens */
  hint: string;
  run: () => void;
}

interface Props {
  opened: boolean;
  close: () => void;
  openMap: () => void;
  usesTime: boolean;
}

const MOST = 12;

export function Palette(props: Props) {
  return (
    <Modal.Root opened={props.opened} onClose={props.close} padding={0} size="lg" yOffset="12vh">
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label="Search everything">
        <Search {...props} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Search({ close, openMap, usesTime }: Props) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const choices = useChoices(query, openMap, usesTime);
  const current = Math.min(at, choices.length - 1);
  const box = useRef<HTMLUListElement>(null);

  useEffect(() => setAt(0), [query]);
  useEffect(() => {
    box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    close();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((current + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === 'Enter') choose(choices[current]);
    else return;
    event.preventDefault();
  };

  return (
    <div className={css.palette}>
      <input
        data-autofocus
        className={css.input}
        role="combobox"
        aria-label="Search everything"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={choices[current] ? `${list}-${current}` : undefined}
        placeholder="A page, a service, a time range, or a trace id"
        value={query}
        onChange={(e) => setQuery(e.target.value)}
        onKeyDown={onKeyDown}
        spellCheck={false}
        autoComplete="off"
      />
      <ul className={css.list} role="listbox" id={list} aria-label="Choices" ref={box}>
        {choices.map((choice, i) => (
          <li
            key={choice.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === current}
            className={css.choice}
            onMouseMove={() => setAt(i)}
            onClick={() => choose(choice)}
          >
            <span>{choice.label}</span>
            <span className="dim">{choice.hint}</span>
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className={css.nothing}>Nothing by that name. A trace id is up to 32 hexadecimal digits.</p>}
    </div>
  );
}

function useChoices(query: string, openMap: () => void, usesTime: boolean): Choice[] {
  const navigate = useNavigate();
  const time = useTime();
  const { params } = useUrlState();
  const { setColorScheme } = useMantineColorScheme();
  const services = useQuery({
    queryKey: ['tag-values', 'service.name', time.range],
    queryFn: ({ signal }) => tagValues('service.name', time.resolved?.from ?? 0, time.resolved?.to ?? Date.now(), signal),
    retry: false,
  });

  const choices: Choice[] = [];
  const ref = parseTraceRef(query);
  if (ref) {
    choices.push({
      id: 'trace',
      label: `Open trace ${ref.traceId}`,
      hint: ref.spanId ? `span ${ref.spanId}` : 'trace',
      run: () => navigate({ pathname: `/trace/${ref.traceId}`, search: sharedParams(params, { span: ref.spanId }) }),
    });
  }
  for (const page of PAGES) {
    if (!page.inNavigation) continue;
    const hint = page.key ? caps(`g ${page.key}`).join(' ') : 'page';
    choices.push({
      id: page.path,
      label: page.title,
      hint,
      run: () => navigate({ pathname: page.path, search: sharedParams(params) }),
    });
  }
  for (const name of services.data ?? []) {
    choices.push({
      id: `service ${name}`,
      label: `Traces of ${name}`,
      hint: 'service',
      run: () => navigate({ pathname: '/traces', search: sharedParams(params, { service: name }) }),
    });
  }
  if (usesTime) {
    for (const preset of PRESETS) {
      choices.push({
        id: preset,
        label: presetLabel(preset),
        hint: 'time range',
        run: () => time.setRange({ from: `now-${preset}`, to: 'now' }),
      });
    }
  }
  choices.push({
    id: 'copy',
    label: 'Copy link with absolute times',
    hint: 'share',
    run: () => void copyText(shareableUrl(time, usesTime)),
  });
  const other = time.zone === 'utc' ? 'browser' : 'utc';
  choices.push({
    id: 'zone',
    label: other === 'utc' ? 'Show times in UTC' : "Show times in the browser's zone",
    hint: 'zone',
    run: () => time.setZone(other),
  });
  for (const { value, label } of THEMES)
    choices.push({ id: `theme ${value}`, label: `Theme: ${label}`, hint: 'theme', run: () => setColorScheme(value) });
  choices.push({ id: 'keys', label: 'Keyboard map', hint: '?', run: openMap });

  const words = query
    .toLowerCase()
    .replace(/\u00a0/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  const fits = (c: Choice) => {
    const text = `${c.label} ${c.hint}`.toLowerCase().replace(/\u00a0/g, ' ');
    return c.id === 'trace' || words.every((w) => text.includes(w));
  };
  return choices.filter(fits).slice(0, MOST);
}
