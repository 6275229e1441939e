import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Choice } from '../shared/ui/Choice';
import { Popover } from '../shared/ui/Popover';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { NoticeItem } from './NoticeItem';
import styles from './NoticePanel.module.css';
import { markSeen, useAllNotices, useUnseen } from './queries';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  side: 'right' | 'bottom';
  onClose: () => void;
}

/** What the agent is told, newest first: what is unseen, or all that is kept. */
export function NoticePanel({ anchor, side, onClose }: Props) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const queryClient = useQueryClient();
  const unseen = useUnseen();
  const older = useAllNotices(all);
  const shown = all ? older : unseen;
  const items = all ? (older.data?.pages.flatMap((page) => page.items) ?? []) : (unseen.data?.items ?? []);
  const newest = unseen.data?.items[0];
  const settle = useMutation({
    // What comes while they read stays unseen.
    mutationFn: () => markSeen(queryClient, { upTo: newest?.at ?? '' }),
    onError: (error) => toast(errorText(t, error)),
  });
  return (
    <Popover anchor={anchor} label={t('notices.label')} side={side} onClose={onClose}>
      <div className={styles.panel} data-testid="notice-panel">
        <header className={styles.head}>
          <h2>{t('notices.label')}</h2>
          <Button
            look="link"
            disabled={!newest || settle.isPending}
            data-testid="notices-all-seen"
            onClick={() => settle.mutate()}
          >
            {t('notices.allSeen')}
          </Button>
        </header>
        <div className={styles.choice}>
          <Choice
            label={t('notices.which')}
            value={all ? 'all' : 'unseen'}
            options={[
              { value: 'unseen', label: t('notices.unseen') },
              { value: 'all', label: t('notices.all') },
            ]}
            onChange={(value) => setAll(value === 'all')}
            testId="notices-which"
          />
          <Link to="/settings/notifications" onClick={onClose}>
            {t('notices.settings')}
          </Link>
        </div>
        {shown.isPending && <Skeleton />}
        {shown.error && items.length === 0 && (
          <ErrorState
            title={t('notices.failed')}
            text={errorText(t, shown.error)}
            onRetry={() => void shown.refetch()}
          />
        )}
        {!shown.isPending && !shown.error && items.length === 0 && (
          <EmptyState
            icon="bell"
            title={t(all ? 'notices.none' : 'notices.nothingNew')}
            text={t('notices.emptyText')}
          />
        )}
        {items.length > 0 && (
          <List>
            {items.map((notice) => (
              <div key={notice.id} role="listitem">
                <NoticeItem notice={notice} onGone={onClose} />
              </div>
            ))}
            {all && older.hasNextPage && (
              <div role="listitem" className={styles.more}>
                <Button disabled={older.isFetchingNextPage} onClick={() => void older.fetchNextPage()}>
                  {t('notices.older')}
                </Button>
              </div>
            )}
          </List>
        )}
      </div>
    </Popover>
  );
}

/** The arrow keys go from one to the next; the first has the focus when the panel opens. */
function List({ children }: { children: React.ReactNode }) {
  const list = useRef<HTMLDivElement>(null);
  const places = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-notice]') ?? [])];
  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[data-notice]')?.focus();
  }, []);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = places();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus();
  };
  return (
    <div ref={list} role="list" className={styles.list} onKeyDown={onKey}>
      {children}
    </div>
  );
}

function Skeleton() {
  return (
    <div className={styles.list} aria-busy="true">
      {['60%', '75%', '50%'].map((width) => (
        <div key={width} className={styles.bone}>
          <Bone width={20} height={20} round />
          <div>
            <Bone width={width} />
            <Bone width="85%" />
          </div>
        </div>
      ))}
    </div>
  );
}
