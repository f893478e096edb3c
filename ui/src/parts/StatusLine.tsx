// The one line at the bottom: what was answered, at what cost, how completely; and while the server
// works, for how long already, with a way to stop it. It never changes its height.

import { useEffect, useState, type ReactNode } from 'react';
import css from './parts.module.css';

interface Props {
  busy: boolean;
  busyText: string;
  cancel: () => void;
  children: ReactNode;
}

const PATIENCE_MS = 500;

function useElapsed(busy: boolean): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    setElapsed(0);
    if (!busy) return;
    const started = performance.now();
    const timer = setInterval(() => setElapsed(performance.now() - started), 100);
    return () => clearInterval(timer);
  }, [busy]);
  return busy ? elapsed : 0;
}

export function StatusLine({ busy, busyText, cancel, children }: Props) {
  const elapsed = useElapsed(busy);
  const slow = elapsed >= PATIENCE_MS;
  return (
    <footer className={css.status} data-busy={busy || undefined}>
      {slow ? (
        <span className={css.progress}>
          {busyText} {(elapsed / 1000).toFixed(1)} s{' '}
          <button className={css.inlineButton} onClick={cancel}>
            Cancel
          </button>
        </span>
      ) : (
        children
      )}
      <span className="hidden-text" role="status">
        {slow ? busyText : ''}
      </span>
    </footer>
  );
}

/** Parts of the line with a quiet dot between them. */
export function Parts({ items }: { items: ReactNode[] }) {
  const shown = items.filter((item) => item !== undefined && item !== null && item !== false && item !== '');
  return (
    <>
      {shown.map((item, i) => (
        <span key={i} className={css.part}>
          {item}
        </span>
      ))}
    </>
  );
}
