import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { connections } from '../api/channels';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Problem } from '../shared/ui/Form';

/** Of a number that stays in the phone app: its earlier chats come over when somebody asks for them, once. */
export function History({ id }: { id: string }) {
  const { t } = useTranslation();
  const ask = useMutation({ mutationFn: () => connections.askForHistory(id) });
  return (
    <section className={settings.section} aria-labelledby="history">
      <div className={settings.head}>
        <div>
          <h2 id="history">{t('channels.history')}</h2>
          <p>{t('channels.historyHint')}</p>
        </div>
        <Button
          disabled={ask.isPending || ask.isSuccess}
          onClick={() => ask.mutate()}
          data-testid="channel-history"
        >
          {t('channels.historyAsk')}
        </Button>
      </div>
      {ask.error && <Problem>{errorText(t, ask.error)}</Problem>}
      {ask.isSuccess && <p role="status">{t('channels.historyAsked')}</p>}
    </section>
  );
}
