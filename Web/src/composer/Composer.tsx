import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { Blocked } from '../blocking/Blocked';
import { MovedAway } from '../merging/MovedAway';
import { useMayReply } from '../people/may';
import { useMe } from '../people/queries';
import { useSession } from '../session/useSession';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { useTicketRequest } from '../tickets/TicketBar';
import { Thumbnail } from './AttachmentTray';
import { type Attachment, useAttachments } from './attachments';
import styles from './Composer.module.css';
import { ComposerNotices, SendKeyQuestion } from './ComposerNotices';
import { useDraft } from './drafts';
import { Editor } from './Editor';
import { NoteEditor } from './NoteEditor';
import type { Outbox } from './outbox';
import { useReplyRequest } from './replyRequest';

interface Props {
  thread: Thread;
  outbox: Outbox;
  onTemplate: () => void;
}

/** Where a reply is written; once the session is over, what may be sent instead. The draft outlives both. */
export function Composer({ thread, outbox, onTemplate }: Props) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const { state } = useSession(thread.session.endsAt);
  const { draft } = useDraft(agent.id, thread.id);
  const files = useAttachments(agent.id, thread.id);
  const [writing, setWriting] = useState<'reply' | 'note'>('reply');
  useTicketRequest({ note: () => setWriting('note') });
  useReplyRequest(() => setWriting('reply'));
  if (!useMayReply()) return <ReadOnly />;
  return (
    <div className={styles.area}>
      <ComposerNotices thread={thread} onTemplate={onTemplate} />
      <div className={styles.tabs} role="group" aria-label={t('composer.mode')}>
        <button type="button" aria-pressed={writing === 'reply'} onClick={() => setWriting('reply')}>
          <Icon name="chat" size={14} />
          {t('composer.reply')}
        </button>
        <button
          type="button"
          data-note
          aria-pressed={writing === 'note'}
          data-testid="note-open"
          onClick={() => setWriting('note')}
        >
          <Icon name="note" size={14} />
          {t('composer.note')}
        </button>
      </div>
      {writing === 'note' ? (
        <NoteEditor thread={thread} />
      ) : thread.merged ? (
        <MovedAway thread={thread} merged={thread.merged} />
      ) : thread.block ? (
        <Blocked thread={thread} block={thread.block} />
      ) : state === 'closed' ? (
        <Locked
          never={thread.session.endsAt === null}
          draft={draft?.text ?? ''}
          files={files}
          onTemplate={onTemplate}
        />
      ) : (
        <>
          <SendKeyQuestion />
          <Editor thread={thread} outbox={outbox} onTemplate={onTemplate} />
        </>
      )}
    </div>
  );
}

/** For viewers. */
function ReadOnly() {
  const { t } = useTranslation();
  return (
    <div className={styles.area}>
      <section className={styles.locked} data-testid="composer-read-only">
        <Icon name="lock" size={20} />
        <div>
          <b>{t('composer.readOnlyTitle')}</b>
          {t('composer.readOnlyText')}
        </div>
      </section>
    </div>
  );
}

interface LockedProps {
  never: boolean;
  draft: string;
  files: Attachment[];
  onTemplate: () => void;
}

function Locked({ never, draft, files, onTemplate }: LockedProps) {
  const { t } = useTranslation();
  return (
    <section className={styles.locked} data-testid="composer-locked">
      <Icon name="lock" size={20} />
      <div>
        <b>{t(never ? 'composer.lockedNever' : 'composer.lockedTitle')}</b>
        {t('composer.lockedText')}
        {(draft || files.length > 0) && (
          <p className={styles.kept}>
            <span>{t('composer.draftKept')}</span>
            {files.map((file) => (
              <span key={file.id} title={file.name}>
                <Thumbnail item={file} />
              </span>
            ))}
            {draft}
          </p>
        )}
      </div>
      <Button look="primary" onClick={onTemplate} data-testid="template-open">
        <Icon name="template" size={16} />
        {t('composer.template')}
      </Button>
    </section>
  );
}
