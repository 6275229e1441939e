import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Approval } from '../api/approvals';
import { PageFrame, PageHead } from '../app/PageFrame';
import { useMe } from '../people/queries';
import { SessionChip } from '../session/SessionChip';
import { errorText } from '../shared/errorText';
import { serverClock } from '../shared/serverClock';
import { Button } from '../shared/ui/Button';
import { Choice } from '../shared/ui/Choice';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { HOME } from '../threads/views';
import styles from './Approvals.module.css';
import { mayApprove, useApprovals } from './queries';
import { WaitingBubble } from './WaitingBubble';

/** Messages of people in training: what waits for the reader's word; for whoever is in training, their own. */
export function ApprovalsPage() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const [all, setAll] = useState(false);
  const query = useApprovals(all);
  const items = query.data?.pages.flatMap((page) => page.items);
  const decides = mayApprove(agent);
  return (
    <PageFrame place="inbox" title={t('approvals.title')} testId="approvals">
      <PageHead title={t('approvals.title')} lead={t(decides ? 'approvals.lead' : 'approvals.leadOwn')}>
        <Choice<'waiting' | 'all'>
          label={t('approvals.which')}
          value={all ? 'all' : 'waiting'}
          options={[
            { value: 'waiting', label: t('approvals.waiting') },
            { value: 'all', label: t('approvals.all') },
          ]}
          onChange={(value) => setAll(value === 'all')}
        />
      </PageHead>
      {query.error && !items && (
        <ErrorState
          title={t('approvals.failed')}
          text={errorText(t, query.error)}
          onRetry={() => void query.refetch()}
        />
      )}
      {!items && !query.error && <Bone width="50%" height={64} />}
      {items?.length === 0 && (
        <EmptyState icon="check" title={t('approvals.none')} text={t('approvals.noneText')} />
      )}
      {items && items.length > 0 && (
        <div className={styles.list}>
          {items.map((approval) => (
            <Item key={approval.id} approval={approval} />
          ))}
          {query.hasNextPage && (
            <Button
              className={styles.more}
              disabled={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('notices.older')}
            </Button>
          )}
        </div>
      )}
    </PageFrame>
  );
}

function Item({ approval }: { approval: Approval }) {
  const { threadId, customer, ticketNumber, messageId, sessionEndsAt, state } = approval;
  const open = sessionEndsAt !== null && Date.parse(sessionEndsAt) > serverClock.now();
  return (
    <article className={styles.item} data-testid="approval" data-state={state}>
      <div className={styles.about}>
        <Link
          to="/inbox/$view/$threadId"
          params={{ view: HOME, threadId }}
          search={messageId ? { message: messageId } : {}}
          dir="auto"
        >
          {customer}
        </Link>
        {ticketNumber !== null && <span>#{ticketNumber}</span>}
        {state === 'waiting' && <SessionChip session={{ open, openedAt: null, endsAt: sessionEndsAt }} />}
      </div>
      <WaitingBubble approval={approval} customerName={customer} first />
    </article>
  );
}
