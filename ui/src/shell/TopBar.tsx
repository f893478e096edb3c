import { Menu } from '@mantine/core';
import { Link, NavLink, useLocation } from 'react-router';
import { HOME, PAGES, type Page } from '../app/pages';
import { caps } from '../lib/keys';
import { sharedParams, useUrlState } from '../lib/url';
import { REFRESH_CHOICES, shareableUrl, useTime } from '../time/TimeContext';
import { TimePicker } from '../time/TimePicker';
import { zoneName } from '../time/zone';
import { CopyButton } from '../parts/CopyButton';
import { Icon, Mark } from './Icon';
import { ThemeSwitch } from './ThemeSwitch';
import css from './TopBar.module.css';

interface Props {
  page: Page | undefined;
  openPalette: () => void;
  openMap: () => void;
}

export function TopBar({ page, openPalette, openMap }: Props) {
  const { params } = useUrlState();
  const { pathname } = useLocation();
  const time = useTime();
  const search = sharedParams(params);
  const usesTime = page?.usesTime ?? false;
  return (
    <header className={css.bar} data-time={usesTime || undefined}>
      <Link className={css.brand} to={{ pathname: HOME, search }} aria-label="Tercet, home">
        <Mark />
        <span>Tercet</span>
      </Link>
      <nav className={css.nav} aria-label="Pages">
        {PAGES.filter((p) => p.inNavigation).map((p) => (
          <NavLink
            key={p.path}
            to={{ pathname: p.path, search }}
            className={css.door}
            data-near={pathname.startsWith(p.path.replace(/s$/, '')) || undefined}
          >
            {p.title}
          </NavLink>
        ))}
      </nav>
      <button className={css.palette} onClick={openPalette} title="Search everything" aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" />
        <span className={css.word}>Search</span>
        <kbd className={css.wide} aria-hidden="true">
          {caps('mod+k').join(' ')}
        </kbd>
      </button>
      <div className={css.controls}>
        {usesTime && <TimePicker />}
        {usesTime && <Refresh />}
        <Zone />
        <CopyButton
          className={css.control}
          text={() => shareableUrl(time, usesTime)}
          label="Copy link"
          title="Copy a link with absolute times"
          icon="link"
          quiet
        />
        <ThemeSwitch className={css.control!} />
        <button className={`${css.control} ${css.wide}`} onClick={openMap} aria-label="Keyboard map" title="Keyboard map (?)">
          <Icon name="keys" />
        </button>
      </div>
    </header>
  );
}

function Refresh() {
  const { refresh, setRefresh, askAnew } = useTime();
  return (
    <div className={css.split}>
      <button onClick={askAnew} aria-label="Refresh now" title="Refresh now">
        <Icon name="refresh" />
      </button>
      <Menu position="bottom-end">
        <Menu.Target>
          <button aria-label={`Refresh by itself: ${refresh || 'off'}`} title="Refresh by itself">
            {refresh ? refresh.replace(/(\d+)/, '$1\u00a0') : 'off'}
            <Icon name="down" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {['', ...REFRESH_CHOICES].map((choice) => (
            <Menu.RadioItem key={choice} value={choice} checked={choice === refresh} onClick={() => setRefresh(choice)}>
              {choice ? `every ${choice.replace(/(\d+)/, '$1\u00a0')}` : 'off'}
            </Menu.RadioItem>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Zone() {
  const { zone, setZone } = useTime();
  const other = zone === 'utc' ? 'browser' : 'utc';
  return (
    <button
      className={css.control}
      onClick={() => setZone(other)}
      aria-label={`${zone === 'utc' ? 'UTC' : 'Local'}: times are in ${zoneName(zone)}. Switch to ${other === 'utc' ? 'UTC' : `the browser's zone, ${zoneName('browser')}`}`}
      title={`Times are in ${zoneName(zone)}; click for ${other === 'utc' ? 'UTC' : `the browser's zone, ${zoneName('browser')}`}`}
    >
      {zone === 'utc' ? 'UTC' : 'Local'}
    </button>
  );
}
