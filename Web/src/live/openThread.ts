import { useEffect } from 'react';
import { createStore, useStore } from '../shared/store';

/** Which thread is on screen; null: none. */
export const openThread = createStore<string | null>(null);

/** Says which thread is on screen: it is fetched first when catching up, and keeps its row in the list. */
export function useOpenThread(id: string | null): void {
  useEffect(() => {
    openThread.set(id);
    return () => openThread.set(null);
  }, [id]);
}

export function useOpenThreadId(): string | null {
  return useStore(openThread);
}
