import { useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../shared/errorText';
import { useStore } from '../shared/store';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { later } from '../shared/ui/later';
import { Bone, ErrorState } from '../shared/ui/States';
import { useView } from '../views/queries';
import { bulkProgress } from './bulk';
import { EmptyList } from './EmptyList';
import { useFetchAhead } from './fetchAhead';
import { flatten } from './lists';
import { useMarkedRow, useReachable } from './markedRow';
import { useThreadList } from './queries';
import { clearSelection, selection } from './selection';
import styles from './ThreadList.module.css';
import { COLUMNS_HEIGHT, ROW_HEIGHT, ThreadRow } from './ThreadRow';
import { useSteadyOrder } from './useSteadyOrder';

const BulkBar = later(async () => (await import('./BulkBar')).BulkBar);

const none: string[] = [];

/** Rows from the end at which the next page is fetched. */
const AHEAD = 12;

/** The rows of a view or a search: virtualised, endless, live, and still under the pointer. */
export function ThreadList({ view, openId }: { view: string; openId: string | null }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useThreadList(view);
  const fresh = useMemo(() => flatten(list.data), [list.data]);
  const { rows, waiting, settle } = useSteadyOrder(fresh, view, scroller);

  const shown = useView(view);
  // What was deleted has no line of its own in each row.
  const columns = useMemo(
    () => shown?.columns.filter((key) => !shown.missing.includes(key)) ?? none,
    [shown],
  );
  const height = columns.length > 0 ? ROW_HEIGHT + COLUMNS_HEIGHT : ROW_HEIGHT;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  // Another view may have rows of another height.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the height changes.
  useEffect(() => virtual.measure(), [height, virtual]);
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;

  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastIndex >= rows.length - AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastIndex, rows.length]);

  const ahead = useFetchAhead();
  const reachable = useReachable(
    items.map(({ index }) => rows[index]?.id),
    openId,
  );
  const handlers = {
    ...ahead,
    onFocus(event: FocusEvent) {
      ahead.onFocus(event);
      reachable.onFocus(event);
    },
  };
  useMarkedRow(rows, openId, scroller, (index) => virtual.scrollToIndex(index));

  const toTop = () => {
    settle();
    virtual.scrollToOffset(0);
  };

  const chosen = useStore(selection);
  const running = useStore(bulkProgress) !== null;
  // What was chosen in one view is not acted on in another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the view changes.
  useEffect(clearSelection, [view]);

  return (
    <>
      {(running || chosen.size > 0) && <BulkBar rows={rows} />}
      <div
        ref={scroller}
        className={styles.scroller}
        data-testid="thread-list"
        aria-busy={list.isPending}
        {...handlers}
      >
        {waiting > 0 && (
          <div className={styles.new}>
            <Button look="primary" onClick={toTop}>
              <Icon name="arrowUp" size={14} />
              {t('list.new', { count: waiting })}
            </Button>
          </div>
        )}
        {list.isPending && <ListSkeleton />}
        {list.isError && rows.length === 0 && (
          <ErrorState
            title={t('list.errorTitle')}
            text={errorText(t, list.error)}
            onRetry={() => void list.refetch()}
          />
        )}
        {list.isSuccess && rows.length === 0 && <EmptyList view={view} />}
        {rows.length > 0 && (
          <ul className={styles.rows} style={{ height: virtual.getTotalSize() }} aria-label={t('list.label')}>
            {items.map((item) => {
              const thread = rows[item.index];
              return (
                thread && (
                  <ThreadRow
                    key={thread.id}
                    thread={thread}
                    view={view}
                    top={item.start}
                    height={height}
                    columns={columns}
                    chosen={chosen.has(thread.id)}
                    choosing={chosen.size > 0}
                    reachable={thread.id === reachable.id}
                    position={item.index + 1}
                    total={hasNextPage ? -1 : rows.length}
                  />
                )
              );
            })}
          </ul>
        )}
        {isFetchingNextPage && <RowSkeleton width="70%" />}
      </div>
    </>
  );
}

const widths = ['82%', '64%', '90%', '55%', '76%', '68%', '86%', '60%'];

function ListSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status">
      <span className="visually-hidden">{t('common.loading')}</span>
      {widths.map((width) => (
        <RowSkeleton key={width} width={width} />
      ))}
    </div>
  );
}

function RowSkeleton({ width }: { width: string }) {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      <Bone width={36} height={36} round />
      <Bone width="44%" height={13} />
      <Bone width={32} height={10} />
      <Bone width={width} height={11} />
    </div>
  );
}
