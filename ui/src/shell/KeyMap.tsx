import { Kbd, Modal } from '@mantine/core';
import { caps, useRegisteredKeys } from '../lib/keys';
import css from './KeyMap.module.css';

export function KeyMap({ opened, close }: { opened: boolean; close: () => void }) {
  const keys = useRegisteredKeys();
  const groups = new Map<string, Map<string, { label: string; keys: string }>>();
  for (const key of keys) {
    if (key.unlisted) continue;
    const group = groups.get(key.group) ?? new Map();
    // What a page registers later stands for what the shell registered under the same key.
    group.set(key.keys, key);
    groups.set(key.group, group);
  }
  return (
    <Modal opened={opened} onClose={close} title="Keyboard" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={css.groups}>
        {[...groups].map(([name, list]) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl className={css.list}>
              {[...list.values()].map((key) => (
                <div key={key.keys}>
                  <dt>
                    {caps(key.keys).map((cap, i) => (
                      <Kbd key={i} size="xs">
                        {cap}
                      </Kbd>
                    ))}
                  </dt>
                  <dd>{key.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
