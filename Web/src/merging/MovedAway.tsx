import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Merged, Thread } from '../api/types';
import blocking from '../blocking/Blocking.module.css';
import composer from '../composer/Composer.module.css';
import { useMe } from '../people/queries';
import { exact } from '../shared/dates';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { mayMerge, useUnmerge } from './merging';

/** Stands where a reply would be written: the conversation goes on elsewhere. */
export function MovedAway({ thread, merged }: { thread: Thread; merged: Merged }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const unmerge = useUnmerge();
  const who = merged.by?.name ?? t('message.byApi');
  return (
    <section className={composer.locked} data-testid="composer-merged">
      <Icon name="forward" size={20} />
      <div className={blocking.why}>
        <b>{t('threadMerge.moved')}</b>
        {t('threadMerge.by', { who, time: exact(merged.at) })}{' '}
        <Link
          to="/inbox/$view/$threadId"
          params={{ view: 'open', threadId: merged.into }}
          data-testid="merged-into"
        >
          {t('threadMerge.open')}
        </Link>
        <p>{t('threadMerge.undoHint')}</p>
      </div>
      {mayMerge(agent.role) && (
        <Button onClick={() => void unmerge(thread.id, merged.into)} data-testid="thread-unmerge">
          {t('threadMerge.undo')}
        </Button>
      )}
    </section>
  );
}
