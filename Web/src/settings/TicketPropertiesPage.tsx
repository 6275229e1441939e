import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type OwnProperty, ownProperties } from '../api/properties';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { toast } from '../shared/ui/Toast';
import { ownKey } from '../tickets/ownProperties';
import { viewKeys } from '../views/keys';
import styles from './SettingsPage.module.css';
import { TicketPropertyDialog } from './TicketPropertyDialog';

/** What the account knows of its tickets beside what every ticket has. */
export function TicketPropertiesPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [editing, setEditing] = useState<OwnProperty | 'new' | null>(null);
  const all = useQuery({ queryKey: ownKey, queryFn: ({ signal }) => ownProperties.list(signal) });
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: ownKey });
    void queryClient.invalidateQueries({ queryKey: viewKeys.list });
  };
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onError: (error) => toast(errorText(t, error)),
    onSettled: refresh,
  });
  const used = all.data?.filter(({ archived }) => !archived) ?? [];
  const archived = all.data?.filter((property) => property.archived) ?? [];
  const archive = ({ id, version }: OwnProperty, whether: boolean) =>
    act.mutate(() => ownProperties.change(id, { version, archived: whether }));
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('ownProperty.title')}</h1>
          <p>{t('ownProperty.lead')}</p>
        </div>
        <Button look="primary" data-testid="property-new" onClick={() => setEditing('new')}>
          <Icon name="plus" size={16} />
          {t('ownProperty.new')}
        </Button>
      </header>
      {all.isPending && <Bone width="50%" />}
      {all.error && (
        <ErrorState
          title={t('ownProperty.failed')}
          text={errorText(t, all.error)}
          onRetry={() => void all.refetch()}
        />
      )}
      {all.data?.length === 0 && (
        <EmptyState icon="tag" title={t('ownProperty.empty')} text={t('ownProperty.emptyText')} />
      )}
      {used.length > 0 && (
        <ul className={styles.rows}>
          {used.map((property) => (
            <Row key={property.id} property={property}>
              <Button
                aria-label={t('settings.editNamed', { name: property.label })}
                data-testid="property-edit"
                onClick={() => setEditing(property)}
              >
                {t('settings.edit')}
              </Button>
              <Button
                aria-label={t('ownProperty.archiveNamed', { name: property.label })}
                data-testid="property-archive"
                onClick={() => archive(property, true)}
              >
                {t('ownProperty.archive')}
              </Button>
            </Row>
          ))}
        </ul>
      )}
      {archived.length > 0 && (
        <section className={styles.section} aria-labelledby="archived-properties">
          <h2 id="archived-properties">{t('ownProperty.archived')}</h2>
          <p className={styles.lead}>{t('ownProperty.archivedLead')}</p>
          <ul className={styles.rows}>
            {archived.map((property) => (
              <Row key={property.id} property={property}>
                <Button
                  aria-label={t('ownProperty.restoreNamed', { name: property.label })}
                  onClick={() => archive(property, false)}
                >
                  {t('ownProperty.restore')}
                </Button>
                <Button
                  className={styles.danger}
                  aria-label={t('ownProperty.deleteNamed', { name: property.label })}
                  onClick={() => {
                    // It cannot be taken back: values are shown nowhere any more.
                    if (window.confirm(t('ownProperty.confirmDelete', { name: property.label })))
                      act.mutate(() => ownProperties.remove(property.id));
                  }}
                >
                  {t('ownProperty.delete')}
                </Button>
              </Row>
            ))}
          </ul>
        </section>
      )}
      {editing && (
        <TicketPropertyDialog
          property={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={refresh}
        />
      )}
    </>
  );
}

function Row({ property, children }: { property: OwnProperty; children: React.ReactNode }) {
  const { t } = useTranslation();
  const { label, type, choices, askOnClose } = property;
  const shown = choices.filter(({ archived }) => !archived).map((choice) => choice.label);
  const facts = [
    t(`ownProperty.types.${type}`),
    shown.length > 0
      ? shown.slice(0, MOST_SHOWN).join(', ') + (shown.length > MOST_SHOWN ? ', …' : '')
      : null,
    askOnClose ? t('ownProperty.asked') : null,
  ].filter(Boolean);
  return (
    <li className={styles.row} data-testid="property">
      <div className={styles.who}>
        <div>
          <b dir="auto">{label}</b>
          <span>{facts.join(' · ')}</span>
        </div>
      </div>
      {children}
    </li>
  );
}

const MOST_SHOWN = 6;
