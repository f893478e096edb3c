import { useEffect, useState } from 'react';
import { Icon, type IconName } from '../shell/Icon';
import css from './parts.module.css';

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain HTTP from another machine has no clipboard API; the old way still works there.
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

interface Props {
  text: string | (() => string);
  /** names the control; also said aloud when done */
  label: string;
  title?: string;
  icon?: IconName;
  className?: string | undefined;
  /** only the sign, no word */
  quiet?: boolean;
}

type Outcome = 'idle' | 'done' | 'failed';

export function CopyButton({ text, label, title, icon = 'copy', className, quiet }: Props) {
  const [outcome, setOutcome] = useState<Outcome>('idle');
  useEffect(() => {
    if (outcome === 'idle') return;
    const timer = setTimeout(() => setOutcome('idle'), 1500);
    return () => clearTimeout(timer);
  }, [outcome]);
  return (
    <button
      type="button"
      className={className ?? css.copy}
      title={title ?? label}
      aria-label={label}
      data-copied={outcome === 'done' || undefined}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(typeof text === 'function' ? text() : text).then((ok) => setOutcome(ok ? 'done' : 'failed'));
      }}
    >
      <Icon name={outcome === 'done' ? 'check' : outcome === 'failed' ? 'close' : icon} />
      {!quiet && <span>{label}</span>}
      <span className="hidden-text" role="status">
        {outcome === 'done' ? 'Copied' : outcome === 'failed' ? 'The browser did not allow copying' : ''}
      </span>
    </button>
  );
}
