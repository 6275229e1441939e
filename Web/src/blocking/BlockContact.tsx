import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useContactThreads } from '../records/queries';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { laterDialog } from '../shared/ui/later';

const BlockDialog = laterDialog(async () => (await import('./BlockDialog')).BlockDialog);

/** On a contact's page: every conversation of the person that is not blocked yet. */
export function BlockContact({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const open = (useContactThreads(id).data ?? []).filter((thread) => thread.channelId && !thread.block);
  if (open.length === 0) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)} data-testid="contact-block">
        <Icon name="ban" size={16} />
        {t('block.contact')}
      </Button>
      {asking && (
        <BlockDialog
          threadIds={open.map((thread) => thread.id)}
          name={name}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
