// The server puts a fresh nonce into index.html for every load; style tags that are made at run
// time must carry it, or the Content Security Policy refuses them.

export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/** The scroll lock behind Mantine's dialogs takes its nonce from this global, a custom of bundlers. */
export function publishNonce() {
  (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce();
}
