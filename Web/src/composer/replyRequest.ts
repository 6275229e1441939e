import { useEffect, useRef } from 'react';
import { createStore, useStore } from '../shared/store';

/** R was pressed: whatever stands there, the reply's editor is wanted, with the focus in it. */
const replyRequest = createStore(0);

export function requestReply(): void {
  replyRequest.set((count) => count + 1);
}

export function useReplyRequest(show: () => void): void {
  const asked = useStore(replyRequest);
  const known = useRef(asked);
  const latest = useRef(show);
  latest.current = show;
  useEffect(() => {
    if (asked === known.current) return;
    known.current = asked;
    latest.current();
    focusWhenMounted(MOUNT_TRIES);
  }, [asked]);
}

const MOUNT_TRIES = 20;

// The note's editor may stand there until React has drawn the reply's.
function focusWhenMounted(tries: number): void {
  const editor = document.querySelector<HTMLElement>('[data-composer]');
  if (editor) editor.focus();
  else if (tries > 0) requestAnimationFrame(() => focusWhenMounted(tries - 1));
}
