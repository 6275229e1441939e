import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { useSession } from '../session/useSession';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import styles from './MessageList.module.css';
import { RowView } from './RowView';
import type { Row } from './rows';
import { useMarkRead } from './useMarkRead';

interface Props {
  thread: Thread;
  rows: Row[];
  meId: string;
  /** The message that the address names. */
  linkedId: string | undefined;
  hasOlder: boolean;
  loadingOlder: boolean;
  onOlder: () => void;
}

/** This near to the bottom counts as reading the newest message. */
const AT_END_PX = 60;
/** Older history is fetched this many rows before the top is reached. */
const AHEAD = 8;
const SETTLE_MS = 120;

const estimates: Record<Row['kind'], number> = {
  start: 34,
  day: 44,
  unread: 36,
  system: 32,
  line: 32,
  message: 54,
  waiting: 110,
  pending: 54,
};

/**
 * Virtualised, held at its end: a new message follows where the newest was in sight, older history is put
 * above without moving what is read. Mounted per thread, once there is something to show.
 */
export function MessageList({ thread, rows, meId, linkedId, hasOlder, loadingOlder, onOlder }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const open = useSession(thread.session.endsAt).state !== 'closed';
  const [atEnd, setAtEnd] = useState(false);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateRow(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 10,
    paddingStart: 12,
    paddingEnd: 14,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END_PX,
  });
  const items = virtual.getVirtualItems();
  const firstIndex = items[0]?.index ?? 0;

  // Opens at the linked message, else at the first unread one, else at the newest. On mount only.
  const [opened, setOpened] = useState(false);
  const atMount = useRef({ rows, linkedId });
  useLayoutEffect(() => {
    const { rows: first, linkedId: wanted } = atMount.current;
    const linked = first.findIndex((row) => row.key === wanted);
    const unread = first.findIndex((row) => row.kind === 'unread');
    if (linked >= 0) virtual.scrollToIndex(linked, { align: 'center' });
    else if (unread >= 0) virtual.scrollToIndex(unread, { align: 'start' });
    else virtual.scrollToEnd();
    // Rows take their real height in the next frames; until then the place is not where it will be.
    const timer = window.setTimeout(() => setOpened(true), SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [virtual]);

  // A link followed inside the open thread.
  const shownLink = useRef(linkedId);
  useEffect(() => {
    if (linkedId === shownLink.current) return;
    shownLink.current = linkedId;
    const index = rows.findIndex((row) => row.key === linkedId);
    const visible = virtual.getVirtualItems().some((item) => item.index === index);
    if (index >= 0 && !visible) virtual.scrollToIndex(index, { align: 'center' });
  }, [linkedId, rows, virtual]);

  useEffect(() => {
    if (opened && hasOlder && !loadingOlder && firstIndex < AHEAD) onOlder();
  }, [opened, hasOlder, loadingOlder, onOlder, firstIndex]);

  // What the agent sends is seen, wherever the list stood.
  const pendingCount = rows.filter((row) => row.kind === 'pending' || row.kind === 'waiting').length;
  const pendingBefore = useRef(pendingCount);
  useEffect(() => {
    if (pendingCount > pendingBefore.current) virtual.scrollToEnd();
    pendingBefore.current = pendingCount;
  }, [pendingCount, virtual]);

  const measureEnd = useCallback(() => {
    const element = scroller.current;
    if (element) setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END_PX);
  }, []);
  const onScroll = useStayAtEnd(scroller, measureEnd, () => virtual.scrollToEnd());
  // Also without a scroll: rows were measured or added.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the list's height may have changed.
  useEffect(measureEnd, [measureEnd, rows, virtual.getTotalSize()]);

  const below = useNewBelow(rows, atEnd);
  useMarkRead(thread, rows, opened && atEnd);

  return (
    <div className={styles.pane}>
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={onScroll}
        data-testid="message-list"
        role="group"
        aria-label={t('thread.log', { name: thread.contact.name })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls with the arrow keys.
        tabIndex={0}
      >
        <div className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={styles.row}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <RowView
                    row={row}
                    threadId={thread.id}
                    customerName={thread.contact.name}
                    linkedId={linkedId}
                    meId={meId}
                    open={open}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      {loadingOlder && (
        <div className={styles.older} role="status">
          <span>{t('thread.loadingOlder')}</span>
        </div>
      )}
      {opened && !atEnd && (
        <div className={styles.jump}>
          <Button look={below > 0 ? 'primary' : 'plain'} onClick={() => virtual.scrollToEnd()}>
            <Icon name="arrowDown" size={16} />
            {below > 0 ? t('thread.jumpNew', { count: below }) : t('thread.jump')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The editor grew or a notice came: where the newest message was in sight, it stays in sight. */
function useStayAtEnd(scroller: RefObject<HTMLElement | null>, measure: () => void, toEnd: () => void) {
  const was = useRef(false);
  const latest = useRef(toEnd);
  latest.current = toEnd;
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (was.current) latest.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return () => {
    const element = scroller.current;
    if (!element) return;
    was.current = element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END_PX;
    measure();
  };
}

const heights: Record<string, number> = { image: 260, video: 260, sticker: 200, audio: 64, document: 90 };

/** A first guess of a row's height; measured once it is drawn. */
function estimateRow(row: Row | undefined): number {
  if (!row) return 54;
  if (row.kind !== 'message') return estimates[row.kind];
  const { type, text } = row.message;
  const lines = Math.ceil((text?.length ?? 0) / 46);
  return (heights[type] ?? 40) + lines * 22;
}

/** How many messages came in below while something older is read. */
function useNewBelow(rows: Row[], atEnd: boolean): number {
  const seen = useRef<string | undefined>(undefined);
  const last = rows.findLast((row) => row.kind === 'message')?.key;
  useEffect(() => {
    if (atEnd || seen.current === undefined) seen.current = last;
  }, [atEnd, last]);
  if (atEnd || seen.current === undefined || seen.current === last) return 0;
  const from = rows.findIndex((row) => row.key === seen.current);
  return rows.slice(from + 1).filter((row) => row.kind === 'message').length;
}
