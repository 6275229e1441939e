import type { Skill } from '../api/assignment';
import type { OwnProperty } from '../api/properties';
import type { AgentRef, TeamRef } from '../api/types';
import { useSkills } from '../assignment/queries';
import { useTeams } from '../settings/queries';
import { useOwnProperties } from '../tickets/ownProperties';
import { useAgents } from '../tickets/queries';

/** Whoever and whatever a ticket's line may name. */
export interface Names {
  agents: AgentRef[];
  teams: TeamRef[];
  skills: Skill[];
  properties: OwnProperty[];
}

export function useNames(): Names {
  return {
    agents: useAgents(),
    teams: useTeams().data ?? [],
    skills: useSkills().data ?? [],
    properties: useOwnProperties(),
  };
}
