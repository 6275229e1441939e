import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../api/notices';
import { useOpenThreadId } from '../live/openThread';
import { toast, toastIsFree } from '../shared/ui/Toast';
import { useGo } from './NoticeItem';
import { type Known, knownOf, newOf } from './newNotices';
import { renew } from './push';
import { markSeen, useUnseen } from './queries';
import { ReturnedCards } from './ReturnedCards';
import { playOnce } from './sound';
import { titleOf } from './words';

/**
 * Goes with every page: what is told of the thread that the agent looks at is seen already; the rest of what concerns them is shown in
 * passing.
 */
export function NoticeWatch() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const go = useGo();
  const router = useRouter();
  const openId = useOpenThreadId();
  const unseen = useUnseen().data;
  const items = unseen?.items;
  const sound = unseen?.sound ?? false;
  const known = useRef<Known | null>(null);
  const show = useRef<(notice: Notice) => void>(() => undefined);
  show.current = (notice) => {
    if (!toastIsFree()) return;
    const about = notice.thread ? `${notice.thread.customer}: ${titleOf(t, notice)}` : titleOf(t, notice);
    toast(
      about,
      notice.thread ? { label: t('notices.open'), run: () => void go(notice), leadsOn: true } : undefined,
    );
  };

  useEffect(() => {
    if (!items) return;
    const fresh = known.current ? newOf(items, known.current) : [];
    known.current = knownOf(items);
    const [latest] = fresh.filter((notice) => concerns(notice) && notice.thread?.id !== openId);
    if (latest && document.visibilityState === 'visible') show.current(latest);
    const [audible] = fresh.filter(({ thread }) => !isLookedAt(thread?.id, openId));
    if (audible && sound) playOnce(`${audible.id}-${audible.count}`);
  }, [items, openId, sound]);

  useEffect(() => {
    if (!openId) return;
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      if (items?.some(({ thread }) => thread?.id === openId))
        void markSeen(queryClient, { threadId: openId }).catch(() => undefined);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [items, openId, queryClient]);

  useEffect(() => void renew().catch(() => undefined), []);

  // Pushed notices that are clicked lead here, where a page is open.
  useEffect(() => {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    const hear = ({ data }: MessageEvent) => {
      if (
        data?.type === 'threadkeep-open' &&
        typeof data.path === 'string' &&
        data.path.startsWith('/inbox/')
      )
        router.history.push(data.path);
    };
    workers.addEventListener('message', hear);
    return () => workers.removeEventListener('message', hear);
  }, [router]);

  return <ReturnedCards />;
}

function isLookedAt(thread: string | undefined, openId: string | null): boolean {
  return thread !== undefined && thread === openId && document.visibilityState === 'visible';
}

/** What is nobody's is counted at the bell and not shown in passing: in a busy hour there would be no end of it. */
function concerns({ kind, thread }: Notice): boolean {
  if (kind === 'tickets_returned') return false;
  return kind !== 'message' || thread?.isOwn === true;
}
