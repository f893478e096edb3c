// The URL is the whole state. Pages read and write it through this hook: a patch is applied to the
// address as it is at that moment, so two writers in one event do not undo each other.

import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** undefined or '' removes the parameter; a list writes it once per entry. */
export type Patch = Record<string, string | string[] | undefined>;

export function applyPatch(search: string, patch: Patch): string {
  const params = new URLSearchParams(search);
  for (const [key, value] of Object.entries(patch)) {
    params.delete(key);
    for (const one of Array.isArray(value) ? value : [value]) if (one) params.append(key, one);
  }
  return readable(params);
}

/** URLSearchParams escapes more than an address needs; links are read by people too. */
export function readable(params: URLSearchParams): string {
  const text = params.toString().replace(/%3A/g, ':').replace(/%2F/g, '/').replace(/%2C/g, ',');
  return text ? `?${text}` : '';
}

export interface UrlState {
  params: URLSearchParams;
  /** `replace` for what is no step of its own, such as a moving selection */
  set(patch: Patch, how?: { replace?: boolean }): void;
}

export function useUrlState(): UrlState {
  const { search } = useLocation();
  const navigate = useNavigate();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback(
    (patch: Patch, how?: { replace?: boolean }) => {
      const { pathname, search: now } = window.location;
      const next = applyPatch(now, patch);
      if (next !== now)
        navigate({ pathname, search: next }, { replace: how?.replace ?? false, state: window.history.state?.usr });
    },
    [navigate],
  );
  return useMemo(() => ({ params, set }), [params, set]);
}

/** What every page shares and every link between pages carries on. */
const SHARED = ['from', 'to', 'refresh', 'tz'];

export function sharedParams(params: URLSearchParams, more: Patch = {}): string {
  const kept = new URLSearchParams();
  for (const key of SHARED) {
    const value = params.get(key);
    if (value) kept.set(key, value);
  }
  return applyPatch(readable(kept), more);
}
