import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { useChannel } from '../channels/queries';
import { usePhone } from '../contact/phone';
import { useFeedState } from '../live/LiveProvider';
import { useColleagues } from '../live/presence';
import { inOrder, useMessages } from '../messages/queries';
import { answerByAnother } from '../messages/rows';
import { useMe, useUpdateMe } from '../people/queries';
import { timeOfDay } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { readStored, writeStored } from '../shared/storage';
import { useStore } from '../shared/store';
import { Button, IconButton } from '../shared/ui/Button';
import { Icon, type IconName } from '../shared/ui/Icon';
import styles from './Composer.module.css';
import { useDraft } from './drafts';
import { modifierName } from './sendKey';
import { clearRefusal, refusals } from './useOutbox';

/** What must be known before the next Send: each a sentence over the editor, with what to do. */
export function ComposerNotices({ thread, onTemplate }: { thread: Thread; onTemplate: () => void }) {
  return (
    <>
      <Reconnecting />
      <Paused channelId={thread.channelId} />
      <OtherAddress thread={thread} />
      <Refused threadId={thread.id} onTemplate={onTemplate} />
      <AnsweredMeanwhile threadId={thread.id} />
      <Collision threadId={thread.id} />
    </>
  );
}

interface NoticeProps {
  tone: 'warn' | 'bad' | 'info';
  icon: IconName;
  role?: 'status' | 'alert';
  onDismiss?: () => void;
  children: ReactNode;
}

function Notice({ tone, icon, role = 'status', onDismiss, children }: NoticeProps) {
  const { t } = useTranslation();
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <Icon name={icon} size={16} />
      <div>{children}</div>
      {onDismiss && <IconButton icon="close" size={14} label={t('composer.dismiss')} onClick={onDismiss} />}
    </div>
  );
}

/** The customer wrote last as somebody whose conversation goes on here: answers go there. */
function OtherAddress({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  const phone = usePhone(thread.replyTo?.waId ?? null, useMe().account.country);
  if (!thread.replyTo) return null;
  return (
    <Notice tone="info" icon="person">
      {t('threadMerge.replyTo', { address: phone?.text ?? thread.replyTo.userId })}
    </Notice>
  );
}

/** A break of a moment is not worth a word. */
const WORTH_SAYING_MS = 800;

function Reconnecting() {
  const { t } = useTranslation();
  const away = useFeedState() !== 'live';
  const [said, setSaid] = useState(false);
  useEffect(() => {
    if (!away) {
      setSaid(false);
      return;
    }
    const timer = window.setTimeout(() => setSaid(true), WORTH_SAYING_MS);
    return () => window.clearTimeout(timer);
  }, [away]);
  if (!said) return null;
  return (
    <Notice tone="warn" icon="retry">
      {t('composer.reconnecting')}
    </Notice>
  );
}

function Paused({ channelId }: { channelId: string | null }) {
  const { t } = useTranslation();
  const { data: channel } = useChannel(channelId);
  if (!channel || channel.state === 'connected') return null;
  return (
    <Notice tone="bad" icon="alert">
      {t('composer.paused')}
    </Notice>
  );
}

function Refused({ threadId, onTemplate }: { threadId: string; onTemplate: () => void }) {
  const { t } = useTranslation();
  const error = useStore(refusals)[threadId];
  if (!error) return null;
  return (
    <Notice tone="bad" icon="alert" role="alert" onDismiss={() => clearRefusal(threadId)}>
      {errorText(t, error)}
      {error.code === 'session_closed' && (
        <Button look="link" onClick={onTemplate}>
          {t('composer.template')}
        </Button>
      )}
    </Notice>
  );
}

/** Somebody else writes here at this moment: two answers would reach the customer. */
function Collision({ threadId }: { threadId: string }) {
  const { t } = useTranslation();
  const typing = useColleagues(threadId).filter((other) => other.typing);
  if (typing.length === 0) return null;
  return (
    <Notice tone="warn" icon="person">
      <span data-testid="collision">
        {t('presence.collision', { name: typing.map(({ name }) => name).join(', ') })}
      </span>
    </Notice>
  );
}

function AnsweredMeanwhile({ threadId }: { threadId: string }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const { draft, confirm } = useDraft(agent.id, threadId);
  const { data } = useMessages(threadId);
  const basedOn = draft?.basedOn ?? null;
  const answer = useMemo(
    () => (basedOn === null ? null : answerByAnother(inOrder(data), agent.id, basedOn)),
    [data, agent.id, basedOn],
  );
  if (!answer) return null;
  const time = timeOfDay(answer.receivedAt);
  return (
    <Notice tone="warn" icon="alert" role="alert" onDismiss={confirm}>
      <span data-testid="answered-meanwhile">
        {answer.agent
          ? t('composer.answered', { name: answer.agent.name, time })
          : t('composer.answeredAuto', { time })}
      </span>
    </Notice>
  );
}

/** Asked once, where it matters, without standing in the way. */
export function SendKeyQuestion() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const update = useUpdateMe();
  const stored = `threadkeep.sendKeyAsked.${agent.id}`;
  const [asked, setAsked] = useState(() => readStored<boolean>(stored) ?? false);
  if (asked || agent.sendKey) return null;
  const mod = modifierName();
  const choose = (sendKey: 'enter' | 'ctrlEnter') => {
    update.mutate({ sendKey });
    writeStored(stored, true);
    setAsked(true);
  };
  return (
    <Notice tone="info" icon="keyboard">
      <span>{t('composer.keyQuestion')}</span>
      <span className={styles.question}>
        <Button onClick={() => choose('enter')}>{t('composer.keyEnter')}</Button>
        <Button onClick={() => choose('ctrlEnter')}>{t('composer.keyCtrlEnter', { mod })}</Button>
      </span>
    </Notice>
  );
}
