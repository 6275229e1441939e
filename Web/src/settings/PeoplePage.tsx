import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, Team } from '../api/people';
import { useChannels } from '../channels/queries';
import { useMe } from '../people/queries';
import { errorText } from '../shared/errorText';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import { Invitations, InviteDialog } from './Invitations';
import { PersonDialog } from './PersonDialog';
import { usePeople, useTeams } from './queries';
import styles from './SettingsPage.module.css';
import { TeamDialog } from './TeamDialog';

/** Everybody of the account with what they may do, and the teams. Admins change them; the others look. */
export function PeoplePage() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const people = usePeople();
  const teams = useTeams();
  const channels = useChannels();
  const [person, setPerson] = useState<Person | null>(null);
  const [team, setTeam] = useState<Team | 'new' | null>(null);
  const [inviting, setInviting] = useState(false);
  const manages = agent.role === 'admin';

  const failed = people.error ?? teams.error;
  if (failed && (!people.data || !teams.data))
    return (
      <ErrorState
        title={t('settings.people.failed')}
        text={errorText(t, failed)}
        onRetry={() => {
          void people.refetch();
          void teams.refetch();
        }}
      />
    );

  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{t('settings.people.title')}</h1>
          <p>{t(manages ? 'settings.people.lead' : 'settings.people.leadOthers')}</p>
        </div>
        {manages && (
          <Button look="primary" onClick={() => setInviting(true)} data-testid="invite">
            <Icon name="plus" size={16} />
            {t('settings.invite.title')}
          </Button>
        )}
      </header>
      <section className={styles.section} aria-labelledby="people">
        <h2 id="people">{t('settings.people.people')}</h2>
        {!people.data || !teams.data ? (
          <Waiting />
        ) : (
          <ul className={styles.rows}>
            {people.data.map((one) => (
              <PersonRow
                key={one.id}
                person={one}
                teams={teams.data}
                onEdit={manages ? () => setPerson(one) : undefined}
              />
            ))}
          </ul>
        )}
      </section>
      {manages && <Invitations />}
      <section className={styles.section} aria-labelledby="teams">
        <div className={styles.head}>
          <div>
            <h2 id="teams">{t('settings.teams.title')}</h2>
            <p>{t('settings.teams.lead')}</p>
          </div>
          {manages && (
            <Button onClick={() => setTeam('new')} data-testid="team-add">
              <Icon name="plus" size={16} />
              {t('settings.teams.add')}
            </Button>
          )}
        </div>
        {teams.data?.length === 0 && (
          <EmptyState icon="people" title={t('settings.teams.empty')} text={t('settings.teams.emptyText')} />
        )}
        {teams.data && teams.data.length > 0 && (
          <ul className={styles.rows}>
            {teams.data.map((one) => (
              <li key={one.id} className={styles.row} data-testid="team">
                <div className={styles.who}>
                  <div>
                    <b>{one.name}</b>
                    <span>
                      {t('settings.teams.members', { count: one.memberIds.length })}
                      {' · '}
                      {t('settings.teams.channelCount', { count: one.channelIds.length })}
                    </span>
                  </div>
                </div>
                {manages && (
                  <Button
                    onClick={() => setTeam(one)}
                    aria-label={t('settings.editNamed', { name: one.name })}
                  >
                    {t('settings.edit')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      {inviting && (
        <InviteDialog
          teams={teams.data ?? []}
          channels={channels.data ?? []}
          onClose={() => setInviting(false)}
        />
      )}
      {person && (
        <PersonDialog
          person={person}
          teams={teams.data ?? []}
          channels={channels.data ?? []}
          onClose={() => setPerson(null)}
        />
      )}
      {team && (
        <TeamDialog
          team={team === 'new' ? null : team}
          people={people.data ?? []}
          channels={channels.data ?? []}
          onClose={() => setTeam(null)}
        />
      )}
    </>
  );
}

function PersonRow({ person, teams, onEdit }: { person: Person; teams: Team[]; onEdit?: () => void }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const named = teams.filter((team) => person.teamIds.includes(team.id)).map((team) => team.name);
  return (
    <li className={styles.row} data-testid="person" data-active={person.active}>
      <div className={styles.who}>
        <Avatar id={person.id} name={person.name} />
        <div>
          <b>{person.id === agent.id ? t('settings.people.you', { name: person.name }) : person.name}</b>
          <span>{person.email}</span>
        </div>
      </div>
      <span className={`${styles.badge} ${person.role === 'admin' ? styles.good : ''}`}>
        {t(`settings.roles.${person.role}`)}
      </span>
      {person.inTraining && person.role === 'agent' && (
        <span className={styles.badge}>{t('settings.people.inTraining')}</span>
      )}
      {!person.allChannels && (
        <span className={styles.badge}>
          {t('settings.people.channelCount', { count: person.channelIds.length })}
        </span>
      )}
      {named.length > 0 && <span className={styles.meta}>{named.join(', ')}</span>}
      {person.secondFactor && <span className={styles.badge}>{t('settings.people.secondFactor')}</span>}
      {!person.active && <span className={`${styles.badge} ${styles.warn}`}>{t('settings.people.off')}</span>}
      {onEdit && (
        <Button onClick={onEdit} aria-label={t('settings.editNamed', { name: person.name })}>
          {t('settings.edit')}
        </Button>
      )}
    </li>
  );
}

function Waiting() {
  return (
    <div className={styles.rows}>
      {['a', 'b', 'c'].map((key) => (
        <div key={key} className={styles.row}>
          <Bone width={32} height={32} round />
          <Bone width="40%" />
        </div>
      ))}
    </div>
  );
}
