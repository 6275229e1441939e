import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditEntry, type AuditFilter, audit } from '../api/people';
import { toTheSecond } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field, SelectField } from '../shared/ui/Field';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { usePeople } from './queries';
import styles from './SettingsPage.module.css';

/** Who did what, when, from where; newest first. */
export function AuditPage() {
  const { t } = useTranslation();
  const people = usePeople();
  // The words for kinds are the list of them.
  const kinds = Object.entries(t('settings.audit.kinds', { returnObjects: true }));
  const [filter, setFilter] = useState<AuditFilter>({});
  const log = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => audit.list({ ...filter, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const entries = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('settings.audit.title')}</h1>
          <p>{t('settings.audit.lead')}</p>
        </div>
      </header>
      <div className={styles.filters}>
        <SelectField
          label={t('settings.audit.what')}
          value={filter.action ?? ''}
          data-testid="audit-action"
          onChange={(event) => setFilter({ ...filter, action: event.target.value || undefined })}
        >
          <option value="">{t('settings.audit.all')}</option>
          {kinds.map(([kind, words]) => (
            <option key={kind} value={`${kind}.`}>
              {words}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('settings.audit.who')}
          value={filter.actorId ?? ''}
          onChange={(event) => setFilter({ ...filter, actorId: event.target.value || undefined })}
        >
          <option value="">{t('settings.audit.anybody')}</option>
          {people.data?.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
            </option>
          ))}
        </SelectField>
        <Field
          label={t('settings.audit.from')}
          type="date"
          onChange={(event) => setFilter({ ...filter, from: dayStart(event.target.value, 0) })}
        />
        <Field
          label={t('settings.audit.to')}
          type="date"
          onChange={(event) => setFilter({ ...filter, to: dayStart(event.target.value, 1) })}
        />
      </div>
      {log.isPending && <Bone width="70%" />}
      {log.error && !log.data && (
        <ErrorState
          title={t('settings.audit.failed')}
          text={errorText(t, log.error)}
          onRetry={() => void log.refetch()}
        />
      )}
      {log.data && entries.length === 0 && (
        <EmptyState icon="file" title={t('settings.audit.empty')} text={t('settings.audit.emptyText')} />
      )}
      {entries.length > 0 && (
        <ul className={styles.rows}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {log.hasNextPage && (
        <Button onClick={() => void log.fetchNextPage()} disabled={log.isFetchingNextPage}>
          {t('ops.more')}
        </Button>
      )}
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const who =
    entry.actor.kind === 'agent'
      ? entry.actor.name
      : t(`settings.audit.actors.${entry.actor.kind}`, { name: entry.actor.name ?? '' });
  const what = t(
    `settings.audit.actions.${entry.action.replace('.', '_')}` as 'settings.audit.actions.person_changed',
    entry.action,
  );
  const changed = Object.keys({ ...entry.before, ...entry.after });
  return (
    <li className={styles.row} data-testid="audit-entry" data-action={entry.action}>
      <div className={styles.who}>
        <div>
          <b>
            {what}
            {entry.subject?.name && entry.subject.name !== entry.actor.name ? `: ${entry.subject.name}` : ''}
          </b>
          <span>
            {toTheSecond(entry.at)} · {who}
            {entry.address ? ` · ${entry.address}` : ''}
          </span>
          {changed.length > 0 && (
            <details className={styles.meta}>
              <summary>{t('settings.audit.details')}</summary>
              <ul>
                {changed.map((name) => (
                  <li key={name}>
                    <code>{name}</code>: {shown(entry.before?.[name])} → {shown(entry.after?.[name])}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </div>
    </li>
  );
}

function shown(value: unknown): string {
  return value === undefined || value === null || value === '' ? '–' : String(value);
}

/** Midnight here at the beginning of a day, or of the one after it. */
function dayStart(day: string, more: number): string | undefined {
  if (!day) return undefined;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + more).toISOString();
}
