import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense } from 'react';
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router';
import { ApiError } from '../api/http';
import { Boundary } from '../shell/Boundary';
import { NotFound } from '../shell/NotFound';
import { Shell } from '../shell/Shell';
import { TimeProvider } from '../time/TimeContext';
import { styleNonce } from './nonce';
import { HOME, PAGES } from './pages';
import { theme, variables } from './theme';

const colorScheme = localStorageColorSchemeManager({ key: 'tercet.theme' });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // One more try where the server was merely busy or away; a wrong question stays wrong.
      retry: (failures, error) => failures < 1 && error instanceof ApiError && (error.status === 503 || error.status === 429),
      retryDelay: 400,
      refetchOnWindowFocus: false,
      refetchOnReconnect: true,
      // Ask even when the browser believes it is offline: the server may be on this machine.
      networkMode: 'always',
      staleTime: 30_000,
      gcTime: 5 * 60_000,
    },
  },
});

function Home() {
  const { search } = useLocation();
  return <Navigate to={{ pathname: HOME, search }} replace />;
}

function Pages() {
  const { pathname } = useLocation();
  return (
    <Boundary key={pathname}>
      <Suspense fallback={null}>
        <Routes>
          <Route path="/" element={<Home />} />
          {PAGES.map(({ path, component: Component }) => (
            <Route key={path} path={path} element={<Component />} />
          ))}
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </Boundary>
  );
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <TimeProvider>
            <Shell>
              <Pages />
            </Shell>
          </TimeProvider>
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
