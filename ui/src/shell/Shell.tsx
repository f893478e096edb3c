import { useEffect, useState, type ReactNode } from 'react';
import { matchPath, useLocation, useNavigate } from 'react-router';
import { PAGES, type Page } from '../app/pages';
import { useKeys, type Key } from '../lib/keys';
import { sharedParams, useUrlState } from '../lib/url';
import { KeyMap } from './KeyMap';
import { Palette } from './Palette';
import css from './Shell.module.css';
import { TopBar } from './TopBar';

export function currentPage(pathname: string): Page | undefined {
  return PAGES.find((page) => matchPath(page.path, pathname));
}

export function Shell({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const { params } = useUrlState();
  const [palette, setPalette] = useState(false);
  const [map, setMap] = useState(false);
  const page = currentPage(pathname);

  useEffect(() => {
    document.title = page ? `${page.title} · Tercet` : 'Tercet';
  }, [page]);

  useEffect(() => {
    // The other pages' code comes while the person reads this one; a failure shows when it is needed.
    const timer = setTimeout(() => PAGES.forEach((p) => void p.load().catch(() => undefined)), 1000);
    return () => clearTimeout(timer);
  }, []);

  const doors: Key[] = PAGES.flatMap((p) =>
    p.key
      ? [
          {
            keys: `g ${p.key}`,
            label: p.title,
            group: 'Go to',
            run: () => navigate({ pathname: p.path, search: sharedParams(params) }),
          },
        ]
      : [],
  );
  useKeys([
    ...doors,
    { keys: 'mod+k', label: 'Search everything', group: 'Everywhere', whileTyping: true, run: () => setPalette((open) => !open) },
    { keys: '?', label: 'This map', group: 'Everywhere', run: () => setMap(true) },
    {
      keys: 'Escape',
      label: 'Leave the field; close what is open',
      group: 'Everywhere',
      whileTyping: true,
      run: () => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined),
    },
  ]);

  return (
    <div className={css.shell}>
      <a className={css.skip} href="#page">
        Skip to the page
      </a>
      <TopBar page={page} openPalette={() => setPalette(true)} openMap={() => setMap(true)} />
      <main id="page" className={css.page} tabIndex={-1}>
        {children}
      </main>
      <Palette opened={palette} close={() => setPalette(false)} openMap={() => setMap(true)} usesTime={page?.usesTime ?? false} />
      <KeyMap opened={map} close={() => setMap(false)} />
    </div>
  );
}
