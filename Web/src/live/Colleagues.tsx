import { useTranslation } from 'react-i18next';
import { Avatar } from '../shared/ui/Avatar';
import { Tooltip } from '../shared/ui/Tooltip';
import styles from './Colleagues.module.css';
import { useColleagues } from './presence';

/** Faces of those who look at the thread as well. */
export function Colleagues({ threadId }: { threadId: string }) {
  const { t } = useTranslation();
  const others = useColleagues(threadId);
  if (others.length === 0) return null;
  return (
    <span className={styles.faces} data-testid="colleagues">
      {others.slice(0, 4).map(({ id, name, typing }) => {
        const text = t(typing ? 'presence.typing' : 'presence.viewing', { name });
        return (
          <Tooltip key={id} text={text}>
            <span
              role="img"
              aria-label={text}
              className={typing ? styles.typing : undefined}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip is for the keyboard as well.
              tabIndex={0}
            >
              <Avatar id={id} name={name} size="small" />
            </span>
          </Tooltip>
        );
      })}
    </span>
  );
}
