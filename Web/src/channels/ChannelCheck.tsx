import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { connections } from '../api/channels';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Problem } from '../shared/ui/Form';
import { Icon } from '../shared/ui/Icon';
import styles from './Channels.module.css';

/** Walks the way of a message: token, number, subscription, our own door, and a message of the number to itself. */
export function ChannelCheck({ id }: { id: string }) {
  const { t } = useTranslation();
  const check = useMutation({ mutationFn: () => connections.check(id) });
  return (
    <section className={settings.section} aria-labelledby="check">
      <div className={settings.head}>
        <div>
          <h2 id="check">{t('channels.check')}</h2>
          <p>{t('channels.checkHint')}</p>
        </div>
        <Button disabled={check.isPending} onClick={() => check.mutate()} data-testid="channel-check">
          {t(check.isPending ? 'channels.checking' : 'channels.checkNow')}
        </Button>
      </div>
      {check.error && <Problem>{errorText(t, check.error)}</Problem>}
      {check.data && (
        <ul className={settings.rows} aria-live="polite">
          {check.data.map(({ step, holds, detail }) => (
            <li key={step} className={settings.row} data-testid={`check-${step}`} data-holds={holds}>
              <span className={holds ? styles.holds : styles.fails}>
                <Icon name={holds ? 'check' : 'alert'} size={16} />
              </span>
              <span className={settings.who}>{t(`channels.step.${step}.${holds ? 'holds' : 'fails'}`)}</span>
              {!holds && detail && <span className={settings.meta}>{detail}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
