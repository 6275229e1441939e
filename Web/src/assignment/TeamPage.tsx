import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Availability, Team } from '../api/assignment';
import { PageFrame, PageHead } from '../app/PageFrame';
import { useMe } from '../people/queries';
import { useTeams } from '../settings/queries';
import settings from '../settings/SettingsPage.module.css';
import { duration, number } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { useNow } from '../shared/ticker';
import { Avatar } from '../shared/ui/Avatar';
import { Button } from '../shared/ui/Button';
import { Choice } from '../shared/ui/Choice';
import { Icon } from '../shared/ui/Icon';
import { Bone, EmptyState, ErrorState } from '../shared/ui/States';
import styles from './Availability.module.css';
import { AvailabilityDot, AvailabilityText } from './AvailabilitySwitch';
import { PersonSkillsDialog } from './PersonSkills';
import { useAvailability, useSetAvailable, useSetCapacity, useSkills } from './queries';

/** The team now: who is available, what they have to do, and how much they take. For supervisors and admins. */
export function TeamPage() {
  const { t } = useTranslation();
  const { agent } = useMe();
  const may = agent.role === 'admin' || agent.role === 'supervisor';
  return (
    <PageFrame place="team" title={t('team.title')} testId="team-page">
      {may ? (
        <Overview />
      ) : (
        <EmptyState icon="lock" title={t('team.notAllowed')} text={t('errors.not_allowed')} />
      )}
    </PageFrame>
  );
}

function Overview() {
  const { t } = useTranslation();
  const { data, error, refetch } = useAvailability();
  return (
    <>
      <PageHead title={t('team.title')} lead={t('team.lead')}>
        <Link to="/settings/assignment" className={settings.back}>
          <Icon name="sliders" size={16} />
          {t('assignment.title')}
        </Link>
      </PageHead>
      {error && !data && (
        <ErrorState title={t('team.failed')} text={errorText(t, error)} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Bone width="60%" />}
      {data && <Tiles team={data} />}
      {data?.items.length === 0 && (
        <EmptyState icon="people" title={t('team.empty')} text={t('team.emptyText')} />
      )}
      {data && data.items.length > 0 && <People people={data.items} />}
    </>
  );
}

function Tiles({ team: { items: people, waiting } }: { team: Team }) {
  const { t } = useTranslation();
  const now = useNow(30);
  const available = people.filter((one) => one.available);
  const free = available.reduce((sum, { capacity, load }) => sum + Math.max(0, capacity - load), 0);
  const load = people.reduce((sum, one) => sum + one.load, 0);
  return (
    <div className={styles.tiles}>
      <div className={styles.tile} data-testid="team-available">
        <b>{t('team.of', { some: number(available.length), all: number(people.length) })}</b>
        <span>{t('team.available')}</span>
      </div>
      <div className={styles.tile}>
        <b>{number(load)}</b>
        <span>{t('team.load')}</span>
      </div>
      <div className={styles.tile}>
        <b>{number(free)}</b>
        <span>{t('team.free')}</span>
      </div>
      <div className={styles.tile} data-testid="team-waiting">
        <b>{number(waiting.count)}</b>
        <span>
          {waiting.oldestAt
            ? t('team.waitingSince', {
                time: duration(Math.max(1, (now - Date.parse(waiting.oldestAt)) / 1000)),
              })
            : t('team.waiting')}
        </span>
      </div>
    </div>
  );
}

function People({ people }: { people: Availability[] }) {
  const { t } = useTranslation();
  const teams = useTeams().data ?? [];
  const set = useSetAvailable();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('team.person')}</th>
          <th scope="col">{t('availability.label')}</th>
          <th scope="col">{t('team.loadOf')}</th>
          <th scope="col">{t('team.capacity')}</th>
          <th scope="col">{t('skills.title')}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => {
          const named = teams.filter(({ id }) => person.teamIds.includes(id)).map(({ name }) => name);
          return (
            <tr key={person.id} data-testid="team-person" data-available={person.available}>
              <td>
                <span className={styles.name}>
                  <span className={styles.faced}>
                    <Avatar id={person.id} name={person.name} />
                    <AvailabilityDot available={person.available} />
                  </span>
                  <span>
                    <b>{person.name}</b>
                    {named.length > 0 && <small>{named.join(', ')}</small>}
                  </span>
                </span>
              </td>
              <td data-label={t('availability.label')}>
                <span className={styles.switch}>
                  <Choice
                    label={t('team.availabilityOf', { name: person.name })}
                    value={person.available ? 'available' : 'away'}
                    options={[
                      { value: 'available', label: t('availability.available') },
                      { value: 'away', label: t('availability.away') },
                    ]}
                    onChange={(value) => set.mutate({ id: person.id, available: value === 'available' })}
                  />
                  <small>
                    <AvailabilityText person={person} />
                  </small>
                </span>
              </td>
              <td data-label={t('team.loadOf')}>
                <span className={styles.load} data-full={person.load >= person.capacity}>
                  <progress
                    max={Math.max(1, person.capacity)}
                    value={Math.min(person.load, person.capacity)}
                    aria-label={t('team.loadOfPerson', { name: person.name })}
                  />
                  {t('team.of', { some: number(person.load), all: number(person.capacity) })}
                </span>
              </td>
              <td data-label={t('team.capacity')}>
                <Capacity person={person} />
              </td>
              <td data-label={t('skills.title')}>
                <Skills person={person} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Skills({ person }: { person: Availability }) {
  const { t } = useTranslation();
  const skills = useSkills().data ?? [];
  const [open, setOpen] = useState(false);
  const named = person.skills.flatMap(({ id, level }) => {
    const skill = skills.find((one) => one.id === id);
    return skill ? [`${skill.name} ${level}`] : [];
  });
  const shown = named.length > 0 ? named.join(', ') : t('skills.none');
  return (
    <>
      <Button
        aria-label={`${t('skills.of', { name: person.name })}: ${shown}`}
        data-testid="team-skills"
        onClick={() => setOpen(true)}
      >
        {shown}
      </Button>
      {open && <PersonSkillsDialog person={person} onClose={() => setOpen(false)} />}
    </>
  );
}

/** A number of their own; emptied, the account's counts again. Written when it is left. */
function Capacity({ person }: { person: Availability }) {
  const { t } = useTranslation();
  const set = useSetCapacity();
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? person.ownCapacity?.toString() ?? '';
  const done = () => {
    const wanted = shown.trim() === '' ? null : Number(shown);
    setText(null);
    if (wanted !== person.ownCapacity && (wanted === null || Number.isInteger(wanted))) {
      set.mutate({ id: person.id, capacity: wanted });
    }
  };
  return (
    <input
      className={styles.capacity}
      type="number"
      min={0}
      max={1000}
      value={shown}
      placeholder={String(person.capacity)}
      aria-label={t('team.capacityOf', { name: person.name })}
      title={t('team.capacityHint')}
      data-testid="team-capacity"
      onChange={(event) => setText(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setText(null);
      }}
    />
  );
}
