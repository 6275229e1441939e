import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type MetaAppStep, metaApp } from '../api/metaApp';
import { exact } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Problem } from '../shared/ui/Form';
import { Icon, type IconName } from '../shared/ui/Icon';
import check from './MetaAppCheck.module.css';
import styles from './SettingsPage.module.css';

const key = ['meta-app', 'check'];

const icons: Record<MetaAppStep['state'], IconName> = {
  waiting: 'dot',
  running: 'clock',
  ok: 'check',
  warning: 'alert',
  failed: 'alert',
  skipped: 'dot',
};

/** Walks the way between Meta and this deployment. It is kept step by step: loading the page again shows how far it is. */
export function MetaAppCheck() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const last = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => metaApp.lastCheck(signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1_000 : false),
  });
  const begin = useMutation({
    mutationFn: () => metaApp.check(),
    onSuccess: (begun) => queryClient.setQueryData(key, begun),
  });
  const walk = last.data;
  const running = walk?.state === 'running' || begin.isPending;
  const error = begin.error ?? last.error;
  return (
    <section className={styles.section} aria-labelledby="meta-check">
      <div className={styles.head}>
        <div>
          <h2 id="meta-check">{t('metaApp.check')}</h2>
          <p>{t('metaApp.checkHint')}</p>
        </div>
        <Button disabled={running} onClick={() => begin.mutate()} data-testid="meta-app-check">
          {t(running ? 'metaApp.checking' : 'metaApp.checkNow')}
        </Button>
      </div>
      {error && <Problem>{errorText(t, error)}</Problem>}
      {walk && walk.state !== 'none' && (
        <>
          <p className={styles.lead} role="status" data-testid="meta-app-check-state" data-state={walk.state}>
            {t(`metaApp.checkState.${walk.state}`, {
              at: walk.startedAt && exact(walk.finishedAt ?? walk.startedAt),
              by: walk.startedBy,
            })}
          </p>
          <ol className={styles.rows}>
            {walk.steps.map((step) => (
              <Step key={step.step} {...step} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** What was looked at, what was found, and what to do about it. */
function Step({ step, state, code, found }: MetaAppStep) {
  const { t } = useTranslation();
  const text = (part: 'found' | 'todo') =>
    code && t(`metaApp.result.${code}.${part}`, { found: found ?? '', defaultValue: '' });
  const todo = text('todo');
  return (
    <li className={check.step} data-testid={`meta-step-${step}`} data-state={state} data-code={code}>
      <span className={check[state]} role="img" aria-label={t(`metaApp.stepState.${state}`)}>
        <Icon name={icons[state]} size={16} />
      </span>
      <div>
        <h3>{t(`metaApp.step.${step}`)}</h3>
        {code && <p>{text('found') || code}</p>}
        {todo && <p className={check.todo}>{todo}</p>}
        {found && (state === 'failed' || state === 'warning') && <p className={check.detail}>{found}</p>}
      </div>
    </li>
  );
}
