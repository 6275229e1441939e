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

const kinds = [
  'person',
  'team',
  'message',
  'invitation',
  'password',
  'session',
  'second_factor',
  'provider',
  'account',
  'quota',
  'schedule',
  'sla',
  'first_contact',
  'ticket_property',
  'customer',
  'message',
  'content_rules',
] as const;

/** What the Api may tell; a newer Api may tell more. */
const actions = [
  'message.approved',
  'message.returned',
  'message.withdrawn',
  'person.work_changed',
  'assignment.changed',
  'skill.created',
  'skill.changed',
  'skill.removed',
  'ticket_property.created',
  'ticket_property.changed',
  'ticket_property.deleted',
  'person.changed',
  'person.signed_out',
  'team.created',
  'team.changed',
  'team.removed',
  'invitation.created',
  'invitation.renewed',
  'invitation.revoked',
  'invitation.accepted',
  'password.link_created',
  'password.reset',
  'password.changed',
  'session.begun',
  'session.ended',
  'session.slowed',
  'second_factor.enabled',
  'second_factor.disabled',
  'second_factor.recovery_code_used',
  'second_factor.recovery_codes_renewed',
  'provider.linked',
  'account.changed',
  'quota.changed',
  'schedule.added',
  'schedule.changed',
  'schedule.removed',
  'sla.changed',
  'first_contact.changed',
  'customer.blocked',
  'customer.unblocked',
  'thread.merged',
  'thread.unmerged',
  'message.quarantined',
  'message.revealed',
  'message.released',
  'content_rules.changed',
  'leftover.replayed',
  'templates.synced',
];

/** Who did what, when, from where; newest first. */
export function AuditPage() {
  const { t } = useTranslation();
  const people = usePeople();
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
          {kinds.map((kind) => (
            <option key={kind} value={`${kind}.`}>
              {t(`settings.audit.kinds.${kind}`)}
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
  const what = actions.includes(entry.action)
    ? t(`settings.audit.actions.${entry.action.replace('.', '_')}` as 'settings.audit.actions.person_changed')
    : entry.action;
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
