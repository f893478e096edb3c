// Every page of Tercet, one row each. A page that is not here has no link anywhere.

import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

export interface Page {
  path: string;
  title: string;
  /** after `g` */
  key?: string;
  /** in the top bar */
  inNavigation: boolean;
  /** shows what happened in the chosen time range */
  usesTime: boolean;
  load: () => Promise<unknown>;
  component: LazyExoticComponent<ComponentType>;
}

const traces = () => import('../traces/TracesPage');
const trace = () => import('../trace/TracePage');

export const PAGES: Page[] = [
  {
    path: '/traces',
    title: 'Traces',
    key: 't',
    inNavigation: true,
    usesTime: true,
    load: traces,
    component: lazy(traces),
  },
  {
    path: '/trace/:id',
    title: 'Trace',
    inNavigation: false,
    usesTime: false,
    load: trace,
    component: lazy(trace),
  },
];

export const HOME = '/traces';
