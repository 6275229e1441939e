import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { currentLanguage } from '../i18n';
import { errorText } from '../shared/errorText';
import { Dialog } from '../shared/ui/Dialog';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { recentTemplates, useKnown, useTemplates } from './queries';
import styles from './TemplateDialog.module.css';
import { TemplateForm } from './TemplateForm';
import { groupTemplates, preferredVariant } from './template';

/** Chooses an approved template, fills it in and sends it: the way back to a customer after 24 hours. */
export function TemplateDialog({
  thread,
  first = null,
  onClose,
}: {
  thread: Thread;
  /** The template to begin with. */
  first?: string | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const query = useTemplates(thread.channelId);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState(first);
  const [language, setLanguage] = useState<string | null>(null);

  const known = useKnown(thread.id).data;
  const [recent] = useState(recentTemplates);
  const languages = [known?.language ?? null, currentLanguage()] as const;
  const groups = useMemo(
    () => groupTemplates(query.data ?? [], search, recent),
    [query.data, search, recent],
  );
  // Still the chosen one while a search hides it from the list.
  const group = useMemo(
    () => groupTemplates(query.data ?? [], '').find(({ name }) => name === chosen),
    [query.data, chosen],
  );
  const template =
    group?.variants.find((variant) => variant.language === language) ??
    (group && preferredVariant(group, ...languages));

  return (
    <Dialog
      wide
      title={t('templates.title')}
      lead={t('templates.lead', { name: thread.contact.name })}
      onClose={onClose}
    >
      {thread.marketing?.stopped && (
        <p className={styles.notice} data-testid="template-opted-out">
          {t('templates.optedOut', { name: thread.contact.name })}
        </p>
      )}
      <div className={`${styles.columns} ${template ? styles.chosen : ''}`}>
        <div className={styles.left}>
          <input
            type="search"
            data-autofocus
            className={styles.search}
            value={search}
            placeholder={t('templates.search')}
            aria-label={t('templates.search')}
            onChange={(event) => setSearch(event.target.value)}
          />
          <div className={styles.list}>
            {query.isPending && <ListSkeleton />}
            {query.isError && !query.data && (
              <ErrorState
                title={t('templates.errorTitle')}
                text={errorText(t, query.error)}
                onRetry={() => void query.refetch()}
              />
            )}
            {query.data?.length === 0 && (
              <EmptyState icon="template" title={t('templates.emptyTitle')} text={t('templates.emptyText')} />
            )}
            {groups.length === 0 && search && (
              <p className={styles.none}>{t('templates.noneFor', { q: search })}</p>
            )}
            {groups.map((one) => {
              const shown = preferredVariant(one, ...languages);
              return (
                shown && (
                  <button
                    key={one.name}
                    type="button"
                    className={styles.item}
                    aria-pressed={one.name === chosen}
                    data-testid="template-item"
                    data-name={one.name}
                    disabled={thread.marketing?.stopped && shown.category.toUpperCase() === 'MARKETING'}
                    onClick={() => {
                      setChosen(one.name);
                      setLanguage(null);
                    }}
                  >
                    <b>
                      {one.name}
                      <small>
                        {recent.includes(one.name)
                          ? t('templates.recent')
                          : t(`templates.${shown.category}`, { defaultValue: shown.category })}
                      </small>
                    </b>
                    <span>{shown.body}</span>
                  </button>
                )
              );
            })}
          </div>
        </div>
        <div className={styles.right}>
          {template && group ? (
            <TemplateForm
              key={`${template.name} ${template.language}`}
              thread={thread}
              template={template}
              known={known?.known ?? {}}
              variants={group.variants}
              onLanguage={setLanguage}
              onBack={() => setChosen(null)}
              onSent={onClose}
            />
          ) : (
            <EmptyState icon="template" title={t('templates.choose')} />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function ListSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status">
      <span className="visually-hidden">{t('templates.loading')}</span>
      {['48%', '62%', '40%', '55%'].map((width) => (
        <div key={width} className={styles.item} aria-hidden="true">
          <Bone width={width} height={14} />
          <br />
          <Bone width="92%" height={10} />
        </div>
      ))}
    </div>
  );
}
