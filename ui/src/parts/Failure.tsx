// What failed, why, what to do, and the server's own words under it.

import { Button } from '@mantine/core';
import { ApiError } from '../api/http';
import css from './parts.module.css';

interface Props {
  title: string;
  what: string;
  words?: string;
  action?: { label: string; run: () => void };
  /** inside a page that still shows something else */
  inline?: boolean;
  /** above an older answer: as low as it can be */
  low?: boolean;
}

export function Failure({ title, what, words, action, inline, low }: Props) {
  return (
    <div className={inline ? css.failureInline : css.failure} data-low={low || undefined} role="alert">
      <h2>
        <span className={css.errorMark} aria-hidden="true">
          ✕
        </span>{' '}
        {title}
      </h2>
      <p>{what}</p>
      {words && (
        <pre className={css.words} aria-label="What the server said">
          {words}
        </pre>
      )}
      {action && <Button onClick={action.run}>{action.label}</Button>}
    </div>
  );
}

/** Why a request failed and what to do about it, in a sentence or two. */
export function explain(error: unknown): { why: string; words: string } {
  if (!(error instanceof ApiError))
    return { why: 'The page could not make sense of the answer.', words: error instanceof Error ? error.message : String(error) };
  const words = error.words;
  const wait = error.retryAfter ? ` The server asks to wait ${error.retryAfter} s.` : '';
  switch (error.status) {
    case 0:
      return { why: 'The server cannot be reached. Is it running, and is the network up?', words };
    case 400:
    case 422:
      return { why: 'The server did not understand the question. Its words say which part.', words };
    case 401:
    case 403:
      return { why: 'The server wants to know who asks, or does not allow it.', words };
    case 404:
      return { why: 'The server does not know it.', words };
    case 429:
      return { why: `Too many questions at once, or one too large. Ask for less time, or try again.${wait}`, words };
    case 503:
      return { why: `The server is starting, stopping or short of memory. Try again in a moment.${wait}`, words };
    default:
      return { why: `The server failed with HTTP ${error.status}. Its log says more.`, words };
  }
}
