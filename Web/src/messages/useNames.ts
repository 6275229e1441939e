import type { Skill } from '../api/assignment';
import type { AgentRef, TeamRef } from '../api/types';
import { useSkills } from '../assignment/queries';
import { useTeams } from '../settings/queries';
import { useAgents } from '../tickets/queries';

/** Whoever and whatever a ticket's line may name. */
export interface Names {
  agents: AgentRef[];
  teams: TeamRef[];
  skills: Skill[];
}

export function useNames(): Names {
  return { agents: useAgents(), teams: useTeams().data ?? [], skills: useSkills().data ?? [] };
}
