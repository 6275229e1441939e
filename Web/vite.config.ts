import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The Api of ./run; another one is named by THREADKEEP_API.
const api = process.env.THREADKEEP_API ?? 'http://127.0.0.1:5080';

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': api, '/webhooks': api },
  },
  build: {
    // Nothing is inlined as data: or script, so that the page runs under a strict content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: 'jsdom',
    restoreMocks: true,
  },
});
