import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { mayMerge, useUnmerge } from '../merging/merging';
import { useMayReply } from '../people/may';
import { useMe } from '../people/queries';
import { IconButton } from '../shared/ui/Button';
import { laterDialog } from '../shared/ui/later';
import { Menu } from '../shared/ui/Menu';
import { useUnblock } from './blocking';

const BlockDialog = laterDialog(async () => (await import('./BlockDialog')).BlockDialog);
const ThreadMergeDialog = laterDialog(
  async () => (await import('../merging/ThreadMergeDialog')).ThreadMergeDialog,
);

/** The thread's menu: what is done with the customer as a whole. */
export function BlockButton({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const mayReply = useMayReply();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const [merging, setMerging] = useState(false);
  const unblock = useUnblock();
  const unmerge = useUnmerge();
  if (!mayReply) return null;
  const options = [
    ...(mayMerge(agent.role) && !thread.block
      ? thread.merged
        ? [{ key: 'unmerge', value: 'unmerge', label: t('threadMerge.undo') }]
        : [{ key: 'merge', value: 'merge', label: t('threadMerge.menu') }]
      : []),
    thread.block
      ? { key: 'unblock', value: 'unblock', label: t('block.unblock') }
      : { key: 'block', value: 'block', label: t('block.menu') },
  ];
  const act = (value: string) => {
    if (value === 'merge') setMerging(true);
    else if (value === 'block') setAsking(true);
    else if (value === 'unblock') unblock.mutate(thread.id);
    else if (thread.merged) void unmerge(thread.id, thread.merged.into);
  };
  return (
    <>
      <IconButton
        ref={button}
        icon="more"
        label={t('thread.menu')}
        aria-haspopup="listbox"
        aria-expanded={open}
        data-testid="thread-menu"
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Menu
          anchor={button}
          label={t('thread.menu')}
          options={options}
          onChoose={act}
          onClose={() => setOpen(false)}
        />
      )}
      {asking && (
        <BlockDialog threadIds={[thread.id]} name={thread.contact.name} onClose={() => setAsking(false)} />
      )}
      {merging && <ThreadMergeDialog thread={thread} onClose={() => setMerging(false)} />}
    </>
  );
}
