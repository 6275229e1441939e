import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { messages } from '../api/endpoints';
import type { Message } from '../api/types';
import { useChannel } from '../channels/queries';
import { usePhone } from '../contact/phone';
import { useMe } from '../people/queries';
import { fileSize, toTheSecond } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Dialog } from '../shared/ui/Dialog';
import { threadQuery } from '../threads/queries';
import { typeLabel } from './labels';
import styles from './Marks.module.css';

const stages = ['sent', 'delivered', 'read', 'played', 'failed'] as const;

interface Props {
  message: Message;
  threadId: string;
  onClose: () => void;
}

/** Everything that is known of one message: from whom to whom, when what happened, its ids, and for admins the event itself. */
export function MessageDetails({ message, threadId, onClose }: Props) {
  const { t } = useTranslation();
  const { agent, account } = useMe();
  const thread = useQuery(threadQuery(useQueryClient(), threadId)).data;
  const { data: channel } = useChannel(thread?.channelId ?? '');
  const theirs = usePhone(thread?.customer.waId ?? null, account.country)?.text ?? thread?.customer.userId;
  const ours = channel?.displayPhoneNumber;
  const inbound = message.direction === 'inbound';
  const { statusTimes, error, media } = message;
  return (
    <Dialog title={t('message.details')} onClose={onClose}>
      <dl className={styles.details} data-testid="details">
        <Fact name={t('details.type')}>{typeLabel(t, message.type)}</Fact>
        <Fact name={t('details.from')}>{inbound ? theirs : ours}</Fact>
        <Fact name={t('details.to')}>{inbound ? ours : theirs}</Fact>
        <Fact name={t('details.at')}>{toTheSecond(message.at)}</Fact>
        <Fact name={t('details.receivedAt')}>{toTheSecond(message.receivedAt)}</Fact>
        {stages.map((stage) => {
          const at = statusTimes?.[stage];
          return (
            <Fact key={stage} name={t(`status.${stage}`)}>
              {at && toTheSecond(at)}
            </Fact>
          );
        })}
        <Fact name={t('details.file')}>
          {media &&
            [media.fileName, media.mimeType, media.size && fileSize(media.size)].filter(Boolean).join(' · ')}
        </Fact>
        <Fact name={t('details.error')}>
          {error && [error.code, error.metaCode, error.detail].filter(Boolean).join(' · ')}
        </Fact>
        <Fact name={t('approvals.approvedBy')}>{message.approved?.by.name}</Fact>
        <Fact name={t('approvals.original')}>{message.approved?.originalText}</Fact>
        <Fact name={t('details.id')}>{message.id}</Fact>
        <Fact name={t('details.wamid')}>{message.wamid}</Fact>
      </dl>
      {agent.role === 'admin' && <RawEvent threadId={threadId} messageId={message.id} />}
    </Dialog>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function RawEvent({ threadId, messageId }: { threadId: string; messageId: string }) {
  const { t } = useTranslation();
  const event = useQuery({
    queryKey: ['event', messageId],
    queryFn: ({ signal }) => messages.event(threadId, messageId, signal),
    retry: false,
  });
  return (
    <details className={styles.raw}>
      <summary>{t('details.raw')}</summary>
      {event.isError ? (
        <p>{errorText(t, event.error)}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls with the arrow keys.
        <pre tabIndex={0}>{event.data === undefined ? '' : JSON.stringify(event.data, null, 2)}</pre>
      )}
    </details>
  );
}
