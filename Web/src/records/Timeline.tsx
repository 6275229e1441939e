import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { TimelineItem } from '../api/records';
import type { Message } from '../api/types';
import { ticketLine } from '../messages/ticketLine';
import { type Names, useNames } from '../messages/useNames';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Icon, type IconName } from '../shared/ui/Icon';
import { Bone, ErrorState } from '../shared/ui/States';
import { HOME } from '../threads/views';
import { useTimeline } from './queries';
import styles from './Records.module.css';

const icons: Record<string, IconName> = {
  note: 'note',
  created: 'plus',
  changed: 'edit',
  matched: 'link',
  merged: 'link',
  unmerged: 'undo',
  ticket_opened: 'ticket',
  ticket_changed: 'ticket',
  session_opened: 'clock',
  session_reopened: 'clock',
  session_closed: 'lock',
  identity_changed: 'person',
};

/** What happened, newest first. */
export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTimeline(id);
  if (isPending) return <Bone width="70%" />;
  if (!data)
    return (
      <ErrorState title={t('record.failed')} text={errorText(t, error)} onRetry={() => void refetch()} />
    );
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      <ol className={styles.timeline} data-testid="timeline">
        {items.map((item) => (
          <li key={item.id} data-testid="timeline-item" data-kind={item.kind}>
            <Icon name={icons[item.kind] ?? 'dot'} size={16} />
            <div>
              <p dir="auto" className={item.kind === 'note' ? styles.note : undefined}>
                {lineOf(t, item, names)}
              </p>
              <small>
                {exact(item.at)}
                {item.threadId && (
                  <>
                    {' · '}
                    <Link to="/inbox/$view/$threadId" params={{ view: HOME, threadId: item.threadId }}>
                      {t('record.openThread')}
                    </Link>
                  </>
                )}
              </small>
            </div>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button className={styles.more} disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('record.more')}
        </Button>
      )}
    </>
  );
}

interface Told {
  from: string | null;
  to: string | null;
}

function lineOf(t: TFunction, item: TimelineItem, names: Names): string {
  const who = item.agent?.name ?? t('message.fromApi');
  const data = item.data ?? {};
  const name = String(data.name ?? '');
  switch (item.kind) {
    case 'note':
      return item.text ?? '';
    case 'created':
      return t('record.told.created', { who });
    case 'changed':
      return t('record.told.changed', {
        who,
        what: Object.entries((data.changes ?? {}) as Record<string, Told>)
          .map(([field, { from, to }]) =>
            t('record.told.property', {
              label: t(`record.fields.${field}`),
              from: from ?? '–',
              to: to ?? '–',
            }),
          )
          .join(t('ticket.told.and')),
      });
    case 'matched':
      return t('record.told.matched');
    case 'merged':
      return t('record.told.merged', { who, name });
    case 'unmerged':
      return t('record.told.unmerged', { who, name });
    case 'company_added':
    case 'company_removed':
    case 'deal_added':
    case 'deal_removed':
      return t(`record.told.${item.kind}`, { who, name });
    case 'ticket_changed':
    case 'ticket_waits':
      return ticketLine(t, item as unknown as Message, names);
    case 'ticket_opened':
    case 'session_opened':
    case 'session_reopened':
    case 'session_closed':
    case 'identity_changed':
      return t(`system.${item.kind}`, { number: data.ticketNumber, type: item.kind });
    default:
      return t('system.other', { type: item.kind });
  }
}
