import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// In development the pages come from Vite and the API from a server on TERCET_API:
// the real one, or `npm run mock`, both at 4319 unless told otherwise.
const api = process.env['TERCET_API'] ?? 'http://127.0.0.1:4319';

export default defineConfig({
  base: '/',
  plugins: [react()],
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/tempo': api, '/tercet': api },
  },
  build: {
    target: 'es2022',
    manifest: true,
    // The licences of what is bundled travel with it.
    license: { fileName: 'third-party.txt' },
    // No data: URLs for assets: the policy allows them for images only.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // scripts/budget.mjs judges sizes.
    chunkSizeWarningLimit: 2000,
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
});
