import { hueVar } from '../lib/hue';
import css from './parts.module.css';

/** A service's name beside its hue, the same everywhere. */
export function Service({ name }: { name: string }) {
  return (
    <span className={css.service}>
      <i className={css.swatch} style={{ background: hueVar(name) }} aria-hidden="true" />
      {name}
    </span>
  );
}

/** An error count with its shape; nothing for none. */
export function Errors({ count }: { count: number }) {
  if (count === 0) return <span className="dim">0</span>;
  return (
    <span className={css.errors}>
      <span aria-hidden="true">◆ </span>
      {count}
    </span>
  );
}
