import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../shared/store';
import { Icon } from '../shared/ui/Icon';
import { later } from '../shared/ui/later';
import { Tooltip } from '../shared/ui/Tooltip';
import styles from './Bell.module.css';
import { noticesOpen, useUnseen } from './queries';

const Panel = later(async () => (await import('./NoticePanel')).NoticePanel);

/** How much the agent has not seen; opens what they are told. */
export function Bell({ side }: { side: 'right' | 'bottom' }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const open = useStore(noticesOpen);
  const unseen = useUnseen().data?.unseen ?? 0;
  const label = unseen > 0 ? t('notices.bell', { count: unseen }) : t('notices.label');
  return (
    <>
      <Tooltip text={label} keys="G N">
        <button
          ref={button}
          type="button"
          className={styles.bell}
          aria-label={label}
          aria-haspopup="dialog"
          aria-expanded={open}
          data-testid="bell"
          data-unseen={unseen}
          onClick={() => noticesOpen.set(!open)}
        >
          <Icon name="bell" size={20} />
          {unseen > 0 && (
            <span className={styles.count} aria-hidden="true">
              {unseen > 99 ? '99+' : unseen}
            </span>
          )}
        </button>
      </Tooltip>
      {open && <Panel anchor={button} side={side} onClose={() => noticesOpen.set(false)} />}
    </>
  );
}
