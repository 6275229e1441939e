import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { BlockButton } from '../blocking/BlockButton';
import { Tray } from '../composer/attachments';
import { Composer } from '../composer/Composer';
import { MOST_FILES } from '../composer/files';
import { useComposerHeight } from '../composer/useComposerHeight';
import { useFileDrop } from '../composer/useFileDrop';
import { useOutbox } from '../composer/useOutbox';
import { usePhone } from '../contact/phone';
import { Colleagues } from '../live/Colleagues';
import { useTellPresence } from '../live/presence';
import { MessagesSkeleton, ThreadMessages } from '../messages/ThreadMessages';
import { useMe } from '../people/queries';
import { SessionChip } from '../session/SessionChip';
import { useSession } from '../session/useSession';
import { errorText } from '../shared/errorText';
import { useStore } from '../shared/store';
import { IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { laterDialog } from '../shared/ui/later';
import { Bone, ErrorState } from '../shared/ui/States';
import { templateRequest } from '../templates/request';
import { DeskFoot } from '../tickets/DeskFoot';
import { TicketBar } from '../tickets/TicketBar';
import { threadQuery } from './queries';
import styles from './ThreadPane.module.css';

const TemplateDialog = laterDialog(async () => (await import('../templates/TemplateDialog')).TemplateDialog);

interface Props {
  threadId: string;
  view: string;
  q: string;
  messageId: string | undefined;
  withBack: boolean;
  /** Opens the contact's details where they are not beside the thread. */
  onContext: (() => void) | undefined;
}

/** One thread: who it is with, how long one may write, what was said, and the editor. */
export function ThreadPane(props: Props) {
  const { t } = useTranslation();
  const query = useQuery(threadQuery(useQueryClient(), props.threadId));
  const thread = query.data;
  if (thread) return <OpenThread thread={thread} {...props} />;
  return (
    <main id="thread" className={styles.pane}>
      {query.isError ? (
        <>
          {props.withBack && (
            <header className={styles.header}>
              <Back view={props.view} q={props.q} />
            </header>
          )}
          <ErrorState
            title={t('thread.errorTitle')}
            text={errorText(t, query.error)}
            onRetry={() => void query.refetch()}
          />
        </>
      ) : (
        <>
          <header className={styles.header}>
            {props.withBack && <Back view={props.view} q={props.q} />}
            <div>
              <Bone width={140} height={16} />
            </div>
          </header>
          <MessagesSkeleton />
        </>
      )}
    </main>
  );
}

function OpenThread({ thread, view, q, messageId, withBack, onContext }: Props & { thread: Thread }) {
  const { t } = useTranslation();
  const { agent, account } = useMe();
  const outbox = useOutbox(agent.id);
  const pending = useStore(outbox.entries);
  const phone = usePhone(thread.customer.waId, account.country);
  const open = useSession(thread.session.endsAt).state !== 'closed';
  const [choosing, setChoosing] = useState<{ first: string | null } | null>(null);
  const drop = useFileDrop(
    (files) => open && !thread.block && new Tray(agent.id, thread.id).attach(files, t),
  );
  useTemplateRequest((first) => setChoosing({ first }));
  useTellPresence(thread.id);
  const foot = useRef<HTMLDivElement>(null);
  useComposerHeight(foot);

  const details = [
    thread.ticket && `#${thread.ticket.number}`,
    thread.ticket?.subject && thread.contact.id && thread.contact.name,
    phone?.text ?? (thread.customer.username ? `@${thread.customer.username}` : thread.customer.profileName),
  ];
  return (
    <main id="thread" className={styles.pane} {...drop.handlers}>
      <header className={styles.header}>
        {withBack && <Back view={view} q={q} />}
        <div>
          <h2>{thread.ticket?.subject ?? thread.contact.name}</h2>
          <p className={styles.sub}>{details.filter(Boolean).join(' · ')}</p>
        </div>
        <Colleagues threadId={thread.id} />
        {thread.channelId !== null && <SessionChip session={thread.session} />}
        {thread.channelId !== null && <BlockButton thread={thread} />}
        {onContext && <IconButton icon="panel" label={t('thread.context')} onClick={onContext} />}
      </header>
      {thread.ticket && <TicketBar thread={thread} ticket={thread.ticket} />}
      <ThreadMessages
        thread={thread}
        meId={agent.id}
        linkedId={messageId}
        pending={pending.filter((entry) => entry.threadId === thread.id)}
      />
      <div ref={foot}>
        {thread.channelId === null ? (
          <DeskFoot thread={thread} view={view} />
        ) : (
          <Composer thread={thread} outbox={outbox} onTemplate={() => setChoosing({ first: null })} />
        )}
      </div>
      {drop.over && (
        <div className={`${styles.drop} ${open ? '' : styles.locked}`}>
          <Icon name={open ? 'clip' : 'lock'} size={28} />
          <b>{t(open ? 'thread.dropTitle' : 'thread.dropLocked')}</b>
          {open && <span>{t('thread.dropText', { count: MOST_FILES })}</span>}
        </div>
      )}
      {choosing && thread.channelId !== null && (
        <TemplateDialog thread={thread} first={choosing.first} onClose={() => setChoosing(null)} />
      )}
    </main>
  );
}

function Back({ view, q }: { view: string; q: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <IconButton
      icon="back"
      size={20}
      label={t('thread.back')}
      onClick={() => void navigate({ to: '/inbox/$view', params: { view }, search: { q: q || undefined } })}
    />
  );
}

/** Opens when it is asked for by key or palette; not for what was asked before this thread was open. */
function useTemplateRequest(open: (first: string | null) => void): void {
  const asked = useStore(templateRequest);
  const known = useRef(asked);
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (asked === known.current) return;
    known.current = asked;
    latest.current(asked.name);
  }, [asked]);
}
