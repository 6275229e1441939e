import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { merges } from '../api/endpoints';
import type { Thread } from '../api/types';
import { usePhone } from '../contact/phone';
import { useMe } from '../people/queries';
import facts from '../records/Properties.module.css';
import styles from '../records/Records.module.css';
import { SearchBox } from '../records/SearchBox';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { toast } from '../shared/ui/Toast';
import { useFoundThreads } from '../threads/queries';
import { settleMerge, unmerge, useLikelySame } from './merging';

/** Finds the conversation that this one goes on in: first those that look like the same person's, then by name or number. */
export function ThreadMergeDialog({ thread, onClose }: { thread: Thread; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [q, setQ] = useState('');
  const likely = useLikelySame(thread.id).data ?? [];
  const found = useFoundThreads(q).data ?? [];
  const fits = (other: Thread) =>
    other.id !== thread.id && other.channelId === thread.channelId && !other.merged && !other.block;
  const candidates = q ? found.filter(fits) : likely.filter(fits);
  const merge = async (into: Thread) => {
    onClose();
    try {
      settleMerge(queryClient, await merges.add(thread.id, into.id), thread.id);
      toast(t('threadMerge.done', { name: thread.contact.name, into: into.contact.name }), {
        label: t('common.undo'),
        run: () => void unmerge(queryClient, t, thread.id, into.id),
      });
      void navigate({ to: '/inbox/$view/$threadId', params: { view: 'open', threadId: into.id } });
    } catch (error) {
      toast(errorText(t, error));
    }
  };
  return (
    <Dialog
      title={t('threadMerge.title', { name: thread.contact.name })}
      lead={t('threadMerge.lead')}
      onClose={onClose}
    >
      <div className={styles.picker} data-testid="thread-merge-dialog">
        <SearchBox label={t('threadMerge.find')} value={q} onChange={setQ} />
        {!q && candidates.length > 0 && <b>{t('threadMerge.likely')}</b>}
        {candidates.length === 0 && (
          <p className={facts.none}>{t(q ? 'menu.none' : 'threadMerge.noneLikely')}</p>
        )}
        <ul className={facts.list}>
          {candidates.map((other) => (
            <Candidate key={other.id} thread={other} onChoose={() => void merge(other)} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function Candidate({ thread, onChoose }: { thread: Thread; onChoose: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone(thread.customer.waId, useMe().account.country);
  const { username } = thread.customer;
  return (
    <li data-testid="thread-merge-candidate">
      <span className={styles.who}>
        <Avatar id={thread.contact.id ?? thread.id} name={thread.contact.name} size="small" />
        <span>
          <span dir="auto">{thread.contact.name}</span>
          <small>
            {[phone?.text ?? (username ? `@${username}` : null), exact(thread.lastActivityAt)]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </span>
      </span>
      <Button onClick={onChoose}>{t('threadMerge.choose')}</Button>
    </li>
  );
}
