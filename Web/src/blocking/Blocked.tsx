import { useTranslation } from 'react-i18next';
import type { Block, Thread } from '../api/types';
import composer from '../composer/Composer.module.css';
import { exact } from '../shared/dates';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import styles from './Blocking.module.css';
import { metaText, useUnblock } from './blocking';

/** Stands where a reply would be written: why not, and how to take it back. */
export function Blocked({ thread, block }: { thread: Thread; block: Block }) {
  const { t } = useTranslation();
  const unblock = useUnblock();
  const who = block.by?.name ?? t('message.byApi');
  return (
    <section className={composer.locked} data-testid="composer-blocked">
      <Icon name="ban" size={20} />
      <div className={styles.why}>
        <b>{t('block.is', { name: thread.contact.name })}</b>
        {t('block.by', { who, time: exact(block.at) })} <q dir="auto">{block.reason}</q>
        <p>{metaText(t, block)}</p>
      </div>
      <Button onClick={() => unblock.mutate(thread.id)} disabled={unblock.isPending} data-testid="block-undo">
        {t('block.unblock')}
      </Button>
    </section>
  );
}
