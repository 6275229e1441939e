import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => {
  // The Api of ./run; another one is named by THREADKEEP_API.
  const api = loadEnv(mode, '.', 'THREADKEEP_').THREADKEEP_API ?? 'http://127.0.0.1:5080';
  return {
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
      environment: 'node',
      restoreMocks: true,
    },
  };
});
