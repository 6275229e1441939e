import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messages } from '../api/endpoints';
import type { Message } from '../api/types';
import { newKey } from '../composer/outbox';
import { requestReply } from '../composer/replyRequest';
import { setReplyTo } from '../composer/replyTo';
import { useMe } from '../people/queries';
import { mayReview } from '../quarantine/hidden';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { laterDialog } from '../shared/ui/later';
import { Popover } from '../shared/ui/Popover';
import { toast } from '../shared/ui/Toast';
import styles from './Marks.module.css';
import { messageKeys } from './queries';

const ReasonDialog = laterDialog(async () => (await import('../quarantine/ReasonDialog')).ReasonDialog);
const MessageDetails = laterDialog(async () => (await import('./MessageDetails')).MessageDetails);

/** As WhatsApp offers them first. */
const quick = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

interface Props {
  message: Message;
  threadId: string;
  /** The session is open: something may be sent. */
  open: boolean;
}

/** What can be done with one message: react, answer it, look closer. One button, so that the keyboard is not led through six. */
export function MessageActions({ message, threadId, open }: Props) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [shown, setShown] = useState(false);
  const [details, setDetails] = useState(false);
  const [hiding, setHiding] = useState(false);
  const { agent } = useMe();
  const { wamid, direction, type } = message;
  const reachable = open && wamid !== null && direction !== 'note';
  return (
    <span className={styles.actions}>
      <IconButton
        ref={button}
        icon="more"
        size={16}
        label={t('message.actions')}
        aria-haspopup="dialog"
        aria-expanded={shown}
        data-testid="message-actions"
        onClick={() => setShown(!shown)}
      />
      {shown && (
        <Popover anchor={button} label={t('message.actions')} side="top" onClose={() => setShown(false)}>
          <div className={styles.menu}>
            {reachable && type !== 'template' && (
              <React message={message} threadId={threadId} onDone={() => setShown(false)} />
            )}
            {reachable && (
              <Button
                data-testid="message-reply"
                onClick={() => {
                  setShown(false);
                  setReplyTo(threadId, message);
                  requestReply();
                }}
              >
                <Icon name="reply" size={16} />
                {t('message.reply')}
              </Button>
            )}
            {direction === 'inbound' && type !== 'quarantined' && mayReview(agent.role) && (
              <Button
                data-testid="message-quarantine"
                onClick={() => {
                  setShown(false);
                  setHiding(true);
                }}
              >
                <Icon name="eyeOff" size={16} />
                {t('quarantine.do.quarantine')}
              </Button>
            )}
            <Button
              data-testid="message-details"
              onClick={() => {
                setShown(false);
                setDetails(true);
              }}
            >
              <Icon name="list" size={16} />
              {t('message.details')}
            </Button>
          </div>
        </Popover>
      )}
      {hiding && (
        <ReasonDialog
          act="quarantine"
          threadId={threadId}
          messageId={message.id}
          onClose={() => setHiding(false)}
        />
      )}
      {details && <MessageDetails message={message} threadId={threadId} onClose={() => setDetails(false)} />}
    </span>
  );
}

function React({ message, threadId, onDone }: { message: Message; threadId: string; onDone: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const ours = message.reactions?.find(({ direction }) => direction === 'outbound')?.emoji;
  const react = useMutation({
    mutationFn: (emoji: string) =>
      messages.send(
        threadId,
        { type: 'reaction', reaction: { message_id: message.wamid ?? '', emoji } },
        newKey(),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: messageKeys.list(threadId) }),
    onError: (error) => toast(errorText(t, error)),
  });
  return (
    <span className={styles.quick} role="group" aria-label={t('message.react')}>
      {quick.map((emoji, index) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={ours === emoji}
          aria-label={t(ours === emoji ? 'message.takeBack' : 'message.reactWith', { emoji })}
          data-autofocus={index === 0 ? true : undefined}
          data-testid={`react-${index}`}
          onClick={() => {
            // The one that stands is taken back.
            react.mutate(ours === emoji ? '' : emoji);
            onDone();
          }}
        >
          {emoji}
        </button>
      ))}
    </span>
  );
}
