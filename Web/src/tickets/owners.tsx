import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Availability } from '../api/assignment';
import type { Team } from '../api/people';
import type { Ticket, TicketChange } from '../api/types';
import availability from '../assignment/Availability.module.css';
import { AvailabilityDot, AvailabilityText } from '../assignment/AvailabilitySwitch';
import { useAvailability } from '../assignment/queries';
import { useMe } from '../people/queries';
import { useTeams } from '../settings/queries';
import { number } from '../shared/dates';
import { Avatar } from '../shared/ui/Avatar';
import { Icon } from '../shared/ui/Icon';
import type { MenuOption } from '../shared/ui/Menu';
import { useAgents } from './queries';
import styles from './TicketBar.module.css';

/** Whom a ticket can be given to. */
export type Assignee =
  | { kind: 'person'; id: string; name: string }
  | { kind: 'team'; id: string; name: string }
  | { kind: 'nobody' };

const noTeams: Team[] = [];
const unknown: Availability[] = [];

/** Oneself, nobody, everybody else, and the teams, in groups. */
export function useAssignees(): MenuOption<Assignee>[] {
  const { t } = useTranslation();
  const { agent } = useMe();
  const agents = useAgents();
  const teams = useTeams().data ?? noTeams;
  const work = useAvailability().data?.items ?? unknown;
  return useMemo(() => {
    const person = ({ id, name }: { id: string; name: string }): MenuOption<Assignee> => {
      const found = work.find((one) => one.id === id);
      return {
        key: id,
        value: { kind: 'person', id, name },
        label: name,
        note: (
          <>
            {id === agent.id && `${t('ticket.me')} `}
            {found && <Note person={found} />}
          </>
        ),
        group: t('ticket.people'),
        face: (
          <span className={availability.faced}>
            <Avatar id={id} name={name} size="small" />
            {found && <AvailabilityDot available={found.available} />}
          </span>
        ),
      };
    };
    return [
      person(agent),
      {
        key: 'none',
        value: { kind: 'nobody' },
        label: t('ticket.nobody'),
        group: t('ticket.people'),
        face: <NobodyFace />,
      },
      ...agents.filter(({ id }) => id !== agent.id).map((other) => person(other)),
      ...teams.map(
        ({ id, name }): MenuOption<Assignee> => ({
          key: id,
          value: { kind: 'team', id, name },
          label: name,
          group: t('ticket.teams'),
          face: <TeamFace />,
        }),
      ),
    ];
  }, [t, agent, agents, teams, work]);
}

/** How many they have of how many they take; since when they are away. */
function Note({ person }: { person: Availability }) {
  const { t } = useTranslation();
  const load = t('team.of', { some: number(person.load), all: number(person.capacity) });
  if (person.available) return load;
  return (
    <>
      <AvailabilityText person={person} /> · {load}
    </>
  );
}

/** What giving a ticket to somebody changes: handed to a team it is nobody's, given to nobody it is no team's. */
export function assignment(to: Assignee): TicketChange {
  if (to.kind === 'person') return { ownerId: to.id };
  return { ownerId: null, teamId: to.kind === 'team' ? to.id : null };
}

/** The key of whoever has the ticket. */
export function assigneeKey({ owner, team }: Ticket): string {
  return owner?.id ?? team?.id ?? 'none';
}

export function NobodyFace(): ReactNode {
  return (
    <span className={styles.nobody} aria-hidden="true">
      <Icon name="person" size={15} />
    </span>
  );
}

export function TeamFace(): ReactNode {
  return (
    <span className={styles.nobody} aria-hidden="true">
      <Icon name="people" size={15} />
    </span>
  );
}
