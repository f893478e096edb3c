import './app/mantine.css';
import './app/tokens.css';
import './app/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { publishNonce } from './app/nonce';

publishNonce();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
