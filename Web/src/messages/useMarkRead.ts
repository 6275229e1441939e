import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { threads } from '../api/endpoints';
import type { Thread } from '../api/types';
import { storeThread } from '../threads/queries';
import { lastArrived, type Row } from './rows';

/** Read means: the newest message is in sight and somebody sits before this window. */
export function useMarkRead(thread: Thread, rows: Row[], atEnd: boolean): void {
  const queryClient = useQueryClient();
  const focused = useWindowFocus();
  const asked = useRef<string | null>(null);
  // The newest to arrive, which need not be the newest by its own time: a late message stands further up.
  const newest = lastArrived(
    rows.flatMap((row) =>
      row.kind === 'message' && row.message.direction === 'inbound' ? [row.message] : [],
    ),
  )?.id;
  const { id, unread } = thread;

  useEffect(() => {
    if (!atEnd || !focused || unread === 0 || !newest || asked.current === newest) return;
    asked.current = newest;
    threads.read(id, newest).then(
      (fresh) => storeThread(queryClient, fresh, id),
      // Asked again when the next message arrives or the window is looked at anew.
      () => {
        asked.current = null;
      },
    );
  }, [atEnd, focused, unread, newest, id, queryClient]);
}

function useWindowFocus(): boolean {
  const [focused, setFocused] = useState(() => document.hasFocus());
  useEffect(() => {
    const update = () => setFocused(document.hasFocus() && document.visibilityState === 'visible');
    window.addEventListener('focus', update);
    window.addEventListener('blur', update);
    document.addEventListener('visibilitychange', update);
    return () => {
      window.removeEventListener('focus', update);
      window.removeEventListener('blur', update);
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return focused;
}
