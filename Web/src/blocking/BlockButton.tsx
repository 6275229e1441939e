import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { useMe } from '../people/queries';
import { IconButton } from '../shared/ui/Button';
import { laterDialog } from '../shared/ui/later';
import { Menu } from '../shared/ui/Menu';
import { useUnblock } from './blocking';

const BlockDialog = laterDialog(async () => (await import('./BlockDialog')).BlockDialog);

/** The thread's menu: what is done with the customer as a whole. */
export function BlockButton({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const unblock = useUnblock();
  if (agent.role === 'viewer') return null;
  const act = thread.block ? 'unblock' : 'block';
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
          options={[{ key: act, value: act, label: t(thread.block ? 'block.unblock' : 'block.menu') }]}
          onChoose={() => (thread.block ? unblock.mutate(thread.id) : setAsking(true))}
          onClose={() => setOpen(false)}
        />
      )}
      {asking && (
        <BlockDialog threadIds={[thread.id]} name={thread.contact.name} onClose={() => setAsking(false)} />
      )}
    </>
  );
}
