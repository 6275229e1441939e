import { useTranslation } from 'react-i18next';
import type { Approval } from '../api/approvals';
import { draftsOf, withReturned } from '../composer/drafts';
import styles from '../messages/Bubble.module.css';
import { Content } from '../messages/Content';
import { useMe } from '../people/queries';
import { exact, timeOfDay } from '../shared/dates';
import { serverClock } from '../shared/serverClock';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import own from './Approvals.module.css';
import { Decide } from './Decide';
import { putAway } from './putAway';
import { messageOf } from './shown';

interface Props {
  approval: Approval;
  customerName: string;
  first: boolean;
}

/** A message that waits for somebody's word, or came back: where it stands, and what the reader may do about it. */
export function WaitingBubble({ approval, customerName, first }: Props) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const mine = approval.agent.id === agent.id;
  return (
    <div
      className={`${styles.line} ${styles.out} ${first ? styles.first : ''}`}
      data-testid="waiting-message"
      data-state={approval.state}
    >
      <div className={`${styles.bubble} ${styles.waiting}`}>
        <span className={styles.tag}>
          <Icon name={approval.state === 'waiting' ? 'clock' : 'alert'} size={13} />
          {mine ? t('message.you') : approval.agent.name}
        </span>
        <Content message={messageOf(approval)} customerName={customerName} />
        <span className={styles.meta}>
          <time dateTime={approval.createdAt} title={exact(approval.createdAt)}>
            {timeOfDay(approval.createdAt)}
          </time>
        </span>
      </div>
      <Standing approval={approval} />
      {approval.state === 'waiting' && <Decide approval={approval} />}
      {mine && (approval.state === 'returned' || approval.state === 'failed') && (
        <Again approval={approval} />
      )}
    </div>
  );
}

/** Where it stands, in words. */
export function Standing({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { state, decidedBy, note, reason, sendAt } = approval;
  const name = decidedBy?.name ?? '';
  const failed = state === 'returned' || state === 'failed';
  return (
    <div className={`${styles.fail} ${failed ? '' : styles.wait}`} role="status">
      <span>
        {t(`approvals.states.${state}`, { name })}
        {state === 'failed' && ` ${t([`errors.${reason}`, 'failure.other'], { code: reason ?? '?' })}`}
      </span>
      {note && <q className={own.note}>{note}</q>}
      {state === 'waiting' && sendAt && <span>{t('message.leavesAt', { time: exact(sendAt) })}</span>}
    </div>
  );
}

/** What came back can be gone on with, or put away. */
function Again({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const { id, threadId, text } = approval;
  return (
    <div className={own.acts}>
      {text && approval.type === 'text' && (
        <Button
          look="link"
          data-testid="waiting-edit"
          onClick={() => {
            draftsOf(agent.id).set((all) => withReturned(all, threadId, text, serverClock.now()));
            putAway(id);
          }}
        >
          {t('approvals.edit')}
        </Button>
      )}
      <Button look="link" data-testid="waiting-away" onClick={() => putAway(id)}>
        {t('approvals.putAway')}
      </Button>
    </div>
  );
}
