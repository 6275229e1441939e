import { QueryClient } from '@tanstack/react-query';
import { isPassing } from '../api/problem';

const TRIES = 3;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // "Online" in the browser's sense says little about a server in the same building.
      networkMode: 'always',
      retry: (failures, error) => failures < TRIES && isPassing(error),
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4000),
      // The live feed catches up after every absence, by comparing versions.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
    mutations: { networkMode: 'always' },
  },
});
