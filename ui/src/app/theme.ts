// Mantine's theme: 13 px, steps of 4, corners of 4, one teal accent, neutral greys on both grounds.
// Colours that Mantine does not know are in tokens.css.

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#e3f5f3',
  '#c5e8e5',
  '#9ad7d2',
  '#6fc7c1',
  '#4cbcb5',
  '#2aa39c',
  '#128079',
  '#0b6e69',
  '#085a56',
  '#054542',
];
const gray: MantineColorsTuple = [
  '#f8f8f8',
  '#f1f1f1',
  '#e6e6e6',
  '#dadada',
  '#c6c6c6',
  '#8d8d8d',
  '#6a6a6a',
  '#474747',
  '#303030',
  '#1b1b1b',
];
const dark: MantineColorsTuple = [
  '#e2e2e2',
  '#c6c6c6',
  '#a0a0a0',
  '#8e8e8e',
  '#3d3d3d',
  '#2c2c2c',
  '#1e1e1e',
  '#121212',
  '#0d0d0d',
  '#090909',
];

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
export const MONO = 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  colors: { accent, gray, dark },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  fontFamily: FONT,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '14px', xl: '16px' },
  lineHeights: { xs: '1.45', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.45' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '4px', lg: '4px', xl: '4px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'filled' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 0 } } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Modal: { defaultProps: { transitionProps: { duration: 80 }, overlayProps: { backgroundOpacity: 0.4 } } },
  },
});

// Mantine's own dimmed text and placeholders fall short of 4.5:1.
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1b1b1b',
    '--mantine-color-dimmed': '#5c5c5c',
    '--mantine-color-placeholder': '#6a6a6a',
    '--mantine-color-default-border': '#c6c6c6',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#0b6e69',
  },
  dark: {
    '--mantine-color-text': '#e2e2e2',
    '--mantine-color-dimmed': '#a0a0a0',
    '--mantine-color-placeholder': '#8e8e8e',
    '--mantine-color-default-border': '#3d3d3d',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': '#4cbcb5',
  },
});
