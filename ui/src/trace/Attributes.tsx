import { Link } from 'react-router';
import { Bytes, isNested, valueText, type Attribute, type Value } from '../api/otlp';
import { parseTraceRef } from '../lib/ids';
import { formatTag } from '../lib/logfmt';
import { sharedParams, useUrlState } from '../lib/url';
import { CopyButton } from '../parts/CopyButton';
import css from './Detail.module.css';

interface Props {
  title: string;
  note?: string;
  attributes: Attribute[];
  /** the search looks at attributes of spans and resources only, so only those lead to traces */
  doors?: boolean;
}

/** A value longer than this folds after a few lines. */
const LONG = 300;

export function Attributes({ title, note, attributes, doors = false }: Props) {
  if (attributes.length === 0 && !note) return null;
  const sorted = [...attributes].sort((a, b) => (a.key < b.key ? -1 : 1));
  return (
    <section className={css.section}>
      {(title || note) && (
        <h3>
          {title} {note && <span className="dim mono">{note}</span>}
        </h3>
      )}
      {sorted.length > 0 && (
        <table className={css.table}>
          <caption className="hidden-text">{title || 'Attributes'}</caption>
          <thead className="hidden-text">
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((a, i) => (
              <tr key={`${a.key} ${i}`}>
                <th scope="row">{a.key}</th>
                <td>
                  <Shown attribute={a} doors={doors} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Shown({ attribute: { key, value }, doors }: { attribute: Attribute; doors: boolean }) {
  const text = valueText(value);
  if (isNested(value)) {
    return (
      <div className={css.value}>
        <pre tabIndex={0} aria-label={key}>
          {pretty(value)}
        </pre>
        <CopyButton text={JSON.stringify(plain(value), null, 2)} label={`Copy ${key}`} quiet />
      </div>
    );
  }
  return (
    <div className={css.value}>
      {text.length > LONG || text.includes('\n') ? (
        <pre tabIndex={0} aria-label={key}>
          {text}
        </pre>
      ) : (
        <span className="mono">
          <Door attributeKey={key} value={value} text={text} doors={doors} />
        </span>
      )}
      <CopyButton text={text} label={`Copy ${key}`} quiet />
    </div>
  );
}

/** Ids look like doors; other values are doors too, but do not shout. */
const ID = /(^|[._-])(id|name|service|host|user|team|model|provider)$/;

/** Where a value leads: a trace id to its trace, anything else to the traces that carry it. */
function Door({ attributeKey, value, text, doors }: { attributeKey: string; value: Value; text: string; doors: boolean }) {
  const { params } = useUrlState();
  if (value === null || text === '') return <span className="dim">empty</span>;
  if (value instanceof Bytes)
    return (
      <>
        {text} <span className="dim">base64</span>
      </>
    );
  const trace = /trace[._-]?id$/i.test(attributeKey) ? parseTraceRef(text) : undefined;
  if (trace) {
    return (
      <Link to={`/trace/${trace.traceId}${sharedParams(params)}`} title={`Open trace ${trace.traceId}`}>
        {text}
      </Link>
    );
  }
  if (!doors) return <>{text}</>;
  const query = attributeKey === 'service.name' ? { service: text } : { tags: formatTag({ key: attributeKey, value: text }) };
  return (
    <Link
      className={ID.test(attributeKey) ? undefined : css.quiet}
      to={`/traces${sharedParams(params, query)}`}
      title={`Traces with ${attributeKey} = ${text}`}
    >
      {text}
    </Link>
  );
}

function plain(value: Value): unknown {
  if (value instanceof Bytes) return value.base64;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
}

/** JSON with two blanks; a list of plain values stays on one line. */
function pretty(value: Value): string {
  if (Array.isArray(value) && !value.some(isNested)) return JSON.stringify(value.map(plain));
  return JSON.stringify(plain(value), null, 2);
}
