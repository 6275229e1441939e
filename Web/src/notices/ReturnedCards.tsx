import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../api/notices';
import { useMe } from '../people/queries';
import { relative } from '../shared/dates';
import { useClock } from '../shared/ticker';
import { IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { TakeBack } from './NoticeItem';
import { markSeen, useUnseen } from './queries';
import styles from './ReturnedCards.module.css';
import { returnedText } from './words';

/** Tickets that went back while somebody was away stand beside the work until that is seen: one click takes them back. */
export function ReturnedCards() {
  const { t } = useTranslation();
  const returned = (useUnseen().data?.items ?? []).filter(({ kind }) => kind === 'tickets_returned');
  if (returned.length === 0) return null;
  return (
    <section className={styles.region} aria-label={t('notices.label')} role="status">
      {returned.slice(0, 3).map((notice) => (
        <Card key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function Card({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const queryClient = useQueryClient();
  const when = useClock((now) => relative(notice.at, now, t('time.now')));
  return (
    <div className={styles.card} data-testid="notice">
      <Icon name="moon" size={18} />
      <div>
        <p>{returnedText(t, notice, notice.owner?.id === agent.id)}</p>
        <small>{when}</small>
      </div>
      {notice.tickets.length > 0 && (
        <div className={styles.act}>
          <TakeBack notice={notice} />
        </div>
      )}
      <IconButton
        icon="close"
        size={16}
        className={styles.close}
        label={t('common.close')}
        data-testid="notice-close"
        onClick={() => void markSeen(queryClient, { id: notice.id }).catch(() => undefined)}
      />
    </div>
  );
}
