import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from './Icon';

export const THEMES: { value: MantineColorScheme; label: string; icon: IconName }[] = [
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
  { value: 'auto', label: 'As the system', icon: 'half' },
];

export function ThemeSwitch({ className }: { className: string }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = THEMES.find((t) => t.value === colorScheme) ?? THEMES[2]!;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button className={className} aria-label={`Theme: ${current.label}`} title="Theme">
          <Icon name={current.icon} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {THEMES.map(({ value, label, icon }) => (
          <Menu.RadioItem
            key={value}
            value={value}
            checked={value === colorScheme}
            rightSection={<Icon name={icon} />}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
