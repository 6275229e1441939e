import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../people/queries';
import { number } from '../shared/dates';
import { Icon } from '../shared/ui/Icon';
import styles from '../threads/ViewList.module.css';
import { mayApprove, useWaitingCount } from './queries';

/** Below the views: what waits for the reader's word, while something does; to whoever is in training always. */
export function ApprovalsLink({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const count = useWaitingCount(mayApprove(agent));
  if (count === 0 && !agent.inTraining) return null;
  return (
    <Link to="/approvals" className={styles.view} data-testid="approvals-link" onClick={onChosen}>
      <Icon name="check" />
      <span>{t('approvals.title')}</span>
      <b>{count > 0 ? number(count) : ''}</b>
    </Link>
  );
}
