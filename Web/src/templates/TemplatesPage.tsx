import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type LibraryTemplate, templateLibrary } from '../api/templateLibrary';
import settings from '../settings/SettingsPage.module.css';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import button from '../shared/ui/Button.module.css';
import { Field } from '../shared/ui/Field';
import { Problem } from '../shared/ui/Form';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { templateKeys } from './queries';
import styles from './Templates.module.css';

export function useTemplateLibrary() {
  return useQuery({ queryKey: templateKeys.library, queryFn: ({ signal }) => templateLibrary.list(signal) });
}

/** Every template, whatever its state. */
export function TemplatesPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const library = useTemplateLibrary();
  const [words, setWords] = useState('');
  const sync = useMutation({
    mutationFn: () => templateLibrary.sync(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: templateKeys.root }),
  });
  const shown = (library.data ?? []).filter((one) => fits(one, words));
  return (
    <>
      <header className={settings.head}>
        <div>
          <h1>{t('templates.library.title')}</h1>
          <p>{t('templates.library.lead')}</p>
        </div>
        <div className={settings.actions}>
          <Button disabled={sync.isPending} onClick={() => sync.mutate()} data-testid="templates-sync">
            <Icon name="retry" size={16} />
            {t(sync.isPending ? 'templates.library.syncing' : 'templates.library.sync')}
          </Button>
          <Link
            to="/settings/templates/$templateId"
            params={{ templateId: 'new' }}
            className={`${button.button} ${button.primary}`}
            data-testid="template-new"
          >
            <Icon name="plus" size={16} />
            {t('templates.library.new')}
          </Link>
        </div>
      </header>
      {sync.error && <Problem>{errorText(t, sync.error)}</Problem>}
      {library.error && !library.data && (
        <ErrorState
          title={t('templates.errorTitle')}
          text={errorText(t, library.error)}
          onRetry={() => void library.refetch()}
        />
      )}
      {library.isPending && <Bone width="60%" height={40} />}
      {library.data?.length === 0 && (
        <EmptyState
          icon="template"
          title={t('templates.library.none')}
          text={t('templates.library.noneText')}
        />
      )}
      {library.data && library.data.length > 0 && (
        <>
          <Field
            label={t('templates.search')}
            type="search"
            value={words}
            data-testid="templates-search"
            onChange={(event) => setWords(event.target.value)}
          />
          {shown.length === 0 && <p className={settings.lead}>{t('templates.noneFor', { q: words })}</p>}
          {shown.length > 0 && (
            <ul className={settings.rows}>
              {shown.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </ul>
          )}
        </>
      )}
    </>
  );
}

function Row({ one }: { one: LibraryTemplate }) {
  const { t } = useTranslation();
  const { template, status, quality, reason } = one;
  return (
    <li className={settings.row} data-testid="template-row">
      <div className={settings.who}>
        <div>
          <b>
            <Link to="/settings/templates/$templateId" params={{ templateId: one.id }}>
              {template.name}
            </Link>
          </b>
          <span className={styles.body} translate="no">
            {template.body}
          </span>
          {reason && <span className={styles.reason}>{reason}</span>}
        </div>
      </div>
      <span className={settings.meta}>
        {template.language} · {t(`templates.${template.category}`, { defaultValue: template.category })}
      </span>
      {quality && quality !== 'UNKNOWN' && (
        <span className={settings.meta}>
          {t('templates.library.quality', {
            quality: t(`channels.qualityOf.${quality}`, { defaultValue: quality }),
          })}
        </span>
      )}
      <TemplateState status={status} />
    </li>
  );
}

export function TemplateState({ status }: { status: string }) {
  const { t } = useTranslation();
  const look =
    status === 'APPROVED'
      ? settings.good
      : status === 'PENDING' || status === 'IN_APPEAL'
        ? ''
        : settings.warn;
  return (
    <span className={`${settings.badge} ${look}`} data-testid="template-state" data-state={status}>
      {t(`templates.state.${status}`, { defaultValue: status })}
    </span>
  );
}

function fits({ template }: LibraryTemplate, words: string): boolean {
  const text = `${template.name} ${template.header ?? ''} ${template.body}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
