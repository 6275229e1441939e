import { getRouteApi, useParams } from '@tanstack/react-router';
import { type CSSProperties, lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveProvider } from '../live/LiveProvider';
import { useOpenThread } from '../live/openThread';
import { useStore } from '../shared/store';
import { later } from '../shared/ui/later';
import { EmptyState } from '../shared/ui/States';
import { useMedia } from '../shared/useMedia';
import { loadPalette, Shortcuts } from '../shortcuts/Shortcuts';
import { ListPane } from '../threads/ListPane';
import { useViewCounts } from '../threads/queries';
import { ViewsPane } from '../threads/ViewList';
import { paneWidths } from './panes';
import { Rail } from './Rail';
import { RailMenu } from './RailMenu';
import styles from './Shell.module.css';
import { Splitter } from './Splitter';

// What a thread is shown with is fetched with the first one, not with the list.
const loadThread = () => import('../threads/ThreadPane');
const ThreadPane = lazy(async () => ({ default: (await loadThread()).ThreadPane }));
const ContextPanel = later(async () => (await import('../contact/ContextPanel')).ContextPanel);

const route = getRouteApi('/signed-in/inbox/$view');

/** The console's frame: rail, views, list, thread, context; fewer at a time where there is less room. */
export function Shell() {
  const { t } = useTranslation();
  const view = route.useParams().view;
  const { q = '', message } = route.useSearch();
  const threadId = useParams({ strict: false }).threadId ?? null;
  const withViews = useMedia('(min-width: 1280px)');
  const withContext = useMedia('(min-width: 1100px)');
  const single = useMedia('(max-width: 799px)');
  const widths = useStore(paneWidths);
  const [drawer, setDrawer] = useState(false);

  useOpenThread(threadId);
  useHandOnTheWay();
  useWaitingInTitle();
  useEffect(() => {
    if (withContext) setDrawer(false);
  }, [withContext]);

  const layout = single ? 'single' : withViews ? 'wide' : 'middle';
  const context = threadId !== null && withContext;
  const columns = single || context ? styles[layout] : styles[`${layout}Alone`];
  const style = {
    '--views': `${widths.views}px`,
    '--list': `${widths.list}px`,
    '--context': `${widths.context}px`,
  } as CSSProperties;
  const showList = !single || threadId === null;
  const showThread = !single || threadId !== null;

  return (
    <LiveProvider>
      <div className={`${styles.shell} ${columns}`} style={style}>
        <a className={styles.skip} href="#thread">
          {t('app.skip')}
        </a>
        {!single && <Rail place="inbox" />}
        {withViews && (
          <>
            <ViewsPane view={view} />
            <Splitter pane="views" label={t('layout.resizeViews')} side="before" />
          </>
        )}
        {showList && (
          <ListPane view={view} q={q} openId={threadId} withViewMenu={!withViews}>
            {single && <RailMenu side="bottom" />}
          </ListPane>
        )}
        {!single && <Splitter pane="list" label={t('layout.resizeList')} side="before" />}
        {showThread &&
          (threadId === null ? (
            <main id="thread">
              <EmptyState icon="chat" title={t('thread.choose')} text={t('thread.chooseText')} />
            </main>
          ) : (
            <Suspense fallback={<main id="thread" aria-busy="true" />}>
              <ThreadPane
                key={threadId}
                threadId={threadId}
                view={view}
                q={q}
                messageId={message}
                withBack={single}
                onContext={withContext ? undefined : () => setDrawer(true)}
              />
            </Suspense>
          ))}
        {context && (
          <>
            <Splitter pane="context" label={t('layout.resizeContext')} side="after" />
            <ContextPanel threadId={threadId} />
          </>
        )}
        {threadId !== null && drawer && (
          <div
            className={styles.drawer}
            role="dialog"
            aria-modal="true"
            aria-label={t('thread.context')}
            onKeyDown={(event) => event.key === 'Escape' && setDrawer(false)}
          >
            <div className={styles.scrim} onPointerDown={() => setDrawer(false)} />
            <ContextPanel threadId={threadId} onClose={() => setDrawer(false)} />
          </div>
        )}
      </div>
      <Shortcuts view={view} />
    </LiveProvider>
  );
}

/** A pointer that moves or a key that is pressed is on the way to a thread, or to the command bar: what shows them is fetched meanwhile. */
function useHandOnTheWay(): void {
  useEffect(() => {
    const events = ['pointermove', 'pointerdown', 'keydown'];
    const fetchIt = () => {
      for (const name of events) window.removeEventListener(name, fetchIt);
      void loadThread();
      void loadPalette();
    };
    for (const name of events) window.addEventListener(name, fetchIt, { passive: true });
    return () => {
      for (const name of events) window.removeEventListener(name, fetchIt);
    };
  }, []);
}

function useWaitingInTitle(): void {
  const { t } = useTranslation();
  // What waits for this agent, or for anybody.
  const counts = useViewCounts().data;
  const unread = (counts?.mine ?? 0) + (counts?.unassigned ?? 0);
  useEffect(() => {
    const title = t('app.name');
    document.title = unread > 0 ? t('common.unreadTitle', { count: unread, title }) : title;
  }, [unread, t]);
}
